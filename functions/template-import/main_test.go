package main

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web/webtest"
)

// stage is a world with its import.
type stage struct {
	*functionstest.World
	t       *testing.T
	harness webtest.Harness
}

func newStage(t *testing.T) stage {
	w := functionstest.New(t)
	return stage{w, t, webtest.New(t, routes.TemplateImport, handle(w.Importer()))}
}

// exported is a document of the tenant's templates, as JSON.
func (s stage) exported(tenant string) string {
	s.t.Helper()
	doc, err := s.Templater().Export(s.t.Context(), functionstest.Person(tenant), nil)
	if err != nil {
		s.t.Fatal(err)
	}
	text, err := json.Marshal(doc)
	if err != nil {
		s.t.Fatal(err)
	}
	return string(text)
}

// takes imports the document for the tenant.
func (s stage) takes(tenant, document string) api.TemplateImportResult {
	s.t.Helper()
	var result api.TemplateImportResult
	s.harness.As(tenant).WithBody(document).Replay(functionstest.Event("template-import")).Want(200, "").Decode(&result)
	return result
}

func dry(h webtest.Harness) webtest.Harness {
	return h.With(func(e *events.APIGatewayV2HTTPRequest) {
		e.RawQueryString, e.QueryStringParameters = "dryRun=true", map[string]string{"dryRun": "true"}
	})
}

// actions maps stable keys, and ids of connectors, to what becomes of them.
func actions(r api.TemplateImportResult) map[string]string {
	found := map[string]string{}
	for _, c := range r.Changes {
		key := c.StableKey
		if c.Kind == "connector" {
			key = c.Connector
		}
		found[key] = c.Action
	}
	return found
}

func TestTemplateImport(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	const changes = `"changes": [
		{"kind": "template", "stableKey": "salesforce", "connector": "salesforce", "action": "unchanged"},
		{"kind": "template", "stableKey": "shopify-eu", "connector": "shopify", "action": "created"},
		{"kind": "template", "stableKey": "stripe", "connector": "stripe", "action": "updated", "fields": [{"pointer": "/name", "from": "Stripe", "to": "Stripe in the EU"}]}
	], "complete": false, `
	event := functionstest.Event("template-import")
	s.Unchanged(func() {
		dry(s.harness).Replay(event).Want(200, `{"applied": false, `+changes+`"todo": [{"stableKey": "shopify-eu", "missing": ["clientId", "clientSecret"]}]}`)
	})
	var done api.TemplateImportResult
	s.harness.Replay(event).Want(200, `{"applied": true, `+changes+`"todo": [{"stableKey": "shopify-eu", "missing": ["clientId", "clientSecret"]}]}`).Decode(&done)
	made, err := s.Templater().Get(t.Context(), functionstest.Person(functionstest.Acme), done.Todo[0].TemplateID)
	if err != nil || made.StableKey != "shopify-eu" || made.ClientID != "" {
		t.Fatalf("made %+v, %v", made, err)
	}
	if want := "https://api.tenon.example/v1/oauth/callback/" + made.ID; done.Todo[0].RedirectURI != want {
		t.Errorf("got redirect URI %q, want %q", done.Todo[0].RedirectURI, want)
	}
	s.Unchanged(func() {
		for _, a := range actions(s.takes(functionstest.Acme, webtest.Event(t, event).Body)) {
			if a != "unchanged" {
				t.Errorf("a second time something is %s", a)
			}
		}
	})
	s.harness.Scoped("templates:read").Replay(event).WantProblem(403, fault.CodeForbidden)
}

// Export from stage A, import into empty stage B, import again: the second import
// changes nothing, and what B exports is what A exported.
func TestTemplateImportTwice(t *testing.T) {
	t.Parallel()
	a, b := newStage(t), newStage(t)
	const there = functionstest.Globex // It has no templates.
	document := a.exported(functionstest.Acme)
	secrets := b.Secrets.Names()
	first := b.takes(there, document)
	want := map[string]string{"hubspot": "created", "salesforce": "created", "stripe": "created"}
	if diff := cmp.Diff(want, actions(first)); diff != "" || !first.Applied || len(first.Todo) != 2 || first.Complete {
		t.Errorf("first import: %+v\n%s", first, diff)
	}
	if got := b.exported(there); got != document {
		t.Errorf("B exports\n%s, not\n%s", got, document)
	}
	if diff := cmp.Diff(secrets, b.Secrets.Names()); diff != "" {
		t.Errorf("secrets:\n%s", diff)
	}
	b.Unchanged(func() {
		second := b.takes(there, document)
		want := map[string]string{"hubspot": "unchanged", "salesforce": "unchanged", "stripe": "unchanged"}
		if diff := cmp.Diff(want, actions(second)); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff(first.Todo, second.Todo); diff != "" {
			t.Errorf("what is missing:\n%s", diff)
		}
		if got := b.LastAudited(there); got != "template.import  allowed" {
			t.Errorf("audited last %q, want the import alone", got)
		}
	})
	if strings.Contains(document, "fake-client") {
		t.Errorf("the document holds a client: %s", document)
	}
}

// A template here keeps its client, its secret and its connections.
func TestTemplateImportKeepsWhatIsOfThisStage(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	person := functionstest.Person(functionstest.Acme)
	before, err := s.Templater().Get(t.Context(), person, functionstest.Salesforce)
	if err != nil {
		t.Fatal(err)
	}
	document := strings.Replace(s.exported(functionstest.Acme), `"name":"Salesforce"`, `"name":"Salesforce, new"`, 1)
	secrets := s.Secrets.Names()
	if got := s.takes(functionstest.Acme, document); !got.Complete || actions(got)["salesforce"] != "updated" {
		t.Errorf("got %+v", got)
	}
	after, err := s.Templater().Get(t.Context(), person, functionstest.Salesforce)
	if err != nil {
		t.Fatal(err)
	}
	if after.Name != "Salesforce, new" || after.Revision != before.Revision+1 || after.ClientID != before.ClientID || cmp.Diff(before.Client, after.Client) != "" {
		t.Errorf("got %+v, before %+v", after, before)
	}
	if diff := cmp.Diff(secrets, s.Secrets.Names()); diff != "" {
		t.Errorf("secrets:\n%s", diff)
	}
	// Another tenant's import under the same keys makes its own.
	s.takes(functionstest.Globex, strings.ReplaceAll(document, "Salesforce, new", "Taken"))
	if now, err := s.Templater().Get(t.Context(), person, functionstest.Salesforce); err != nil || cmp.Diff(after, now) != "" {
		t.Errorf("Globex changed Acme's: %v\n%s", err, cmp.Diff(after, now))
	}
	if got := s.exported(functionstest.Acme); got != document {
		t.Errorf("Acme has %s", got)
	}
}
