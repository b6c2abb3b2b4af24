package routes

import (
	"time"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/auth"
)

// establishing is what a function needs to make a credential current.
func establishing(more ...Grant) []Grant {
	return append([]Grant{TableRead, TableWrite, TenantKeyUse, SigningKey, SecretRead, SecretNew, SecretPut, SecretLabel, SecretDelete, EventPut, Egress}, more...)
}

// Connect sessions: a tenant's backend lets one end user connect once, on a page
// of ours. The page carries no token: the ticket and the cookie bind it.
var (
	ConnectSessionCreate = operation[api.ConnectSessionCreate, api.ConnectSessionLink](Route{
		Name: "connect-session-create", Method: "POST", Path: "/v1/connect-sessions", Scope: auth.ConnectionsWrite, Status: 201,
		Grants:  []Grant{TableRead, TableWrite},
		Summary: "Let one end user connect, or reconnect, one account within half an hour.",
	})
	ConnectSessionGet = operation[api.ConnectSessionRef, api.ConnectSession](Route{
		Name: "connect-session-get", Method: "GET", Path: "/v1/connect-sessions/{sessionId}", Scope: auth.ConnectionsRead,
		Grants:  []Grant{TableRead},
		Summary: "Return how far a connect session has come.",
	})
	ConnectPage = operation[api.ConnectVisit, api.Browser](Route{
		Name: "connect-page", Method: "GET", Path: "/connect/{sessionId}",
		Grants:  []Grant{TableRead, TableWrite},
		Summary: "Show the end user who asks for access to what, and ask for what it takes.",
	})
	ConnectSubmit = operation[api.ConnectVisit, api.Browser](Route{
		Name: "connect-submit", Method: "POST", Path: "/connect/{sessionId}", Body: "application/x-www-form-urlencoded",
		Grants: establishing(RoleAssume, ProbeInvoke),
		Memory: 256, Timeout: 29 * time.Second,
		Summary: "Connect with what the end user entered, or go on to the provider.",
	})
	OAuthSessionComplete = operation[api.ConnectSessionComplete, api.ConnectSession](Route{
		Name: "oauth-session-complete", Method: "POST", Path: "/v1/oauth/sessions/{sessionId}/complete", Scope: auth.ConnectionsWrite,
		Grants: establishing(),
		Memory: 256, Timeout: 29 * time.Second,
		Summary: "Confirm which end user came back, and redeem the code that was kept.",
	})
)

// The sign-in of a browser to the console, which keeps a person from going on
// with the link of another.
var (
	BrowserSessionPut = operation[api.BrowserSessionChange, api.BrowserSession](Route{
		Name: "browser-session-put", Method: "PUT", Path: "/v1/browser-session", Scope: auth.ConnectionsRead,
		Grants:  []Grant{TableRead, TableWrite},
		Summary: "Tell our pages who is signed in to the console in this browser.",
	})
	BrowserSessionDelete = operation[api.BrowserSessionChange, api.BrowserSession](Route{
		Name: "browser-session-delete", Method: "DELETE", Path: "/v1/browser-session", Scope: auth.ConnectionsRead,
		Grants:  []Grant{TableRead, TableWrite},
		Summary: "Sign this browser out of our pages.",
	})
)
