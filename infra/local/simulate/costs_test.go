package simulate_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/tenonhq/tenon/infra/local/simulate"
)

// The table of costs names every component once, for each size.
func TestCostsAreATable(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	cfg := simulate.Config{Duration: 10 * time.Minute, Out: &out}
	if err := simulate.Print(t.Context(), cfg, 100, 200); err != nil {
		t.Fatal(err)
	}
	_, table, _ := strings.Cut(out.String(), "| $ a month | 100 | 200 |\n")
	for _, want := range []string{"Secrets Manager, a secret each | 40 | 80 |", "KMS keys, one a tenant | 1.00 | 2.00 |", "CloudWatch logs |", "X-Ray traces |", "**total** |", "per connection |"} {
		if !strings.Contains(table, "| "+want) {
			t.Errorf("no %q in\n%s", want, table)
		}
	}
	for line := range strings.Lines(table) {
		if strings.Count(line, "|") != 4 {
			t.Errorf("not a row of two sizes: %s", line)
		}
	}
}
