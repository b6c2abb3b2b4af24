package method_test

import (
	"errors"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/method/methodtest"
	"github.com/tenonhq/tenon/shared/secret"
)

var ann = given("username", "ann", "password", `p"w+canary`)

// logIn makes the login call of the target and reads what comes back.
func logIn(t *testing.T, system method.Doer, target method.Target) (method.Token, error) {
	t.Helper()
	request, err := (method.SessionToken{}).Grant(target, ann)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := request.Send(t.Context(), at(system))
	if err != nil {
		return method.Token{}, err
	}
	return answer.Parse(target.Scheme.RefreshPolicy())
}

// The body is encoded as its type says, and the host is the connector's own.
func TestSessionLoginRequest(t *testing.T) {
	t.Parallel()
	target := methodtest.Target("session_token")
	target.Scheme.Login.Request.Headers["Authorization"] = "Basic {basic}"
	system := &answers{status: 200, body: `{"access_token":"s-1"}`}
	if _, err := logIn(t, system, target); err != nil {
		t.Fatal(err)
	}
	user, password, _ := system.asked[0].BasicAuth()
	if got, want := system.sent[0], `{"user":"ann","password":"p\"w+canary"}`; got != want || user != "ann" || password != `p"w+canary` {
		t.Errorf("sent %s and %s", got, user)
	}
	target.Scheme.Login.Request.Headers["Content-Type"] = "application/x-www-form-urlencoded"
	target.Scheme.Login.Request.Body = "u={username}&p={password}"
	if _, err := logIn(t, system, target); err != nil || system.sent[1] != "u=ann&p=p%22w%2Bcanary" {
		t.Errorf("sent %v, %v", system.sent, err)
	}
	if _, err := (method.SessionToken{}).Grant(target, given("username", "ann")); err == nil || strings.Contains(err.Error(), "canary") {
		t.Errorf("a login without a password was made: %v", err)
	}
	target.Scheme.Login.Request.URL = "https://evil.example/login"
	if _, err := (method.SessionToken{}).Grant(target, ann); !fault.Has(err, fault.CodeEgressDenied) {
		t.Errorf("a login on another host: %v", err)
	}
}

// Where the token stands and how it says when it ends.
func TestSessionToken(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		login  catalog.Login
		header http.Header
		body   string
		life   time.Duration
	}{
		"path and seconds":        {catalog.Login{Token: "data.token", ExpiresIn: "data.ttl"}, nil, `{"data":{"token":"s-1","ttl":"1800"}}`, 30 * time.Minute},
		"number as seconds":       {catalog.Login{Token: "t", ExpiresIn: "e"}, nil, `{"t":"s-1","e":1800.5}`, 30 * time.Minute},
		"RFC 3339":                {catalog.Login{Token: "t", ExpiresAt: "e"}, nil, `{"t":"s-1","e":"2026-11-20T11:00:00+01:00"}`, time.Hour},
		"Unix seconds":            {catalog.Login{Token: "t", ExpiresAt: "e"}, nil, `{"t":"s-1","e":1795168800}`, time.Hour},
		"Unix milliseconds":       {catalog.Login{Token: "t", ExpiresAt: "e"}, nil, `{"t":"s-1","e":"1795168800000"}`, time.Hour},
		"not said":                {catalog.Login{Token: "t", ExpiresIn: "e", ExpiresAt: "f", Seconds: 900}, nil, `{"t":"s-1"}`, 15 * time.Minute},
		"said as nonsense":        {catalog.Login{Token: "t", ExpiresIn: "e", ExpiresAt: "f", Seconds: 900}, nil, `{"t":"s-1","e":"soon","f":"NaN"}`, 15 * time.Minute},
		"over by our clock":       {catalog.Login{Token: "t", ExpiresAt: "e", Seconds: 900}, nil, `{"t":"s-1","e":1795100000}`, 15 * time.Minute},
		"never":                   {catalog.Login{Token: "t"}, nil, `{"t":"s-1"}`, 0},
		"header":                  {catalog.Login{Header: "X-Session"}, http.Header{"X-Session": {"s-1"}}, "<html>", 0},
		"cookie":                  {catalog.Login{Cookie: "sid"}, http.Header{"Set-Cookie": {"other=x", "sid=s-1; Path=/; HttpOnly"}}, "", 0},
		"the answer is the token": {catalog.Login{}, nil, `"s-1"`, 0},
	} {
		target := methodtest.Target("session_token")
		test.login.Request = target.Scheme.Login.Request
		target.Scheme.Login = &test.login
		token, err := logIn(t, &answers{status: 200, header: test.header, body: test.body}, target)
		if err != nil || token.AccessToken.Reveal() != "s-1" || token.Lifetime != test.life || !token.RefreshToken.IsZero() {
			t.Errorf("%s: %q for %s, %v", name, token.AccessToken.Reveal(), token.Lifetime, err)
		}
	}
}

// What cannot be a token, or cannot stand in a header, is none.
func TestSessionTokenUnreadable(t *testing.T) {
	t.Parallel()
	for _, body := range []string{"", "{}", "[]", "<html>", `{"access_token":""}`, `{"access_token":{"a":1}}`, `{"access_token":"a\r\nb"}`, `{"access_token":"a","access_token":"b"}`} {
		if token, err := logIn(t, &answers{status: 200, body: body}, methodtest.Target("session_token")); !errors.Is(err, method.Unreadable) {
			t.Errorf("%s: %q, %v", body, token.AccessToken.Reveal(), err)
		}
	}
}

