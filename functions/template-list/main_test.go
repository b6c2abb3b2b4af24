package main

import (
	"testing"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web/webtest"
)

func TestTemplateList(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	h := webtest.New(t, routes.TemplateList, handle(w.Templater(), w.Cursors))
	list := functionstest.Event("template-list")
	h.Replay(list).Want(200, `{"items": [
		{"id": "tpl_01M7VZGC000000000000000001", "connector": "salesforce", "owner": "acme"},
		{"id": "tpl_01M7VZGC000000000000000002", "connector": "stripe", "owner": "acme"},
		{"id": "tpl_01M7VZGC000000000000000003", "connector": "hubspot", "owner": "acme"},
		{"id": "tpl_01M7VZGC000000000000000004", "connector": "salesforce", "owner": "org"}
	]}`)
	h.As(functionstest.Globex).Replay(list).Want(200, `{"items": [{"id": "tpl_01M7VZGC000000000000000004", "owner": "org"}]}`)

	filtered := functionstest.Event("template-list.filtered")
	h.Replay(filtered).Want(200, `{"items": [{"id": "tpl_01M7VZGC000000000000000002"}]}`)
	h.As(functionstest.Globex).Replay(filtered).Want(200, `{"items": []}`)
}
