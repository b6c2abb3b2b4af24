package tenant_test

import (
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/tenant"
)

// An organization whose own key cannot be used is not locked out: it acts for its
// tenants, and repairs, as before. One request reads two standings at most, and the
// next within five seconds none.
func TestSuspendedOrganizationRepairs(t *testing.T) {
	t.Parallel()
	s := &standings{states: map[string]tenant.State{"org": tenant.Suspended, "acme": tenant.Ready}}
	g := &tenant.Gate{Store: s, Now: time.Now}
	for range 2 {
		wantAdmit(t, g, by("org", "org"), tenant.Read, 0, "")
		wantAdmit(t, g, by("org", "org"), tenant.Repair, 0, "")
		wantAdmit(t, g, by("org", "org"), tenant.Change, fault.Conflict, fault.CodeKeyUnavailable)
		wantAdmit(t, g, by("org", "acme"), tenant.Change, 0, "")
		wantAdmit(t, g, by("acme", "acme"), tenant.Change, 0, "")
	}
	if s.reads != 2 {
		t.Errorf("%d reads of two standings", s.reads)
	}
}
