package method

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/secret"
)

// The bounds of one token call: the whole exchange, and what is read of the
// answer after decompression.
const (
	tokenTimeout = 12 * time.Second
	answerLimit  = 1 << 20
)

// TokenRequest is one POST to a token endpoint, ready to be sent.
type TokenRequest struct {
	URL          string
	Form         map[string]secret.Bytes
	ClientAuth   string // client_secret_basic, client_secret_post, none.
	ClientKey    int    // Target.ClientKey; zero for a client of the connection's own.
	ClientID     string
	ClientSecret secret.Bytes
}

// Answer is what a token endpoint said, before anyone looked into it. The
// encoded form is what is written ahead of parsing.
type Answer struct {
	Status     int
	RetryAfter time.Duration
	ClientKey  int // Of the request.
	Body       secret.Bytes
}

// answerForm is the sealed form of an Answer.
type answerForm struct {
	Status     int    `json:"s"`
	RetryAfter int64  `json:"r,omitempty"` // Nanoseconds.
	ClientKey  int    `json:"c,omitempty"`
	Body       []byte `json:"b"`
}

// Encode returns the form that is sealed and written ahead.
func (a Answer) Encode() (secret.Bytes, error) {
	b, err := json.Marshal(answerForm{a.Status, int64(a.RetryAfter), a.ClientKey, []byte(a.Body.Reveal())})
	if err != nil {
		return secret.Bytes{}, errors.New("token answer cannot be encoded")
	}
	return secret.New(b), nil
}

// DecodeAnswer reads what Encode wrote.
func DecodeAnswer(stored secret.Bytes) (Answer, error) {
	var f answerForm
	if err := json.Unmarshal([]byte(stored.Reveal()), &f); err != nil {
		return Answer{}, errors.New("stored token answer cannot be decoded")
	}
	return Answer{Status: f.Status, RetryAfter: time.Duration(f.RetryAfter), ClientKey: f.ClientKey, Body: secret.New(f.Body)}, nil
}

// Succeeded reports whether the status is a success, whatever the body holds.
func (a Answer) Succeeded() bool { return a.Status >= 200 && a.Status <= 299 }

// Send posts the request exactly once (RFC 6749 3.2). It never repeats: a
// token request that was sent may have been carried out, whatever came back.
func (r TokenRequest) Send(ctx context.Context, d Doer) (Answer, error) {
	ctx, cancel := context.WithTimeout(ctx, tokenTimeout)
	defer cancel()
	req, err := r.build(ctx)
	if err != nil {
		return Answer{}, err
	}
	res, err := d.Do(req)
	if err != nil {
		return Answer{}, Unreachable(err)
	}
	defer res.Body.Close()
	if res.StatusCode >= 300 && res.StatusCode < 400 {
		return Answer{}, fault.New(fault.Upstream, fault.CodeProviderError, "The token endpoint answered with a redirect, which is not followed.")
	}
	body, err := io.ReadAll(io.LimitReader(res.Body, answerLimit+1))
	if err != nil {
		return Answer{}, Unreachable(err)
	}
	if len(body) > answerLimit {
		return Answer{}, fault.New(fault.Upstream, fault.CodeProviderError, "The token endpoint's answer is too large.")
	}
	return Answer{Status: res.StatusCode, RetryAfter: retryAfter(res.Header.Get("Retry-After")), ClientKey: r.ClientKey, Body: secret.New(body)}, nil
}

func (r TokenRequest) build(ctx context.Context) (*http.Request, error) {
	form := url.Values{}
	for name, value := range r.Form {
		form.Set(name, value.Reveal())
	}
	switch r.ClientAuth {
	case "client_secret_post":
		form.Set("client_id", r.ClientID)
		form.Set("client_secret", r.ClientSecret.Reveal())
	case "none":
		form.Set("client_id", r.ClientID)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, r.URL, strings.NewReader(form.Encode()))
	if err != nil {
		return nil, errors.New("token endpoint URL is not valid")
	}
	// Without GetBody, and with a fresh connection, net/http has no way to
	// send the body a second time on its own.
	req.GetBody = nil
	req.Close = true
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Accept", "application/json")
	if r.ClientAuth == "client_secret_basic" {
		// RFC 6749 2.3.1: both parts are form-encoded before they are joined.
		pair := url.QueryEscape(r.ClientID) + ":" + url.QueryEscape(r.ClientSecret.Reveal())
		req.Header.Set("Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(pair)))
	}
	return req, nil
}

// ErrNotSent is wrapped by what Unreachable returns when the request cannot
// have reached the system: no connection to it was made.
var ErrNotSent = errors.New("nothing was sent")

// Unreachable classifies a transport error. The error text of net/http holds
// the URL, which may hold a secret, so only its kind is kept.
func Unreachable(err error) *fault.Error {
	var f *fault.Error
	if errors.As(err, &f) {
		return f
	}
	var (
		certificate *tls.CertificateVerificationError
		authority   x509.UnknownAuthorityError
		hostname    x509.HostnameError
		record      tls.RecordHeaderError
		alert       tls.AlertError
		dial        *net.OpError
		timeout     interface{ Timeout() bool }
		cause       = errors.New("network")
	)
	switch {
	case errors.As(err, &certificate), errors.As(err, &authority), errors.As(err, &hostname), errors.As(err, &record), errors.As(err, &alert):
		return fault.New(fault.Upstream, fault.CodeProviderTLS, "No secure connection to the system could be made.").Because(fmt.Errorf("tls: %w", ErrNotSent))
	case errors.As(err, &dial) && dial.Op == "dial":
		cause = fmt.Errorf("dial: %w", ErrNotSent)
	}
	if errors.As(err, &timeout) && timeout.Timeout() {
		return fault.New(fault.UpstreamTimeout, fault.CodeProviderTimeout, "The system did not answer in time.").WithRemedy("retry").Because(cause)
	}
	return fault.New(fault.Upstream, fault.CodeProviderUnavailable, "The system could not be reached.").WithRemedy("retry").Because(cause)
}

// retryAfter reads RFC 9110 10.2.3, capped at an hour; nonsense is zero.
func retryAfter(v string) time.Duration {
	if v == "" {
		return 0
	}
	d, err := time.ParseDuration(v + "s")
	if err != nil {
		at, err := http.ParseTime(v)
		if err != nil {
			return 0
		}
		d = time.Until(at)
	}
	return min(max(d, 0), time.Hour)
}

// tokenURL expands the scheme's token endpoint.
func tokenURL(t Target) (string, error) {
	u, err := catalog.Expand(t.Scheme.OAuth.TokenURL, t.Values)
	if err != nil {
		return "", fmt.Errorf("token URL of %s: %w", t.Connector.ID, err)
	}
	return u, nil
}

// extend adds the scheme's own parameters to the form of a first grant; a
// refresh keeps to RFC 6749 6.
func extend(t Target, form map[string]secret.Bytes) map[string]secret.Bytes {
	for name, value := range t.Scheme.OAuth.TokenForm {
		form[name] = secret.FromString(value)
	}
	return form
}

// newTokenRequest returns a request with the grant's form.
func newTokenRequest(t Target, form map[string]secret.Bytes) (TokenRequest, error) {
	u, err := tokenURL(t)
	if err != nil {
		return TokenRequest{}, err
	}
	return TokenRequest{URL: u, Form: form, ClientAuth: t.Scheme.OAuth.ClientAuth, ClientKey: t.ClientKey, ClientID: t.ClientID, ClientSecret: t.ClientSecret}, nil
}
