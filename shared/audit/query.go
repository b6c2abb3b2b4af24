package audit

import (
	"time"

	"github.com/tenonhq/tenon/shared/id"
)

// Query selects entries of one tenant. What is empty selects everything.
type Query struct {
	Actor    string
	Action   Action
	Resource string
	Outcome  string
	Since    time.Time // To the millisecond, which is what ids hold.
	Until    time.Time // Entries before it, to the millisecond.
	Before   string    // Entries with an id before this one.
	After    string    // Entries with an id after this one.
	Oldest   bool      // Oldest first; else newest first.
	Limit    int       // Entries returned at most.
	Reads    int       // Entries looked at at most; zero is ReadLimit.
}

// ReadLimit is how many entries one call of List looks at, whether a filter
// lets them through or not: a filter that matches little answers a short page
// instead of running into a timeout.
const ReadLimit = 2000

// Everything is before any id, and the end after it.
const (
	beginning = " "
	end       = "~"
)

// Span returns the ids between which all entries of the query lie. Those named
// by Before and After are within and not of the query. An empty span ends
// before it begins.
func (q Query) Span() (low, high string) {
	low, high = beginning, end
	if !q.Since.IsZero() {
		low = id.Least(id.Audit, q.Since)
	}
	if !q.Until.IsZero() {
		high = id.Least(id.Audit, q.Until)
	}
	low = max(low, q.After)
	if q.Before != "" {
		high = min(high, q.Before)
	}
	return low, high
}

// Excludes reports whether the id is an end of the span that is not of the
// query.
func (q Query) Excludes(entryID string) bool {
	return entryID == q.Before && q.Before != "" || entryID == q.After && q.After != ""
}

// Bound returns how many entries may be looked at.
func (q Query) Bound() int {
	if q.Reads == 0 {
		return ReadLimit
	}
	return q.Reads
}

// Matches reports whether the filters let an entry through.
func (q Query) Matches(e Entry) bool {
	return (q.Actor == "" || q.Actor == e.Actor) && (q.Action == "" || q.Action == e.Action) &&
		(q.Resource == "" || q.Resource == e.Resource) && (q.Outcome == "" || q.Outcome == e.Outcome)
}
