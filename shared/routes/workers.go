package routes

import (
	"time"

	"github.com/tenonhq/tenon/shared/api"
)

// The workers: functions that other functions invoke and wait for, because what
// they need is too heavy, or too far inside, for those. UserPoolToken is invoked by Cognito, see Optional.
var (
	ServerProbe = operation[api.ServerProbe, api.ServerProbed](Route{
		Name:    "server-probe",
		Grants:  []Grant{TableRead, TenantKeyUse, Egress},
		Memory:  256,
		Timeout: 20 * time.Second,
		Summary: "Log in to a server that does not speak HTTP and say how it went.",
	})
	UserPoolToken = operation[api.TokenEvent, api.TokenEvent](Route{
		Name:    "user-pool-token",
		Timeout: 5 * time.Second, // Cognito waits no longer.
		Summary: "Give the tokens of a user pool their tenant and their scopes.",
	})
)