// A refusal is definitive only where it speaks about what logs in.
func TestSessionRefusals(t *testing.T) {
	t.Parallel()
	dial := &net.OpError{Op: "dial", Err: errors.New("refused")}
	for name, test := range map[string]struct {
		system answers
		code   fault.Code
		is     error
	}{
		"401":             {answers{status: 401, body: `{"access_token":"x"}`}, fault.CodeReauthRequired, method.Definitive},
		"403":             {answers{status: 403}, fault.CodeReauthRequired, method.Definitive},
		"200 with a rule": {answers{status: 200, body: `{"fault":"bad login","access_token":"x"}`}, fault.CodeReauthRequired, method.Definitive},
		"403 with a rule": {answers{status: 403, body: `{"fault":"slow down"}`}, fault.CodeProviderUnavailable, nil},
		"200 when down":   {answers{status: 200, body: `{"fault":"maintenance"}`}, fault.CodeProviderUnavailable, nil},
		"429":             {answers{status: 429, header: http.Header{"Retry-After": {"7"}}}, fault.CodeProviderUnavailable, nil},
		"503":             {answers{status: 503}, fault.CodeProviderUnavailable, nil},
		"404":             {answers{status: 404, body: "{}"}, fault.CodeProviderError, nil},
		"redirect":        {answers{status: 302, header: http.Header{"Location": {"https://evil.example"}}}, fault.CodeProviderError, nil},
		"too large":       {answers{status: 200, body: strings.Repeat(" ", 1<<20) + "{}"}, fault.CodeProviderError, nil},
		"not reached":     {answers{err: dial}, fault.CodeProviderUnavailable, method.ErrNotSent},
	} {
		target := methodtest.Target("session_token")
		target.Scheme.Login.Request.Errors = []catalog.ErrorRule{
			{Path: "fault", Equals: "bad login", Outcome: "auth_error"}, {Path: "fault", Equals: "slow down", Outcome: "rate_limited"},
			{Path: "fault", Equals: "maintenance", Outcome: "provider_error"},
		}
		_, err := logIn(t, &test.system, target)
		f := fault.From(err)
		if err == nil || f.Code != test.code || test.is != nil && !errors.Is(err, test.is) || strings.Contains(err.Error(), "canary") {
			t.Errorf("%s: %v", name, err)
		}
		if name == "429" && (f.Kind != fault.RateLimited || f.RetryAfter != 7*time.Second) {
			t.Errorf("%s: %+v", name, f)
		}
		if len(test.system.asked) != 1 {
			t.Errorf("%s: asked %d times", name, len(test.system.asked))
		}
	}
}

// A lease holds the token and nothing of what logs in.
func TestSessionLease(t *testing.T) {
	t.Parallel()
	target := methodtest.Target("session_token")
	target.Scheme.Apply = catalog.Placement{Headers: map[string]string{"X-Session": "{accessToken}"}}
	l, err := (method.SessionToken{}).Apply(target, ann, method.Token{AccessToken: secret.FromString("s-1"), Type: "Bearer"})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]string{"X-Session": "s-1"}, revealed(l.Headers)); diff != "" || l.TokenType != "" || len(l.Values)+len(l.Query) > 0 {
		t.Errorf("lease (-want +got):\n%s", diff)
	}
	if d := (method.SessionToken{}).Describe(ann); d != (method.Description{User: "ann"}) {
		t.Errorf("described as %+v", d)
	}
	target.Scheme.Apply.Headers["X-User"] = "{username}:{password}"
	if _, err := (method.SessionToken{}).Apply(target, ann, method.Token{AccessToken: secret.FromString("s-1")}); err == nil {
		t.Error("the password can be placed")
	}
}

func TestSessionLogout(t *testing.T) {
	t.Parallel()
	target := methodtest.Target("session_token")
	token := secret.FromString("s-1")
	for status, want := range map[int]method.Revocation{
		204: method.Revoked, 401: method.Revoked, 403: method.RevokeFailed, 404: method.RevokeFailed, 429: method.RevokePending, 500: method.RevokePending,
	} {
		system := &answers{status: status}
		got, err := (method.SessionToken{}).Revoke(t.Context(), at(system), target, token, "access_token")
		if err != nil || got != want || system.asked[0].Header.Get("Authorization") != "Bearer s-1" {
			t.Errorf("%d: %s, %v", status, got, err)
		}
	}
	if got, err := (method.SessionToken{}).Revoke(t.Context(), at(&answers{}), target, secret.Bytes{}, ""); err != nil || got != method.NothingToRevoke {
		t.Errorf("no session: %s, %v", got, err)
	}
	target.Scheme.Login.Logout = nil
	if got, err := (method.SessionToken{}).Revoke(t.Context(), at(&answers{}), target, token, ""); err != nil || got != method.NotSupported {
		t.Errorf("no logout: %s, %v", got, err)
	}
}

// A system without credentials is asked its verification request, bare.
func TestNone(t *testing.T) {
	t.Parallel()
	target := methodtest.Target("none")
	l, err := (method.None{}).Apply(target, ann, method.Token{AccessToken: secret.FromString("x")})
	if err != nil || len(l.Headers)+len(l.Query)+len(l.Values) > 0 || !l.AccessToken.IsZero() {
		t.Fatalf("applied %v, %v", l, err)
	}
	system := &answers{status: 200, body: `{"id":"open"}`}
	if probe, err := method.Verify(t.Context(), at(system), target, l); err != nil || probe.AccountID != "open" || system.asked[0].Header.Get("Authorization") != "" {
		t.Errorf("probe %+v, %v", probe, err)
	}
}
