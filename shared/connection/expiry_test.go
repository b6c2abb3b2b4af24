package connection_test

import (
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/due"
)

// A refresh token whose end every refresh moves is told from one with an end that
// stays, whichever was taken for the other before.
func TestExtendLearnsWhetherTheEndMoves(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	end := now.Add(30 * day)
	for name, c := range map[string]struct {
		before  connection.Credential
		until   time.Time
		want    time.Time
		rolling bool
		looked  time.Duration // When its dates are looked at; zero: as planned.
	}{
		"the first that is said":           {connection.Credential{}, end, end, false, day},
		"a later end":                      {connection.Credential{RefreshExpiresAt: end.Add(-time.Hour)}, end, end, true, 0},
		"a later end again":                {connection.Credential{RefreshExpiresAt: end.Add(-time.Hour), Rolling: true}, end, end, true, 0},
		"the same end, said in seconds":    {connection.Credential{RefreshExpiresAt: end.Add(-3 * time.Second)}, end, end.Add(-3 * time.Second), false, 0},
		"an end that moves no more":        {connection.Credential{RefreshExpiresAt: end, Rolling: true, RefreshedAt: now.Add(-time.Hour)}, end.Add(time.Second), end, false, 0},
		"two refreshes in the same minute": {connection.Credential{RefreshExpiresAt: end, Rolling: true, RefreshedAt: now.Add(-30 * time.Second)}, end.Add(30 * time.Second), end, true, 0},
		"a sooner end":                     {connection.Credential{RefreshExpiresAt: end.Add(day), Rolling: true}, end, end, false, due.Soon},
	} {
		planned := now.Add(5 * day)
		c.before.Refreshable = true
		got := connection.Connection{Lifecycle: connection.Ready, Credential: &c.before, Due: connection.Due{Expiry: planned}}
		shared := got.Credential
		got.Extend(c.until, now)
		if k := got.Credential; !k.RefreshExpiresAt.Equal(c.want) || k.Rolling != c.rolling || got.Renews() != c.rolling {
			t.Errorf("%s: got %s, rolling %v; want %s, %v", name, k.RefreshExpiresAt, k.Rolling, c.want, c.rolling)
		}
		want := planned
		if c.looked != 0 {
			want = now.Add(c.looked)
		}
		if !got.Due.Expiry.Equal(want) {
			t.Errorf("%s: looked at %s, want %s", name, got.Due.Expiry, want)
		}
		if got.Credential == shared {
			t.Errorf("%s: changed the credential that was read", name)
		}
	}
}

// An end that moves counts by the day, so that the ledger is not rewritten by
// every refresh.
func TestLapses(t *testing.T) {
	t.Parallel()
	end := time.Date(2026, 6, 30, 12, 30, 0, 1, time.UTC)
	for name, c := range map[string]struct {
		credential connection.Credential
		want       time.Time
	}{
		"a key":                         {connection.Credential{ExpiresAt: end}, end},
		"a key said to end":             {connection.Credential{EndsAt: end}, end},
		"a key said to end sooner":      {connection.Credential{ExpiresAt: end.Add(time.Hour), EndsAt: end}, end},
		"a key without end":             {connection.Credential{}, time.Time{}},
		"a refresh token":               {connection.Credential{Refreshable: true, ExpiresAt: end.Add(-time.Hour), RefreshExpiresAt: end}, end},
		"one that moves":                {connection.Credential{Refreshable: true, Rolling: true, RefreshExpiresAt: end}, time.Date(2026, 6, 30, 0, 0, 0, 0, time.UTC)},
		"a refresh token without end":   {connection.Credential{Refreshable: true, ExpiresAt: end}, time.Time{}},
		"a key that tokens are had for": {connection.Credential{Refreshable: true, ExpiresAt: end.Add(-time.Hour), EndsAt: end}, end},
	} {
		if got := c.credential.Lapses(); !got.Equal(c.want) {
			t.Errorf("%s: got %s, want %s", name, got, c.want)
		}
	}
}

// A stated end warns and takes nothing out of service.
func TestStatedEndIsNoEvidence(t *testing.T) {
	t.Parallel()
	c := connection.Connection{Lifecycle: connection.Ready, Credential: &connection.Credential{Static: true, EndsAt: now.Add(-time.Hour)}}
	if !c.Usable(now) {
		t.Error("a key that works is not used any more")
	}
	if shown := c.API(now).Credential; shown.ExpiresAt != nil || shown.LapsesAt == nil || !shown.LapsesAt.Equal(now.Add(-time.Hour)) {
		t.Errorf("shown: %+v", shown)
	}
}
