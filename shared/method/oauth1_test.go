package method_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
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

// answers is a method.Doer with one answer, which keeps what it was asked.
type answers struct {
	status int
	header http.Header
	body   string
	err    error
	asked  []*http.Request
	sent   []string
}

func (a *answers) Do(r *http.Request) (*http.Response, error) {
	a.asked = append(a.asked, r)
	if r.Body != nil {
		b, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		a.sent = append(a.sent, string(b))
	}
	if a.err != nil {
		return nil, a.err
	}
	return &http.Response{StatusCode: a.status, Header: a.header, Body: io.NopCloser(strings.NewReader(a.body)), Request: r}, nil
}

func at(d method.Doer) method.Reach {
	return method.Reach{HTTP: d, Now: func() time.Time { return time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC) }}
}

func TestOAuth1Values(t *testing.T) {
	t.Parallel()
	target := methodtest.Target("oauth1")
	pair := secret.FromString("oauth_token=a+b%2B&oauth_token_secret=%26c")
	for name, test := range map[string]struct {
		fields map[string]secret.Bytes
		token  method.Token
		shop   string
		want   map[string]string
	}{
		"all given by a person": {
			fields: given("consumerKey", "ck", "consumerSecret", "cs", "token", "tk", "tokenSecret", "ts"),
			want:   map[string]string{"consumerKey": "ck", "consumerSecret": "cs", "token": "tk", "tokenSecret": "ts", "signatureMethod": "HMAC-SHA1"},
		},
		"the token given, the consumer is the template's": {
			fields: given("token", "tk", "tokenSecret", "ts"), shop: "acme",
			want: map[string]string{
				"consumerKey": methodtest.ClientID, "consumerSecret": methodtest.ClientSecret, "token": "tk", "tokenSecret": "ts",
				"signatureMethod": "HMAC-SHA1", "realm": "acme",
			},
		},
		"by a handoff": {
			token: method.Token{AccessToken: pair},
			want: map[string]string{
				"consumerKey": methodtest.ClientID, "consumerSecret": methodtest.ClientSecret, "token": "a b+", "tokenSecret": "&c", "signatureMethod": "HMAC-SHA1",
			},
		},
		"by a handoff, as it is kept": {
			fields: map[string]secret.Bytes{"accessToken": pair},
			want: map[string]string{
				"consumerKey": methodtest.ClientID, "consumerSecret": methodtest.ClientSecret, "token": "a b+", "tokenSecret": "&c", "signatureMethod": "HMAC-SHA1",
			},
		},
	} {
		target.Values = map[string]catalog.Value{"shop": {Type: catalog.TypeLabel, Text: test.shop}}
		l, err := (method.OAuth1{}).Apply(target, test.fields, test.token)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(test.want, revealed(l.Values)); diff != "" {
			t.Errorf("%s: values (-want +got):\n%s", name, diff)
		}
		if len(l.Headers)+len(l.Query) > 0 || !l.AccessToken.IsZero() {
			t.Errorf("%s: %v %v", name, l.Headers, l.Query)
		}
	}
	if d := (method.OAuth1{}).Describe(given("token", "0123456789abcdef", "tokenSecret", "fedcba9876543210")); d != (method.Description{Last4: "cdef"}) {
		t.Errorf("described as %+v", d)
	}
}

