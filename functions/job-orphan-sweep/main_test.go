package main

import (
	"slices"
	"testing"
	"time"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/app"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/vault"
)

// A secret that no record names is deleted a day after it was found, and can be
// had back; nothing else is touched.
func TestJobOrphanSweep(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	run := sweep(w.Orphans())
	all := len(w.Secrets.Names())
	want := func(want api.Sweep) {
		t.Helper()
		w.Unchanged(func() {
			if got := w.Run(routes.JobOrphanSweep, run); got != want {
				t.Errorf("got %+v, want %+v", got, want)
			}
		})
	}
	want(api.Sweep{Due: all, Done: all})
	w.Secrets.Keys = nil // The key of an orphan may be gone.
	name := vault.SecretName("test", functionstest.Acme, functionstest.Added, "sec_1")
	if _, err := w.Secrets.Create(t.Context(), name, "key", vault.Token(name), secret.FromString("of nobody")); err != nil {
		t.Fatal(err)
	}
	want(api.Sweep{Due: all + 1, Done: all, Failed: 1})
	want(api.Sweep{Due: all + 1, Done: all, Failed: 1})
	w.At(w.Now().Add(24 * time.Hour))
	day(t, run)
	if slices.Contains(w.Secrets.Names(), name) || len(w.Secrets.Names()) != all {
		t.Errorf("secrets after a day: %q, want all but the orphan", w.Secrets.Names())
	}
	if !w.Secrets.Restore(name) {
		t.Error("the orphan cannot be restored")
	}
}

// day runs the job at the time that the world has.
func day(t *testing.T, run app.Sweep) {
	t.Helper()
	if _, err := app.Job(routes.JobOrphanSweep, run)(t.Context(), api.Tick{}); err != nil {
		t.Fatal(err)
	}
}
