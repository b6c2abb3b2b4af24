package auth_test

import (
	"slices"
	"testing"

	"github.com/tenonhq/tenon/shared/auth"
)

func TestCaller(t *testing.T) {
	t.Parallel()
	ann := auth.Caller{Tenant: "acme", Home: "acme", Subject: "ann", Scopes: []string{auth.ConnectionsRead}}
	bo := auth.Caller{Tenant: "acme", Home: auth.Organization, Subject: "bo"}
	job := auth.Job("job-health-sweep", "acme", "req-1")
	for _, test := range []struct {
		caller       auth.Caller
		actor        string
		organization bool
		read, write  bool
	}{
		{ann, "acme/ann", false, true, false}, {bo, "org/bo", true, false, false}, {job, "job/job-health-sweep", false, true, true},
		{auth.Caller{Tenant: "acme", Home: "acme", Subject: "user-42", Session: "cst_1"}, "acme/cst_1/user-42", false, false, false},
		// A tenant's own user cannot become the organization by a name.
		{auth.Caller{Tenant: auth.Organization, Home: "acme", Subject: "org/bo"}, "acme/org/bo", false, false, false},
	} {
		c := test.caller
		if c.Actor() != test.actor || c.IsOrganization() != test.organization || c.Has(auth.ConnectionsRead) != test.read || c.Has(auth.ConnectionsWrite) != test.write {
			t.Errorf("%+v: actor %s, organization %t", c, c.Actor(), c.IsOrganization())
		}
	}
	if job.Tenant != "acme" || job.Home != "acme" || job.RequestID != "req-1" || !job.System {
		t.Errorf("job %+v", job)
	}
	if (auth.Caller{}).Has("") {
		t.Error("nobody has the empty scope")
	}
}

func TestScopesAreDistinct(t *testing.T) {
	t.Parallel()
	scopes := auth.Scopes()
	slices.Sort(scopes)
	if len(scopes) != 11 || len(slices.Compact(scopes)) != 11 {
		t.Errorf("scopes %v", scopes)
	}
}
