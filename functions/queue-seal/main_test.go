package main

import (
	"testing"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/routes"
)

func TestQueueSeal(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	for range 2 { // The second time there is nothing to do.
		if back := w.Consume(routes.QueueSeal, work(w.AuditSealer())); back != 0 {
			t.Fatalf("%d messages came back", back)
		}
		for tenant, want := range map[string]int{functionstest.Acme: 1, functionstest.Globex: 0} {
			seals, err := w.Entries().Seals(t.Context(), tenant, 1, 9)
			if err != nil || len(seals) != want {
				t.Fatalf("%s: got %d seals, %v; want %d", tenant, len(seals), err, want)
			}
		}
	}
	found, err := w.Verifier().Verify(t.Context(), functionstest.Person(functionstest.Acme), 0, 0)
	if err != nil || len(found.Breaks) > 0 || found.Entries == 0 {
		t.Errorf("verified %d entries, %v, %v", found.Entries, found.Breaks, err)
	}
	i, err := w.Entries().Inspection(t.Context(), functionstest.Acme)
	if err != nil || i.Due.IsZero() {
		t.Errorf("got inspection %+v, %v; want one that is due", i, err)
	}
	if i.Tenant == "" || audit.InspectionKind == audit.HeadKind {
		t.Error("the kinds are one")
	}
}
