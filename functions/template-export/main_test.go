package main

import (
	"slices"
	"strings"
	"testing"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/template"
	"github.com/tenonhq/tenon/shared/web/webtest"
)

func TestTemplateExport(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	h := webtest.New(t, routes.TemplateExport, handle(w.Templater()))
	w.Foreign(h, "template-export")
	w.Unchanged(func() {
		answer := h.Replay(functionstest.Event("template-export")).Want(200, `{"version": 1, "templates": [
			{"stableKey": "salesforce", "connector": "salesforce", "name": "Salesforce", "authScheme": "oauth2_authorization_code", "credentials": "customer", "suppliedBy": "customer", "embedded": false},
			{"stableKey": "stripe", "connector": "stripe", "name": "Stripe", "authScheme": "api_key", "credentials": "customer", "suppliedBy": "customer", "embedded": false}
		]}`)
		again := h.WithBody(`{"stableKeys":["salesforce","stripe","salesforce"]}`).Replay(functionstest.Event("template-export"))
		if again.Body != answer.Body {
			t.Errorf("the order of the request matters:\n%s\n%s", answer.Body, again.Body)
		}
	})
}

// An export is of the tenant's own templates alone and holds nothing that belongs
// to the stage: no client, secret, id or time.
func TestTemplateExportHoldsWhatIsOfNoStage(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	h := webtest.New(t, routes.TemplateExport, handle(w.Templater())).WithBody("{}")
	for tenant, want := range map[string]int{functionstest.Acme: 3, functionstest.Globex: 0, auth.Organization: 1} {
		var doc api.TemplateDocument
		answer := h.As(tenant).Replay(functionstest.Event("template-export")).Want(200, "")
		answer.Decode(&doc)
		if len(doc.Templates) != want {
			t.Errorf("%s: got %d templates, want %d", tenant, len(doc.Templates), want)
		}
		for _, canary := range []string{"fake-client", "tpl_", "2026", "0001", functionstest.Acme} {
			if strings.Contains(answer.Body, canary) {
				t.Errorf("%s: %q stands in %s", tenant, canary, answer.Body)
			}
		}
	}
	h.As(functionstest.Globex).WithBody(`{"stableKeys":["salesforce"]}`).Replay(functionstest.Event("template-export")).WantProblem(404, fault.CodeNotFound)
	h.Scoped("templates:write").Replay(functionstest.Event("template-export")).WantProblem(403, fault.CodeForbidden)
}

// The definition of a connector goes with the templates of the organization, which
// alone is shown it.
func TestTemplateExportOfOwnConnectors(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	w.Ledger()
	h := webtest.New(t, routes.TemplateExport, handle(w.Templater())).WithBody(`{"stableKeys":["own-ledger"]}`)
	for _, tenant := range []string{functionstest.Acme, auth.Organization} {
		_, err := w.Templates().Create(t.Context(), functionstest.Person(tenant), template.Define{
			Connector: "own-ledger", Name: "Ledger", StableKey: "own-ledger", Inputs: map[string]string{"baseUrl": "https://ledger.example.com"},
		})
		if err != nil && !fault.Has(err, fault.CodeStableKeyTaken) {
			t.Fatal(err)
		}
	}
	h.As(auth.Organization).Replay(functionstest.Event("template-export")).Want(200, `{"connectors": [{"id": "own-ledger", "hosts": ["{baseUrl}", "login.ledger.example.com"]}]}`)
	if answer := h.Replay(functionstest.Event("template-export")).Want(200, ""); strings.Contains(answer.Body, "login.ledger") {
		t.Errorf("a tenant is shown the definition: %s", answer.Body)
	}
}

// What does not fit into one document is refused with the way out.
func TestTemplateExportIsBounded(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	for n := range 201 {
		d := template.Define{Connector: "stripe", Name: "Stripe", StableKey: "stripe-" + strings.Repeat("x", n%50) + string(rune('a'+n/50))}
		if _, err := w.Templates().Create(t.Context(), functionstest.Person(functionstest.Globex), d); err != nil {
			t.Fatal(err)
		}
	}
	h := webtest.New(t, routes.TemplateExport, handle(w.Templater())).As(functionstest.Globex).WithBody("{}")
	answer := h.Replay(functionstest.Event("template-export")).WantProblem(409, fault.CodeLimitExceeded)
	if !strings.Contains(answer.Body, "stableKeys") {
		t.Errorf("no way out in %s", answer.Body)
	}
	h.WithBody(`{"stableKeys":["stripe-a"]}`).Replay(functionstest.Event("template-export")).Want(200, "")

	scopes := make([]string, 200)
	for n := range scopes {
		scopes[n] = strings.Repeat("s", 200) + string(rune('a'+n/26)) + string(rune('a'+n%26))
	}
	var keys []string
	for n := range 6 {
		key := "large-" + string(rune('a'+n))
		d := template.Define{
			Connector: "hubspot", Name: "HubSpot", StableKey: key, Scheme: "oauth2_authorization_code", Scopes: slices.Clone(scopes),
			ClientID: "fake-client", ClientSecret: secret.FromString("fake-client-secret-0001"),
		}
		if _, err := w.Templates().Create(t.Context(), functionstest.Person(functionstest.Globex), d); err != nil {
			t.Fatal(err)
		}
		keys = append(keys, `"`+key+`"`)
	}
	named := func(n int) webtest.Answer {
		return h.WithBody(`{"stableKeys":[` + strings.Join(keys[:n], ",") + `]}`).Replay(functionstest.Event("template-export"))
	}
	if answer := named(5).Want(200, ""); len(answer.Body) < 200_000 || len(answer.Body) > 256<<10 {
		t.Errorf("got %d bytes, want many that fit into one request", len(answer.Body))
	}
	named(6).WantProblem(409, fault.CodeLimitExceeded)
}
