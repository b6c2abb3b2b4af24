package method

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/vault"
)

// OAuth1 is OAuth 1.0 (RFC 5849). The token is given by a person, or comes by a
// handoff with temporary credentials. The consumer is the connection's own where
// it has one, else the template's client.
//
// A token is a pair, token and shared secret. Where one text must hold it, that
// text is the pair in the form in which RFC 5849 2.1 and 2.3 answer with it.
type OAuth1 struct{}

// fieldAccessToken is the field under which a token that came by a handoff is
// kept.
const fieldAccessToken = "accessToken"

// Mismatched refuses an answer of a system that belongs to another handoff.
var Mismatched = fault.New(fault.Invalid, fault.CodeContextMismatch, "The answer belongs to another connection.")

// Type implements Method.
func (OAuth1) Type() string { return "oauth1" }

// Apply implements Method. All of the credential is among the values: a request
// is signed by whoever makes it.
func (OAuth1) Apply(t Target, fields map[string]secret.Bytes, token Token) (vault.Leasable, error) {
	kept := token.AccessToken
	if kept.IsZero() {
		kept = fields[fieldAccessToken]
	}
	s, err := consumer(t)
	if err != nil {
		return vault.Leasable{}, err
	}
	if key := fields[valueConsumerKey]; !key.IsZero() {
		s.ConsumerKey, s.ConsumerSecret = key, fields[valueConsumerSecret]
	}
	s.Token, s.TokenSecret = fields[valueToken], fields[valueTokenSecret]
	if !kept.IsZero() {
		s.Token, s.TokenSecret = splitPair(kept)
	}
	return s.place(t)
}

// Describe shows the end of the token, which names it without its secret.
func (OAuth1) Describe(fields map[string]secret.Bytes) Description {
	return Description{Last4: fields[valueToken].Last4()}
}

// Sign implements Signer.
func (OAuth1) Sign(r *http.Request, body []byte, _ Target, l vault.Leasable, reach Reach) error {
	return signatureOf(l).sign(r, body, reach, nil)
}

// Prepare asks for temporary credentials (RFC 5849 2.1), with a callback that
// carries our state, and returns where the person authorizes them. A server that
// does not confirm the callback speaks the first edition of the protocol, in
// which a handoff could be finished by another than who began it.
func (OAuth1) Prepare(ctx context.Context, reach Reach, t Target, h Authorization) (string, secret.Bytes, error) {
	callback := t.RedirectURI + "?state=" + url.QueryEscape(h.State.Reveal())
	request, err := newPairRequest(t, t.Scheme.OAuth1.RequestURL, "invalid_client")
	if err != nil {
		return "", secret.Bytes{}, err
	}
	request.Further["oauth_callback"] = secret.FromString(callback)
	answer, err := request.Send(ctx, reach)
	if err != nil {
		return "", secret.Bytes{}, err
	}
	temporary, err := answer.Parse(catalog.Refresh{})
	if err != nil {
		return "", secret.Bytes{}, err
	}
	if !strings.EqualFold(text(temporary.Members, "oauth_callback_confirmed"), "true") {
		return "", secret.Bytes{}, fault.New(fault.Upstream, fault.CodeProviderError, "The system did not confirm where the browser is sent back to.")
	}
	address, err := catalog.Expand(t.Scheme.OAuth1.AuthorizeURL, t.Values)
	if err != nil {
		return "", secret.Bytes{}, fmt.Errorf("authorize URL of %s: %w", t.Connector.ID, err)
	}
	separator := "?"
	if strings.Contains(address, "?") {
		separator = "&"
	}
	token, _ := splitPair(temporary.AccessToken)
	return address + separator + "oauth_token=" + url.QueryEscape(token.Reveal()), temporary.AccessToken, nil
}

// Answer reads the callback of RFC 5849 2.2. How a server says that it was
// denied is not in it; denied, oauth_problem and error are in use.
func (OAuth1) Answer(query url.Values) (code secret.Bytes, denied bool) {
	if query.Has("denied") || query.Has("oauth_problem") || query.Has("error") {
		return secret.Bytes{}, true
	}
	token, verifier := query["oauth_token"], query["oauth_verifier"]
	if len(token) != 1 || len(verifier) != 1 || token[0] == "" || verifier[0] == "" {
		return secret.Bytes{}, false
	}
	return joinPair(token[0], verifier[0]), false
}

// Exchange returns the request for token credentials (RFC 5849 2.3), if the
// browser brought back the temporary token that it was sent away with.
func (OAuth1) Exchange(t Target, code, kept secret.Bytes) (Request, error) {
	brought, verifier := splitPair(code)
	temporary, shared := splitPair(kept)
	if temporary.IsZero() || subtle.ConstantTimeCompare([]byte(brought.Reveal()), []byte(temporary.Reveal())) != 1 {
		return nil, Mismatched
	}
	request, err := newPairRequest(t, t.Scheme.OAuth1.AccessURL, "invalid_grant")
	if err != nil {
		return nil, err
	}
	request.Signature.Token, request.Signature.TokenSecret = temporary, shared
	request.Further["oauth_verifier"] = verifier
	return request, nil
}

