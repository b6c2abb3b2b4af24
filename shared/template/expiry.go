package template

import (
	"time"

	"github.com/tenonhq/tenon/shared/due"
)

// longestLife is how far ahead the end of a client secret may be stated.
const longestLife = 10 // In years.

// Lapses returns when the first of the client secrets ends that have a known
// end; zero when none has.
func (t *Template) Lapses() time.Time {
	var first time.Time
	for _, s := range t.secrets() {
		if !s.ExpiresAt.IsZero() && (first.IsZero() || s.ExpiresAt.Before(first)) {
			first = s.ExpiresAt
		}
	}
	return first
}

// checkEnd refuses the end of a client secret that is not there, and one that
// cannot be meant.
func checkEnd(endsAt *time.Time, hasSecret bool, now time.Time) error {
	const pointer = "/clientSecretExpiresAt"
	switch {
	case endsAt == nil:
		return nil
	case !hasSecret:
		return wrongField(pointer, "There is no client secret.")
	case !endsAt.After(now):
		return wrongField(pointer, "Must be in the future.")
	case endsAt.After(now.AddDate(longestLife, 0, 0)):
		return wrongField(pointer, "Must be within ten years.")
	default:
		return nil
	}
}

// state notes on the primary's secret when it ends, as its owner says.
func (t *Template) state(endsAt *time.Time) {
	if endsAt != nil && t.Secret != nil {
		t.Secret.ExpiresAt = endsAt.UTC()
	}
}

// watch plans the first look at ends that are not those of before; else the plan
// stays.
func (t *Template) watch(before Template, now time.Time) {
	t.ExpiryDue = before.ExpiryDue
	if !sameEnds(t.secrets(), before.secrets()) {
		t.ExpiryDue = time.Time{}
		if !t.Lapses().IsZero() {
			t.ExpiryDue = now.Add(due.Soon)
		}
	}
}

func sameEnds(a, b []*ClientSecret) bool {
	ends := map[time.Time]int{}
	for _, s := range a {
		ends[s.ExpiresAt]++
	}
	for _, s := range b {
		ends[s.ExpiresAt]--
	}
	for _, n := range ends {
		if n != 0 {
			return false
		}
	}
	return true
}
