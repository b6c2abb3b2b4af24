package template_test

import (
	"fmt"
	"testing"

	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/fault"
)

// A stable key names the tenant's own template before the embedded one of the
// organization, and nobody else's.
func TestFindByKey(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ours, own := w.make(auth.Organization, define("crm")), w.make("acme", define("crm"))
	w.make("globex", define("theirs"))
	hidden := define("hidden")
	hidden.Embedded = false
	w.make(auth.Organization, hidden)
	for n := range 101 {
		w.make("globex", define(fmt.Sprint("other-", n)))
	}
	last := w.make("globex", define("last"))
	for tenant, want := range map[string]string{"acme": own.ID, "globex": ours.ID, auth.Organization: ours.ID} {
		if found, err := w.FindByKey(t.Context(), tenant, "crm"); err != nil || found.ID != want {
			t.Errorf("for %s: %s, %v; want %s", tenant, found.ID, err, want)
		}
	}
	if found, err := w.FindByKey(t.Context(), "globex", "last"); err != nil || found.ID != last.ID {
		t.Errorf("on the second page: %s, %v", found.ID, err)
	}
	for _, key := range []string{"theirs", "hidden", "none", ""} {
		_, err := w.FindByKey(t.Context(), "acme", key)
		refused(t, err, fault.CodeNotFound)
	}
}
