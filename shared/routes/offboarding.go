package routes

import (
	"time"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/auth"
)

// The end of a tenant, and who carries it out.
var (
	TenantDelete = operation[api.TenantDelete, api.Tenant](Route{
		Name: "tenant-delete", Method: "DELETE", Path: "/v1/tenants/{tenantId}", Scope: auth.TenantsAdmin, Status: 202,
		Grants:  []Grant{TableRead, TableWrite},
		Timeout: 29 * time.Second,
		Repairs: true,
		Summary: "Remove a tenant: refuse it at once, revoke and destroy what it has, and delete its key.",
	})
	// QueueTenancy alone may end keys. It calls no provider and reads no secret.
	QueueTenancy = operation[api.Batch, api.BatchResult](Route{
		Name:    "queue-tenancy",
		Grants:  []Grant{TableRead, TableWrite, TenantKeyUse, TenantKeyEnd, SecretDelete, EventPut},
		Memory:  256,
		Timeout: 3 * time.Minute,
		Queue:   Queue{Batch: 1, Concurrency: 2},
		Across:  true,
		Summary: "Carry out the removal of tenants, and look after those whose key cannot be used.",
	})
)
