package web_test

import (
	"context"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web/webtest"
)

const (
	connectionID = "con_01JZZZZZZZZZZZZZZZZZZZZZZZ"
	templateID   = "tpl_01JZZZZZZZZZZZZZZZZZZZZZZZ"
)

// event is a request of acme/ann, whose token has every scope, to r.
func event(r *routes.Route) events.APIGatewayV2HTTPRequest {
	return events.APIGatewayV2HTTPRequest{
		Version: "2.0", RouteKey: r.Method + " " + r.Path, RawPath: r.Path,
		Headers: map[string]string{"content-type": "application/json"},
		PathParameters: map[string]string{
			"connectionId": connectionID, "templateId": templateID, "tenantId": "acme",
			"handoffId": "hof_01JZZZZZZZZZZZZZZZZZZZZZZZ", "contextId": templateID, "connectorId": "shopify",
		},
		RequestContext: events.APIGatewayV2HTTPRequestContext{
			RequestID: "request-1",
			HTTP:      events.APIGatewayV2HTTPRequestContextHTTPDescription{Method: r.Method, Path: r.Path, SourceIP: "192.0.2.1"},
			Authorizer: &events.APIGatewayV2HTTPRequestContextAuthorizerDescription{
				JWT: &events.APIGatewayV2HTTPRequestContextAuthorizerJWTDescription{Claims: map[string]string{
					"sub": "ann", webtest.TenantClaim: "acme", "scope": strings.Join(auth.Scopes(), " "),
				}},
			},
		},
	}
}

// call is what a handler was called with.
type call[In any] struct {
	count  int
	caller auth.Caller
	in     In
}

// record returns a handler of r that keeps what it is called with and answers
// the zero value.
func record[In, Out any](t *testing.T, r routes.Typed[In, Out]) (webtest.Harness, *call[In]) {
	t.Helper()
	seen := new(call[In])
	return webtest.New(t, r, func(_ context.Context, caller auth.Caller, in In) (out Out, _ error) {
		seen.count++
		seen.caller, seen.in = caller, in
		if b, ok := any(&out).(*api.Browser); ok {
			b.Status = 200
		}
		return out, nil
	}), seen
}
