package connectortest

import (
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/connector"
	"github.com/tenonhq/tenon/shared/fault"
)

// Run holds stores to the contract. open returns an empty one.
func Run(t *testing.T, open func(*testing.T) connector.Store) {
	t.Helper()
	for name, test := range map[string]func(*testing.T, connector.Store){
		"what is not there":                        absent,
		"what was stored is read":                  stored,
		"what is retired is found and not listed":  retired,
		"an error stores nothing":                  refused,
		"changes at the same time are all counted": together,
	} {
		t.Run(name, func(t *testing.T) { test(t, open(t)) })
	}
}

func absent(t *testing.T, s connector.Store) {
	if r, err := s.Record(t.Context(), "own-erp"); err != nil || r.Revision != 0 {
		t.Errorf("Record: got %+v, %v, want none", r, err)
	}
	if _, err := s.Definition(t.Context(), "own-erp"); !fault.Has(err, fault.CodeNotFound) {
		t.Errorf("Definition: got %v, want %s", err, fault.CodeNotFound)
	}
	if all, err := s.Definitions(t.Context()); err != nil || len(all) > 0 {
		t.Errorf("Definitions: got %d, %v, want none", len(all), err)
	}
}

func stored(t *testing.T, s connector.Store) {
	want := connector.Record{
		ID: "own-erp", Definition: []byte(`{"id":"own-erp"}`), Revision: 3, Version: 1,
		UpdatedAt: time.Date(2026, 11, 20, 9, 0, 0, 1, time.UTC), UpdatedBy: "org/bo",
	}
	change(t, s, want.ID, func(r *connector.Record) { *r = want })
	change(t, s, "own-crm", func(r *connector.Record) { r.Definition, r.Revision = []byte("{}"), 1 })
	got, err := s.Record(t.Context(), want.ID)
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("Record: %v (-want +got):\n%s", err, diff)
	}
	if data, err := s.Definition(t.Context(), want.ID); err != nil || string(data) != string(want.Definition) {
		t.Errorf("Definition: got %s, %v", data, err)
	}
	all, err := s.Definitions(t.Context())
	if diff := cmp.Diff([][]byte{[]byte("{}"), want.Definition}, all); err != nil || diff != "" {
		t.Errorf("Definitions, by id: %v (-want +got):\n%s", err, diff)
	}
}

func retired(t *testing.T, s connector.Store) {
	change(t, s, "own-erp", func(r *connector.Record) { r.Definition, r.Retired, r.Revision = []byte("{}"), true, 2 })
	if data, err := s.Definition(t.Context(), "own-erp"); err != nil || string(data) != "{}" {
		t.Errorf("Definition: got %s, %v", data, err)
	}
	if all, err := s.Definitions(t.Context()); err != nil || len(all) > 0 {
		t.Errorf("Definitions: got %d, %v, want none", len(all), err)
	}
}

func refused(t *testing.T, s connector.Store) {
	wrong := errors.New("wrong")
	_, err := s.Update(t.Context(), "own-erp", func(r *connector.Record) error { r.Revision = 1; return wrong })
	if !errors.Is(err, wrong) {
		t.Errorf("Update: got %v", err)
	}
	absent(t, s)
}

func together(t *testing.T, s connector.Store) {
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() { change(t, s, "own-erp", func(r *connector.Record) { r.Revision++ }) })
	}
	group.Wait()
	if r, err := s.Record(t.Context(), "own-erp"); err != nil || r.Revision != 8 {
		t.Errorf("got revision %d, %v, want 8", r.Revision, err)
	}
}

func change(t *testing.T, s connector.Store, id string, by func(*connector.Record)) {
	t.Helper()
	if _, err := s.Update(t.Context(), id, func(r *connector.Record) error { by(r); return nil }); err != nil {
		t.Error(err)
	}
}
