package method_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/method/methodtest"
	"github.com/tenonhq/tenon/shared/secret"
)

// doer is a method.Doer of one function.
type doer func(*http.Request) (*http.Response, error)

func (d doer) Do(req *http.Request) (*http.Response, error) { return d(req) }

// via is the reach of a doer.
func via(d doer) method.Reach { return method.Reach{HTTP: d} }

func request() method.TokenRequest {
	return method.TokenRequest{
		URL: "https://auth.example.com/token?tenant=acme", ClientAuth: "client_secret_basic",
		ClientID: methodtest.ClientID, ClientSecret: secret.FromString(methodtest.ClientSecret),
		Form: map[string]secret.Bytes{"grant_type": secret.FromString("refresh_token"), "refresh_token": secret.FromString("refresh-canary")},
	}
}

// SSR-05: one POST, and nothing a client library could repeat it with, whatever
// comes back.
func TestREF10SendPostsOnce(t *testing.T) {
	t.Parallel()
	elsewhere := http.Header{"Location": {"https://evil.example/"}}
	for name, c := range map[string]struct {
		step methodtest.Step
		want fault.Code
	}{
		"success":            {methodtest.Step{Status: 200, Body: "{}"}, ""},
		"refusal":            {methodtest.Step{Status: 400, Body: "{}"}, ""},
		"server error":       {methodtest.Step{Status: 503}, ""},
		"redirect 301":       {methodtest.Step{Status: 301, Header: elsewhere}, fault.CodeProviderError},
		"redirect 307":       {methodtest.Step{Status: 307, Header: elsewhere}, fault.CodeProviderError},
		"redirect 308":       {methodtest.Step{Status: 308, Header: elsewhere}, fault.CodeProviderError},
		"redirect to nobody": {methodtest.Step{Status: 302}, fault.CodeProviderError},
		"broken connection":  {methodtest.Step{Err: io.ErrUnexpectedEOF}, fault.CodeProviderUnavailable},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := methodtest.New()
			p.Script("/token", c.step)
			sent := 0
			_, err := request().Send(t.Context(), via(func(req *http.Request) (*http.Response, error) {
				sent++
				if req.Method != http.MethodPost || req.GetBody != nil || !req.Close {
					t.Errorf("request: %s, body repeatable %v, fresh connection %v; want a POST that cannot be repeated", req.Method, req.GetBody != nil, req.Close)
				}
				return p.Do(req)
			}))
			if sent != 1 {
				t.Errorf("requests: got %d, want 1", sent)
			}
			if c.want == "" && err != nil || c.want != "" && !fault.Has(err, c.want) {
				t.Errorf("error: got %v, want %q", err, c.want)
			}
		})
	}
}

// OAF-21: RFC 6749 2.3.1 has both parts form-encoded before they are joined.
func TestClientAuthentication(t *testing.T) {
	t.Parallel()
	for how, want := range map[string]struct{ authorization, form string }{
		"client_secret_basic": {"Basic " + base64.StdEncoding.EncodeToString([]byte("cli%3Aent+%C3%A9:s%3Ae%2Bc%26r%25t")), "grant_type=refresh_token&refresh_token=refresh-canary"},
		"client_secret_post":  {"", "client_id=cli%3Aent+%C3%A9&client_secret=s%3Ae%2Bc%26r%25t&grant_type=refresh_token&refresh_token=refresh-canary"},
		"none":                {"", "client_id=cli%3Aent+%C3%A9&grant_type=refresh_token&refresh_token=refresh-canary"},
	} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			r := request()
			r.ClientAuth, r.ClientID, r.ClientSecret = how, "cli:ent é", secret.FromString("s:e+c&r%t")
			_, err := r.Send(t.Context(), via(func(req *http.Request) (*http.Response, error) {
				body, err := io.ReadAll(req.Body)
				if err != nil {
					t.Error(err)
				}
				if got := req.Header.Get("Authorization"); got != want.authorization {
					t.Errorf("Authorization: got %q, want %q", got, want.authorization)
				}
				if got := req.Header.Get("Accept"); got != "application/json" {
					t.Errorf("Accept: got %q, want application/json", got)
				}
				if string(body) != want.form || req.Header.Get("Content-Type") != "application/x-www-form-urlencoded" {
					t.Errorf("body: got %q (%s), want %q", body, req.Header.Get("Content-Type"), want.form)
				}
				return &http.Response{StatusCode: 200, Body: http.NoBody}, nil
			}))
			if err != nil {
				t.Fatal(err)
			}
		})
	}
}

