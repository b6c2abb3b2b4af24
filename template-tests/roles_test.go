package templatetests_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/routes"
)

// assumingRoles is the pattern of roles that tenants are told to trust.
const assumingRoles = "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/tenon/dev/*"

// TestAssumingRoles: tenants trust the roles under one path, where exactly those
// stand that assume theirs, and each of these is kept from our own account.
func TestAssumingRoles(t *testing.T) {
	t.Parallel()
	_, api := load(t)
	for _, r := range routes.All() {
		id := logical(r.Name) + "Role"
		var want any
		assumes := slices.Contains(r.Grants, routes.RoleAssume)
		switch {
		case assumes:
			want = "/tenon/dev/"
		case slices.Contains(r.Grants, routes.TenantKeyEnd):
			want = "/tenon-ending/dev/" // The policies of keys know it by this, and no tenant trusts it.
		}
		if diff := cmp.Diff(want, api.Resources[id].Properties["Path"]); diff != "" {
			t.Errorf("path of %s (-want +got):\n%s", id, diff)
		}
		if kept := permissions(t, api, id)[permission{"sts:AssumeRole", "not-own-roles"}]; kept != assumes {
			t.Errorf("%s is kept from the roles of our own account: %t, want %t", id, kept, assumes)
		}
	}
}
