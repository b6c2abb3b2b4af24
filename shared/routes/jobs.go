package routes

import (
	"time"

	"github.com/tenonhq/tenon/shared/api"
)

// The jobs. Each reads only what is due in a sharded index, but for the sweep of
// orphans, which reads the list of secrets. What is little and short is done in
// the run itself, everything else through a queue.
var (
	JobDueSweep = operation[api.Tick, api.Sweep](Route{
		Name:     "job-due-sweep",
		Grants:   []Grant{TableRead, TableWrite, QueueSend},
		Memory:   256,
		Timeout:  2 * time.Minute,
		Schedule: Schedule{Every: time.Minute},
		Summary:  "Send what is due to the queues it is worked off through.",
	})
	JobPendingExpiry = operation[api.Tick, api.Sweep](Route{
		Name:     "job-pending-expiry",
		Grants:   []Grant{TableRead, TableWrite, EventPut},
		Timeout:  time.Minute,
		Schedule: Schedule{Every: time.Minute},
		Summary:  "End the handoffs nobody completed, and tell when calls come from other addresses.",
	})
	JobDevicePoll = operation[api.Tick, api.Sweep](Route{
		Name:     "job-device-poll",
		Grants:   []Grant{TableRead, TableWrite, TenantKeyUse, SecretRead, SecretNew, SecretPut, SecretLabel, SecretDelete, EventPut, Egress},
		Memory:   256,
		Timeout:  2 * time.Minute,
		Schedule: Schedule{Every: time.Minute},
		Summary:  "Ask whether the people who connect on another device are done.",
	})
	JobOrphanSweep = operation[api.Tick, api.Sweep](Route{
		Name:     "job-orphan-sweep",
		Grants:   []Grant{TableRead, SecretList, SecretOrphan},
		Timeout:  15 * time.Minute,
		Schedule: Schedule{Every: 6 * time.Hour},
		Summary:  "Remove the secrets that no record names, a day after they were found.",
	})
)
