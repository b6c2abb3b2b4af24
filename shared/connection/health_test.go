package connection_test

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/connection"
)

// What is told of failures of the system itself, judged at now.
func TestJudge(t *testing.T) {
	t.Parallel()
	ago := func(minutes int) time.Time { return now.Add(-time.Duration(minutes) * time.Minute) }
	var never time.Time
	outage, limited := connection.ReasonProviderOutage, connection.ReasonRateLimited
	for name, c := range map[string]struct {
		ring             string
		since, recovered time.Time
		told             connection.Reason
		eased            time.Time
		want             connection.Reason
	}{
		"well":                                {"ooooo", never, never, "", never, ""},
		"nothing known":                       {"", never, never, "", never, ""},
		"three for a quarter of an hour":      {"sssoo", ago(15), never, "", never, outage},
		"three, not for so long":              {"sssoo", ago(14), never, "", never, ""},
		"three at once":                       {"ntsoo", never, never, "", never, ""},
		"two of five":                         {"ssooosss", ago(60), never, "", never, ""},
		"few, and all":                        {"sss", ago(60), never, "", never, outage},
		"the newest is a limit":               {"rssoo", ago(60), never, "", never, limited},
		"the newest is a success":             {"ossss", ago(60), never, "", never, ""},
		"the newest is of the account":        {"pssss", ago(60), never, "", never, ""},
		"an incident lately":                  {"sssss", ago(200), ago(14), "", never, ""},
		"an incident some time ago":           {"sssss", ago(200), ago(15), "", never, outage},
		"told, and one success":               {"osssss", ago(60), never, outage, never, outage},
		"told, and four successes":            {"ooooss", ago(60), never, outage, never, outage},
		"told, and a clean window":            {"ooooos", ago(60), never, outage, never, ""},
		"told, and another failure":           {"rssss", ago(60), never, outage, never, outage},
		"told again within six hours":         {"sssss", ago(60), never, "", ago(359), ""},
		"told again after six hours":          {"sssss", ago(60), never, "", ago(360), outage},
		"failures of the account are no such": {"aapua", ago(60), never, "", never, ""},
	} {
		h := connection.Health{Ring: c.ring, FailingSince: c.since, Trouble: c.told, EasedAt: c.eased}
		h.Judge(now, c.recovered)
		if h.Trouble != c.want {
			t.Errorf("%s: got %q, want %q", name, h.Trouble, c.want)
		}
		if failing := strings.ContainsAny(c.ring[:min(5, len(c.ring))], "rsnt"); failing == h.FailingSince.IsZero() {
			t.Errorf("%s: failing since %s", name, h.FailingSince)
		}
		if ended := c.told != "" && c.want == ""; ended && !h.EasedAt.Equal(now) {
			t.Errorf("%s: ended at %s, want now", name, h.EasedAt)
		}
	}
}

// OUT-06: however a system flaps, in six hours a connection changes at most once
// to degraded and at most once back.
func TestOUT06FlappingDoesNotRing(t *testing.T) {
	t.Parallel()
	theirs := []catalog.Outcome{catalog.OK, catalog.OK, catalog.ProviderError, catalog.NetworkError, catalog.RateLimited, catalog.TLSError}
	degraded := 0
	rapid.Check(t, func(rt *rapid.T) {
		c, at := ready(&connection.Credential{}, "", "o"), now
		status, last := connection.StatusOf(&c, at), map[string]time.Time{}
		for range rapid.IntRange(1, 200).Draw(rt, "calls") {
			at = at.Add(rapid.SampledFrom([]time.Duration{time.Second, 5 * time.Minute, 20 * time.Minute, time.Hour}).Draw(rt, "pause"))
			outcome := rapid.SampledFrom(theirs).Draw(rt, "outcome")
			for range rapid.IntRange(1, 6).Draw(rt, "times") {
				c.Health.Record(outcome)
			}
			c.Health.Judge(at, time.Time{})
			next := connection.StatusOf(&c, at)
			if next == status {
				continue
			}
			if before, ok := last[next.Name]; ok && at.Sub(before) < 6*time.Hour {
				rt.Fatalf("%s (%s) again after %s", next.Name, next.Reason, at.Sub(before))
			}
			status, last[next.Name] = next, at
			if next.Name == connection.StatusDegraded {
				degraded++
			}
		}
	})
	if degraded == 0 {
		t.Error("nothing was ever told")
	}
}
