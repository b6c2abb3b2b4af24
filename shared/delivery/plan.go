package delivery

import "time"

// backoff is how long is waited after each attempt that failed. The last attempt
// is a day after the first.
func backoff() []time.Duration {
	return []time.Duration{time.Minute, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 5 * time.Hour, 10 * time.Hour}
}

const (
	span = 24 * time.Hour // From the first attempt to the last.
	// patience is for how long after that an attempt that died is repeated.
	patience = time.Hour
	claim    = 2 * time.Minute // How long an attempt may take before it counts as dead: longer than a function runs.
	early    = 5 * time.Second // By how much a message may come early: clocks differ.
	jitter   = 0.2             // By which part a pause is longer or shorter.
)

// next returns when a delivery that failed is attempted again, zero for never.
// wait is what the other side asked for, random lies in [0, 1).
func (d *Delivery) next(now time.Time, wait time.Duration, random float64) time.Time {
	end := d.FirstAt.Add(span)
	if !d.LastAt.Before(end) {
		return time.Time{}
	}
	pauses := backoff()
	if d.Attempts > len(pauses) {
		return end
	}
	pause := time.Duration(float64(pauses[d.Attempts-1]) * (1 - jitter + 2*jitter*random))
	at := now.Add(max(pause, wait))
	if at.After(end) {
		return end
	}
	return at
}

// overdue reports whether the time for attempts was over when the last one began,
// of which nothing was recorded: it died, or cannot be made.
func (d *Delivery) overdue() bool {
	return d.Attempts > 0 && d.LastAt.After(d.FirstAt.Add(span+patience))
}

// claimed begins an attempt.
func (d *Delivery) claimed(now time.Time) {
	d.Attempts++
	d.LastAt, d.Due = now, now.Add(claim)
	if d.FirstAt.IsZero() {
		d.FirstAt = now
	}
}

// ended settles a delivery.
func (d *Delivery) ended(state State, outcome string) {
	d.State, d.Outcome, d.Due = state, outcome, time.Time{}
}
