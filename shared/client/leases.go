package client

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"

	"github.com/tenonhq/tenon/shared/api"
)

// How long a lease is used. It is asked for again after leaseAge, so that a pause
// or another binding takes effect; where nobody answers then, it serves to
// longestAge. What ends sooner is not used for its last tokenMargin, or for the
// second half of what is left of a short life.
const (
	leaseAge   = unknownExpiry
	longestAge = 15 * time.Minute
	leasePause = 5 * time.Second  // Until a lease that nobody answered is asked for again.
	vainPause  = 10 * time.Second // Until another credential is asked for again, when there was none.
	leaseTime  = time.Minute      // At most, for one lease with its repetitions.
)

// held is a lease in use.
type held struct {
	lease api.Lease
	base  http.RoundTripper // Sends the requests, and shows the client certificate.
	until time.Time         // Another lease is asked for then.
	end   time.Time         // It serves no longer than that.
}

// key says which credential it is.
func (h *held) key() key { return key{h.lease.ConnectionID, h.lease.TokenVersion} }

type key struct {
	connection string
	version    int
}

// leases is the current lease of one connection or binding. However many callers
// there are, one request is under way.
type leases struct {
	ask func(ctx context.Context, refused int) (api.Lease, error)
	use func(l api.Lease, prior *held) (*held, error)

	mu      sync.Mutex
	current *held
	refused key       // The credential that the system refused last; zero for none.
	vain    time.Time // No other credential is asked for before.
	flight  *flight
}

// flight is one request for a lease.
type flight struct {
	done    chan struct{} // Closed when the others are set.
	refused key
	held    *held
	err     error
}

// get returns the current lease, or asks for one.
func (l *leases) get(ctx context.Context) (*held, error) {
	for {
		l.mu.Lock()
		if l.current != nil && l.current.key() != l.refused && time.Now().Before(l.current.until) {
			defer l.mu.Unlock()
			return l.current, nil
		}
		if l.flight == nil {
			l.flight = &flight{done: make(chan struct{}), refused: l.refused}
			go l.fly(context.WithoutCancel(ctx), l.flight)
		}
		f, ours := l.flight, l.flight.refused == l.refused
		l.mu.Unlock()
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-f.done:
		}
		if ours {
			return f.held, f.err
		}
	}
}

// fly asks for a lease, for whoever waits: nobody's hanging up ends it.
func (l *leases) fly(ctx context.Context, f *flight) {
	ctx, cancel := context.WithTimeout(ctx, leaseTime)
	defer cancel()
	began := time.Now()
	lease, err := l.ask(ctx, f.refused.version)
	l.mu.Lock()
	defer l.mu.Unlock()
	defer close(f.done)
	l.flight = nil
	if err == nil {
		f.held, err = l.use(lease, l.current)
	}
	if err != nil {
		f.held, f.err = l.instead(err)
		return
	}
	f.held.until, f.held.end = term(began, time.Now(), lease.ExpiresAt)
	l.current = f.held
	if f.refused == l.refused {
		if f.held.key() == f.refused {
			l.vain = time.Now().Add(vainPause)
		}
		l.refused = key{}
	}
}

// instead returns the lease that there is, while it serves, where there is no
// answer to the request for another one. An answer that refuses it stands.
func (l *leases) instead(err error) (*held, error) {
	var p *Problem
	refused := errors.As(err, &p) && p.Status < http.StatusInternalServerError && p.Status != http.StatusTooManyRequests
	if now := time.Now(); !refused && l.current != nil && l.current.key() != l.refused && now.Before(l.current.end) {
		serving := *l.current
		serving.until = now.Add(leasePause)
		l.current = &serving
		return l.current, nil
	}
	if refused {
		l.current = nil
	}
	return nil, err
}

// refuse takes note that the system refused the credential.
func (l *leases) refuse(h *held) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.current != nil && l.current.key() == h.key() && !time.Now().Before(l.vain) {
		l.refused = h.key()
	}
}

// peek returns the lease that there is.
func (l *leases) peek() *held {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.current
}

// term says how long a lease is used that was asked for at began and came at now.
func term(began, now time.Time, expires *time.Time) (until, end time.Time) {
	until, end = began.Add(leaseAge), began.Add(longestAge)
	if expires == nil {
		return until, end
	}
	last := expires.Add(-min(tokenMargin, expires.Sub(now)/2))
	if last.Before(until) {
		until = last
	}
	if expires.Before(end) {
		end = *expires
	}
	return until, end
}
