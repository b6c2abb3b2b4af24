package routes

import (
	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/auth"
)

// What people look at, and what they are told of the service itself.
var (
	Console = operation[api.AssetRef, api.Asset](Route{
		Name: "console", Method: "GET", Path: "/console/{path+}", Also: "/console",
		Summary: "Serve the console and the elements for pages of others.",
	})
	EgressList = operation[api.None, api.Egress](Route{
		Name: "egress-list", Method: "GET", Path: "/v1/egress", Scope: auth.ConnectionsRead,
		Grants:  []Grant{TableRead},
		Summary: "List the addresses that systems with an allowlist must let in.",
	})
)