// consumer returns the signature of the template's client without a token.
func consumer(t Target) (signature, error) {
	realm, err := catalog.ExpandText(t.Scheme.OAuth1.Realm, variables(t, nil))
	if err != nil && !errors.Is(err, catalog.ErrMissing) {
		return signature{}, err
	}
	return signature{
		Method: t.Scheme.OAuth1.SignatureMethod, Realm: realm, ConsumerKey: secret.FromString(t.ClientID), ConsumerSecret: t.ClientSecret,
	}, nil
}

// place returns the placement of the scheme, if it has one, with the signature.
func (s signature) place(t Target) (vault.Leasable, error) {
	l, err := place(t, variables(t, nil))
	if err != nil {
		return vault.Leasable{}, err
	}
	for name, value := range s.values() {
		l.Values[name] = value
	}
	return l, nil
}

// joinPair writes a pair as RFC 5849 2.3 does. It can stand in a header.
func joinPair(token, shared string) secret.Bytes {
	return secret.FromString(url.Values{"oauth_token": {token}, "oauth_token_secret": {shared}}.Encode())
}

// splitPair reads what joinPair wrote; both are zero when it is none.
func splitPair(pair secret.Bytes) (token, shared secret.Bytes) {
	values, err := url.ParseQuery(pair.Reveal())
	if err != nil {
		return secret.Bytes{}, secret.Bytes{}
	}
	return secret.FromString(values.Get("oauth_token")), secret.FromString(values.Get("oauth_token_secret"))
}

// pairRequest asks for a pair, temporary or not.
type pairRequest struct {
	URL       string
	Signature signature
	Further   map[string]secret.Bytes // Protocol parameters beside the common ones.
	ClientKey int
	Refusal   string // What it means in the words of RFC 6749 5.2 when the system refuses.
}

func newPairRequest(t Target, template, refusal string) (pairRequest, error) {
	endpoint, err := catalog.Expand(template, t.Values)
	if err != nil {
		return pairRequest{}, fmt.Errorf("token URL of %s: %w", t.Connector.ID, err)
	}
	s, err := consumer(t)
	return pairRequest{endpoint, s, map[string]secret.Bytes{}, t.ClientKey, refusal}, err
}

// Send posts the request exactly once. The pair is the access_token of the
// answer.
func (r pairRequest) Send(ctx context.Context, reach Reach) (Answer, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, r.URL, http.NoBody)
	if err != nil {
		return Answer{}, errors.Join(errors.New("token URL is not valid"), ErrNotSent)
	}
	req.Header.Set("User-Agent", "Tenon")
	further := map[string]string{}
	for name, value := range r.Further {
		further[name] = value.Reveal()
	}
	if err := r.Signature.sign(req, nil, reach, further); err != nil {
		return Answer{}, errors.Join(err, ErrNotSent)
	}
	answer, header, err := exchange(reach.HTTP, req)
	if err != nil {
		return Answer{}, err
	}
	if answer.Status >= 300 && answer.Status < 400 {
		return Answer{}, errRedirect
	}
	answer.ClientKey = r.ClientKey
	members := map[string]string{}
	if answer.Succeeded() {
		members = pairMembers(answer.Body.Reveal())
	} else if refusal := r.refusal(answer, header); refusal != "" {
		members["error"] = refusal
	}
	return answer.with(members)
}

// pairMembers reads a pair in the form of RFC 5849 2.1 and 2.3. Without one there
// are no members, which is no token.
func pairMembers(body string) map[string]string {
	members := map[string]string{}
	values, err := url.ParseQuery(strings.TrimSpace(body))
	token, shared := values["oauth_token"], values["oauth_token_secret"]
	if err != nil || len(token) != 1 || len(shared) != 1 || token[0] == "" {
		return members
	}
	members["access_token"] = joinPair(token[0], shared[0]).Reveal()
	for from, to := range map[string]string{"oauth_callback_confirmed": "oauth_callback_confirmed", "oauth_expires_in": "expires_in"} {
		if values.Has(from) {
			members[to] = values.Get(from)
		}
	}
	return members
}

// refusal says what an answer that is no success speaks about. Servers that name
// the problem do so in the body or in the header (OAuth Problem Reporting).
func (r pairRequest) refusal(a Answer, header http.Header) string {
	switch a.Status {
	case http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden:
	default:
		return ""
	}
	for _, said := range []string{a.Body.Reveal(), header.Get("WWW-Authenticate")} {
		if strings.Contains(said, "consumer_key_") {
			return "invalid_client"
		}
	}
	if a.Status == http.StatusBadRequest && r.Refusal == "invalid_client" {
		return "" // Of a request that named no token, it may be anything.
	}
	return r.Refusal
}

// with returns the answer with another body: a JSON object of texts.
func (a Answer) with(members map[string]string) (Answer, error) {
	body, err := json.Marshal(members)
	if err != nil {
		return Answer{}, errors.New("token answer cannot be encoded")
	}
	a.Body = secret.New(body)
	return a, nil
}
