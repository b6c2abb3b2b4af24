package main

import (
	"testing"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/vault"
)

func TestJobOrphanReport(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	run := report(w.Orphans())
	all := len(w.Secrets.Names())
	w.Unchanged(func() {
		if got, want := w.Run(routes.JobOrphanReport, run), (api.Sweep{Due: all, Done: all}); got != want {
			t.Errorf("got %+v, want %+v", got, want)
		}
	})
	w.Secrets.Keys = nil // The key of an orphan may be gone.
	name := vault.SecretName("test", functionstest.Acme, functionstest.Added, "sec_1")
	if _, err := w.Secrets.Create(t.Context(), name, "key", vault.Token(name), secret.FromString("of nobody")); err != nil {
		t.Fatal(err)
	}
	w.Unchanged(func() {
		if got, want := w.Run(routes.JobOrphanReport, run), (api.Sweep{Due: all + 1, Done: all, Failed: 1}); got != want {
			t.Errorf("got %+v, want %+v", got, want)
		}
	})
}
