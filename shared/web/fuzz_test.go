package web_test

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web"
	"github.com/tenonhq/tenon/shared/web/webtest"
)

// FuzzHandle sends arbitrary events. Whatever the gateway delivers, the answer
// is one of ours and not a 5xx, and JSON where it says so.
func FuzzHandle(f *testing.F) {
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(io.Discard, nil)))
	f.Cleanup(func() { slog.SetDefault(before) })
	handlers := []web.Handler{
		handler(routes.ConnectionCreate), handler(routes.ConnectionList), handler(routes.ConnectionCalls),
		handler(routes.SettingsPut), handler(routes.OAuthConfirm), handler(routes.ConnectSubmit), handler(routes.Healthz),
	}
	for _, r := range []*routes.Route{routes.ConnectionCreate.Route, routes.ConnectionCalls.Route, routes.OAuthConfirm.Route} {
		e := event(r)
		e.Body, e.RawQueryString, e.Cookies = `{"calls":[{"at":"2026-01-01T00:00:00Z","outcome":"ok"}],"labels":{"a.b[0]":1}}`, "limit=5&status=active", []string{"a=b"}
		seed, err := json.Marshal(e)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(seed)
	}
	e := event(routes.ConnectSubmit.Route)
	e.Headers["content-type"], e.Body = "multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"a\"; filename=\"b\"\r\n\r\nc\r\n--x--\r\n"
	seed, err := json.Marshal(e)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(seed)
	f.Add([]byte(`{}`))
	f.Add([]byte(`{"body":"%","isBase64Encoded":true,"requestContext":{"authorizer":{}}}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		var e events.APIGatewayV2HTTPRequest
		if err := json.Unmarshal(text, &e); err != nil {
			t.Skip("not an event")
		}
		for _, handle := range handlers {
			res, err := handle(t.Context(), e)
			if err != nil {
				t.Fatal(err)
			}
			if res.StatusCode < 200 || res.StatusCode >= 500 {
				t.Fatalf("got %d %s", res.StatusCode, res.Body)
			}
			if res.Headers["content-type"] != "text/html; charset=utf-8" && !json.Valid([]byte(res.Body)) {
				t.Fatalf("got body %q", res.Body)
			}
		}
	})
}

// handler serves r with a function that accepts everything.
func handler[In, Out any](r routes.Typed[In, Out]) web.Handler {
	return web.Handle(r, func(context.Context, auth.Caller, In) (out Out, _ error) {
		if b, ok := any(&out).(*api.Browser); ok {
			b.Status = 200
		}
		return out, nil
	}, web.Options{TenantClaim: webtest.TenantClaim})
}
