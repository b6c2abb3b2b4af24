// Package outage tells a provider in trouble from a credential that is dead. It
// counts, over all functions, how token requests to each provider end, stops
// sending when most of them fail, and does not believe refusals that come for
// many connections at once. It does the same for the APIs that connections are
// checked at, and lets background work call a small provider only at its pace. It
// depends on packages api, audit, auth, catalog, fault, id,
// metric and notify.
//
// A healthy provider costs one read for each token request and no write: counts
// begin with the first failure. What is lost when the store fails is a count;
// trouble with the store never stops a refresh.
package outage

import (
	"context"
	"time"
)

// Record is what is known of one provider. Zero times are of what is not so.
type Record struct {
	Provider string // As in Pass.

	// How the calls since MinuteAt ended; of the minute that a failure began.
	MinuteAt        time.Time
	Calls, Failures int
	OpenedAt        time.Time // When sending was stopped.
	ProbeAt         time.Time // While it is stopped: when the next call may try.
	RecoveredAt     time.Time // When the first call after a stop succeeded.

	// How the token requests since StormAt ended; of the ten minutes that a
	// definitive refusal began.
	StormAt           time.Time
	Answered, Refused int
	HeldSince         time.Time // When refusals stopped being believed.
	HeldUntil         time.Time // When they are believed again.

	// What was found of the connections examined since ExaminedAt; of the ten
	// minutes that a failure began.
	ExaminedAt time.Time
	Well       int
	Failing    []int64 // Marks of different connections: their tenant's, then 32 bits of their own.

	// Of a provider with a pace, under a key of its own.
	TurnAt time.Time   // When the next call may be made.
	Slots  []time.Time // Until when the places that are taken are.

	Version int64
}

// Store keeps the records, those of all tenants together.
type Store interface {
	// Get returns the record, which may be a moment old: that of a provider
	// that was never in trouble has only its name.
	Get(ctx context.Context, provider string) (Record, error)
	// Update works as connection.Store.Update does, and makes the record if
	// there is none.
	Update(ctx context.Context, provider string, change func(*Record) error) (Record, error)
	// List returns all records, in the order of their names.
	List(ctx context.Context) ([]Record, error)
}

// When a provider counts as failing, and how it is tried again.
const (
	minute       = time.Minute
	leastCalls   = 20 // Fewer say nothing.
	leastRamping = 5  // The same while calls are let through step by step.
	probePause   = 30 * time.Second
	rampTime     = 5 * time.Minute
	rampStart    = 0.1 // Share of the connections that may call at once.
)

// When refusals are too many to be believed, and for how long they are not.
const (
	stormTime    = 10 * time.Minute
	leastRefused = 20
	stormShare   = 20 // One in so many.
	holdTime     = time.Hour
	longestHold  = 24 * time.Hour // After that a person has had the time to look, and for as long all are believed.
)

// open reports whether sending is stopped.
func (r *Record) open() bool { return !r.OpenedAt.IsZero() }

// ramping reports whether calls are let through step by step.
func (r *Record) ramping(now time.Time) bool {
	return !r.RecoveredAt.IsZero() && now.Sub(r.RecoveredAt) < rampTime
}

// counting reports whether failures are being counted.
func (r *Record) counting(now time.Time) bool {
	return r.Failures > 0 && now.Sub(r.MinuteAt) < minute
}

// storming reports whether refusals are being counted.
func (r *Record) storming(now time.Time) bool {
	return r.Refused > 0 && now.Sub(r.StormAt) < stormTime
}

// count adds a call, and stops sending when most calls fail. It reports whether
// it did.
func (r *Record) count(now time.Time, failed bool) (stopped bool) {
	if !r.counting(now) {
		r.MinuteAt, r.Calls, r.Failures = now, 0, 0
	}
	r.Calls++
	if failed {
		r.Failures++
	}
	least := leastCalls
	if r.ramping(now) {
		least = leastRamping
	}
	if r.open() || r.Calls < least || 2*r.Failures <= r.Calls {
		return false
	}
	r.OpenedAt, r.ProbeAt, r.RecoveredAt = now, now.Add(probePause), time.Time{}
	return true
}

// close lets calls through again, a tenth of the connections at first.
func (r *Record) close(now time.Time) {
	r.OpenedAt, r.ProbeAt, r.RecoveredAt = time.Time{}, time.Time{}, now
	r.MinuteAt, r.Calls, r.Failures = time.Time{}, 0, 0
	r.ExaminedAt, r.Well, r.Failing = time.Time{}, 0, nil
}

// refuse adds a definitive refusal. held says that it is not to be believed,
// began that this is the first one that is not.
func (r *Record) refuse(now time.Time) (held, began bool) {
	if !r.storming(now) {
		r.StormAt, r.Answered, r.Refused = now, 0, 0
	}
	r.Refused++
	was := now.Before(r.HeldUntil)
	if r.Refused > leastRefused && r.Refused*stormShare > r.Answered+r.Refused {
		switch {
		case !was && now.Sub(r.HeldSince) >= 2*longestHold:
			r.HeldSince, r.HeldUntil = now, now.Add(holdTime)
		case !r.confirmed():
			r.HeldUntil = earlier(now.Add(holdTime), r.HeldSince.Add(longestHold))
		}
	}
	held = now.Before(r.HeldUntil)
	return held, held && !was
}

// confirm ends the hold: what is refused is believed.
func (r *Record) confirm(now time.Time) { r.HeldSince, r.HeldUntil = now, now }

// confirmed reports whether a person ended the last hold.
func (r *Record) confirmed() bool { return r.HeldUntil.Equal(r.HeldSince) }

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}
