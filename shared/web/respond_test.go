package web_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/web/webtest"
)

// answering returns a handler of the operation that returns out and err.
func answering[In, Out any](t *testing.T, r routes.Typed[In, Out], out Out, err error) webtest.Answer {
	t.Helper()
	return webtest.New(t, r, func(context.Context, auth.Caller, In) (Out, error) { return out, err }).Send(event(r.Route))
}

func TestAnswerOfAVersionedThingHasAnETag(t *testing.T) {
	t.Parallel()
	answering(t, routes.ConnectionGet, api.Connection{ID: connectionID, Revision: 7}, nil).
		Want(200, `{"id":"`+connectionID+`","revision":7}`).WantHeader("etag", `"7"`).
		WantHeader("cache-control", "no-store").WantHeader("x-content-type-options", "nosniff")
	if answer := answering(t, routes.ConnectionSummary, api.ConnectionSummary{}, nil); answer.Headers["etag"] != "" {
		t.Errorf("got etag %q of something without version", answer.Headers["etag"])
	}
}

func TestAnswerThatMayBeKeptSaysSo(t *testing.T) {
	t.Parallel()
	answer := answering(t, routes.TenantJWKS, api.KeySet{Keys: []api.PublicKey{}}, nil).
		WantHeader("content-type", "application/jwk-set+json").WantHeader("cache-control", "public, max-age=300")
	if answer.StatusCode != 200 || answer.Body != `{"keys":[]}` {
		t.Errorf("got %d %s", answer.StatusCode, answer.Body)
	}
	answering(t, routes.TenantJWKS, api.KeySet{}, fault.New(fault.Unavailable, fault.CodeRetryLater, "Later.")).
		WantProblem(503, fault.CodeRetryLater).WantHeader("cache-control", "no-store")
}

func TestAnswerHasTheStatusOfItsRoute(t *testing.T) {
	t.Parallel()
	answer := answering(t, routes.TemplateDelete, api.None{}, nil)
	if answer.StatusCode != 204 || answer.Body != "" {
		t.Errorf("got %d %q, want 204 without content", answer.StatusCode, answer.Body)
	}
	h := webtest.New(t, routes.TenantCreate, func(context.Context, auth.Caller, api.TenantCreate) (api.Tenant, error) {
		return api.Tenant{ID: "acme"}, nil
	})
	h.WithBody(`{"id":"acme","name":"Acme"}`).Send(event(routes.TenantCreate.Route)).Want(201, `{"id":"acme"}`)
}

func TestFaultDecidesTheStatus(t *testing.T) {
	t.Parallel()
	for kind, status := range map[fault.Kind]int{
		fault.Invalid: 400, fault.Unauthenticated: 401, fault.Denied: 403, fault.NotFound: 404, fault.Conflict: 409,
		fault.PreconditionFailed: 412, fault.PreconditionNeeded: 428, fault.RateLimited: 429, fault.Unprocessable: 422,
		fault.Internal: 500, fault.Upstream: 502, fault.UpstreamTimeout: 504, fault.Unavailable: 503,
	} {
		answering(t, routes.ConnectionGet, api.Connection{}, fault.New(kind, fault.CodeConflict, "So it is.")).WantProblem(status, fault.CodeConflict)
	}
}

func TestFaultSaysWhenToComeBackAndWhatToDo(t *testing.T) {
	t.Parallel()
	refused := fault.New(fault.Conflict, fault.CodeRetryLater, "Later.").Retry(1500 * time.Millisecond).WithRemedy("retry")
	answering(t, routes.ConnectionGet, api.Connection{}, fmt.Errorf("lease: %w", refused)).
		WantProblem(409, fault.CodeRetryLater).WantHeader("retry-after", "2").WantHeader("cache-control", "no-store")
	answer := answering(t, routes.ConnectionGet, api.Connection{}, refused)
	if !strings.Contains(answer.Body, `"remedy":"retry"`) || !strings.Contains(answer.Body, `"detail":"Later."`) {
		t.Errorf("got %s", answer.Body)
	}
	if answer := answering(t, routes.ConnectionGet, api.Connection{}, fault.New(fault.Conflict, fault.CodeConflict, "No.")); answer.Headers["retry-after"] != "" {
		t.Errorf("got retry-after %q", answer.Headers["retry-after"])
	}
}

func TestCauseOfAFaultStaysInside(t *testing.T) {
	t.Parallel()
	for _, err := range []error{errors.New("canary"), fault.New(fault.Upstream, fault.CodeProviderError, "The provider failed.").Because(errors.New("canary"))} {
		if answer := answering(t, routes.ConnectionGet, api.Connection{}, err); strings.Contains(answer.Body, "canary") {
			t.Errorf("got %s", answer.Body)
		}
	}
	answering(t, routes.ConnectionGet, api.Connection{}, errors.New("canary")).WantProblem(500, fault.CodeInternal)
}

// The default logger is the process's, so these tests run alone.
func captureLog(t *testing.T) *bytes.Buffer {
	t.Helper()
	var log bytes.Buffer
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewJSONHandler(&log, nil)))
	t.Cleanup(func() { slog.SetDefault(before) })
	return &log
}

func TestPanicIsAProblemAndItsValueIsNowhere(t *testing.T) {
	log := captureLog(t)
	for _, value := range []any{"canary", errors.New("canary"), secret.FromString("canary"), struct{ key string }{"canary"}} {
		h := webtest.New(t, routes.ConnectionGet, func(context.Context, auth.Caller, api.ConnectionRef) (api.Connection, error) { panic(value) })
		answer := h.Send(event(routes.ConnectionGet.Route)).WantProblem(500, fault.CodeInternal)
		if strings.Contains(answer.Body, "canary") || strings.Contains(answer.Body, "goroutine") {
			t.Errorf("got %s", answer.Body)
		}
	}
	if text := log.String(); strings.Contains(text, "canary") || !strings.Contains(text, "respond_test.go") {
		t.Errorf("got a log with the value or without the place:\n%s", text)
	}
}

func TestSecretThatGotIntoAnAnswerIsAProblem(t *testing.T) {
	log := captureLog(t)
	answer := answering(t, routes.OpenapiGet, map[string]any{"key": secret.FromString("canary")}, nil)
	answer.WantProblem(500, fault.CodeInternal)
	if strings.Contains(answer.Body+log.String(), "canary") {
		t.Errorf("got %s and log %s", answer.Body, log)
	}
}

func TestLogOfARequestHoldsNothingTheClientSent(t *testing.T) {
	log := captureLog(t)
	h, _ := record(t, routes.ConnectionCreate)
	h.WithBody(`{"name":"canary","credential":{"canary":"canary"},"labels":{"canary":"canary"}}`).WithHeader("idempotency-key", "canary").
		Send(event(routes.ConnectionCreate.Route))
	if text := log.String(); strings.Contains(text, "canary") || !strings.Contains(text, `"status":400`) {
		t.Errorf("got log %s", text)
	}
}
