package main

import (
	"testing"
	"time"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/outage"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web/webtest"
)

// OUT-04: what is held is released when a person says so.
func TestProviderConfirm(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	h := webtest.New(t, routes.ProviderConfirm, handle(w.Providers()))
	confirm := functionstest.Event("provider-confirm")
	h.As(auth.Organization).Replay(confirm).WantProblem(404, fault.CodeNotFound)
	refused := func() (held bool) {
		for range 21 {
			held = w.Outages().Refused(t.Context(), outage.Pass{Provider: "salesforce"})
		}
		return held
	}
	if !refused() {
		t.Fatal("the refusals are not held")
	}
	w.Foreign(h, "provider-confirm")
	if !refused() {
		t.Error("a tenant released them")
	}
	h.As(auth.Organization).Replay(confirm).Want(200, `{"provider": "salesforce", "state": ""}`)
	if got := w.LastAudited(auth.Organization); got != "provider.confirm salesforce allowed" {
		t.Errorf("audited %q", got)
	}
	w.At(functionstest.Now.Add(47 * time.Hour))
	if refused() {
		t.Error("refusals are held although they were confirmed")
	}
	w.At(functionstest.Now.Add(49 * time.Hour))
	if !refused() {
		t.Error("those of another day are not held")
	}
}
