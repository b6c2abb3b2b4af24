package simulate_test

import (
	"log/slog"
	"math"
	"os"
	"testing"
	"time"

	"github.com/tenonhq/tenon/infra/local/simulate"
	"github.com/tenonhq/tenon/shared/due"
)

func TestMain(m *testing.M) {
	slog.SetDefault(slog.New(slog.DiscardHandler)) // The services tell of every refusal.
	os.Exit(m.Run())
}

// Every token is refreshed in time and no entry is forgotten, what an item costs
// does not depend on how many there are, and what is idle is left alone.
func TestSimulation(t *testing.T) {
	t.Parallel()
	const hours = 2 * time.Hour
	var results []*simulate.Result
	for _, n := range []int{2000, 4000} {
		r, err := simulate.Run(t.Context(), simulate.Config{Connections: n, Duration: hours})
		if err != nil {
			t.Fatal(err)
		}
		results = append(results, r)
		if r.Late != 0 || r.Expired != 0 || r.Reused != 0 || r.Demoted != 0 {
			t.Errorf("%d connections: %d tokens ended before their refresh, %d are over, %d were sent twice, %d connections are not active; want none",
				n, r.Late, r.Expired, r.Reused, r.Demoted)
		}
		if r.Forgotten != 0 || r.Dead != 0 {
			t.Errorf("%d connections: %d entries are forgotten, %d messages are dead; want none", n, r.Forgotten, r.Dead)
		}
		if least := int64(n) * 7 / 10 * 2; r.Items(due.Refresh) < least {
			t.Errorf("%d connections: %d refreshes in %s, want at least %d", n, r.Items(due.Refresh), hours, least)
		}
		if lag := r.Lag(due.Refresh, 0.99); lag <= 0 || lag > 2*time.Minute {
			t.Errorf("%d connections: refreshes begin up to %s late, want at most two minutes", n, lag)
		}
		if r.Idle == 0 || r.EarlyReads != 0 {
			t.Errorf("%d connections: %d idle ones were read %d times while nothing was due; want some, and never", n, r.Idle, r.EarlyReads)
		}
	}
	for _, name := range []due.Index{due.Refresh, due.Health} {
		small, large := results[0].CallsPerItem(name), results[1].CallsPerItem(name)
		if small == 0 || math.Abs(large/small-1) > 0.05 {
			t.Errorf("%s: %.2f calls for an item of 2,000 connections, %.2f of 4,000; want the same", name, small, large)
		}
	}
}

// An outage demotes nobody, costs few calls, and when it is over the system is
// asked no faster than it allows until every token is fresh. What was really
// revoked meanwhile is found.
func TestOUT01OUT02OutageIsSurvived(t *testing.T) {
	t.Parallel()
	o, err := simulate.RunOutage(t.Context(), 1000, 5)
	if err != nil {
		t.Fatal(err)
	}
	if o.Demoted != 0 || o.Wrong != 0 || o.Events != 0 || o.Mails != 0 {
		t.Errorf("%d demoted meanwhile and %d in the end, %d events, %d mails; want none", o.Demoted, o.Wrong, o.Events, o.Mails)
	}
	if o.Calls == 0 || o.Calls > 300 {
		t.Errorf("%d token requests to a system that is down for two hours, want about one each half minute", o.Calls)
	}
	if o.MeanRate > float64(o.Limit) || o.PeakRate > o.Limit {
		t.Errorf("%.1f token requests a second afterwards, %d in the worst, want at most %d", o.MeanRate, o.PeakRate, o.Limit)
	}
	if o.Recovered < 0 || o.Recovered > 20*time.Minute {
		t.Errorf("every token was fresh after %s, want within 20 min", o.Recovered)
	}
	if o.Found != o.Revoked || o.Reused != 0 {
		t.Errorf("%d of %d revocations were found, %d tokens sent twice; want all and none", o.Found, o.Revoked, o.Reused)
	}
}
