package bench_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tenonhq/tenon/infra/local/bench"
	"github.com/tenonhq/tenon/shared/routes"
)

// A million requests cost the invocation, the request of the HTTP API, the units
// and the calls.
func TestDollars(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name          string
		calls         map[string]int
		reads, writes float64
		front         bool
		want          string
	}{
		{"nothing", nil, 0, 0, false, "0.20"},
		{"a request", nil, 0, 0, true, "1.20"},
		{"a hot lease", map[string]int{"dynamodb.GetItem": 1, "dynamodb.PutItem": 1}, 1, 1, true, "1.95"},
		{"a secret under a key", map[string]int{"secretsmanager.GetSecretValue": 2, "kms.Decrypt": 1, "sts.AssumeRole": 1}, 0, 0, false, "13.20"},
	} {
		if got := bench.Dollars(test.calls, test.reads, test.writes, test.front); got != test.want {
			t.Errorf("%s: got %s, want %s", test.name, got, test.want)
		}
	}
}

// Every route but the sweep has an event that is measured, and every plan is of a route.
func TestPlans(t *testing.T) {
	t.Parallel()
	planned := map[string]bool{}
	var names []string
	for _, r := range routes.All() {
		names = append(names, r.Name)
	}
	for event, title := range bench.Plans(names) {
		planned[event] = true
		function, _, _ := strings.Cut(event, ".")
		if !strings.HasPrefix(title, function) {
			t.Errorf("the event %s has the title %q", event, title)
		}
		if _, err := os.Stat(filepath.Join("../../../events", event+".json")); err != nil {
			t.Error(err)
		}
	}
	for _, name := range names {
		if !planned[name] && name != routes.JobDueSweep.Name {
			t.Errorf("%s is not measured", name)
		}
	}
}
