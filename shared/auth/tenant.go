package auth

import "context"

type tenantKey struct{}

// For returns a context for work on behalf of one tenant. The table, the keys and
// the secrets are asked with credentials that reach what is that tenant's alone, and
// what the organization shares, where the function has such (package
// awsconfig/tenancy).
func For(ctx context.Context, tenant string) context.Context {
	return context.WithValue(ctx, tenantKey{}, tenant)
}

// TenantOf returns the tenant that the context's work is for, empty for none.
func TenantOf(ctx context.Context) string {
	tenant, _ := ctx.Value(tenantKey{}).(string)
	return tenant
}
