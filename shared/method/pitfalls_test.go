package method_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/egress"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/secret"
)

// endpoint is a token endpoint on a socket. It remembers what it was sent.
type endpoint struct {
	url string

	mu    sync.Mutex
	posts []string // "Authorization|body", in order.
}

func newEndpoint(t *testing.T, answer http.HandlerFunc) *endpoint {
	t.Helper()
	e := new(endpoint)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		e.mu.Lock()
		e.posts = append(e.posts, r.Header.Get("Authorization")+"|"+string(body))
		e.mu.Unlock()
		answer(w, r)
	}))
	t.Cleanup(server.Close)
	e.url = server.URL
	return e
}

func (e *endpoint) sent() []string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.Clone(e.posts)
}

// says answers every request the same.
func says(status int, mediaType, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", mediaType)
		w.WriteHeader(status)
		fmt.Fprint(w, body)
	}
}

// loopback is the client of production, allowed to reach the test's servers.
func loopback() method.Doer { return egress.New(egress.Config{InsecureLoopback: true}) }

func grant(address, clientAuth string, form ...string) method.TokenRequest {
	r := method.TokenRequest{URL: address, ClientAuth: clientAuth, ClientID: "id", ClientSecret: secret.FromString("secret-canary"), Form: map[string]secret.Bytes{}}
	for i := 0; i < len(form); i += 2 {
		r.Form[form[i]] = secret.FromString(form[i+1])
	}
	return r
}

// redeem sends a request and reads its answer. The connector's access tokens
// live half an hour unless the answer says otherwise.
func redeem(ctx context.Context, d method.Doer, r method.Request) (method.Token, error) {
	a, err := r.Send(ctx, method.Reach{HTTP: d})
	if err != nil {
		return method.Token{}, err
	}
	return a.Parse(catalog.Refresh{AccessSeconds: 1800})
}

func TestOAuth2Pitfall1AutoDetect(t *testing.T) {
	t.Parallel()
	for how, want := range map[string]string{
		"client_secret_basic": "Basic aWQ6c2VjcmV0LWNhbmFyeQ==|grant_type=refresh_token",
		"client_secret_post":  "|client_id=id&client_secret=secret-canary&grant_type=refresh_token",
		"none":                "|client_id=id&grant_type=refresh_token",
	} {
		e := newEndpoint(t, says(401, "application/json", `{"error":"invalid_client"}`))
		if _, err := redeem(t.Context(), loopback(), grant(e.url, how, "grant_type", "refresh_token")); err == nil {
			t.Errorf("%s: a refusal is a token", how)
		}
		if diff := cmp.Diff([]string{want}, e.sent()); diff != "" {
			t.Errorf("%s: requests differ (-want +got):\n%s", how, diff)
		}
	}
}

func TestOAuth2Pitfall2CodeSentTwice(t *testing.T) {
	t.Parallel()
	for _, status := range []int{500, 502, 503, 504} {
		e := newEndpoint(t, says(status, "text/html", "<html>"))
		_, err := redeem(t.Context(), loopback(), grant(e.url, "client_secret_post", "grant_type", "authorization_code", "code", "code-1"))
		if len(e.sent()) != 1 || !fault.Has(err, fault.CodeProviderUnavailable) {
			t.Errorf("status %d: got %d requests, %v; want one and provider_unavailable", status, len(e.sent()), err)
		}
	}
}

// What the provider rotated is kept, however it dresses the answer.
func TestOAuth2PitfallsOfLostTokens(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		mediaType, expires string
		lifetime           time.Duration
	}{
		"3 expires_in with a fraction":  {"application/json", "3599.5", 3599 * time.Second},
		"4 JSON labelled as text":       {"text/plain; charset=utf-8", "3600", time.Hour},
		"8 expires_in that is negative": {"application/json", "-5", 30 * time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := newEndpoint(t, says(200, c.mediaType, `{"access_token":"new","refresh_token":"rotated","token_type":"bearer","expires_in":`+c.expires+`}`))
			token, err := redeem(t.Context(), loopback(), grant(e.url, "client_secret_post", "grant_type", "refresh_token", "refresh_token", "old"))
			if err != nil || token.AccessToken.Reveal() != "new" || token.RefreshToken.Reveal() != "rotated" || token.Lifetime != c.lifetime {
				t.Errorf("got refresh token %q for %s, %v; want the rotated one for %s", token.RefreshToken.Reveal(), token.Lifetime, err, c.lifetime)
			}
		})
	}
}

