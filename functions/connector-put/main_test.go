package main

import (
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/connect"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/lease"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/template"
	"github.com/tenonhq/tenon/shared/web/webtest"
)

// A connector that the organization defines is used as one of the catalog, by
// its tenants, without a deployment.
func TestConnectorPut(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	h := webtest.New(t, routes.ConnectorPut, handle(w.Connectors())).As(auth.Organization)
	put := functionstest.Event("connector-put")
	w.Foreign(webtest.New(t, routes.ConnectorPut, handle(w.Connectors())), "connector-put")
	h.Replay(put).Want(200, `{"id": "own-ledger", "name": "Ledger", "revision": 1, "definition": {"hosts": ["{baseUrl}", "login.ledger.example.com"]}}`).
		WantHeader("etag", `"1"`)
	if got := w.LastAudited(auth.Organization); got != "connector.put own-ledger allowed" {
		t.Errorf("audited %q", got)
	}
	cards, err := w.Catalog().Cards(t.Context(), catalogOf("ledger data centre"))
	if err != nil || len(cards) != 1 || cards[0].ID != "own-ledger" {
		t.Errorf("listed: got %v, %v", cards, err)
	}
	made, err := w.Templates().Create(t.Context(), functionstest.Person(functionstest.Acme), template.Define{
		Connector: "own-ledger", Name: "Ledger", Inputs: map[string]string{"baseUrl": "https://ledger.acme.example.com"},
	})
	if err != nil {
		t.Fatal(err)
	}
	c, err := w.Connect().Create(t.Context(), functionstest.Person(functionstest.Acme), connect.New{
		TemplateID: made.ID, Name: "Ledger", Credential: map[string]secret.Bytes{"apiKey": secret.FromString(functionstest.LedgerKey)},
	})
	if err != nil {
		t.Fatal(err)
	}
	l, err := w.Lease().Lease(t.Context(), functionstest.Person(functionstest.Acme), lease.Request{ConnectionID: c.ID, Purpose: "test"})
	if err != nil || l.Credential.Headers["X-Api-Key"].Reveal() != functionstest.LedgerKey || l.Connection.BaseURL != "https://ledger.acme.example.com" {
		t.Errorf("lease: got %v, base URL %q", err, l.Connection.BaseURL)
	}
}

// What the lint says comes back with pointers into the definition; nothing is
// stored.
func TestConnectorPutIsChecked(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	h := webtest.New(t, routes.ConnectorPut, handle(w.Connectors())).As(auth.Organization)
	put := functionstest.Event("connector-put")
	body := webtest.Event(t, put).Body
	for name, c := range map[string]struct{ old, new, pointer string }{
		"an unknown member":       {`"name":"Ledger"`, `"name":"Ledger","icon":"x"`, "/definition"},
		"an http endpoint":        {`{baseUrl}/me`, `http://login.ledger.example.com/me`, "/definition/verify/url"},
		"a host of someone else":  {`{baseUrl}/me`, `https://evil.example/me`, "/definition/verify"},
		"no source":               {`"sources":[{"url":"https://ledger.example.com/docs","checkedAt":"2026-11-20"}]`, `"sources":[]`, "/definition/sources"},
		"a bad template":          {`{apiKey}`, `{apiKye}`, "/definition/schemes/0/apply"},
		"an id of the catalog":    {`"id":"own-ledger"`, `"id":"stripe"`, "/definition/id"},
		"another id":              {`"id":"own-ledger"`, `"id":"own-other"`, "/definition/id"},
		"an unknown auth scheme":  {`"type":"api_key"`, `"type":"oauth2_password"`, "/definition/schemes/0/type"},
		"a wildcard over a realm": {`"login.ledger.example.com"`, `"*.com"`, "/definition/hosts"},
	} {
		broken := strings.Replace(body, c.old, c.new, 1)
		if broken == body {
			t.Fatalf("%s: nothing to replace", name)
		}
		answer := h.WithBody(broken).Replay(put).WantProblem(400, fault.CodeValidationFailed)
		if !strings.Contains(answer.Body, `"`+c.pointer) {
			t.Errorf("%s: want a pointer to %s in %s", name, c.pointer, answer.Body)
		}
	}
	for _, host := range []string{"169.254.169.254", "localhost", "vault.internal", "metadata.google.internal", "s3.amazonaws.com", "127.0.0.1"} {
		answer := h.WithBody(strings.Replace(body, "login.ledger.example.com", host, 1)).Replay(put)
		if answer.StatusCode/100 != 4 {
			t.Errorf("SSR-01 host %s: got status %d, want it refused", host, answer.StatusCode)
		}
	}
	if cards, err := w.Catalog().Cards(t.Context(), catalogOf("ledger")); err != nil || len(cards) != 0 {
		t.Errorf("something was stored: %v, %v", cards, err)
	}
}

// A change needs the version that was seen, and keeps what connections use.
func TestConnectorPutAgain(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	h := webtest.New(t, routes.ConnectorPut, handle(w.Connectors())).As(auth.Organization)
	put := functionstest.Event("connector-put")
	body := webtest.Event(t, put).Body
	h.WithHeader("if-match", `"1"`).Replay(put).WantProblem(412, fault.CodePreconditionFailed)
	h.Replay(put).Want(200, "")
	h.Replay(put).WantProblem(428, fault.CodePreconditionRequired)
	h.WithHeader("if-match", `"1"`).WithBody(strings.Replace(body, `"name":"Ledger"`, `"name":"Big ledger"`, 1)).Replay(put).Want(200, `{"name": "Big ledger", "revision": 2}`)
	h.WithHeader("if-match", `"1"`).Replay(put).WantProblem(412, fault.CodePreconditionFailed)
	other := strings.Replace(body, `"id":"api_key","type"`, `"id":"key","type"`, 1)
	h.WithHeader("if-match", `"2"`).WithBody(other).Replay(put).WantProblem(400, fault.CodeValidationFailed).WantPointer("/definition/schemes")
	h.With(func(e *events.APIGatewayV2HTTPRequest) { e.PathParameters = map[string]string{"connectorId": "stripe"} }).
		Replay(put).WantProblem(400, fault.CodeValidationFailed)
}

func catalogOf(words string) catalog.Filter { return catalog.Filter{Query: words} }
