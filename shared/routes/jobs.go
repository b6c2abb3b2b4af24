package routes

import (
	"time"

	"github.com/tenonhq/tenon/shared/api"
)

// The jobs. Each reads only what is due in a sharded index, but for the sweep of
// orphans, which reads the list of secrets.
var (
	JobRefreshSweep = operation[api.Tick, api.Sweep](Route{
		Name:     "job-refresh-sweep",
		Grants:   []Grant{TableRead, TableWrite, TenantKeyUse, SigningKey, SecretRead, SecretPut, SecretLabel, EventPut, RoleAssume, Egress},
		Memory:   256,
		Timeout:  5 * time.Minute,
		Schedule: Schedule{Every: time.Minute},
		Summary:  "Refresh the tokens that expire soon.",
	})
	JobHealthSweep = operation[api.Tick, api.Sweep](Route{
		Name:     "job-health-sweep",
		Grants:   []Grant{TableRead, TableWrite, TenantKeyUse, SigningKey, SecretRead, SecretPut, SecretLabel, EventPut, RoleAssume, Egress, ProbeInvoke},
		Memory:   256,
		Timeout:  5 * time.Minute,
		Schedule: Schedule{Every: time.Minute},
		Summary:  "Probe the connections whose check is due.",
	})
	JobExpiryReminder = operation[api.Tick, api.Sweep](Route{
		Name:     "job-expiry-reminder",
		Grants:   []Grant{TableRead, TableWrite, EventPut, MailSend},
		Timeout:  5 * time.Minute,
		Schedule: Schedule{Every: time.Hour},
		Summary:  "Warn admins of credentials that lapse soon.",
	})
	JobPendingExpiry = operation[api.Tick, api.Sweep](Route{
		Name:     "job-pending-expiry",
		Grants:   []Grant{TableRead, TableWrite, EventPut},
		Timeout:  time.Minute,
		Schedule: Schedule{Every: time.Minute},
		Summary:  "End the handoffs nobody completed.",
	})
	JobDevicePoll = operation[api.Tick, api.Sweep](Route{
		Name:     "job-device-poll",
		Grants:   []Grant{TableRead, TableWrite, TenantKeyUse, SecretRead, SecretNew, SecretPut, SecretLabel, SecretDelete, EventPut, Egress},
		Memory:   256,
		Timeout:  2 * time.Minute,
		Schedule: Schedule{Every: time.Minute},
		Summary:  "Ask whether the people who connect on another device are done.",
	})
	JobReconcile = operation[api.Tick, api.Sweep](Route{
		Name:     "job-reconcile",
		Grants:   []Grant{TableRead, TableWrite, TenantKeyUse, SigningKey, SecretRead, SecretPut, SecretLabel, SecretDelete, EventPut, Egress},
		Memory:   256,
		Timeout:  5 * time.Minute,
		Schedule: Schedule{Every: 5 * time.Minute},
		Summary:  "Finish what was cut short between the table and the secret store.",
	})
	JobOrphanSweep = operation[api.Tick, api.Sweep](Route{
		Name:     "job-orphan-sweep",
		Grants:   []Grant{TableRead, SecretList, SecretOrphan},
		Timeout:  15 * time.Minute,
		Schedule: Schedule{Every: 6 * time.Hour},
		Summary:  "Remove the secrets that no record names, a day after they were found.",
	})
)
