package routes

import (
	"time"

	"github.com/tenonhq/tenon/shared/api"
)

// The workers: functions that other functions invoke and wait for, because what
// they need is too heavy, or too far inside, for those.
var (
	ServerProbe = operation[api.ServerProbe, api.ServerProbed](Route{
		Name:    "server-probe",
		Grants:  []Grant{TableRead, TenantKeyUse, Egress},
		Memory:  256,
		Timeout: 20 * time.Second,
		Summary: "Log in to a server that does not speak HTTP and say how it went.",
	})
)
