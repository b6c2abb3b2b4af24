// Command user-pool-token gives the tokens of a Cognito user pool their tenant and
// their scopes. The pool invokes it before it makes a token; it is deployed where
// the stage has a pool of its own.
package main

import (
	"context"
	"log/slog"
	"strings"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/app"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/id"
	"github.com/tenonhq/tenon/shared/routes"
)

func main() {
	e := app.New()
	app.ServeWorker(routes.UserPoolToken, handle(e.Config.TenantClaim))
}

// The events whose answer may change access tokens: of people in either version,
// of machines in the third.
const (
	forPeople   = "2"
	forMachines = "3"
)

// clientCredentials is the source of an event for a machine.
const clientCredentials = "TokenGeneration_ClientCredentials"

// handle answers what the claim and the scopes of a token are. A token without a
// tenant gets neither, and opens nothing.
func handle(claim string) func(context.Context, api.TokenEvent) (api.TokenEvent, error) {
	return func(ctx context.Context, e api.TokenEvent) (api.TokenEvent, error) {
		e.Response = api.TokenResponse{}
		tenant, scopes := granted(e)
		if len(scopes) == 0 {
			slog.WarnContext(ctx, "token without scopes", "client", e.CallerContext["clientId"], "source", e.TriggerSource, "version", e.Version)
			return e, nil
		}
		e.Response.Overrides = &api.TokenOverrides{Access: api.AccessToken{Claims: map[string]string{claim: tenant}, Scopes: scopes}}
		return e, nil
	}
}

func granted(e api.TokenEvent) (tenant string, scopes []string) {
	if e.Version != forPeople && e.Version != forMachines {
		return "", nil
	}
	if e.TriggerSource == clientCredentials {
		return machine(e.Request.Scopes)
	}
	tenant = e.Request.Attributes[auth.TenantAttribute]
	if !id.ValidTenant(tenant) {
		return "", nil
	}
	return tenant, auth.Granted(tenant, e.Request.Groups.Names)
}

// machine returns what the scopes say that the pool granted to a client. One that
// is granted no tenant, or several, acts for none.
func machine(granted []string) (tenant string, scopes []string) {
	var asked []string
	for _, scope := range granted {
		server, name, _ := strings.Cut(scope, "/")
		switch {
		case server == auth.ScopeServer:
			asked = append(asked, name)
		case server == auth.TenantServer && tenant != "" && tenant != name:
			return "", nil
		case server == auth.TenantServer:
			tenant = name
		}
	}
	if !id.ValidTenant(tenant) {
		return "", nil
	}
	return tenant, auth.Allowed(tenant, asked)
}
