package main

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/lease"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web/webtest"
)

func TestConnectionImport(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	w.Provider.Granted(functionstest.Acme, "fake-refresh-of-acme-old")
	h := webtest.New(t, routes.ConnectionImport, handle(w.Refreshing()))
	send := functionstest.Event("connection-import")

	var first, second api.ImportResults
	h.Replay(send).Want(200, `{"results": [
		{"externalId": "legacy-0001", "status": "created"},
		{"externalId": "legacy-0002", "status": "created"},
		{"externalId": "legacy-0003", "status": "failed", "problem": {"code": "verification_failed", "detail": "The system refused the refresh token.", "remedy": "fix_input"}}
	]}`).Decode(&first)
	h.Replay(send).Want(200, `{"results": [{"status": "exists"}, {"status": "exists"}, {"status": "failed"}]}`).Decode(&second)
	for i, r := range first.Results {
		if again := second.Results[i]; again.ConnectionID != r.ConnectionID || (i < 2) != (r.ConnectionID != "") {
			t.Errorf("%s: connection %q, and %q when it is sent again", r.ExternalID, r.ConnectionID, again.ConnectionID)
		}
	}
	if answer, err := json.Marshal(first); err != nil || bytes.Contains(answer, []byte("fake-")) || bytes.Contains(answer, []byte("rk_test")) {
		t.Errorf("the answer is %s, %v", answer, err)
	}
	for i, want := range []string{"rk_test_fake_acme_0002", "fake-access-of-acme-"} {
		l, err := w.Lease().Lease(t.Context(), functionstest.Person(functionstest.Acme), lease.Request{ConnectionID: first.Results[i].ConnectionID, Purpose: "sync"})
		if err != nil || !strings.Contains(l.Credential.Headers["Authorization"].Reveal(), want) {
			t.Errorf("%s: leased with %v; want %s", first.Results[i].ExternalID, err, want)
		}
	}
}

// Another tenant cannot use the template of the first item by its id; the key of
// the others it has not. Each fails as if there were none.
func TestConnectionImportIsPerTenant(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	w.Provider.Granted(functionstest.Acme, "fake-refresh-of-acme-old")
	h := webtest.New(t, routes.ConnectionImport, handle(w.Refreshing()))
	var foreign, own api.ImportResults
	h.As(functionstest.Globex).Replay(functionstest.Event("connection-import")).Want(200, "").Decode(&foreign)
	if r := foreign.Results[0]; r.Status != "failed" || r.Problem.Code != string(fault.CodeNotFound) || r.ConnectionID != "" {
		t.Errorf("got %+v for the template of another", r)
	}
	h.Replay(functionstest.Event("connection-import")).Want(200, "").Decode(&own)
	if own.Results[0].Status != "created" {
		t.Errorf("an external id of another tenant is taken: %+v", own.Results[0])
	}
}

func TestConnectionImportRefusesTheRequest(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	h := webtest.New(t, routes.ConnectionImport, handle(w.Refreshing()))
	item := `{"externalId":"x","templateKey":"stripe","name":"Stripe","credential":{"apiKey":"rk_test_fake_acme_0002"}}`
	send := functionstest.Event("connection-import")
	w.Unchanged(func() {
		for _, body := range []string{
			`{}`, `{"items":[]}`, `{"items":[` + item + strings.Repeat(","+item, 25) + `]}`,
			`{"items":[` + strings.Replace(item, `"name"`, `"naem"`, 1) + `]}`, `{"items":[` + strings.Replace(item, `"x"`, `""`, 1) + `]}`,
		} {
			h.WithBody(body).Replay(send).WantProblem(400, fault.CodeValidationFailed)
		}
		h.Scoped("connections:read").Replay(send).WantProblem(403, fault.CodeForbidden)
	})
}

// The function has a minute: what it cannot begin in time is sent again.
func TestConnectionImportSkips(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	connects := w.Refreshing()
	late := w.Now()
	connects.Now = func() time.Time { late = late.Add(11 * time.Second); return late }
	h := webtest.New(t, routes.ConnectionImport, handle(connects))
	var got api.ImportResults
	h.Replay(functionstest.Event("connection-import")).Want(200, "").Decode(&got)
	var statuses []string
	for _, r := range got.Results {
		statuses = append(statuses, r.ExternalID+" "+r.Status)
	}
	if diff := cmp.Diff([]string{"legacy-0001 skipped", "legacy-0002 skipped", "legacy-0003 skipped"}, statuses); diff != "" {
		t.Errorf("results (-want +got):\n%s", diff)
	}
	if found, _, err := w.Reader().List(t.Context(), functionstest.Person(functionstest.Acme), connection.Filter{}, "", "", 100); err != nil || len(found) != 3 {
		t.Errorf("%d connections, %v", len(found), err)
	}
}
