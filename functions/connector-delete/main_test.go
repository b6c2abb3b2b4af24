package main

import (
	"testing"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/template"
	"github.com/tenonhq/tenon/shared/web/webtest"
)

// A connector that is deleted is offered no more, and what uses it goes on.
func TestConnectorDelete(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	h := webtest.New(t, routes.ConnectorDelete, handle(w.Connectors())).As(auth.Organization)
	del := functionstest.Event("connector-delete")
	h.Replay(del).WantProblem(404, fault.CodeNotFound)
	w.Ledger()
	w.Foreign(webtest.New(t, routes.ConnectorDelete, handle(w.Connectors())), "connector-delete")
	h.WithHeader("if-match", "").Replay(del).WantProblem(428, fault.CodePreconditionRequired)
	h.WithHeader("if-match", `"2"`).Replay(del).WantProblem(412, fault.CodePreconditionFailed)
	if answer := h.Replay(del); answer.StatusCode != 204 {
		t.Fatalf("got %d: %s", answer.StatusCode, answer.Body)
	}
	if cards, err := w.Catalog().Cards(t.Context(), catalog.Filter{Query: "ledger"}); err != nil || len(cards) != 0 {
		t.Errorf("it is still listed: %v, %v", cards, err)
	}
	if _, err := w.Catalog().Find(t.Context(), "own-ledger"); err != nil {
		t.Errorf("what uses it cannot go on: %v", err)
	}
	_, err := w.Templates().Create(t.Context(), functionstest.Person(functionstest.Acme), template.Define{Connector: "own-ledger", Name: "Ledger"})
	if !fault.Has(err, fault.CodeValidationFailed) {
		t.Errorf("a template of a retired connector: got %v, want it refused", err)
	}
	h.WithHeader("if-match", "*").Replay(del).WantProblem(404, fault.CodeNotFound)
}
