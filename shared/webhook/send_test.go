package webhook_test

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tenonhq/tenon/shared/egress"
	"github.com/tenonhq/tenon/shared/webhook"
)

// The dialer decides, also for an endpoint that was stored without a check.
func TestWHK02InternalTargetIsNotReached(t *testing.T) {
	t.Parallel()
	var hits atomic.Int64
	server := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { hits.Add(1) }))
	t.Cleanup(server.Close)
	w := newWorld(t)
	w.CheckURL = func(string) error { return nil }
	w.Sender.HTTP = egress.New(egress.Config{})
	for _, target := range []string{
		server.URL, "https://169.254.169.254/latest/meta-data", "https://localhost/", "http://hooks.acme.com/", "https://tenon.internal/", "https://[::1]/", ":",
	} {
		e, _ := w.make(target)
		if r := w.send(e); r.Outcome != webhook.EgressDenied {
			t.Errorf("%s: got %+v", target, r)
		}
	}
	if n := hits.Load(); n > 0 {
		t.Errorf("reached %d times", n)
	}
}

func TestWHK02RedirectIsNotFollowed(t *testing.T) {
	t.Parallel()
	var hits atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(out http.ResponseWriter, in *http.Request) {
		if in.URL.Path == "/inside" {
			hits.Add(1)
		}
		http.Redirect(out, in, "/inside", http.StatusTemporaryRedirect)
	}))
	t.Cleanup(server.Close)
	w := newWorld(t)
	w.CheckURL = func(string) error { return nil }
	w.Sender.HTTP = egress.New(egress.Config{InsecureLoopback: true})
	e, _ := w.make(server.URL + "/hook")
	if r := w.send(e); r.Outcome != webhook.Redirected || r.Status != 307 || hits.Load() > 0 {
		t.Errorf("got %+v, the target was reached %d times", r, hits.Load())
	}
}

func TestWHK02SlowTargetIsGivenUpAfterFiveSeconds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		e, _ := w.make(address)
		w.receiver.Hold = func(ctx context.Context) error {
			select {
			case <-time.After(10 * time.Second):
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		w.Sender.Now = time.Now
		if r := w.send(e); r.Outcome != webhook.TimedOut || r.Took != 5*time.Second {
			t.Errorf("got %+v", r)
		}
	})
}

// endless is the body of an answer that never ends.
type endless struct{ read int }

func (e *endless) Read(p []byte) (int, error) {
	e.read += len(p)
	return len(p), nil
}

func (*endless) Close() error { return nil }

type answering struct{ body io.ReadCloser }

func (a answering) Do(*http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: 200, Header: http.Header{}, Body: a.body}, nil
}

func TestWHK02LongAnswerIsNotRead(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	e, _ := w.make(address)
	body := new(endless)
	w.Sender.HTTP = answering{body}
	if r := w.send(e); r.Outcome != webhook.Delivered || body.read > 8<<10 {
		t.Errorf("got %+v, read %d bytes", r, body.read)
	}
}

func TestOutcomes(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		status int
		err    error
		want   webhook.Outcome
	}{
		{200, nil, webhook.Delivered},
		{204, nil, webhook.Delivered},
		{301, nil, webhook.Redirected},
		{400, nil, webhook.Rejected},
		{410, nil, webhook.WasGone},
		{429, nil, webhook.RateLimited},
		{500, nil, webhook.ServerError},
		{503, nil, webhook.ServerError},
		{0, errors.New(`Post "https://hooks.acme.com/tenon?token=canary": EOF`), webhook.Unreachable},
		{0, &tls.CertificateVerificationError{Err: errors.New("canary")}, webhook.TLSError},
		{0, context.DeadlineExceeded, webhook.TimedOut},
	} {
		w := newWorld(t)
		e, _ := w.make(address)
		w.receiver.SetAnswer(test.status, nil, test.err)
		r := w.send(e)
		if r.Outcome != test.want || r.Status != test.status {
			t.Errorf("%d %v: got %+v, want %s", test.status, test.err, r, test.want)
		}
		if r.Err != nil && strings.Contains(r.Err.Error(), "canary") {
			t.Errorf("the error holds the URL: %v", r.Err)
		}
	}
}

func TestRetryAfter(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	e, _ := w.make(address)
	for text, want := range map[string]time.Duration{
		"":                     0,
		"120":                  2 * time.Minute,
		"86400":                time.Hour,
		"99999999999999999999": time.Hour,
		"-5":                   0,
		"soon":                 0,
		w.now.Add(10 * time.Minute).Format(http.TimeFormat): 10 * time.Minute,
		w.now.AddDate(0, 0, 1).Format(http.TimeFormat):      time.Hour,
		w.now.Add(-time.Minute).Format(http.TimeFormat):     0,
	} {
		w.receiver.SetAnswer(503, http.Header{"Retry-After": {text}}, nil)
		if got := w.send(e).Wait; (got - want).Abs() > time.Second {
			t.Errorf("%q: got %v, want %v", text, got, want)
		}
	}
}
