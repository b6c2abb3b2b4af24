package main

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/connector"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/template"
	"github.com/tenonhq/tenon/shared/web/webtest"
)

// A member that a document does not have is refused, above all one that would be a
// secret or somebody else's.
func TestTemplateImportOfHostileDocuments(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	event := functionstest.Event("template-import")
	body := webtest.Event(t, event).Body
	for name, c := range map[string]struct{ old, new, pointer string }{
		"a client secret":      {`"name":"Salesforce"`, `"name":"Salesforce","clientSecret":"canary-0001"`, "/templates/0/clientSecret"},
		"a client":             {`"name":"Salesforce"`, `"name":"Salesforce","clientId":"canary-0001"`, "/templates/0/clientId"},
		"an owner":             {`"name":"Salesforce"`, `"name":"Salesforce","owner":"globex"`, "/templates/0/owner"},
		"an id":                {`"name":"Salesforce"`, `"name":"Salesforce","id":"` + functionstest.Organization + `"`, "/templates/0/id"},
		"another case":         {`"name":"Salesforce"`, `"name":"Salesforce","Owner":"canary-0001"`, "/templates/0/Owner"},
		"an unknown member":    {`"version":1`, `"version":1,"stage":"canary-0001"`, "/stage"},
		"another version":      {`"version":1`, `"version":2`, "/version"},
		"a strange stable key": {`"stableKey":"stripe"`, `"stableKey":"../canary-0001"`, "/templates/2/stableKey"},
		"the same key twice":   {`"stableKey":"stripe"`, `"stableKey":"salesforce"`, "/templates/2/stableKey"},
		"a strange party":      {`"credentials":"customer"`, `"credentials":"canary-0001"`, "/templates/0/credentials"},
		"no auth scheme":       {`"authScheme":"api_key",`, ``, "/templates/2"},
		"values kept of none":  {`"version":1`, `"version":1,"keep":{"canary-0001":["host"]}`, "/keep"},
	} {
		broken := strings.Replace(body, c.old, c.new, 1)
		if broken == body {
			t.Fatalf("%s: nothing to replace", name)
		}
		s.Unchanged(func() {
			answer := s.harness.WithBody(broken).Replay(event).WantProblem(400, fault.CodeValidationFailed)
			if !strings.Contains(answer.Body, `"`+c.pointer) || strings.Contains(answer.Body, "canary") {
				t.Errorf("%s: want a pointer to %s and no value in %s", name, c.pointer, answer.Body)
			}
		})
	}
	s.harness.WithBody(strings.Replace(body, `"version":1`, `"version":1,"version":1`, 1)).Replay(event).WantProblem(400, fault.CodeInvalidBody)
	s.harness.WithBody(body+strings.Repeat(" ", 256<<10)).Replay(event).WantProblem(413, fault.CodeBodyTooLarge)
}

// ledger is a document of the organization with a connector of its own.
func ledger(t *testing.T) string {
	t.Helper()
	a := newStage(t)
	a.Ledger()
	for key, connectorID := range map[string]string{"books": "own-ledger", "shop": "stripe"} {
		d := template.Define{Connector: connectorID, Name: key, StableKey: key, Embedded: true}
		if _, err := a.Templates().Create(t.Context(), functionstest.Person(auth.Organization), d); err != nil {
			t.Fatal(err)
		}
	}
	return a.exported(auth.Organization)
}

// definition is the connector as it is stored in the stage.
func (s stage) definition() connector.Record {
	s.t.Helper()
	r, err := s.Connectors().Store.Record(s.t.Context(), "own-ledger")
	if err != nil {
		s.t.Fatal(err)
	}
	return r
}

