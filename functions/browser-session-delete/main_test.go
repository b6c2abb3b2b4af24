package main

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web/webtest"
)

func TestBrowserSessionDelete(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	h := webtest.New(t, routes.BrowserSessionDelete, handle(w.Console()))
	cookie := w.SignedIn(functionstest.Acme)
	_, value, _ := strings.Cut(cookie, "=")
	gone := h.With(func(e *events.APIGatewayV2HTTPRequest) { e.Cookies = []string{cookie} }).
		Replay(functionstest.Event("browser-session-delete")).Want(200, `{"signedIn": false}`).Cookies
	if want := "__Host-tenon-session=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax"; len(gone) != 1 || gone[0] != want {
		t.Errorf("got cookies %q, want %q", gone, want)
	}
	if v, err := w.Console().Visitor(t.Context(), value); err != nil || !v.IsZero() {
		t.Errorf("got visitor %+v, %v", v, err)
	}
	h.Replay(functionstest.Event("browser-session-delete")).Want(200, `{"signedIn": false}`)
}

func TestSignInEnds(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	_, value, _ := strings.Cut(w.SignedIn(functionstest.Acme), "=")
	w.At(w.Now().Add(8 * time.Hour))
	if v, err := w.Console().Visitor(t.Context(), value); err != nil || !v.IsZero() {
		t.Errorf("got visitor %+v, %v after eight hours", v, err)
	}
}
