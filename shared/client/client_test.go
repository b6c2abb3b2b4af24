package client_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/client"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/routes"
)

// recorded is what the server saw.
type recorded struct {
	Method, Path, Authorization, Tenant, IfMatch, Key, ContentType string
	Body                                                           any
}

// serve returns a client of a server that records the request and gives the
// answer.
func serve(t *testing.T, seen *recorded, answer http.HandlerFunc) *client.Client {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		*seen = recorded{
			Method: r.Method, Path: r.URL.RequestURI(), Authorization: r.Header.Get("Authorization"),
			Tenant: r.Header.Get("Tenon-Tenant"), IfMatch: r.Header.Get("If-Match"),
			Key: r.Header.Get("Idempotency-Key"), ContentType: r.Header.Get("Content-Type"),
		}
		if text, _ := io.ReadAll(r.Body); len(text) > 0 {
			if err := json.Unmarshal(text, &seen.Body); err != nil {
				t.Errorf("body %q: %v", text, err)
			}
		}
		answer(w, r)
	}))
	t.Cleanup(server.Close)
	token := func(context.Context) (string, error) { return "jwt", nil }
	return client.New(server.URL+"/", token, server.Client()).Tries(1)
}

func answer(status int, contentType, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

func TestCallPutsEveryFieldInItsPlace(t *testing.T) {
	t.Parallel()
	name, ok := "Shop", answer(200, "application/json", `{}`)
	for _, test := range []struct {
		name string
		call func(context.Context, *client.Client) error
		want recorded
	}{
		{
			"path and query",
			func(ctx context.Context, c *client.Client) error {
				_, err := client.Call(ctx, c, routes.ConnectionList, api.ConnectionList{Page: api.Page{Limit: 5, Cursor: "a/b+c"}, Status: "active"})
				return err
			},
			recorded{Method: "GET", Path: "/v1/connections?cursor=a%2Fb%2Bc&limit=5&status=active"},
		},
		{
			"a path parameter is one segment",
			func(ctx context.Context, c *client.Client) error {
				_, err := client.Call(ctx, c, routes.ConnectionGet, api.ConnectionRef{ConnectionID: "a/../b?c"})
				return err
			},
			recorded{Method: "GET", Path: "/v1/connections/a%2F..%2Fb%3Fc"},
		},
		{
			"headers and absent members",
			func(ctx context.Context, c *client.Client) error {
				_, err := client.Call(ctx, c, routes.ConnectionUpdate, api.ConnectionUpdate{ConnectionID: "con_1", IfMatch: `"3"`, Name: &name})
				return err
			},
			recorded{
				Method: "PATCH", Path: "/v1/connections/con_1", IfMatch: `"3"`, ContentType: "application/json",
				Body: map[string]any{"name": "Shop"},
			},
		},
		{
			"a body of times and lists",
			func(ctx context.Context, c *client.Client) error {
				at := time.Date(2026, 5, 4, 3, 2, 1, 0, time.UTC)
				_, err := client.Call(ctx, c, routes.ConnectionCalls, api.CallReport{ConnectionID: "con_1", Calls: []api.Call{{At: at, Outcome: "ok"}}})
				return err
			},
			recorded{
				Method: "POST", Path: "/v1/connections/con_1/calls", ContentType: "application/json",
				Body: map[string]any{"calls": []any{map[string]any{"at": "2026-05-04T03:02:01Z", "outcome": "ok"}}},
			},
		},
		{
			"nothing to send",
			func(ctx context.Context, c *client.Client) error {
				_, err := client.Call(ctx, c.For("acme"), routes.ConnectionSummary, api.None{})
				return err
			},
			recorded{Method: "GET", Path: "/v1/connections/summary", Tenant: "acme"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var seen recorded
			if err := test.call(t.Context(), serve(t, &seen, ok)); err != nil {
				t.Fatal(err)
			}
			test.want.Authorization = "Bearer jwt"
			if diff := cmp.Diff(test.want, seen); diff != "" {
				t.Errorf("request (-want +got):\n%s", diff)
			}
		})
	}
}

func TestCallReturnsTheAnswer(t *testing.T) {
	t.Parallel()
	var seen recorded
	c := serve(t, &seen, answer(200, "application/json; charset=utf-8", `{"id":"con_1","revision":7,"new":true}`))
	got, err := client.Call(t.Context(), c, routes.ConnectionGet, api.ConnectionRef{ConnectionID: "con_1"})
	if err != nil || got.ID != "con_1" || got.ETag() != `"7"` {
		t.Errorf("got %+v, %v", got, err)
	}
	c = serve(t, &seen, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	if _, err := client.Call(t.Context(), c, routes.TemplateDelete, api.TemplateChange{TemplateID: "tpl_1"}); err != nil {
		t.Errorf("an answer without content: %v", err)
	}
}

func TestCallSendsNoTokenToPublicOperations(t *testing.T) {
	t.Parallel()
	var seen recorded
	c := serve(t, &seen, answer(200, "application/json", `{"status":"ok"}`))
	if _, err := client.Call(t.Context(), c, routes.Healthz, api.None{}); err != nil {
		t.Fatal(err)
	}
	if seen.Authorization != "" {
		t.Errorf("got Authorization %q", seen.Authorization)
	}
}

func TestCallReturnsProblems(t *testing.T) {
	t.Parallel()
	var seen recorded
	c := serve(t, &seen, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Retry-After", "9")
		answer(409, "application/problem+json", `{"code":"retry_later","status":409,"detail":"Later.","remedy":"retry",
			"requestId":"r-1","errors":[{"pointer":"/name","detail":"Is taken."}]}`)(w, r)
	})
	_, err := client.Call(t.Context(), c, routes.ConnectionGet, api.ConnectionRef{ConnectionID: "con_1"})
	var got *client.Problem
	if !errors.As(err, &got) {
		t.Fatalf("got %v, want a problem", err)
	}
	want := &client.Problem{
		Code: fault.CodeRetryLater, Status: 409, Detail: "Later.", Remedy: "retry", RequestID: "r-1",
		Errors: []client.Field{{Pointer: "/name", Detail: "Is taken."}}, RetryAfter: 9 * time.Second,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("problem (-want +got):\n%s", diff)
	}
	if text := err.Error(); text != "connection-get: retry_later: Later. /name: Is taken. (status 409, request r-1)" {
		t.Errorf("got error text %q", text)
	}
}

func TestCallRefusesWhatIsNotAnAnswer(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		answer http.HandlerFunc
		want   string
	}{
		"a page of a proxy":  {answer(502, "text/html", "<p>canary</p>"), "connection-get: The server answered 502 Bad Gateway. (status 502)"},
		"a page as success":  {answer(200, "text/html", "canary"), `connection-get: the answer is "text/html" and not JSON`},
		"more than 4 MiB":    {answer(200, "application/json", strings.Repeat(" ", 4<<20)+"{}"), "connection-get: the response is larger than 4 MiB"},
		"a redirect":         {answer(302, "text/html", ""), "connection-get: The server answered 302 Found. (status 302)"},
		"a broken document":  {answer(200, "application/json", "{"), "connection-get: decode the answer: unexpected end of JSON input"},
		"a problem, garbled": {answer(400, "application/problem+json", "{"), "connection-get: The server answered 400 Bad Request. (status 400)"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var seen recorded
			c := serve(t, &seen, test.answer)
			_, err := client.Call(t.Context(), c, routes.ConnectionGet, api.ConnectionRef{ConnectionID: "con_1"})
			if err == nil || err.Error() != test.want {
				t.Errorf("got error %v, want %s", err, test.want)
			}
		})
	}
}