// The temporary credentials are asked for with our callback and our state, and
// the browser is sent away with the token alone.
func TestOAuth1Prepare(t *testing.T) {
	t.Parallel()
	target := methodtest.Target("oauth1")
	target.Scheme.OAuth1.AuthorizeURL = "https://auth.example.com/authorize?app=tenon"
	system := &answers{status: 200, body: "oauth_token=t%2B1&oauth_token_secret=s%261&oauth_callback_confirmed=true\n"}
	address, kept, err := (method.OAuth1{}).Prepare(t.Context(), at(system), target, method.Authorization{State: secret.FromString("hof_1.ran/dom")})
	if err != nil {
		t.Fatal(err)
	}
	if want := "https://auth.example.com/authorize?app=tenon&oauth_token=t%2B1"; address != want {
		t.Errorf("sent to %s, want %s", address, want)
	}
	asked := system.asked[0]
	got := parameters(asked.Header.Get("Authorization"))
	if want := "https://tenon.example.com/v1/oauth/callback/tpl_1?state=hof_1.ran%2Fdom"; got["oauth_callback"] != want || asked.URL.String() != "https://auth.example.com/request" {
		t.Errorf("asked %s with callback %s, want %s", asked.URL, got["oauth_callback"], want)
	}
	if _, ok := got["oauth_token"]; ok || asked.Method != "POST" {
		t.Errorf("%s with %v", asked.Method, got)
	}

	code, _ := (method.OAuth1{}).Answer(url.Values{"oauth_token": {"t+1"}, "oauth_verifier": {"v1"}})
	request, err := (method.OAuth1{}).Exchange(target, code, kept)
	if err != nil {
		t.Fatal(err)
	}
	system.body = "oauth_token=T&oauth_token_secret=S&oauth_expires_in=3600&user_id=9"
	answer, err := request.Send(t.Context(), at(system))
	if err != nil {
		t.Fatal(err)
	}
	token, err := answer.Parse(catalog.Refresh{})
	if err != nil || token.AccessToken.Reveal() != "oauth_token=T&oauth_token_secret=S" || token.Lifetime != time.Hour {
		t.Errorf("token %q of %s, %v", token.AccessToken.Reveal(), token.Lifetime, err)
	}
	got = parameters(system.asked[1].Header.Get("Authorization"))
	if got["oauth_token"] != "t+1" || got["oauth_verifier"] != "v1" {
		t.Errorf("exchanged with %v", got)
	}
	for _, asked := range system.asked {
		if strings.Contains(asked.Header.Get("Authorization"), "s%261") || strings.Contains(asked.Header.Get("Authorization"), methodtest.ClientSecret) {
			t.Error("a secret was sent")
		}
	}
}

// A system that confirms no callback lets another than who began it finish the
// handoff (the session fixation of OAuth Core 1.0).
func TestOAuth1PrepareRefusals(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		system answers
		want   fault.Code
		is     error
	}{
		"callback not confirmed": {answers{status: 200, body: "oauth_token=t&oauth_token_secret=s"}, fault.CodeProviderError, nil},
		"callback denied":        {answers{status: 200, body: "oauth_token=t&oauth_token_secret=s&oauth_callback_confirmed=false"}, fault.CodeProviderError, nil},
		"two tokens":             {answers{status: 200, body: "oauth_token=t&oauth_token=u&oauth_token_secret=s&oauth_callback_confirmed=true"}, fault.CodeProviderError, method.Unreadable},
		"no secret":              {answers{status: 200, body: "oauth_token=t&oauth_callback_confirmed=true"}, fault.CodeProviderError, method.Unreadable},
		"a page":                 {answers{status: 200, body: "<html>oauth_token"}, fault.CodeProviderError, method.Unreadable},
		"the consumer refused":   {answers{status: 401, body: "no"}, fault.CodeProviderError, method.ClientRefused},
		"the callback refused":   {answers{status: 400, body: "no"}, fault.CodeProviderError, nil},
		"the key not known":      {answers{status: 400, body: "oauth_problem=consumer_key_unknown"}, fault.CodeProviderError, method.ClientRefused},
		"limited":                {answers{status: 429, body: "slow"}, fault.CodeProviderUnavailable, nil},
		"broken":                 {answers{status: 502, body: "oauth_token=t"}, fault.CodeProviderUnavailable, nil},
		"elsewhere":              {answers{status: 302, header: http.Header{"Location": {"https://evil.example"}}}, fault.CodeProviderError, nil},
		"unreachable":            {answers{err: errors.New("no route")}, fault.CodeProviderUnavailable, nil},
	} {
		address, kept, err := (method.OAuth1{}).Prepare(t.Context(), at(&test.system), methodtest.Target("oauth1"), method.Authorization{State: secret.FromString("s")})
		if err == nil || address != "" || !kept.IsZero() || fault.From(err).Code != test.want || test.is != nil && !errors.Is(err, test.is) {
			t.Errorf("%s: %q, %v", name, address, err)
		}
		if len(test.system.asked) != 1 {
			t.Errorf("%s: asked %d times", name, len(test.system.asked))
		}
	}
}

