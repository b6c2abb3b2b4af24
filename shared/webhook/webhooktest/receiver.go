package webhooktest

import (
	"context"
	"io"
	"net/http"
	"strings"
	"sync"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

// Receiver is a method.Doer that takes webhooks. It is safe for concurrent use;
// its fields must not change while it is in use, but for those that SetAnswer
// changes.
type Receiver struct {
	// Hold, when not nil, is called before the answer with the context of the
	// request, and its error is that of the request.
	Hold func(context.Context) error

	mu     sync.Mutex
	status int
	header http.Header
	err    error
	got    []Request
}

// Request is one that came in.
type Request struct {
	URL    string
	Header http.Header
	Body   []byte
}

// Verify reports whether the library of Standard Webhooks takes the request for
// one that was signed with the secret, and not too long ago.
func (r Request) Verify(secret string) error {
	w, err := standardwebhooks.NewWebhook(secret)
	if err != nil {
		return err
	}
	return w.Verify(r.Body, r.Header)
}

// VerifySignature is Verify at any time.
func (r Request) VerifySignature(secret string) error {
	w, err := standardwebhooks.NewWebhook(secret)
	if err != nil {
		return err
	}
	return w.VerifyIgnoringTimestamp(r.Body, r.Header)
}

// SetAnswer sets how requests are answered from now on: with a status, 200 at
// first, or with an error instead.
func (r *Receiver) SetAnswer(status int, header http.Header, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.status, r.header, r.err = status, header, err
}

// Requests returns what came in, oldest first.
func (r *Receiver) Requests() []Request {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]Request(nil), r.got...)
}

// Do implements method.Doer.
func (r *Receiver) Do(request *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(request.Body)
	if err != nil {
		return nil, err
	}
	r.mu.Lock()
	r.got = append(r.got, Request{URL: request.URL.String(), Header: request.Header.Clone(), Body: body})
	status, header, failure := r.status, r.header, r.err
	r.mu.Unlock()
	if r.Hold != nil {
		if err := r.Hold(request.Context()); err != nil {
			return nil, err
		}
	}
	if failure != nil {
		return nil, failure
	}
	if status == 0 {
		status = http.StatusOK
	}
	return &http.Response{StatusCode: status, Header: header.Clone(), Body: io.NopCloser(strings.NewReader("canary in the answer"))}, nil
}