func TestCallSendsNothingWithoutWhatItNeeds(t *testing.T) {
	t.Parallel()
	var seen recorded
	c := serve(t, &seen, answer(200, "application/json", `{}`))
	for _, id := range []string{"", ".", ".."} {
		if _, err := client.Call(t.Context(), c, routes.ConnectionGet, api.ConnectionRef{ConnectionID: id}); err == nil {
			t.Errorf("path parameter %q: no error", id)
		}
	}
	if _, err := client.Call(t.Context(), c, routes.OAuthStart, api.OAuthStart{HandoffID: "hof_1"}); err == nil {
		t.Error("a page of the browser: no error")
	}
	broken := client.New("http://127.0.0.1:1", func(context.Context) (string, error) { return "", errors.New("no session") }, http.DefaultClient)
	_, err := client.Call(t.Context(), broken, routes.ConnectionSummary, api.None{})
	if err == nil || !strings.Contains(err.Error(), "get a bearer token: no session") {
		t.Errorf("got %v, want the error of the token", err)
	}
	if seen.Method != "" {
		t.Errorf("got a request %+v", seen)
	}
}

// Answers have media types of their own where a standard gives them one.
func TestCallReadsJSONOfOtherNames(t *testing.T) {
	t.Parallel()
	var seen recorded
	c := serve(t, &seen, answer(200, "application/jwk-set+json", `{"keys":[{"kty":"EC","kid":"sgk_1"}]}`))
	set, err := client.Call(t.Context(), c, routes.TenantJWKS, api.TenantRef{TenantID: "acme"})
	if err != nil || len(set.Keys) != 1 || set.Keys[0].ID != "sgk_1" || seen.Path != "/v1/tenants/acme/jwks.json" || seen.Authorization != "" {
		t.Errorf("got %+v, %v from %s", set, err, seen.Path)
	}
}
