package web

import (
	"strings"

	"github.com/aws/aws-lambda-go/events"

	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/id"
)

// tenantHeader lets a token of the organization act for a tenant.
const tenantHeader = "tenon-tenant"

// callerOf reads the claims the gateway's JWT authorizer verified. The tenant
// comes from the claim alone. API Gateway renders every claim as text, so a
// list of tenants arrives as "[a b]" and is refused like any malformed one.
func callerOf(e events.APIGatewayV2HTTPRequest, claim string) (auth.Caller, error) {
	if e.RequestContext.Authorizer == nil || e.RequestContext.Authorizer.JWT == nil {
		return auth.Caller{}, fault.New(fault.Unauthenticated, fault.CodeUnauthenticated, "A bearer token is needed.")
	}
	claims := e.RequestContext.Authorizer.JWT.Claims
	c := auth.Caller{
		Home: claims[claim], Subject: claims["sub"], Scopes: scopesOf(claims),
		RequestID: e.RequestContext.RequestID, SourceIP: e.RequestContext.HTTP.SourceIP,
	}
	if !id.ValidTenant(c.Home) {
		return auth.Caller{}, fault.New(fault.Denied, fault.CodeForbidden, "The token names no tenant.")
	}
	if c.Subject == "" {
		c.Subject = claims["client_id"]
	}
	if c.Subject == "" || len(c.Subject) > 256 {
		return auth.Caller{}, fault.New(fault.Denied, fault.CodeForbidden, "The token names no subject.")
	}
	c.Tenant = c.Home
	if wanted, ok := e.Headers[tenantHeader]; ok && wanted != c.Home {
		if !c.IsOrganization() || !id.ValidTenant(wanted) {
			return auth.Caller{}, fault.New(fault.Denied, fault.CodeForbidden, "Only the organization may act for a tenant.")
		}
		c.Tenant = wanted
	}
	return c, nil
}

// scopesOf reads the claim that the authorizer read: scope, as text with spaces
// (RFC 9068 2.2.3), or scp of issuers that have no such claim, as text or as a list.
func scopesOf(claims map[string]string) []string {
	if scopes := strings.Fields(claims["scope"]); len(scopes) > 0 {
		return scopes
	}
	return strings.Fields(strings.Trim(claims["scp"], "[]"))
}