func TestOAuth1Answer(t *testing.T) {
	t.Parallel()
	for query, want := range map[string]struct{ code, denied bool }{
		"oauth_token=t&oauth_verifier=v":                  {true, false},
		"oauth_token=t":                                   {},
		"oauth_verifier=v":                                {},
		"oauth_token=&oauth_verifier=v":                   {},
		"oauth_token=t&oauth_verifier=":                   {},
		"oauth_token=t&oauth_token=u&oauth_verifier=v":    {},
		"oauth_token=t&oauth_verifier=v&oauth_verifier=w": {},
		"code=c":                         {},
		"denied=t":                       {false, true},
		"oauth_problem=user_refused":     {false, true},
		"error=access_denied&code=c":     {false, true},
		"oauth_token=t&oauth_problem=no": {false, true},
	} {
		values, err := url.ParseQuery(query)
		if err != nil {
			t.Fatal(err)
		}
		if code, denied := (method.OAuth1{}).Answer(values); code.IsZero() == want.code || denied != want.denied {
			t.Errorf("%s: code %v, denied %v", query, !code.IsZero(), denied)
		}
	}
}

// Session fixation (OAuth Core 1.0): only the token the browser was sent away
// with is exchanged.
func TestOAuth1ExchangeComparesTheToken(t *testing.T) {
	t.Parallel()
	kept := secret.FromString("oauth_token=mine&oauth_token_secret=s")
	for _, brought := range []string{"theirs", "min", "mine2", "MINE"} {
		code, _ := (method.OAuth1{}).Answer(url.Values{"oauth_token": {brought}, "oauth_verifier": {"v"}})
		if r, err := (method.OAuth1{}).Exchange(methodtest.Target("oauth1"), code, kept); r != nil || !errors.Is(err, method.Mismatched) {
			t.Errorf("%s: %v, %v", brought, r, err)
		}
	}
	for _, kept := range []string{"", "oauth_token=", "garbage%"} {
		code := secret.FromString("oauth_token=&oauth_token_secret=v")
		if r, err := (method.OAuth1{}).Exchange(methodtest.Target("oauth1"), code, secret.FromString(kept)); r != nil || !errors.Is(err, method.Mismatched) {
			t.Errorf("kept %q: %v, %v", kept, r, err)
		}
	}
}

// What a refusal of the verifier speaks about.
func TestOAuth1ExchangeRefusals(t *testing.T) {
	t.Parallel()
	pair := secret.FromString("oauth_token=t&oauth_token_secret=v")
	request, err := (method.OAuth1{}).Exchange(methodtest.Target("oauth1"), pair, pair)
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		system answers
		want   error
	}{
		"refused":                {answers{status: 401, body: "oauth_problem=token_rejected"}, method.Definitive},
		"refused as a request":   {answers{status: 400}, method.Definitive},
		"the consumer in a body": {answers{status: 401, body: "oauth_problem=consumer_key_refused"}, method.ClientRefused},
		"the consumer in a header": {
			answers{status: 401, header: http.Header{"Www-Authenticate": {`OAuth realm="x", oauth_problem="consumer_key_unknown"`}}}, method.ClientRefused,
		},
		"nothing in it": {answers{status: 200}, method.Unreadable},
		"too large":     {answers{status: 200, body: strings.Repeat("x", 1<<20+1)}, nil},
	} {
		answer, err := request.Send(t.Context(), at(&test.system))
		if err == nil {
			_, err = answer.Parse(catalog.Refresh{})
		}
		if err == nil || test.want != nil && !errors.Is(err, test.want) {
			t.Errorf("%s: got %v, want %v", name, err, test.want)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := request.Send(ctx, method.Reach{HTTP: methodtest.New(), Random: strings.NewReader("")}); !errors.Is(err, method.ErrNotSent) {
		t.Errorf("without randomness: %v", err)
	}
}
