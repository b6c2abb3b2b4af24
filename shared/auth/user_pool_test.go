package auth_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/auth"
)

func TestGranted(t *testing.T) {
	t.Parallel()
	reads := []string{auth.ConnectionsRead, auth.TemplatesRead, auth.FlowsRead, auth.SettingsRead, auth.AuditRead}
	changes := []string{auth.ConnectionsWrite, auth.TemplatesWrite, auth.FlowsWrite, auth.SettingsWrite}
	for name, tc := range map[string]struct {
		tenant string
		groups []string
		want   []string
	}{
		"a viewer reads":                       {"acme", []string{"viewer"}, reads},
		"an operator connects":                 {"acme", []string{"operator"}, slices.Concat(reads, []string{auth.ConnectionsWrite, auth.FlowsWrite})},
		"an administrator changes":             {"acme", []string{"administrator"}, slices.Concat(reads, changes)},
		"that of the organization has tenants": {"org", []string{"administrator"}, slices.Concat(reads, changes, []string{auth.TenantsAdmin})},
		"groups add up, once each":             {"acme", []string{"viewer", "operator", "nobody"}, slices.Concat(reads, []string{auth.ConnectionsWrite, auth.FlowsWrite})},
		"an unknown group gives nothing":       {"org", []string{"Administrator", "admin", ""}, []string{}},
		"no group":                             {"org", nil, []string{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := auth.Granted(tc.tenant, tc.groups)
			slices.Sort(got)
			slices.Sort(tc.want)
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("scopes (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAllowed(t *testing.T) {
	t.Parallel()
	asked := []string{auth.TenantsAdmin, "openid", auth.ConnectionsLease, auth.ConnectionsLease, "connections:*"}
	for tenant, want := range map[string][]string{
		"acme": {auth.ConnectionsLease},
		"org":  {auth.ConnectionsLease, auth.TenantsAdmin},
	} {
		if diff := cmp.Diff(want, auth.Allowed(tenant, asked)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tenant, diff)
		}
	}
}
