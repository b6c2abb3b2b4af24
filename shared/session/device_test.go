package session_test

import (
	"strings"
	"testing"
	"time"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/connect"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/session"
	"github.com/tenonhq/tenon/shared/template"
)

// A device has no page to come back from: the end user gets a code, and the
// session learns of the connection when the provider was asked.
func TestEndUserConnectsADevice(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Service = w.Sessions(w.Devices())
	made, err := w.Connects.Templates.Create(t.Context(), functionstest.Person(functionstest.Acme), template.Define{
		Connector: "demo-device", Name: "Device", StableKey: "device", Scheme: "oauth2_device_code", ClientID: "fake-client-of-acme",
		ClientSecret: secret.FromString("fake-client-secret-of-acme-0001"), Inputs: map[string]string{"baseUrl": "https://acme.example.com"},
	})
	if err != nil {
		t.Fatal(err)
	}
	link := w.mint(session.New{Templates: []string{made.ID}})
	j := w.browser()
	page, err := j.submit(j.must(link.URL.Reveal()), map[string]string{"name": "Television"})
	if err != nil || !strings.Contains(page.HTML, "FAKE-CODE") || !strings.Contains(page.HTML, "https://acme.example.com/device") {
		t.Fatalf("got %v with\n%s", err, page.HTML)
	}
	w.wantState(link.Session.ID, "handed_off")
	again, err := j.submit(page, nil)
	if err != nil || !strings.Contains(again.HTML, "FAKE-CODE") || !strings.Contains(again.HTML, "has not been confirmed yet") {
		t.Fatalf("looked too early: got %v with\n%s", err, again.HTML)
	}
	_, err = w.browser().submit(again, nil)
	refused(t, err, fault.CodeSessionMismatch)
	if _, err := w.Connects.Handoffs.Update(t.Context(), w.stored(link).HandoffID, polled(connect.StepUsed)); err != nil {
		t.Fatal(err)
	}
	ended, err := j.submit(again, nil)
	if err != nil || !strings.Contains(ended.HTML, "<h1>Not connected</h1>") || !strings.Contains(ended.HTML, "Try again") || strings.Contains(ended.HTML, "FAKE-CODE") {
		t.Errorf("looked at a code that has ended: got %v with\n%s", err, ended.HTML)
	}
	if _, err := w.Connects.Handoffs.Update(t.Context(), w.stored(link).HandoffID, polled(connect.StepPolled)); err != nil {
		t.Fatal(err)
	}
	w.At(w.Now().Add(time.Minute))
	if _, _, _, err := w.Connects.PollDevices(t.Context(), "req-1"); err != nil {
		t.Fatal(err)
	}
	if got := w.wantState(link.Session.ID, "completed"); got.ConnectionStatus != "active" {
		t.Errorf("got %+v", got)
	}
	done, err := j.submit(again, nil)
	if err != nil || !strings.Contains(done.HTML, "<h1>Connected</h1>") || !strings.Contains(done.HTML, "Television") || len(j.cookies) > 0 {
		t.Errorf("looked after the end: got %v and cookies %q with\n%s", err, j.cookies, done.HTML)
	}
	_, err = w.Create(t.Context(), functionstest.Person(functionstest.Acme), session.New{
		EndUser: "user-42", Templates: []string{made.ID}, Completion: session.Backend, ReturnURL: functionstest.ReturnURL,
	})
	refused(t, err, fault.CodeSchemeMismatch) // Nobody comes back that the backend could name.
}

func polled(step connect.Step) func(*connect.Handoff) error {
	return func(h *connect.Handoff) error {
		h.Step = step
		return nil
	}
}
