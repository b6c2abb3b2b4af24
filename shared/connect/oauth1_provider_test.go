package connect_test

import (
	"crypto/subtle"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/dghubble/oauth1"
)

const (
	consumerKey    = "consumer-1"
	consumerSecret = "consumer secret+&-" + mark
)

// photos is a server of OAuth 1.0 (RFC 5849) with one API. It signs for itself,
// by an implementation of its own, and takes each nonce once.
type photos struct {
	mu        sync.Mutex
	sub       string // Who consents next.
	consumer  string // The consumer's secret.
	temporary map[string]*pair
	tokens    map[string]*pair
	nonces    []string
	asked     []string
	status    map[string]int // What an endpoint answers instead.
	count     int
}

// pair is a token with its shared secret.
type pair struct{ token, secret, callback, verifier, sub string }

func newPhotos() *photos {
	return &photos{sub: "bob", consumer: consumerSecret, temporary: map[string]*pair{}, tokens: map[string]*pair{}, status: map[string]int{}}
}

func (p *photos) issue(sub string) *pair {
	p.count++
	return &pair{
		token: fmt.Sprintf("token +%%-%04d-%s", p.count, mark), secret: fmt.Sprintf("shared &=-%04d-%s", p.count, mark),
		verifier: fmt.Sprintf("verifier-%04d-%s", p.count, mark), sub: sub,
	}
}

// state is that of the callback the temporary token was asked for with.
func (p *photos) state(address *url.URL) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	callback, err := url.Parse(p.temporary[address.Query().Get("oauth_token")].callback)
	if err != nil {
		return ""
	}
	return callback.Query().Get("state")
}

// consent is what the person does at the authorization page.
func (p *photos) consent(address *url.URL) (token, verifier string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	t := p.temporary[address.Query().Get("oauth_token")]
	t.sub = p.sub
	return t.token, t.verifier
}

func (p *photos) requests(endpoint string) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(slices.DeleteFunc(slices.Clone(p.asked), func(asked string) bool { return asked != endpoint }))
}

// Do implements method.Doer.
func (p *photos) Do(r *http.Request) (*http.Response, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked = append(p.asked, r.URL.Path)
	if p.status[r.URL.Path] < 0 {
		return nil, errors.New("dial tcp: no route to host")
	}
	if status := p.status[r.URL.Path]; status != 0 {
		return form(status, "oauth_problem=no_"+mark), nil
	}
	given := protocol(r.Header.Get("Authorization"))
	held := &pair{}
	switch r.URL.Path {
	case "/access":
		held = p.temporary[given["oauth_token"]]
	case "/me":
		held = p.tokens[given["oauth_token"]]
	}
	if held == nil || !p.signed(r, given, held.secret) {
		return form(http.StatusUnauthorized, "oauth_problem=signature_invalid"), nil
	}
	switch r.URL.Path {
	case "/request":
		issued := p.issue("")
		issued.callback = given["oauth_callback"]
		p.temporary[issued.token] = issued
		return form(200, url.Values{"oauth_token": {issued.token}, "oauth_token_secret": {issued.secret}, "oauth_callback_confirmed": {"true"}}.Encode()), nil
	case "/access":
		delete(p.temporary, held.token)
		if held.sub == "" || given["oauth_verifier"] != held.verifier {
			return form(http.StatusUnauthorized, "oauth_problem=verifier_invalid"), nil
		}
		issued := p.issue(held.sub)
		p.tokens[issued.token] = issued
		return form(200, url.Values{"oauth_token": {issued.token}, "oauth_token_secret": {issued.secret}}.Encode()), nil
	}
	return answer(200, map[string]any{"sub": held.sub}), nil
}

// signed checks the signature as RFC 5849 3.2 says, with the signer and the
// encoding of github.com/dghubble/oauth1.
func (p *photos) signed(r *http.Request, given map[string]string, shared string) bool {
	if given["oauth_consumer_key"] != consumerKey || given["oauth_version"] != "1.0" || given["oauth_signature_method"] != "HMAC-SHA1" ||
		given["realm"] != "Photos" || slices.Contains(p.nonces, given["oauth_nonce"]) {
		return false
	}
	p.nonces = append(p.nonces, given["oauth_nonce"])
	var parameters []string
	for name, value := range given {
		if name != "realm" && name != "oauth_signature" {
			parameters = append(parameters, oauth1.PercentEncode(name)+"="+oauth1.PercentEncode(value))
		}
	}
	for name, values := range r.URL.Query() {
		parameters = append(parameters, oauth1.PercentEncode(name)+"="+oauth1.PercentEncode(values[0]))
	}
	slices.Sort(parameters)
	base := r.Method + "&" + oauth1.PercentEncode("https://photos.example.com"+r.URL.Path) + "&" + oauth1.PercentEncode(strings.Join(parameters, "&"))
	want, err := (&oauth1.HMACSigner{ConsumerSecret: p.consumer}).Sign(shared, base)
	return err == nil && subtle.ConstantTimeCompare([]byte(want), []byte(given["oauth_signature"])) == 1
}

// protocol reads the parameters of an Authorization header.
func protocol(header string) map[string]string {
	out := map[string]string{}
	rest, ok := strings.CutPrefix(header, "OAuth ")
	for part := range strings.SplitSeq(rest, ", ") {
		name, value, _ := strings.Cut(part, "=")
		if decoded, err := url.PathUnescape(strings.Trim(value, `"`)); ok && err == nil {
			out[name] = decoded
		}
	}
	return out
}

func form(status int, body string) *http.Response {
	return &http.Response{
		StatusCode: status, Header: http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}, Body: io.NopCloser(strings.NewReader(body)),
	}
}