// The organization's own connectors go with the templates that use them.
func TestTemplateImportOfOwnConnectors(t *testing.T) {
	t.Parallel()
	document, b := ledger(t), newStage(t)
	b.harness = b.harness.Scoped("templates:write tenants:admin")
	want := map[string]string{"own-ledger": "created", "books": "created", "shop": "created", "salesforce": "unchanged"}
	if diff := cmp.Diff(want, actions(b.takes(auth.Organization, document))); diff != "" {
		t.Fatal(diff)
	}
	if got := b.exported(auth.Organization); got != document {
		t.Errorf("B exports\n%s, not\n%s", got, document)
	}
	stored := b.definition()
	b.Unchanged(func() {
		for key, action := range actions(b.takes(auth.Organization, document)) {
			if action != "unchanged" {
				t.Errorf("%s is %s a second time", key, action)
			}
		}
	})
	if diff := cmp.Diff(stored, b.definition()); diff != "" {
		t.Errorf("written again:\n%s", diff)
	}
	result := b.takes(auth.Organization, strings.Replace(document, `"name":"Ledger"`, `"name":"Big ledger"`, 1))
	if diff := cmp.Diff([]api.TemplateImportField{{Pointer: "/name"}}, result.Changes[0].Fields); diff != "" || result.Changes[0].Action != "updated" || b.definition().Revision != 2 {
		t.Errorf("%+v\n%s", result, diff)
	}
}

// Who may not define connectors, and what is no definition, is refused with all the
// rest of the document.
func TestTemplateImportOfOwnConnectorsIsRefused(t *testing.T) {
	t.Parallel()
	document := ledger(t)
	refused := func(b stage, h webtest.Harness, body, pointer string, code fault.Code) {
		t.Helper()
		stored := b.definition()
		b.Unchanged(func() {
			var result api.TemplateImportResult
			h.WithBody(body).Replay(functionstest.Event("template-import")).Want(200, `{"applied": false, "complete": false}`).Decode(&result)
			p := result.Changes[0].Problem
			if p == nil || p.Code != string(code) || pointer != "" && (len(p.Errors) == 0 || !strings.HasPrefix(p.Errors[0].Pointer, pointer)) {
				t.Errorf("got %+v, want %s at %s", p, code, pointer)
			}
			if result.Changes[0].Fields != nil {
				t.Errorf("what is there is told: %+v", result.Changes[0])
			}
		})
		if diff := cmp.Diff(stored, b.definition()); diff != "" {
			t.Errorf("the connector was changed:\n%s", diff)
		}
	}
	for _, there := range []bool{false, true} {
		b, body := newStage(t), document
		if there {
			b.Ledger()
			body = strings.Replace(document, `"name":"Ledger"`, `"name":"Mine"`, 1)
		}
		refused(b, b.harness, body, "", fault.CodeForbidden)
		refused(b, b.harness.As(auth.Organization).Scoped("templates:write"), body, "", fault.CodeForbidden)
	}
	b := newStage(t)
	b.Ledger()
	// As it stands already it is no matter of anyone's rights.
	if got := actions(b.takes(functionstest.Acme, document)); got["own-ledger"] != "unchanged" || got["books"] != "created" {
		t.Errorf("a tenant's import: %v", got)
	}
	b = newStage(t)
	b.harness = b.harness.As(auth.Organization).Scoped("templates:write tenants:admin")
	for name, c := range map[string]struct {
		old, new, pointer string
		code              fault.Code
	}{
		"a secret":          {`"name":"Ledger"`, `"name":"Ledger","clientSecret":"x"`, "/connectors/0", fault.CodeValidationFailed},
		"an id of another":  {`"id":"own-ledger"`, `"id":"stripe"`, "/connectors/0/id", fault.CodeValidationFailed},
		"a link-local host": {`login.ledger.example.com`, `169.254.169.254`, "", fault.CodeEgressDenied},
	} {
		broken := strings.Replace(document, c.old, c.new, 1)
		if broken == document {
			t.Fatalf("%s: nothing to replace in %s", name, document)
		}
		refused(b, b.harness, broken, c.pointer, c.code)
	}
}
