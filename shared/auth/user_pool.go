package auth

import (
	"slices"
	"strings"
)

// What the user pool of a stage and the function that makes its tokens agree on.
const (
	// TenantAttribute holds the tenant of a person. Administrators of the pool write
	// it, and no client does.
	TenantAttribute = "custom:tenant"
	// LoopbackRedirect is where a browser brings the code of the command line's
	// sign-in back to (RFC 8252, section 7.3). The port is fixed and the host is a
	// name because Cognito compares the whole URI and takes http for localhost only.
	// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPoolClient.html
	LoopbackRedirect = "http://localhost:8976/signed-in"
	// ScopeServer and TenantServer are the resource servers whose scopes a machine
	// is granted: tenon/connections:read and tenant/acme.
	ScopeServer  = "tenon"
	TenantServer = "tenant"
)

// The groups of a user pool.
const (
	Administrator = "administrator"
	Operator      = "operator"
	Viewer        = "viewer"
)

// Groups lists every group.
func Groups() []string { return []string{Administrator, Operator, Viewer} }

// Granted returns the scopes that membership in the groups gives within a tenant,
// in the order of Scopes. A group nobody knows gives none, leases are for machines
// only, and tenants are the matter of the organization.
func Granted(tenant string, groups []string) []string {
	return slices.DeleteFunc(Allowed(tenant, Scopes()), func(scope string) bool {
		return !slices.ContainsFunc(groups, func(group string) bool { return gives(group, scope) })
	})
}

// Allowed returns those of the scopes that there are and that a token of the
// tenant may carry.
func Allowed(tenant string, asked []string) []string {
	return slices.DeleteFunc(Scopes(), func(scope string) bool {
		return !slices.Contains(asked, scope) || scope == TenantsAdmin && tenant != Organization
	})
}

func gives(group, scope string) bool {
	read := strings.HasSuffix(scope, ":read")
	switch group {
	case Administrator:
		return scope != ConnectionsLease
	case Operator:
		return read || scope == ConnectionsWrite || scope == FlowsWrite
	case Viewer:
		return read
	}
	return false
}