func TestOAuth2Pitfall5Redirect(t *testing.T) {
	t.Parallel()
	for _, status := range []int{301, 302, 303, 307, 308} {
		evil := newEndpoint(t, says(200, "application/json", `{"access_token":"evil"}`))
		e := newEndpoint(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, evil.url, status) })
		_, err := redeem(t.Context(), loopback(), grant(e.url, "client_secret_post", "grant_type", "refresh_token", "refresh_token", "refresh-canary"))
		if !fault.Has(err, fault.CodeProviderError) || len(evil.sent()) != 0 {
			t.Errorf("status %d: got %v and another origin got %q, want provider_error and nothing", status, err, evil.sent())
		}
	}
}

// The provider echoes what it was sent, in every place it has.
func TestOAuth2Pitfall6ErrorQuotesBody(t *testing.T) {
	t.Parallel()
	const echo = "refresh_token=refresh-canary&client_secret=secret-canary"
	for name, answer := range map[string]http.HandlerFunc{
		"LEK-02 page":         says(400, "text/html", "echo: "+echo),
		"LEK-02 form":         says(400, "text/plain", "error=x&error_description=x&"+echo),
		"LEK-02 code":         says(400, "application/json", `{"error":"`+echo+`"}`),
		"LEK-02 description":  says(400, "application/json", `{"error":"invalid_grant","error_description":"`+echo+`"}`),
		"LEK-02 broken token": says(200, "application/json", `{"access_token":"`+echo+`"`),
		"LEK-02 token type":   says(200, "application/json", `{"access_token":"a","token_type":"`+echo+`"}`),
		"LEK-02 server error": says(500, "text/html", echo),
		"LEK-02 redirect": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", "https://evil.example/?"+echo)
			w.WriteHeader(http.StatusTemporaryRedirect)
		},
		"LEK-02 no answer": func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := newEndpoint(t, answer)
			_, err := redeem(t.Context(), loopback(), grant(e.url+"?key=url-canary", "client_secret_post", "grant_type", "refresh_token", "refresh_token", "refresh-canary"))
			if err == nil {
				t.Fatal("a refusal is a token")
			}
			for cause := err; cause != nil; cause = errors.Unwrap(cause) {
				if text := fmt.Sprintf("%v %+v %#v", cause, cause, cause); strings.Contains(text, "canary") || strings.Contains(text, "127.0.0.1") {
					t.Errorf("the error quotes the provider: %s", text)
				}
			}
		})
	}
}

// The deadline of the request is looked at and then shortened, so that the test
// need not wait for it.
func TestOAuth2Pitfall7NoTimeout(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]func(w http.ResponseWriter){
		"no answer":                func(http.ResponseWriter) {},
		"an answer without an end": func(w http.ResponseWriter) { w.(http.Flusher).Flush() },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := newEndpoint(t, func(w http.ResponseWriter, r *http.Request) {
				answer(w)
				<-r.Context().Done()
			})
			_, err := redeem(t.Context(), doer(func(req *http.Request) (*http.Response, error) {
				if deadline, ok := req.Context().Deadline(); !ok || time.Until(deadline) > 12*time.Second {
					t.Errorf("deadline: got %v, %v; want one within 12 s", deadline, ok)
				}
				ctx, cancel := context.WithTimeout(req.Context(), 100*time.Millisecond)
				t.Cleanup(cancel)
				return loopback().Do(req.WithContext(ctx))
			}), grant(e.url, "client_secret_post", "grant_type", "refresh_token"))
			if !fault.Has(err, fault.CodeProviderTimeout) {
				t.Errorf("got %v, want provider_timeout", err)
			}
		})
	}
}

func TestOAuth2Pitfall9LineBreakInToken(t *testing.T) {
	t.Parallel()
	e := newEndpoint(t, says(200, "application/json", `{"access_token":"tok\r\nX-Injected: 1","token_type":"bearer","expires_in":10}`))
	token, err := redeem(t.Context(), loopback(), grant(e.url, "client_secret_post", "grant_type", "refresh_token"))
	if !fault.Has(err, fault.CodeProviderError) || !token.AccessToken.IsZero() {
		t.Errorf("got %q, %v; want provider_error and no token", token.AccessToken.Reveal(), err)
	}
}