// endless is a body that never ends; it counts what was read of it.
type endless struct{ read int }

func (e *endless) Read(b []byte) (int, error) {
	e.read += len(b)
	return len(b), nil
}

func (*endless) Close() error { return nil }

func TestAnswerIsReadUpToOneMebibyte(t *testing.T) {
	t.Parallel()
	body := new(endless)
	_, err := request().Send(t.Context(), via(func(*http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: 200, Body: body}, nil
	}))
	if !fault.Has(err, fault.CodeProviderError) {
		t.Errorf("Send: got %v, want provider_error", err)
	}
	if body.read > 2<<20 {
		t.Errorf("read %d bytes of an endless answer", body.read)
	}

	whole := strings.Repeat(" ", 1<<20)
	a, err := request().Send(t.Context(), via(func(*http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: 200, Body: io.NopCloser(strings.NewReader(whole))}, nil
	}))
	if err != nil || a.Body.Len() != 1<<20 {
		t.Errorf("Send of 1 MiB: got %d bytes, %v", a.Body.Len(), err)
	}
}

// drip is a body of one byte a second, without an end but that of its request.
type drip struct{ ctx context.Context }

func (d drip) Read(b []byte) (int, error) {
	select {
	case <-d.ctx.Done():
		return 0, d.ctx.Err()
	case <-time.After(time.Second):
		return 1, nil
	}
}

func (drip) Close() error { return nil }

// The whole exchange has 12 seconds, however the provider spends them.
func TestTOK09SlowProviderTimesOut(t *testing.T) {
	t.Parallel()
	silent := methodtest.New()
	silent.Script("/token", methodtest.Step{Hang: true})
	for name, d := range map[string]method.Doer{
		"TOK-09 no answer": silent,
		"TOK-09 a byte a second": doer(func(req *http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: 200, Body: drip{req.Context()}}, nil
		}),
	} {
		t.Run(name, func(t *testing.T) { slow(t, d) })
	}
}

func slow(t *testing.T, d method.Doer) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		_, err := request().Send(t.Context(), method.Reach{HTTP: d})
		if !fault.Has(err, fault.CodeProviderTimeout) || errors.Is(err, method.ErrNotSent) || time.Since(began) != 12*time.Second {
			t.Errorf("Send: got %v after %s, want provider_timeout after 12 s", err, time.Since(began))
		}
	})
}

func TestUnreachable(t *testing.T) {
	t.Parallel()
	dial := &net.OpError{Op: "dial", Net: "tcp", Err: errors.New("connection refused")}
	read := &net.OpError{Op: "read", Net: "tcp", Err: errors.New("connection reset")}
	denied := fault.New(fault.Unprocessable, fault.CodeEgressDenied, "No.")
	for name, c := range map[string]struct {
		err     error
		want    fault.Code
		notSent bool
	}{
		"deadline":            {context.DeadlineExceeded, fault.CodeProviderTimeout, false},
		"socket deadline":     {os.ErrDeadlineExceeded, fault.CodeProviderTimeout, false},
		"dial deadline":       {&net.OpError{Op: "dial", Err: os.ErrDeadlineExceeded}, fault.CodeProviderTimeout, true},
		"refused":             {dial, fault.CodeProviderUnavailable, true},
		"no such host":        {&net.OpError{Op: "dial", Err: &net.DNSError{Err: "no such host", Name: "auth.example.com"}}, fault.CodeProviderUnavailable, true},
		"reset":               {read, fault.CodeProviderUnavailable, false},
		"closed":              {io.EOF, fault.CodeProviderUnavailable, false},
		"unknown authority":   {x509.UnknownAuthorityError{}, fault.CodeProviderTLS, true},
		"another host's name": {x509.HostnameError{Certificate: new(x509.Certificate)}, fault.CodeProviderTLS, true},
		"expired":             {&tls.CertificateVerificationError{Err: x509.CertificateInvalidError{Reason: x509.Expired}}, fault.CodeProviderTLS, true},
		"no TLS at all":       {tls.RecordHeaderError{Msg: "first record does not look like a TLS handshake"}, fault.CodeProviderTLS, true},
		"alert":               {tls.AlertError(40), fault.CodeProviderTLS, true},
		"egress":              {denied, fault.CodeEgressDenied, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := method.Unreachable(&url.Error{Op: "Post", URL: "https://auth.example.com/token?key=canary", Err: c.err})
			if f.Code != c.want || errors.Is(f, method.ErrNotSent) != c.notSent {
				t.Errorf("got %v, not sent %v; want %s, %v", f, errors.Is(f, method.ErrNotSent), c.want, c.notSent)
			}
			// LEK-03: the text of net/http holds the URL.
			if strings.Contains(f.Error(), "canary") || strings.Contains(f.Error(), "example.com") {
				t.Errorf("the error names the URL: %v", f)
			}
		})
	}
}

