package routes

import (
	"time"

	"github.com/tenonhq/tenon/shared/api"
)

// The browser's part of an OAuth handoff. These routes carry no token: the
// ticket, the cookie and the state bind them to the person who started.
var (
	OAuthStart = operation[api.OAuthStart, api.Browser](Route{
		Name: "oauth-start", Method: "GET", Path: "/v1/oauth/start/{handoffId}",
		Grants:  []Grant{TableRead, TableWrite},
		Summary: "Show who asks for which access, before going to the provider.",
	})
	OAuthConfirm = operation[api.OAuthStart, api.Browser](Route{
		Name: "oauth-confirm", Method: "POST", Path: "/v1/oauth/start/{handoffId}", Body: "application/x-www-form-urlencoded",
		Grants: []Grant{TableRead, TableWrite, TenantKeyUse, SecretRead, EventPut, Egress},
		Memory: 256, Timeout: 29 * time.Second,
		Summary: "Go on to the provider after the person agreed.",
	})
	OAuthCallback = operation[api.OAuthCallback, api.Browser](Route{
		Name: "oauth-callback", Method: "GET", Path: "/v1/oauth/callback/{contextId}",
		Grants: []Grant{TableRead, TableWrite, TenantKeyUse, SigningKey, SecretRead, SecretNew, SecretPut, SecretLabel, SecretDelete, EventPut, Egress},
		Memory: 256, Timeout: 29 * time.Second,
		Summary: "Take the provider's answer, verify the account and activate the connection.",
	})
)
