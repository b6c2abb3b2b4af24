package webhook

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/notify"
	"github.com/tenonhq/tenon/shared/vault"
)

// The bounds of one attempt.
const (
	timeout      = 5 * time.Second
	answerLimit  = 1 << 10 // Of an answer's body, which nobody looks at.
	longestRetry = time.Hour
)

// Outcome says how an attempt went.
type Outcome string

// The outcomes.
const (
	Delivered    Outcome = "delivered"     // 2xx.
	Redirected   Outcome = "redirected"    // 3xx, which is not followed.
	Rejected     Outcome = "rejected"      // 4xx.
	WasGone      Outcome = "gone"          // 410.
	RateLimited  Outcome = "rate_limited"  // 429.
	ServerError  Outcome = "server_error"  // Anything else.
	TimedOut     Outcome = "timeout"       // No answer in five seconds.
	TLSError     Outcome = "tls_error"     // No secure connection.
	Unreachable  Outcome = "unreachable"   // No connection, or one that broke.
	EgressDenied Outcome = "egress_denied" // The address is none that may be reached.
	Unsigned     Outcome = "unsigned"      // The secret, or the tenant's key, cannot be used. Nothing was sent.
)

// Result is what came of an attempt.
type Result struct {
	Outcome Outcome
	Status  int // Of the answer; 0 without one.
	Took    time.Duration
	Wait    time.Duration // What the answer asks for before the next attempt, at most an hour.
	Err     error         // For the log, where there was no answer. It does not hold the URL.
}

// Sender sends events to endpoints.
type Sender struct {
	HTTP   method.Doer // Reaches public addresses only and follows no redirect.
	Sealer *vault.Sealer
	Now    func() time.Time
}

// Send makes one attempt.
func (s *Sender) Send(ctx context.Context, e Endpoint, event notify.Event) Result {
	begun := s.Now()
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	request, err := s.request(ctx, e, event, begun)
	if fault.Has(err, fault.CodeEgressDenied) {
		return Result{Outcome: EgressDenied, Err: err}
	}
	if err != nil {
		return Result{Outcome: Unsigned, Err: err}
	}
	answer, err := s.HTTP.Do(request)
	if err != nil {
		f := method.Unreachable(err)
		return Result{Outcome: unanswered(f.Code), Took: s.Now().Sub(begun), Err: f}
	}
	defer answer.Body.Close()
	_, _ = io.CopyN(io.Discard, answer.Body, answerLimit) // So that the connection serves again, where the answer is short.
	took := s.Now().Sub(begun)
	return Result{Outcome: answered(answer.StatusCode), Status: answer.StatusCode, Took: took, Wait: wait(answer.Header, begun)}
}

func (s *Sender) request(ctx context.Context, e Endpoint, event notify.Event, at time.Time) (*http.Request, error) {
	body, err := event.Body()
	if err != nil {
		return nil, err
	}
	secrets, err := open(ctx, s.Sealer, e, at)
	if err != nil {
		return nil, err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, e.URL, bytes.NewReader(body))
	if err != nil {
		return nil, fault.New(fault.Invalid, fault.CodeEgressDenied, "The URL is none.") // The error would hold it.
	}
	for name, value := range map[string]string{
		"Content-Type": "application/json", "User-Agent": "Tenon-Webhooks/1",
		"Webhook-Id": event.ID, "Webhook-Timestamp": strconv.FormatInt(at.Unix(), 10), "Webhook-Signature": signature(secrets, event.ID, at, body),
	} {
		request.Header.Set(name, value)
	}
	return request, nil
}

func answered(status int) Outcome {
	switch {
	case status >= 200 && status < 300:
		return Delivered
	case status >= 300 && status < 400:
		return Redirected
	case status == http.StatusGone:
		return WasGone
	case status == http.StatusTooManyRequests:
		return RateLimited
	case status >= 400 && status < 500:
		return Rejected
	}
	return ServerError
}

func unanswered(code fault.Code) Outcome {
	switch code {
	case fault.CodeEgressDenied:
		return EgressDenied
	case fault.CodeProviderTimeout:
		return TimedOut
	case fault.CodeProviderTLS:
		return TLSError
	}
	return Unreachable
}

// wait reads Retry-After (RFC 9110 10.2.3).
func wait(h http.Header, now time.Time) time.Duration {
	text := h.Get("Retry-After")
	seconds, err := strconv.Atoi(text)
	d := time.Duration(min(seconds, int(longestRetry.Seconds()))) * time.Second
	if at, notDate := http.ParseTime(text); err != nil && notDate == nil {
		d = at.Sub(now)
	}
	return max(0, min(d, longestRetry))
}
