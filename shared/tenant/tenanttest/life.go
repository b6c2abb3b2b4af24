package tenanttest

import (
	"errors"
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/tenant"
)

var errNo = errors.New("no")

func update(t *testing.T, s Store) {
	if _, err := s.Update(t.Context(), "acme", func(*tenant.Tenant) error { return nil }); !errors.Is(err, tenant.ErrUnknown) {
		t.Errorf("Update of an unknown tenant: got %v, want ErrUnknown", err)
	}
	store(t, s, sample("acme"), sample("globex"))
	at := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	want := sample("acme")
	want.State, want.Version, want.Due = tenant.Leaving, 2, at
	want.Suspension = &tenant.Suspension{Since: at, Reason: tenant.ReasonKey, Told: true}
	want.Offboarding = &tenant.Offboarding{
		StartedAt: at, StartedBy: "org/bo", Switch: "kls_1", Irrevocable: []string{"con_1"}, KeyDeletionAt: at, FinishedAt: at,
		Steps: []tenant.Step{{Name: tenant.StepBlocked, At: at, Counts: map[string]int{"connections": 2}}},
	}
	got, err := s.Update(t.Context(), "acme", func(x *tenant.Tenant) error {
		x.State, x.Due, x.Suspension, x.Offboarding = want.State, want.Due, want.Suspension, want.Offboarding
		return nil
	})
	if err != nil {
		t.Fatalf("Update: %v", err)
	}
	equal(t, got, want)
	stands(t, s, want)
	if _, err := s.Update(t.Context(), "acme", func(x *tenant.Tenant) error { x.Name = "Other"; return errNo }); !errors.Is(err, errNo) {
		t.Errorf("Update that is refused: got %v, want its error", err)
	}
	stands(t, s, want)
	stands(t, s, sample("globex"))
	found, _, err := s.List(t.Context(), "", 10)
	if err != nil || len(found) != 2 || found[0].State != tenant.Leaving {
		t.Errorf("List: got %v, error %v; want the state of the record", found, err)
	}
	got, err = s.Activate(t.Context(), "acme", sampleKey(1))
	if err != nil {
		t.Fatalf("Activate: %v", err)
	}
	equal(t, got, want)
}

func mark(t *testing.T, s Store) {
	store(t, s, sample("acme"))
	want := sample("acme")
	want.State, want.Version = tenant.Suspended, 2
	suspend := func(x *tenant.Tenant) error { x.State = tenant.Suspended; return nil }
	got, err := s.Mark(t.Context(), "acme", suspend)
	if err != nil {
		t.Fatalf("Mark: %v", err)
	}
	equal(t, got, want)
	stands(t, s, want)
	if _, err := s.Mark(t.Context(), "acme", func(*tenant.Tenant) error { return errNo }); !errors.Is(err, errNo) {
		t.Errorf("Mark that is refused: got %v, want its error", err)
	}
	if _, err := s.Mark(t.Context(), "initech", suspend); !errors.Is(err, tenant.ErrUnknown) {
		t.Errorf("Mark of an unknown tenant: got %v, want ErrUnknown", err)
	}
	if _, err := s.Update(t.Context(), "acme", func(x *tenant.Tenant) error { x.Name = "Acme Ltd"; return nil }); err != nil {
		t.Fatalf("Update after Mark: %v", err)
	}
	found, _, err := s.List(t.Context(), "", 10)
	if err != nil || len(found) != 1 || found[0].State != tenant.Suspended || found[0].Name != "Acme Ltd" {
		t.Errorf("List after the next Update: got %v, error %v; want what was marked, too", found, err)
	}
}

func removed(t *testing.T, s Store) {
	store(t, s, sample("acme"))
	if _, err := s.Activate(t.Context(), "acme", sampleKey(1)); err != nil {
		t.Fatalf("Activate: %v", err)
	}
	for _, test := range []struct {
		state tenant.State
		ended bool
		want  error
	}{{tenant.Suspended, false, nil}, {tenant.Leaving, false, nil}, {tenant.Leaving, true, tenant.ErrRemoved}, {tenant.Removed, true, tenant.ErrRemoved}} {
		if _, err := s.Update(t.Context(), "acme", func(x *tenant.Tenant) error {
			x.State = test.state
			if test.ended {
				x.Key.Blob, x.Offboarding = nil, &tenant.Offboarding{Steps: []tenant.Step{{Name: tenant.StepDataKey}}}
			}
			return nil
		}); err != nil {
			t.Fatalf("Update: %v", err)
		}
		if _, err := s.DataKey(t.Context(), "acme"); !errors.Is(err, test.want) {
			t.Errorf("DataKey of a tenant that is %s: got %v, want %v", test.state, err, test.want)
		}
	}
	if err := s.Create(t.Context(), sample("acme")); !errors.Is(err, tenant.ErrExists) {
		t.Errorf("Create of a removed tenant: got %v, want ErrExists", err)
	}
}

func deletedSettings(t *testing.T, s Store) {
	for range 2 {
		if err := s.DeleteSettings(t.Context(), "acme"); err != nil {
			t.Fatalf("DeleteSettings: %v", err)
		}
		got, err := s.GetSettings(t.Context(), "acme")
		if err != nil {
			t.Fatalf("GetSettings: %v", err)
		}
		equal(t, got, tenant.Settings{})
		if err := s.PutSettings(t.Context(), "acme", tenant.Settings{Notices: true, Admins: []string{"a@acme.example"}, Revision: 1}); err != nil {
			t.Fatalf("PutSettings: %v", err)
		}
	}
	if err := s.DeleteSettings(t.Context(), "globex"); err != nil {
		t.Fatalf("DeleteSettings: %v", err)
	}
	if got, err := s.GetSettings(t.Context(), "acme"); err != nil || !got.Notices {
		t.Errorf("settings of another tenant: %+v, %v", got, err)
	}
}
