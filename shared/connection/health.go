package connection

import (
	"strings"
	"time"

	"github.com/tenonhq/tenon/shared/catalog"
)

// Health is the outcome of the last calls and checks.
type Health struct {
	Ring      string    // Last outcomes, newest first, one letter each.
	Reason    Reason    // Why the credential is not trusted; set on evidence only.
	CheckedAt time.Time // Last active probe.
	CalledAt  time.Time // Last reported call that the ring knows of.

	// Trouble is what the system itself has been failing with for so long that it
	// is told; see Judge.
	Trouble      Reason
	FailingSince time.Time // When the first of the system's own failures in the window was.
	EasedAt      time.Time // When Trouble last ended.
	Missed       int       // Checks in a row that found no success.
	Folded       int64     // How many reported calls the ring knows of.
}

// RingLength is how many outcomes are remembered; window is how many decide.
const (
	RingLength = 20
	window     = 5
)

// When failures of the system itself are told of a connection.
const (
	leastFailures = 3                // Of the window.
	sustained     = 15 * time.Minute // From the first of them.
	calm          = 6 * time.Hour    // After the last such trouble ended.
)

var letters = map[catalog.Outcome]byte{
	catalog.OK: 'o', catalog.AuthError: 'a', catalog.PermissionError: 'p', catalog.RateLimited: 'r',
	catalog.ProviderError: 's', catalog.NetworkError: 'n', catalog.TLSError: 't', catalog.Unknown: 'u',
}

// Letters writes outcomes, given oldest first, as a ring holds them: newest
// first, one letter each.
func Letters(outcomes ...catalog.Outcome) string {
	ring := make([]byte, len(outcomes))
	for i, o := range outcomes {
		letter, ok := letters[o]
		if !ok {
			letter = letters[catalog.Unknown]
		}
		ring[len(ring)-1-i] = letter
	}
	return string(ring)
}

// Theirs returns the first of the letters that is a failure of the system itself
// and not of the account: rate limits, server errors, no answer, no TLS. It is
// -1 when there is none.
func Theirs(ring string) int { return strings.IndexFunc(ring, theirs) }

func theirs(letter rune) bool { return strings.ContainsRune("rsnt", letter) }

// Failed reports whether the newest of the letters is a failure.
func Failed(ring string) bool { return ring != "" && ring[0] != 'o' }

// Record puts an outcome in front of the ring; Judge says what follows.
func (h *Health) Record(o catalog.Outcome) { h.Fold(Letters(o)) }

// Fold puts outcomes, newest first, in front of the ring. A success takes back
// what later evidence may have contradicted: missing permissions, a failed
// probe. It never takes back a dead credential; only a new one does.
func (h *Health) Fold(ring string) {
	h.Ring = (ring + h.Ring)[:min(len(ring)+len(h.Ring), RingLength)]
	if strings.Contains(ring, "o") && !h.Reason.fatal() {
		h.Reason = ReasonNone
	}
}

// Judge decides whether failures of the system itself are told of the connection:
// once they are three of the window, the newest among them, and have lasted for
// fifteen minutes, not counting the time before recovered, when an incident of
// the provider last ended. They are told until the window is clean, and after
// that not again for six hours, so that what flaps does not ring. What the
// system says of the account counts at once and is not judged here.
func (h *Health) Judge(now, recovered time.Time) {
	last := h.last()
	failures := strings.Count(last, "r") + strings.Count(last, "s") + strings.Count(last, "n") + strings.Count(last, "t")
	switch {
	case failures == 0:
		h.FailingSince = time.Time{}
	case h.FailingSince.IsZero():
		h.FailingSince = now
	}
	switch {
	case h.Trouble != ReasonNone:
		if clean(last) {
			h.Trouble, h.EasedAt = ReasonNone, now
		}
	case failures < leastFailures || Theirs(last) != 0:
	case now.Sub(h.FailingSince) >= sustained && now.Sub(recovered) >= sustained && now.Sub(h.EasedAt) >= calm:
		h.Trouble = ReasonProviderOutage
		if last[0] == 'r' {
			h.Trouble = ReasonRateLimited
		}
	}
}

// Settled reports whether another success would change nothing.
func (h *Health) Settled() bool {
	return clean(h.last()) && h.Trouble == ReasonNone && (h.Reason == ReasonNone || h.Reason.fatal())
}

// recent explains the failures among the last outcomes by the newest of them
// that counts.
func (h *Health) recent() Reason {
	for _, letter := range h.last() {
		switch {
		case letter == 'o':
		case letter == 'p':
			return ReasonPermissions
		case !theirs(letter):
			return ReasonVerificationFailed
		case h.Trouble != ReasonNone:
			return h.Trouble
		}
	}
	return h.Trouble
}

func (h *Health) last() string { return h.Ring[:min(len(h.Ring), window)] }

func clean(ring string) bool { return strings.Trim(ring, "o") == "" }
