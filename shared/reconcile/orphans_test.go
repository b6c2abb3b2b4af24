package reconcile_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/connection/connectiontest"
	"github.com/tenonhq/tenon/shared/reconcile"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/template"
	"github.com/tenonhq/tenon/shared/template/templatetest"
	"github.com/tenonhq/tenon/shared/vault"
	"github.com/tenonhq/tenon/shared/vault/vaulttest"
)

// The secrets of the tests; a record names the first and the sixth.
var kept = []string{
	"tenon/test/acme/con_1/sec_1", "tenon/test/acme/con_1/sec_2", "tenon/test/acme/con_9/sec_1",
	"tenon/test/globex/con_1/sec_1", "tenon/test/org/tpl_1/sec_1", "tenon/test/org/tpl_1/sec_2", "tenon/test/org/tpl_2/sec_1",
}

// lost are those that no record names.
var lost = []string{kept[1], kept[2], kept[3], kept[4], kept[6]}

// attic is a secret store with orphans, and the records.
type attic struct {
	*reconcile.Orphans
	t       *testing.T
	secrets *vaulttest.Secrets
	now     time.Time
}

func newAttic(t *testing.T) *attic {
	t.Helper()
	a := &attic{t: t, secrets: new(vaulttest.Secrets), now: now}
	a.secrets.Now = func() time.Time { return a.now }
	connections, templates := connectiontest.NewMemory(), templatetest.NewMemory()
	if err := connections.Create(t.Context(), connection.Connection{Tenant: "acme", ID: "con_1", SecretName: kept[0]}); err != nil {
		t.Fatal(err)
	}
	client := func(secret string) template.Client {
		return template.Client{Secret: &template.ClientSecret{At: vault.Locator{Secret: secret}}}
	}
	for _, made := range []template.Template{{ID: "tpl_1", Client: client(kept[5])}, {ID: "tpl_2"}} {
		made.Owner, made.StableKey = "org", made.ID
		if err := templates.Create(t.Context(), made); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range kept {
		a.add(name)
	}
	a.Orphans = &reconcile.Orphans{Secrets: a.secrets, Connections: connections, Templates: templates, Now: func() time.Time { return a.now }}
	a.now = now.Add(time.Hour + time.Second)
	return a
}

func (a *attic) add(name string) {
	a.t.Helper()
	if _, err := a.secrets.Create(a.t.Context(), name, "key", vault.Token(name), secret.FromString("v")); err != nil {
		a.t.Fatal(err)
	}
}

// scan runs the job once, after a while, and checks its counts.
func (a *attic) scan(after time.Duration, seen, named, orphans int) {
	a.t.Helper()
	a.now = a.now.Add(after)
	gotSeen, gotNamed, gotOrphans, err := a.Sweep(a.t.Context(), "run-1")
	if gotSeen != seen || gotNamed != named || gotOrphans != orphans || err != nil {
		a.t.Errorf("got %d seen, %d named, %d orphans, %v; want %d, %d, %d", gotSeen, gotNamed, gotOrphans, err, seen, named, orphans)
	}
}

// quarantined returns the secrets that are, in order.
func (a *attic) quarantined() (names []string) {
	a.t.Helper()
	for start, more := "", true; more; more = start != "" {
		page, next, err := a.secrets.List(a.t.Context(), a.now, start)
		if err != nil {
			a.t.Fatal(err)
		}
		for _, x := range page {
			if !x.OrphanSince.IsZero() {
				names = append(names, x.Name)
			}
		}
		start = next
	}
	return names
}

func (a *attic) wantLeft(names ...string) {
	a.t.Helper()
	if diff := cmp.Diff(names, a.secrets.Names()); diff != "" {
		a.t.Errorf("secrets (-want +got):\n%s", diff)
	}
}

// STO-10, I9: exactly the secrets that no record names are put into quarantine,
// and deleted by a run that finds them again a day later, so that they can be
// had back.
func TestSTO10OrphansGoInTwoScans(t *testing.T) {
	t.Parallel()
	a := newAttic(t)
	a.scan(0, 7, 2, 5)
	if diff := cmp.Diff(lost, a.quarantined()); diff != "" {
		t.Errorf("in quarantine (-want +got):\n%s", diff)
	}
	a.scan(24*time.Hour-time.Second, 7, 2, 5)
	a.wantLeft(kept...)
	a.scan(time.Second, 7, 2, 5)
	a.wantLeft(kept[0], kept[5])
	a.scan(24*time.Hour, 2, 2, 0)
	for _, name := range lost {
		if !a.secrets.Restore(name) {
			t.Errorf("%s cannot be restored", name)
		}
	}
}

// STO-10: records without a secret, or that came back, take nothing with them.
func TestSTO10SecretNamedAgainIsReleased(t *testing.T) {
	t.Parallel()
	a := newAttic(t)
	a.scan(0, 7, 2, 5)
	for id, name := range map[string]string{"con_9": kept[2], "con_8": "tenon/test/acme/con_8/sec_1"} {
		if err := a.Connections.Create(t.Context(), connection.Connection{Tenant: "acme", ID: id, SecretName: name}); err != nil {
			t.Fatal(err)
		}
	}
	a.scan(24*time.Hour, 7, 3, 4)
	a.wantLeft(kept[0], kept[2], kept[5])
	if got := a.quarantined(); len(got) != 0 {
		t.Errorf("in quarantine: %v", got)
	}
	if err := a.Connections.Delete(t.Context(), "acme", "con_9"); err != nil {
		t.Fatal(err)
	}
	a.scan(24*time.Hour, 3, 2, 1) // Its day begins anew.
	a.wantLeft(kept[0], kept[2], kept[5])
}

// STO-10: a secret whose tag says another tenant than its name, or none, is left
// to a person, whatever else speaks against it.
func TestSTO10DoubtfulSecretIsNeverDeleted(t *testing.T) {
	t.Parallel()
	a := newAttic(t)
	a.scan(0, 7, 2, 5)
	a.secrets.Claim(kept[1], "globex")
	a.secrets.Claim(kept[2], "")
	a.add("tenon/test/by-hand")
	a.secrets.Claim("tenon/test/by-hand", "acme")
	a.scan(2*time.Hour, 8, 2, 6)
	for range 3 {
		a.now = a.now.Add(24 * time.Hour)
		if _, _, _, err := a.Sweep(t.Context(), "run-1"); err != nil {
			t.Fatal(err)
		}
	}
	a.wantLeft(kept[0], kept[1], kept[2], "tenon/test/by-hand", kept[5])
}

// A secret may be older than the record that will name it, for a moment.
func TestOrphanIsAnHourOld(t *testing.T) {
	t.Parallel()
	a := newAttic(t)
	a.add("tenon/test/acme/con_7/sec_1")
	a.scan(59*time.Minute, 7, 2, 5)
	a.scan(2*time.Minute, 8, 2, 6)
}

// What cannot be looked up is not taken for an orphan.
func TestSweepOfOrphansFailsWithoutTheTable(t *testing.T) {
	t.Parallel()
	a := newAttic(t)
	a.Connections = unreadable{a.Connections}
	if _, _, _, err := a.Sweep(t.Context(), "run-1"); err == nil {
		t.Error("the failure was not reported")
	}
	if got := a.quarantined(); len(got) != 0 {
		t.Errorf("in quarantine: %v", got)
	}
}

type unreadable struct{ connection.Store }

func (unreadable) Get(context.Context, string, string) (connection.Connection, error) {
	return connection.Connection{}, errors.New("the table is down")
}

// A step that fails keeps no other secret from its own, fails the run, and is
// taken by the next.
func TestSweepOfOrphansGoesOn(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"quarantine", "discard"} {
		a := newAttic(t)
		if name == "discard" {
			a.scan(0, 7, 2, 5)
			a.now = a.now.Add(24 * time.Hour)
		}
		a.Orphans.Secrets = stubborn{a.secrets, lost[0]}
		if _, _, orphans, err := a.Sweep(t.Context(), "run-1"); err == nil || orphans != 5 {
			t.Errorf("%s: got %d orphans, %v; want 5 and the failure", name, orphans, err)
		}
		if got := a.quarantined(); name == "quarantine" && !slices.Equal(got, lost[1:]) {
			t.Errorf("in quarantine: %v", got)
		}
		if name == "discard" {
			a.wantLeft(kept[0], kept[1], kept[5])
		}
		a.Orphans.Secrets = a.secrets
		a.scan(25*time.Hour, len(a.secrets.Names()), 2, len(a.secrets.Names())-2)
		a.scan(25*time.Hour, len(a.secrets.Names()), 2, len(a.secrets.Names())-2)
		a.wantLeft(kept[0], kept[5])
	}
}

// stubborn fails to do anything with one secret.
type stubborn struct {
	vault.Inventory
	name string
}

func (s stubborn) Quarantine(ctx context.Context, name string, since time.Time) error {
	if name == s.name {
		return errors.New("the secret store is busy")
	}
	return s.Inventory.Quarantine(ctx, name, since)
}

func (s stubborn) Discard(ctx context.Context, name string) error {
	if name == s.name {
		return errors.New("the secret store is busy")
	}
	return s.Inventory.Discard(ctx, name)
}

func TestSweepOfOrphansEndsInTime(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	if seen, _, _, err := newAttic(t).Sweep(ctx, "run-1"); seen != 2 || err != nil {
		t.Errorf("got %d seen, %v; want those of the first page", seen, err)
	}
}
