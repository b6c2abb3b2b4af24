package main

import (
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web/webtest"
)

func TestBrowserSessionPut(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	h := webtest.New(t, routes.BrowserSessionPut, handle(w.Console()))
	put := functionstest.Event("browser-session-put")
	answer := h.Replay(put).Want(200, `{"signedIn": true, "expiresAt": "2026-11-20T17:00:00Z"}`)
	if len(answer.Cookies) != 1 || !strings.HasPrefix(answer.Cookies[0], "__Host-tenon-session=") || !strings.HasSuffix(answer.Cookies[0], "; Path=/; Max-Age=28800; Secure; HttpOnly; SameSite=Lax") {
		t.Fatalf("got cookies %q", answer.Cookies)
	}
	cookie, _, _ := strings.Cut(answer.Cookies[0], ";")
	_, value, _ := strings.Cut(cookie, "=")
	if len(value) != 43 || strings.Contains(answer.Body, value) {
		t.Errorf("got value %q in %s, want 256 bits in the cookie alone", value, answer.Body)
	}
	if v, err := w.Console().Visitor(t.Context(), value); err != nil || v != (auth.Visitor{Home: "acme", Subject: "ann"}) {
		t.Errorf("got visitor %+v, %v", v, err)
	}
	// Signing in again is another session: the one before ends.
	h.With(func(e *events.APIGatewayV2HTTPRequest) { e.Cookies = []string{cookie} }).Replay(put).Want(200, "")
	if v, err := w.Console().Visitor(t.Context(), value); err != nil || !v.IsZero() {
		t.Errorf("got visitor %+v, %v by the old cookie", v, err)
	}
	if got, want := w.LastAudited(functionstest.Acme), "browser_session.put  allowed"; got != want {
		t.Errorf("got audit %q, want %q", got, want)
	}
}
