package client

import (
	"context"
	"crypto/rand"
	"errors"
	random "math/rand/v2"
	"net/http"
	"reflect"
	"time"

	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/routes"
)

// How often a request is sent, and the pauses between: the first doubles up to the
// longest, and about half of it is chance. Whoever is told to come back later than
// longestRest is not kept waiting.
const (
	maxTries    = 4
	firstRest   = 250 * time.Millisecond
	longestRest = 20 * time.Second
)

const keyHeader = "Idempotency-Key"

// key returns the key under which an operation may be repeated: that of the caller,
// a new one where the operation takes one and the caller has none, or nothing.
func (c *Client) key(in reflect.Value) string {
	for _, f := range reflect.VisibleFields(in.Type()) {
		if f.Tag.Get("header") != keyHeader {
			continue
		}
		if given := in.FieldByIndex(f.Index).String(); given != "" || c.tries < 2 {
			return given
		}
		return rand.Text()
	}
	return ""
}

// lostError says that no answer came, or not all of it: what was asked for may have
// been done.
type lostError struct{ error }

func (l lostError) Unwrap() error { return l.error }

// repeatable reports whether a request that failed may be sent again.
func repeatable(req *http.Request, r *routes.Route, err error) bool {
	lease := r == routes.ConnectionLease.Route || r == routes.BindingLease.Route
	harmless := req.Method == http.MethodGet || lease || req.Header.Get(keyHeader) != ""
	if _, lost := errors.AsType[lostError](err); lost {
		return harmless
	}
	p, answered := errors.AsType[*Problem](err)
	switch {
	case !answered:
		return false
	case p.Code == fault.CodeIdempotencyPending:
		return true // The answer to the first request comes to the next one.
	case p.Code == "" && p.Status >= http.StatusBadGateway && p.Status <= http.StatusGatewayTimeout:
		return harmless // Who answered does not know whether it was done.
	case p.Status == http.StatusTooManyRequests, p.Status == http.StatusServiceUnavailable:
		return harmless || req.Method == http.MethodPut || req.Method == http.MethodDelete
	}
	return false
}

// rest waits before a request is sent for the n+1st time, and reports whether it
// is to be sent.
func rest(ctx context.Context, n int, err error) bool {
	pause := min(firstRest<<(n-1), longestRest)
	pause = pause/2 + random.N(pause/2)
	if p, answered := errors.AsType[*Problem](err); answered && p.RetryAfter > 0 {
		pause = p.RetryAfter + random.N(firstRest)
	}
	deadline, bounded := ctx.Deadline()
	if pause > longestRest || bounded && time.Until(deadline) < pause {
		return false
	}
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}