// LEK-02 and LEK-03 for what is wrong on our side.
func TestRequestThatCannotBeBuilt(t *testing.T) {
	t.Parallel()
	r := request()
	r.URL = "https://auth.example.com/\x7ftoken?key=canary"
	_, err := r.Send(t.Context(), via(func(*http.Request) (*http.Response, error) {
		t.Error("a request was sent")
		return nil, io.EOF
	}))
	if err == nil || strings.Contains(err.Error(), "canary") {
		t.Errorf("Send: got %v, want an error that does not name the URL", err)
	}
}

// The clock of the bubble says midnight of 1 January 2000.
func TestOUT03RetryAfter(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const fiveMinutes, nextDay = "Sat, 01 Jan 2000 00:05:00 GMT", "Sun, 02 Jan 2000 00:05:00 GMT"
		for name, c := range map[string]struct {
			sent, date string
			want       time.Duration
		}{
			"nothing":                    {"", "", 0},
			"seconds":                    {"90", "", 90 * time.Second},
			"a fraction":                 {"1.5", "", 1500 * time.Millisecond},
			"zero":                       {"0", "", 0},
			"negative":                   {"-5", "", 0},
			"10^9":                       {"1000000000", "", time.Hour},
			"10^30":                      {"1000000000000000000000000000000", "", time.Hour},
			"infinite":                   {"Inf", "", time.Hour},
			"no number":                  {"NaN", "", 0},
			"a word":                     {"soon", "", 0},
			"date":                       {fiveMinutes, "", 5 * time.Minute},
			"past date":                  {"Fri, 31 Dec 1999 00:00:00 GMT", "", 0},
			"far date":                   {"Mon, 01 Jan 2035 00:00:00 GMT", "", time.Hour},
			"date, slow clock":           {fiveMinutes, "Fri, 31 Dec 1999 23:55:00 GMT", 10 * time.Minute},
			"date, clock a day ahead":    {nextDay, "Sun, 02 Jan 2000 00:00:00 GMT", 5 * time.Minute},
			"past date by its own clock": {fiveMinutes, "Sat, 01 Jan 2000 00:06:00 GMT", 0},
			"date, clock unreadable":     {fiveMinutes, "noon", 5 * time.Minute},
			"seconds, clock a day ahead": {"90", "Sun, 02 Jan 2000 00:00:00 GMT", 90 * time.Second},
		} {
			p := methodtest.New()
			p.Script("/token", methodtest.Step{Status: 429, Header: http.Header{"Retry-After": {c.sent}, "Date": {c.date}}})
			a, err := request().Send(t.Context(), method.Reach{HTTP: p})
			if err != nil || a.RetryAfter != c.want {
				t.Errorf("OUT-03 %s: got %s, %v; want %s", name, a.RetryAfter, err, c.want)
			}
			// It speaks about calls, not about the credential.
			_, err = a.Parse(catalog.Refresh{})
			if f := fault.From(err); f.Kind != fault.RateLimited || f.RetryAfter != c.want || a.Unknown() {
				t.Errorf("OUT-03 %s: got %v after %s, want rate_limited", name, err, f.RetryAfter)
			}
		}
	})
}
