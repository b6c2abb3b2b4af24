package main

import (
	"encoding/json"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/app"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/notify"
	"github.com/tenonhq/tenon/shared/routes"
)

// AUD-06: the walk of a kill switch revokes and destroys what the switch covers,
// and nothing else; lifted, it lets that be reconnected.
func TestAUD06KillSwitchIsCarriedOut(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	before := w.Connection(functionstest.Acme, functionstest.SalesforceConnection)
	w.Kill()
	w.Provider.Calls()
	consume(t, w, functionstest.Now.Add(2*time.Minute))
	if diff := cmp.Diff([]string{revocation}, w.Provider.Calls()); diff != "" {
		t.Errorf("calls to the provider (-want +got):\n%s", diff)
	}
	c := w.Connection(functionstest.Acme, functionstest.SalesforceConnection)
	if s := connection.StatusOf(&c, w.Now()); s.Reason != connection.ReasonKillSwitch || s.Remedy != "contact_admin" || c.Credential != nil || slices.Contains(w.Secrets.Names(), before.SecretName) {
		t.Errorf("status %+v, credential %v, secrets %v", s, c.Credential, w.Secrets.Names())
	}
	w.StripeLease()
	done := last(w)
	if done.Type != notify.KillSwitchFinished || done.Detail["total"] != "2" || done.Detail["disabled"] != "2" || done.Detail["revoked"] != "1" {
		t.Errorf("last event %+v", done)
	}
	r, err := w.KillSwitches().Lift(t.Context(), functionstest.Person(auth.Organization), functionstest.KillSwitch)
	if err != nil || r.FinishedAt.IsZero() {
		t.Fatalf("finished at %s, %v", r.FinishedAt, err)
	}
	consume(t, w, w.Now().Add(2*time.Minute))
	c = w.Connection(functionstest.Acme, functionstest.SalesforceConnection)
	if s := connection.StatusOf(&c, w.Now()); s.Reason != connection.ReasonNoCredential || s.Remedy != "reconnect" || c.Name != before.Name {
		t.Errorf("lifted: status %+v", s)
	}
	w.Unchanged(func() { consume(t, w, w.Now().Add(time.Hour)) })
}

// consume replays the event of a kill switch at a time.
func consume(t *testing.T, w *functionstest.World, at time.Time) {
	t.Helper()
	text, err := os.ReadFile(functionstest.Event("queue-reconcile.kill-switch"))
	if err != nil {
		t.Fatal(err)
	}
	var batch api.Batch
	if err := json.Unmarshal(text, &batch); err != nil {
		t.Fatal(err)
	}
	w.At(at)
	result, err := app.Consumer(routes.QueueReconcile, work(w.Reconciler()))(t.Context(), batch)
	if err != nil || len(result.Failures) > 0 {
		t.Errorf("%v, messages that come back: %v", err, result.Failures)
	}
}

func last(w *functionstest.World) notify.Event {
	events := w.Bus.Events()
	return events[len(events)-1]
}
