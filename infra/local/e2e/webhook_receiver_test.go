package e2e_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

// receiver is a tenant's own server that takes webhooks.
type receiver struct {
	url string

	mu     sync.Mutex
	answer int
	got    []hook
}

// hook is one request, and how it was answered.
type hook struct {
	header http.Header
	body   string
	answer int
}

func newReceiver(t *testing.T, e *environment) *receiver {
	t.Helper()
	r := &receiver{answer: http.StatusNoContent}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		body, err := io.ReadAll(request.Body)
		if err != nil {
			return // The sender will see the same error.
		}
		e.evidence.add("webhook", []byte(dump(request.Header)+string(body)))
		r.mu.Lock()
		defer r.mu.Unlock()
		r.got = append(r.got, hook{request.Header, string(body), r.answer})
		w.WriteHeader(r.answer)
	}))
	t.Cleanup(server.Close)
	r.url = server.URL + "/tenon"
	return r
}

// answers sets how requests are answered from now on.
func (r *receiver) answers(status int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.answer = status
}

// hooks returns what came in, oldest first.
func (r *receiver) hooks() []hook {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.got)
}

// verify checks the signature as a receiver with that secret would.
func (h hook) verify(secret string) error {
	w, err := standardwebhooks.NewWebhook(secret)
	if err != nil {
		return err
	}
	return w.Verify([]byte(h.body), h.header)
}
