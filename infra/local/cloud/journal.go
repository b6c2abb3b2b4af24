package cloud

import (
	"slices"
	"sync"
	"time"
)

// Call is one request that reached an operation, failed or not.
type Call struct {
	Target   string // The SDK's package and operation: "dynamodb.PutItem".
	Resource string // The name of the table, secret, key or queue; never a value.
	Time     time.Time
	Role     string // The ARN of the role that called; empty for the root.
	Denied   string // Why the role may not; empty for a call that was let through.
}

// Journal returns the calls since the last ResetJournal, oldest first. Only
// the latest 10,000 or so are kept.
func (c *Cloud) Journal() []Call {
	c.journal.mu.Lock()
	defer c.journal.mu.Unlock()
	return slices.Clone(c.journal.calls)
}

// ResetJournal empties the journal.
func (c *Cloud) ResetJournal() {
	c.journal.mu.Lock()
	defer c.journal.mu.Unlock()
	c.journal.calls = nil
}

const journalLimit = 10_000

type journal struct {
	mu    sync.Mutex
	calls []Call
}

func (j *journal) add(call Call) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if len(j.calls) >= 2*journalLimit {
		j.calls = slices.Clone(j.calls[journalLimit:])
	}
	j.calls = append(j.calls, call)
}
