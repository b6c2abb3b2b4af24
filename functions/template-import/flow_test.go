package main

import (
	"strings"
	"testing"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/flow"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/template"
)

// A flow that is registered in B as it stands in A binds a connection that was made
// from the template of B which has the stable key, and from no other.
func TestFlowsFindTheImportedTemplate(t *testing.T) {
	t.Parallel()
	a, b := newStage(t), newStage(t)
	a.Integrated()
	flows, err := a.Bindings().Get(t.Context(), functionstest.Person(functionstest.Acme), functionstest.Orders)
	if err != nil {
		t.Fatal(err)
	}
	source, ok := flows.Binding("source")
	if !ok || source.Template != "salesforce" {
		t.Fatalf("A has %+v", flows)
	}
	const there = functionstest.Globex
	for _, tt := range []struct{ key, connectionID string }{
		{"salesforce", functionstest.Added},
		{"salesforce-other", "con_01M7VZGC000000000000000009"},
	} {
		todo := b.takes(there, strings.Replace(a.exported(functionstest.Acme), `"stableKey":"salesforce"`, `"stableKey":"`+tt.key+`"`, 1)).Todo
		made := ""
		for _, item := range todo {
			if item.StableKey == tt.key {
				made = item.TemplateID
			}
		}
		client, value := "fake-client-of-globex", secret.FromString("fake-client-secret-of-globex-0001")
		if _, err := b.Templates().Update(t.Context(), functionstest.Person(there), made, "*", template.Change{ClientID: &client, ClientSecret: &value}); err != nil {
			t.Fatal(err)
		}
		b.SignIn(there, tt.connectionID, made)
	}
	bind := func(connectionID string) error {
		_, err := b.Bindings().Put(t.Context(), functionstest.Person(there), "orders", "", flow.Define{
			Name: flows.Name, Bindings: []flow.Binding{{Slot: source.Slot, Connector: source.Connector, Template: source.Template, Scopes: source.Scopes, ConnectionID: connectionID}},
		})
		return err
	}
	if err := bind("con_01M7VZGC000000000000000009"); !fault.Has(err, fault.CodeBindingRefused) {
		t.Errorf("from a template of another key: got %v", err)
	}
	if err := bind(functionstest.Added); err != nil {
		t.Errorf("from the template of the key: %v", err)
	}
	if n := b.Connection(there, functionstest.Added).Bindings; n != 1 {
		t.Errorf("got %d bindings, want 1", n)
	}
}
