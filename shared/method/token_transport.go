package method

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/secret"
)

// The bounds of one token call: the whole exchange, and what is read of the
// answer after decompression.
const (
	tokenTimeout = 12 * time.Second
	answerLimit  = 1 << 20
)

// standIn is all that golang.org/x/oauth2 ever sees of a token endpoint.
const standIn = `{"access_token":"kept-elsewhere"}`

// tokenTransport stands between golang.org/x/oauth2 and a token endpoint and
// keeps the answer from the library, which would parse it before it is written
// ahead, quote it in errors, and send the request again when it does not like
// it. It is good for one request.
type tokenTransport struct {
	doer   Doer
	json   bool // The body is sent as a JSON object.
	once   sync.Once
	answer Answer
	err    error // Why there is no answer.
}

// RoundTrip implements http.RoundTripper. It always succeeds with the stand-in,
// and it sends nothing the second time.
func (t *tokenTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	t.once.Do(func() { t.answer, t.err = t.exchange(req) })
	return &http.Response{
		StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}},
		Body: io.NopCloser(strings.NewReader(standIn)), Request: req,
	}, nil
}

// exchange sends the request as one for JSON.
func (t *tokenTransport) exchange(built *http.Request) (Answer, error) {
	req := built.Clone(built.Context())
	req.Header.Set("Accept", "application/json")
	if t.json {
		if err := encodeJSON(req); err != nil {
			return Answer{}, err
		}
	}
	answer, _, err := exchange(t.doer, req)
	return answer, err
}

// exchange sends a request for a token once and reads the whole answer.
func exchange(doer Doer, built *http.Request) (Answer, http.Header, error) {
	ctx, cancel := context.WithTimeout(built.Context(), tokenTimeout)
	defer cancel()
	req := built.Clone(ctx)
	// Without GetBody net/http has no way to send the body a second time on
	// its own, and no other request is put on the connection.
	req.GetBody = nil
	req.Close = true
	res, err := doer.Do(req)
	if err != nil {
		return Answer{}, nil, Unreachable(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, answerLimit+1))
	if err != nil {
		return Answer{}, nil, Unreachable(err)
	}
	if len(body) > answerLimit {
		return Answer{}, nil, fault.New(fault.Upstream, fault.CodeProviderError, "The token endpoint's answer is too large.")
	}
	return Answer{Status: res.StatusCode, RetryAfter: retryAfter(res.Header), Body: secret.New(body)}, res.Header, nil
}

// encodeJSON turns the form of a request into a JSON object of texts. What is
// wrong with a form is wrong before anything is sent.
func encodeJSON(req *http.Request) error {
	text, err := io.ReadAll(req.Body)
	if err != nil {
		return fmt.Errorf("%w: read form", ErrNotSent)
	}
	form, err := url.ParseQuery(string(text))
	if err != nil {
		return fmt.Errorf("%w: parse form", ErrNotSent)
	}
	members := make(map[string]string, len(form))
	for name := range form {
		members[name] = form.Get(name)
	}
	body, err := json.Marshal(members)
	if err != nil {
		return fmt.Errorf("%w: encode form", ErrNotSent)
	}
	req.Body, req.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	req.Header.Set("Content-Type", "application/json")
	return nil
}

// retryAfter reads RFC 9110 10.2.3, capped at an hour; nonsense is zero. A date
// is judged by the clock of the server that wrote it, where it says what it is.
func retryAfter(h http.Header) time.Duration {
	sent := h.Get("Retry-After")
	if seconds, err := strconv.ParseFloat(sent, 64); err == nil {
		if !(seconds > 0) { // As NaN is not either.
			return 0
		}
		return time.Duration(min(seconds, time.Hour.Seconds()) * float64(time.Second))
	}
	at, err := http.ParseTime(sent)
	if err != nil {
		return 0
	}
	now, err := http.ParseTime(h.Get("Date"))
	if err != nil {
		now = time.Now()
	}
	return min(max(at.Sub(now), 0), time.Hour)
}
