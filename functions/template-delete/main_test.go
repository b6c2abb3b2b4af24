package main

import (
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web/webtest"
)

func TestTemplateDelete(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	h := webtest.New(t, routes.TemplateDelete, handle(w.Templates()))
	w.Foreign(h, "template-delete")

	secrets := w.Secrets.Names()
	del := functionstest.Event("template-delete")
	if answer := h.Replay(del); answer.StatusCode != 204 || answer.Body != "" {
		t.Errorf("got status %d with body %q, want 204 without", answer.StatusCode, answer.Body)
	}
	mine := func(name string) bool { return strings.Contains(name, functionstest.Unused) }
	if got := w.Secrets.Names(); slices.ContainsFunc(got, mine) || len(got) != len(secrets)-1 {
		t.Errorf("got secrets %q after, %q before, want that of the template gone", got, secrets)
	}
	h.Replay(del).WantProblem(404, fault.CodeNotFound)
}

func TestTemplateDeleteRefused(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	h := webtest.New(t, routes.TemplateDelete, handle(w.Templates()))
	for template, want := range map[string]struct {
		status int
		code   fault.Code
	}{
		functionstest.Stripe:       {409, fault.CodeTemplateInUse},
		functionstest.Organization: {403, fault.CodeForbidden},
	} {
		h.With(func(e *events.APIGatewayV2HTTPRequest) { e.PathParameters = map[string]string{"templateId": template} }).
			Replay(functionstest.Event("template-delete")).WantProblem(want.status, want.code)
		if _, err := w.Templater().Get(t.Context(), functionstest.Person(functionstest.Acme), template); err != nil {
			t.Errorf("template %s after a refused delete: %v", template, err)
		}
	}
}
