package web_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web/webtest"
)

func TestCallerComesFromTheClaims(t *testing.T) {
	t.Parallel()
	h, seen := record(t, routes.ConnectionSummary)
	h.Scoped("connections:read other:scope").WithHeader("x-tenant-id", "evil").WithHeader("tenon-tenant", "acme").
		Send(event(routes.ConnectionSummary.Route)).Want(200, "")
	want := auth.Caller{
		Tenant: "acme", Home: "acme", Subject: "ann", Scopes: []string{"connections:read", "other:scope"},
		RequestID: "request-1", SourceIP: "192.0.2.1",
	}
	if diff := cmp.Diff(want, seen.caller); diff != "" {
		t.Errorf("caller (-want +got):\n%s", diff)
	}
}

// Some issuers say scp for scope, as text or as a list; scope goes before it.
func TestScopesOfOtherIssuers(t *testing.T) {
	t.Parallel()
	for name, claims := range map[string]map[string]string{
		"text":           {"scp": "connections:read flows:read"},
		"list":           {"scp": "[connections:read flows:read]"},
		"scope is there": {"scp": "[tenants:admin]", "scope": "connections:read flows:read"},
	} {
		h, seen := record(t, routes.ConnectionSummary)
		h.With(func(e *events.APIGatewayV2HTTPRequest) {
			claims["sub"], claims[webtest.TenantClaim] = "ann", "acme"
			e.RequestContext.Authorizer.JWT.Claims = claims
		}).Send(event(routes.ConnectionSummary.Route)).Want(200, "")
		if diff := cmp.Diff([]string{"connections:read", "flows:read"}, seen.caller.Scopes); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// API Gateway renders every claim as text, a list of tenants as "[a b]".
func TestTokenWithoutOneUsableTenantIsForbidden(t *testing.T) {
	t.Parallel()
	for _, tenant := range []string{
		"", " ", "[acme evil]", "[acme]", `["acme"]`, "acme,evil", "acme evil", "a#b", "TENANT#acme", "../acme", "Acme",
		"acme\n", "acme\x00", "-acme", strings.Repeat("a", 64), strings.Repeat("a", 300), "акме",
	} {
		h, seen := record(t, routes.ConnectionSummary)
		h.As(tenant).Send(event(routes.ConnectionSummary.Route)).WantProblem(403, fault.CodeForbidden)
		if seen.count != 0 {
			t.Errorf("%q: the handler was called", tenant)
		}
	}
}

func TestTenantClaimIsTheConfiguredOneOnly(t *testing.T) {
	t.Parallel()
	h, _ := record(t, routes.ConnectionSummary)
	h.With(func(e *events.APIGatewayV2HTTPRequest) {
		e.RequestContext.Authorizer.JWT.Claims = map[string]string{
			"sub": "ann", "scope": "connections:read", "Tenant": "acme", "tenant_id": "acme", "custom:tenant": "acme",
		}
	}).Send(event(routes.ConnectionSummary.Route)).WantProblem(403, fault.CodeForbidden)
}

func TestSubjectIsNeededAndMayBeAClient(t *testing.T) {
	t.Parallel()
	claims := func(claims map[string]string) func(*events.APIGatewayV2HTTPRequest) {
		return func(e *events.APIGatewayV2HTTPRequest) {
			claims[webtest.TenantClaim], claims["scope"] = "acme", auth.ConnectionsRead
			e.RequestContext.Authorizer.JWT.Claims = claims
		}
	}
	h, seen := record(t, routes.ConnectionSummary)
	send := func(c map[string]string) webtest.Answer {
		return h.With(claims(c)).Send(event(routes.ConnectionSummary.Route))
	}
	send(map[string]string{"client_id": "runtime"}).Want(200, "")
	if seen.caller.Subject != "runtime" {
		t.Errorf("got subject %q", seen.caller.Subject)
	}
	send(map[string]string{}).WantProblem(403, fault.CodeForbidden)
	send(map[string]string{"sub": strings.Repeat("a", 257)}).WantProblem(403, fault.CodeForbidden)
}

func TestTenonTenantIsForTheOrganization(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		home, header string
		status       int
		tenant       string
	}{
		{"org", "acme", 200, "acme"},
		{"org", "org", 200, "org"},
		{"acme", "acme", 200, "acme"},
		{"acme", "beta", 403, ""},
		{"acme", "org", 403, ""},
		{"acme", "", 403, ""},
		{"org", "", 403, ""},
		{"org", "a#b", 403, ""},
		{"org", "acme,beta", 403, ""},
	} {
		h, seen := record(t, routes.ConnectionSummary)
		answer := h.As(test.home).WithHeader("tenon-tenant", test.header).Send(event(routes.ConnectionSummary.Route))
		if answer.StatusCode != test.status || seen.caller.Tenant != test.tenant {
			t.Errorf("%s for %q: got %d as %q, want %d as %q", test.home, test.header, answer.StatusCode, seen.caller.Tenant, test.status, test.tenant)
		}
		if test.status == 200 && seen.caller.Home != test.home {
			t.Errorf("%s for %q: got home %q", test.home, test.header, seen.caller.Home)
		}
	}
}

func TestRequestWithoutVerifiedTokenIsUnauthenticated(t *testing.T) {
	t.Parallel()
	h, seen := record(t, routes.ConnectionSummary)
	for _, authorizer := range []*events.APIGatewayV2HTTPRequestContextAuthorizerDescription{
		nil, {}, {Lambda: map[string]any{webtest.TenantClaim: "acme"}},
	} {
		h.With(func(e *events.APIGatewayV2HTTPRequest) { e.RequestContext.Authorizer = authorizer }).
			WithHeader("authorization", "Bearer x").Send(event(routes.ConnectionSummary.Route)).
			WantProblem(401, fault.CodeUnauthenticated)
	}
	if seen.count != 0 {
		t.Error("the handler was called")
	}
}

func TestTokenWithoutTheScopeIsForbidden(t *testing.T) {
	t.Parallel()
	h, seen := record(t, routes.ConnectionLease)
	for _, scopes := range []string{"", "connections:read connections:write", "connections:leases", "CONNECTIONS:LEASE", "[connections:lease]", "connections:lease,x"} {
		h.Scoped(scopes).WithBody(`{"purpose":"sync"}`).Send(event(routes.ConnectionLease.Route)).WantProblem(403, fault.CodeForbidden)
	}
	if seen.count != 0 {
		t.Error("the handler was called")
	}
	h.Scoped("a connections:lease b").WithBody(`{"purpose":"sync"}`).Send(event(routes.ConnectionLease.Route)).Want(200, "")
}

// Who may not call learns nothing about what is wrong with the request.
func TestScopeIsCheckedBeforeTheRequest(t *testing.T) {
	t.Parallel()
	h, _ := record(t, routes.ConnectionCreate)
	h.Scoped("").WithBody("garbage").Send(event(routes.ConnectionCreate.Route)).WantProblem(403, fault.CodeForbidden)
}

func TestPublicOperationNeedsNoToken(t *testing.T) {
	t.Parallel()
	h, seen := record(t, routes.Healthz)
	h.With(func(e *events.APIGatewayV2HTTPRequest) { e.RequestContext.Authorizer = nil }).Send(event(routes.Healthz.Route)).Want(200, "")
	if seen.caller.Tenant != "" || seen.caller.RequestID != "request-1" || seen.caller.SourceIP != "192.0.2.1" {
		t.Errorf("got caller %+v", seen.caller)
	}
}
