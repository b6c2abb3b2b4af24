package routes

import (
	"time"

	"github.com/tenonhq/tenon/shared/api"
)

// The consumers of the work queues.
var (
	QueueRefresh = operation[api.Batch, api.BatchResult](Route{
		Name:    "queue-refresh",
		Grants:  []Grant{TableRead, TableWrite, TenantKeyUse, SigningKey, SecretRead, SecretPut, SecretLabel, EventPut, RoleAssume, Egress},
		Memory:  256,
		Timeout: time.Minute,
		Queue:   Queue{Batch: 10, Concurrency: 50},
		Summary: "Refresh the tokens that expire soon.",
	})
	QueueHealth = operation[api.Batch, api.BatchResult](Route{
		Name:    "queue-health",
		Grants:  []Grant{TableRead, TableWrite, TenantKeyUse, SigningKey, SecretRead, SecretPut, SecretLabel, SecretDelete, EventPut, RoleAssume, Egress, ProbeInvoke},
		Memory:  256,
		Timeout: 2 * time.Minute,
		Queue:   Queue{Batch: 10, Concurrency: 20},
		Summary: "Probe the connections whose check is due.",
	})
	QueueStatus = operation[api.Batch, api.BatchResult](Route{
		Name:    "queue-status",
		Grants:  []Grant{TableRead, TableWrite, EventPut},
		Timeout: time.Minute,
		Queue:   Queue{Batch: 10, Concurrency: 10},
		Summary: "Derive the status of the connections whose calls went another way than before.",
	})
	QueueExpiry = operation[api.Batch, api.BatchResult](Route{
		Name:    "queue-expiry",
		Grants:  []Grant{TableRead, TableWrite, EventPut},
		Timeout: time.Minute,
		Queue:   Queue{Batch: 10, Concurrency: 5},
		Summary: "Remind tenants of what ends, and of keys to be rotated.",
	})
	QueueSeal = operation[api.Batch, api.BatchResult](Route{
		Name:    "queue-seal",
		Grants:  []Grant{TableRead, TableWrite, EventPut},
		Memory:  256,
		Timeout: time.Minute,
		Queue:   Queue{Batch: 10, Concurrency: 5},
		Summary: "Seal what was recorded, and verify what was sealed.",
	})
	QueueReconcile = operation[api.Batch, api.BatchResult](Route{
		Name:    "queue-reconcile",
		Grants:  []Grant{TableRead, TableWrite, TenantKeyUse, SigningKey, SecretRead, SecretPut, SecretLabel, SecretDelete, EventPut, Egress},
		Memory:  256,
		Timeout: 3 * time.Minute, // For the walk of a kill switch.
		Queue:   Queue{Batch: 10, Concurrency: 3},
		Across:  true,
		Summary: "Finish what was cut short between the table and the secret store, and what kill switches order.",
	})
)
