package web_test

import (
	"context"
	"crypto/rand"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web"
	"github.com/tenonhq/tenon/shared/web/webtest"
)

// Whatever a client puts wherever, nothing of it comes back but the name of a
// member that is wrong.
func TestNothingTheClientSentIsRepeated(t *testing.T) {
	t.Parallel()
	neverCalled(t, routes.ConnectionCreate)
	neverCalled(t, routes.ConnectionList)
	neverCalled(t, routes.ConnectionCalls)
	neverCalled(t, routes.ConnectionUpdate)
	neverCalled(t, routes.TemplateCreate)
	neverCalled(t, routes.TenantCreate)
	neverCalled(t, routes.SettingsPut)
	neverCalled(t, routes.OAuthStart)
	neverCalled(t, routes.OAuthConfirm)
	neverCalled(t, routes.OAuthCallback)
}

func neverCalled[In, Out any](t *testing.T, r routes.Typed[In, Out]) {
	t.Helper()
	fn := func(context.Context, auth.Caller, In) (out Out, _ error) {
		return out, fault.New(fault.NotFound, fault.CodeNotFound, "There is no such thing.")
	}
	handler := web.Handle(r, fn, web.Options{TenantClaim: webtest.TenantClaim})
	for place, put := range canaryPlaces() {
		canary := rand.Text()
		e := event(r.Route)
		e.Body = `{"name":"Shop","templateId":"` + templateID + `"}`
		put(&e, canary)
		res, err := handler(t.Context(), e)
		if err != nil {
			t.Fatal(err)
		}
		if res.StatusCode < 400 {
			t.Errorf("%s, %s: got status %d", r.Name, place, res.StatusCode)
		}
		text := res.Body + strings.Join(res.Cookies, "")
		for name, value := range res.Headers {
			text += name + value
		}
		if strings.Contains(strings.ToUpper(text), canary) {
			t.Errorf("%s repeats what is in %s: %s", r.Name, place, text)
		}
	}
}

func canaryPlaces() map[string]func(*events.APIGatewayV2HTTPRequest, string) {
	type edit = func(*events.APIGatewayV2HTTPRequest, string)
	places := map[string]edit{
		"the path":        func(e *events.APIGatewayV2HTTPRequest, c string) { e.RawPath = "/" + c },
		"a query name":    func(e *events.APIGatewayV2HTTPRequest, c string) { e.RawQueryString = c + "=1" },
		"a broken query":  func(e *events.APIGatewayV2HTTPRequest, c string) { e.RawQueryString = "limit=%" + c },
		"a body of text":  func(e *events.APIGatewayV2HTTPRequest, c string) { e.Body = c },
		"a broken base64": func(e *events.APIGatewayV2HTTPRequest, c string) { e.Body, e.IsBase64Encoded = c+"%", true },
		"the media type":  func(e *events.APIGatewayV2HTTPRequest, c string) { e.Headers["content-type"] = "text/" + c },
		"a cookie":        func(e *events.APIGatewayV2HTTPRequest, c string) { e.Cookies = []string{c + "=" + c} },
		"the user agent":  func(e *events.APIGatewayV2HTTPRequest, c string) { e.RequestContext.HTTP.UserAgent = c },
		"cut JSON":        func(e *events.APIGatewayV2HTTPRequest, c string) { e.Body = `{"name":"` + c },
		"JSON twice":      func(e *events.APIGatewayV2HTTPRequest, c string) { e.Body = `{"` + c + `":1,"` + c + `":1}` },
	}
	for _, name := range []string{"limit", "cursor", "status", "connector", "ticket", "state", "code", "error", "error_description"} {
		places["query "+name] = func(e *events.APIGatewayV2HTTPRequest, c string) { e.RawQueryString = name + "=" + c }
	}
	for _, name := range []string{"connectionId", "templateId", "tenantId", "handoffId", "contextId"} {
		places["path "+name] = func(e *events.APIGatewayV2HTTPRequest, c string) { e.PathParameters[name] = c }
	}
	for _, name := range []string{"idempotency-key", "if-match", "tenon-tenant", "x-tenant-id", "authorization"} {
		places["header "+name] = func(e *events.APIGatewayV2HTTPRequest, c string) { e.Headers[name] = strings.Repeat(c, 20) }
	}
	for _, claim := range []string{"sub", "scope", webtest.TenantClaim} {
		places["claim "+claim] = func(e *events.APIGatewayV2HTTPRequest, c string) {
			e.RequestContext.Authorizer.JWT.Claims[claim] = strings.Repeat(c, 20)
		}
	}
	for name, template := range map[string]string{
		"a string":      `{"name":"C","templateId":"C","environment":"C","id":"C","connector":"C","stableKey":"C"}`,
		"a wrong type":  `{"name":["C"],"templateId":{"a":"C"},"labels":"C","inputs":"C","calls":"C","reminders":"C","admins":"C"}`,
		"a nested text": `{"labels":{"a":["C"]},"inputs":{"a":{"b":"C"}},"calls":[{"at":"C","outcome":"C"}],"reminders":{"daysBefore":["C"]}}`,
		"a secret":      `{"credential":{"apiKey":["C"]},"clientSecret":["C"]}`,
		"an unknown":    `{"colour":"C"}`,
	} {
		places["body, "+name] = func(e *events.APIGatewayV2HTTPRequest, c string) {
			e.Body = strings.ReplaceAll(template, "C\"", c+"\"")
		}
	}
	return places
}
