package routes

import (
	"time"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/auth"
)

// Tenants, their settings, signing keys and audit, providers in trouble, and the service itself.
var (
	SettingsGet = operation[api.None, api.Settings](Route{
		Name: "settings-get", Method: "GET", Path: "/v1/settings", Scope: auth.SettingsRead,
		Grants:  []Grant{TableRead},
		Summary: "Return the tenant's settings.",
	})
	SettingsPut = operation[api.SettingsPut, api.Settings](Route{
		Name: "settings-put", Method: "PUT", Path: "/v1/settings", Scope: auth.SettingsWrite,
		Grants:  []Grant{TableRead, TableWrite},
		Repairs: true,
		Summary: "Replace the tenant's settings.",
	})
	SigningKeyCreate = operation[api.SigningKeyCreate, api.SigningKey](Route{
		Name: "signing-key-create", Method: "POST", Path: "/v1/signing-keys", Scope: auth.SettingsWrite, Status: 201,
		Grants:  []Grant{TableRead, TableWrite, SigningNew, SigningKey},
		Timeout: 29 * time.Second,
		Summary: "Create a key that signs for the tenant's connections, and its certificate.",
	})
	SigningKeyList = operation[api.None, api.SigningKeys](Route{
		Name: "signing-key-list", Method: "GET", Path: "/v1/signing-keys", Scope: auth.SettingsRead,
		Grants:  []Grant{TableRead},
		Summary: "List the tenant's signing keys with their certificates.",
	})
	SigningKeyRetire = operation[api.SigningKeyRef, api.None](Route{
		Name: "signing-key-retire", Method: "DELETE", Path: "/v1/signing-keys/{signingKeyId}", Scope: auth.SettingsWrite, Status: 204,
		Grants:  []Grant{TableRead, TableWrite},
		Repairs: true,
		Summary: "Stop signing with a key; the newest other one takes its place.",
	})
	TenantJWKS = operation[api.TenantRef, api.KeySet](Route{
		Name: "tenant-jwks", Method: "GET", Path: "/v1/tenants/{tenantId}/jwks.json",
		Grants:  []Grant{TableRead},
		Summary: "Return the public halves of a tenant's signing keys.",
	})
	AWSTrustGet = operation[api.None, api.AWSTrust](Route{
		Name: "aws-trust-get", Method: "GET", Path: "/v1/aws-trust", Scope: auth.ConnectionsWrite,
		Grants:  []Grant{TableRead, TableWrite},
		Summary: "Return what a role in the tenant's AWS account must trust.",
	})
	TenantCreate = operation[api.TenantCreate, api.Tenant](Route{
		Name: "tenant-create", Method: "POST", Path: "/v1/tenants", Scope: auth.TenantsAdmin, Status: 201,
		Grants:  []Grant{TableRead, TableWrite, TenantKeyNew},
		Timeout: 29 * time.Second,
		Repairs: true,
		Summary: "Onboard a tenant and create its KMS key.",
	})
	TenantGet = operation[api.TenantRef, api.Tenant](Route{
		Name: "tenant-get", Method: "GET", Path: "/v1/tenants/{tenantId}", Scope: auth.TenantsAdmin,
		Grants:  []Grant{TableRead},
		Summary: "Return one tenant.",
	})
	TenantList = operation[api.TenantList, api.Tenants](Route{
		Name: "tenant-list", Method: "GET", Path: "/v1/tenants", Scope: auth.TenantsAdmin,
		Grants:  []Grant{TableRead, CursorKey},
		Summary: "List the tenants of the stage.",
	})
	ProviderList = operation[api.None, api.Providers](Route{
		Name: "provider-list", Method: "GET", Path: "/v1/providers", Scope: auth.TenantsAdmin,
		Grants:  []Grant{TableRead},
		Summary: "List the systems whose token endpoint or API is in trouble.",
	})
	ProviderConfirm = operation[api.ProviderConfirm, api.Provider](Route{
		Name: "provider-confirm", Method: "POST", Path: "/v1/providers/confirm", Scope: auth.TenantsAdmin,
		Grants:  []Grant{TableRead, TableWrite},
		Repairs: true,
		Summary: "Believe a system that refuses many credentials at once.",
	})
	AuditList = operation[api.AuditList, api.Audit](Route{
		Name: "audit-list", Method: "GET", Path: "/v1/audit", Scope: auth.AuditRead,
		Grants:  []Grant{TableRead, CursorKey},
		Summary: "Return who did what, newest first.",
	})
	AuditExport = operation[api.AuditExport, api.Download](Route{
		Name: "audit-export", Method: "GET", Path: "/v1/audit/export", Scope: auth.AuditRead,
		Grants:  []Grant{TableRead, TableWrite, CursorKey},
		Memory:  256,
		Timeout: 29 * time.Second,
		Summary: "Return who did what as a file, oldest first, part by part.",
	})
	AuditIntegrity = operation[api.AuditIntegrity, api.AuditVerified](Route{
		Name: "audit-integrity", Method: "GET", Path: "/v1/audit/integrity", Scope: auth.AuditRead,
		Grants:  []Grant{TableRead},
		Memory:  256,
		Timeout: 29 * time.Second,
		Summary: "Verify that what was recorded is what is stored.",
	})
	OpenapiGet = operation[api.None, map[string]any](Route{
		Name: "openapi-get", Method: "GET", Path: "/openapi.json",
		Summary: "Return this document.",
	})
	Healthz = operation[api.None, api.Health](Route{
		Name: "healthz", Method: "GET", Path: "/healthz",
		Summary: "Say that the service answers.",
	})
)
