// Package webtest replays API Gateway events from files against a handler and
// compares the answers. It depends on packages routes and web, and is for tests.
package webtest

import (
	"encoding/json"
	"maps"
	"os"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web"
)

// TenantClaim is the claim of the events that holds the tenant.
const TenantClaim = "tenant"

// Harness calls one handler.
type Harness struct {
	t       testing.TB
	route   *routes.Route
	handler web.Handler
	edits   []func(*events.APIGatewayV2HTTPRequest)
}

// New returns a harness for fn as the operation r.
func New[In, Out any](t testing.TB, r routes.Typed[In, Out], fn web.Func[In, Out]) Harness {
	return Harness{t: t, route: r.Route, handler: web.Handle(r, fn, web.Options{TenantClaim: TenantClaim})}
}

// As returns a harness whose caller is of the tenant, whatever the files say.
func (h Harness) As(tenant string) Harness {
	return h.With(func(e *events.APIGatewayV2HTTPRequest) { setClaim(e, TenantClaim, tenant) })
}

// Scoped returns a harness whose caller's token has exactly these
// space-separated scopes.
func (h Harness) Scoped(scopes string) Harness {
	return h.With(func(e *events.APIGatewayV2HTTPRequest) { setClaim(e, "scope", scopes) })
}

// WithBody returns a harness that sends this text as its JSON body.
func (h Harness) WithBody(body string) Harness {
	return h.With(func(e *events.APIGatewayV2HTTPRequest) {
		e.Body, e.IsBase64Encoded = body, false
		setHeader(e, "content-type", "application/json")
	})
}

// WithHeader returns a harness that sends the header. API Gateway lower-cases
// names, so the name is given in lower case.
func (h Harness) WithHeader(name, value string) Harness {
	return h.With(func(e *events.APIGatewayV2HTTPRequest) { setHeader(e, name, value) })
}

// With returns a harness that changes every event before it is sent.
func (h Harness) With(edit func(*events.APIGatewayV2HTTPRequest)) Harness {
	h.edits = append(h.edits[:len(h.edits):len(h.edits)], edit)
	return h
}

// Replay sends the event in the file. The event must be one of the harness's
// route.
func (h Harness) Replay(file string) Answer {
	h.t.Helper()
	return h.Send(Event(h.t, file))
}

// Send sends the event.
func (h Harness) Send(e events.APIGatewayV2HTTPRequest) Answer {
	h.t.Helper()
	if key := h.route.Method + " " + h.route.Path; e.RouteKey != key {
		h.t.Fatalf("event of route %q sent to %q", e.RouteKey, key)
	}
	for _, edit := range h.edits {
		edit(&e)
	}
	res, err := h.handler(h.t.Context(), e)
	if err != nil {
		h.t.Fatalf("handler returned an error instead of an answer: %v", err)
	}
	return Answer{APIGatewayV2HTTPResponse: res, t: h.t, requestID: e.RequestContext.RequestID}
}

// Event returns the event in the file, which is relative to the test's
// directory: "../../events/connection-get.json".
func Event(t testing.TB, file string) events.APIGatewayV2HTTPRequest {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var e events.APIGatewayV2HTTPRequest
	if err := json.Unmarshal(text, &e); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return e
}

func setHeader(e *events.APIGatewayV2HTTPRequest, name, value string) {
	headers := map[string]string{}
	maps.Copy(headers, e.Headers)
	headers[name] = value
	e.Headers = headers
}

// setClaim changes a claim of a copy, so that one event can be sent twice.
func setClaim(e *events.APIGatewayV2HTTPRequest, name, value string) {
	claims := map[string]string{}
	if a := e.RequestContext.Authorizer; a != nil && a.JWT != nil {
		maps.Copy(claims, a.JWT.Claims)
	}
	claims[name] = value
	e.RequestContext.Authorizer = &events.APIGatewayV2HTTPRequestContextAuthorizerDescription{
		JWT: &events.APIGatewayV2HTTPRequestContextAuthorizerJWTDescription{Claims: claims},
	}
}
