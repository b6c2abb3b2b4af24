package client

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/fault"
)

// Calls are reported a hundred at once, or after half a minute, and one report is
// under way at a time. Beyond a thousand that wait, calls are not reported: what
// they tell about the health of a connection was told by the others.
const (
	reportSize     = 100
	reportInterval = 30 * time.Second
	reportTime     = 10 * time.Second
	reportsWaiting = 1000
)

// reporter tells how calls went, without holding them up. Of a call it knows when
// it was and its outcome, nothing else.
type reporter struct {
	send func(context.Context, api.CallReport) error

	mu      sync.Mutex
	waiting []reported
	timer   *time.Timer     // Runs while calls wait and none are being sent.
	flight  chan struct{}   // Closed when what is being sent is.
	mute    map[string]bool // Connections that are not the caller's to report of.
}

type reported struct {
	connection string
	call       api.Call
}

// add takes note of a call that has just ended.
func (r *reporter) add(connection, outcome string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.mute[connection] || len(r.waiting) >= reportsWaiting {
		return
	}
	r.waiting = append(r.waiting, reported{connection, api.Call{At: time.Now().UTC(), Outcome: outcome}})
	r.plan()
}

// plan begins to send, or sees to it that it is begun later.
func (r *reporter) plan() {
	switch {
	case r.flight != nil || len(r.waiting) == 0:
	case len(r.waiting) >= reportSize:
		r.begin()
	case r.timer == nil:
		r.timer = time.AfterFunc(reportInterval, func() {
			r.mu.Lock()
			defer r.mu.Unlock()
			if r.timer = nil; r.flight == nil {
				r.begin()
			}
		})
	}
}

func (r *reporter) begin() {
	if r.timer != nil {
		r.timer.Stop()
		r.timer = nil
	}
	r.flight = make(chan struct{})
	go r.drain(context.Background(), len(r.waiting))
}

// drain sends as many calls as wait when it begins. A report that fails is dropped.
func (r *reporter) drain(ctx context.Context, left int) {
	for left > 0 {
		batch := r.take(min(left, reportSize))
		left -= len(batch.Calls)
		within, cancel := context.WithTimeout(ctx, reportTime)
		err := r.send(within, batch)
		cancel()
		if Has(err, fault.CodeNotFound) || Has(err, fault.CodeForbidden) {
			r.silence(batch.ConnectionID)
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	close(r.flight)
	r.flight = nil
	r.plan()
}

// take removes the calls of one connection from the front.
func (r *reporter) take(most int) api.CallReport {
	r.mu.Lock()
	defer r.mu.Unlock()
	batch := api.CallReport{ConnectionID: r.waiting[0].connection}
	n := 0
	for ; n < most && r.waiting[n].connection == batch.ConnectionID; n++ {
		batch.Calls = append(batch.Calls, r.waiting[n].call)
	}
	r.waiting = append([]reported(nil), r.waiting[n:]...)
	return batch
}

func (r *reporter) silence(connection string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.mute == nil {
		r.mute = map[string]bool{}
	}
	r.mute[connection] = true
}

// flush sends what waits and returns when it is sent.
func (r *reporter) flush(ctx context.Context) error {
	for {
		r.mu.Lock()
		if r.flight == nil && len(r.waiting) > 0 {
			r.begin()
		}
		flight := r.flight
		r.mu.Unlock()
		if flight == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-flight:
		}
	}
}

// The outcomes of package catalog that a call may have.
const (
	authError       = "auth_error"
	permissionError = "permission_error"
	rateLimited     = "rate_limited"
	providerError   = "provider_error"
	networkError    = "network_error"
	ok              = "ok"
)

// outcome classifies a call. One that the program gave up says nothing.
func outcome(ctx context.Context, res *http.Response, err error) string {
	switch {
	case err != nil && errors.Is(ctx.Err(), context.Canceled):
		return ""
	case err != nil:
		return networkError
	case res.StatusCode == http.StatusUnauthorized:
		return authError
	case res.StatusCode == http.StatusForbidden:
		return permissionError
	case res.StatusCode == http.StatusTooManyRequests:
		return rateLimited
	case res.StatusCode >= http.StatusInternalServerError:
		return providerError
	}
	return ok
}
