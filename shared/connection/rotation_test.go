package connection_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/vault"
)

func at(version string) vault.Locator {
	return vault.Locator{Secret: "tenon/test/acme/con_1/r", Version: version}
}

// rotated has version 4 current, 5 pending and 3 in its grace for an hour.
func rotated() *connection.Connection {
	c := &connection.Connection{ID: "con_1", Lifecycle: connection.Ready, Credential: &connection.Credential{Version: 3, At: at("c"), SetBy: "acme/ann", Last4: "0003", User: "u3"}}
	old := *c.Credential
	c.Credential = &connection.Credential{Version: 4, At: at("d"), SetBy: "acme/bo", Last4: "0004"}
	c.Supersede(old, time.Hour, now)
	c.Stage(connection.Kept{At: at("e"), SetAt: now, SetBy: "acme/cy", Last4: "0005", User: "u5", Outcome: "auth_error"}, now)
	return c
}

// What the API shows of the versions holds no place of a secret.
func TestAPIShowsKeptVersions(t *testing.T) {
	t.Parallel()
	c := rotated()
	shown, over := c.API(now), now.Add(time.Hour)
	want := &api.Credential{Version: 5, State: "pending", SetAt: now, SetBy: "acme/cy", Last4: "0005", User: "u5", Outcome: "auth_error"}
	if diff := cmp.Diff(want, shown.PendingCredential); diff != "" {
		t.Errorf("pending (-want +got):\n%s", diff)
	}
	want = &api.Credential{Version: 3, State: "previous", SetBy: "acme/ann", Last4: "0003", User: "u3", DestroyedAt: &over}
	if diff := cmp.Diff(want, shown.PreviousCredential); diff != "" {
		t.Errorf("previous (-want +got):\n%s", diff)
	}
	c.Discard(0, now)
	c.Discard(3, now)
	if shown := c.API(now); shown.PendingCredential != nil || shown.PreviousCredential != nil {
		t.Errorf("got %+v and %+v, want neither", shown.PendingCredential, shown.PreviousCredential)
	}
}

func TestKept(t *testing.T) {
	t.Parallel()
	for version, want := range map[int]string{0: "e", 5: "e", 3: "c", 4: "", 2: "", 6: ""} {
		got := ""
		if k := rotated().Kept(version, now); k != nil {
			got = k.At.Version
		}
		if got != want {
			t.Errorf("version %d: got %q, want %q", version, got, want)
		}
	}
	if k := rotated().Kept(3, now.Add(time.Hour)); k != nil {
		t.Errorf("after its grace: got %+v", k)
	}
	none := connection.Connection{Credential: &connection.Credential{Version: 1}}
	if none.Kept(0, now) != nil || none.Discard(0, now) || none.GraceOver(now) {
		t.Error("something is kept where nothing is")
	}
}

// The reconciler looks when the first thing is due, whatever the order.
func TestReconcilerIsDue(t *testing.T) {
	t.Parallel()
	over, soon := now.Add(time.Hour), now.Add(time.Minute)
	c := rotated()
	if !c.Due.Reconcile.Equal(over) {
		t.Errorf("due at %s, want the end of the grace", c.Due.Reconcile)
	}
	c.Stage(connection.Kept{At: at("f")}, now)
	if diff := cmp.Diff([]vault.Locator{at("e")}, c.Retiring); diff != "" || !c.Due.Reconcile.Equal(soon) || c.Pending.Version != 6 {
		t.Errorf("due at %s, pending %d, retiring (-want +got):\n%s", c.Due.Reconcile, c.Pending.Version, diff)
	}
	c.Retired(nil, soon)
	if again := soon.Add(time.Minute); !c.Due.Reconcile.Equal(again) {
		t.Errorf("due at %s, want another try at %s", c.Due.Reconcile, again)
	}
	c.Retired([]vault.Locator{at("e")}, soon)
	if !c.Due.Reconcile.Equal(over) || c.Retiring != nil {
		t.Errorf("due at %s, retiring %v, want the end of the grace", c.Due.Reconcile, c.Retiring)
	}
	c.EndGrace(now)
	if c.Previous == nil {
		t.Fatal("the grace ended early")
	}
	c.EndGrace(over)
	if diff := cmp.Diff([]vault.Locator{at("c")}, c.Retiring); diff != "" || c.Previous != nil || !c.Due.Reconcile.Equal(over.Add(time.Minute)) {
		t.Errorf("due at %s, retiring (-want +got):\n%s", c.Due.Reconcile, diff)
	}
	c.Retired(nil, over)
	if !c.Due.Reconcile.Equal(over.Add(time.Minute)) {
		t.Errorf("due at %s, want another try", c.Due.Reconcile)
	}
	c.Retired([]vault.Locator{at("c")}, over.Add(time.Minute))
	if !c.Due.Reconcile.IsZero() {
		t.Errorf("due at %s, want never", c.Due.Reconcile)
	}
}
