package bench_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/infra/local/bench"
)

func TestJudge(t *testing.T) {
	t.Parallel()
	limits := map[string]float64{"small": 10, "large": 100, "fits": 10}
	for _, test := range []struct {
		name   string
		values map[string]float64
		worst  string
		above  []string
	}{
		{"at the limit", map[string]float64{"small": 10, "large": 50, "fits": 1}, "10.0 (small)", nil},
		{"above", map[string]float64{"small": 12, "large": 150, "fits": 1}, "150.0 (large)", []string{"150.0 (large)", "12.0 (small)"}},
		{"by its own limit", map[string]float64{"small": 11, "large": 90, "fits": 2}, "11.0 (small)", []string{"11.0 (small)"}},
		{"of nobody", nil, "", nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			worst, above := bench.Judge(test.values, limits)
			if diff := cmp.Diff(test.above, above); diff != "" || worst != test.worst {
				t.Errorf("got worst %q, want %q; above (-want +got):\n%s", worst, test.worst, diff)
			}
		})
	}
}

// A broken budget is an error that names it, and stands in the report; one that is
// missed stands there alone, and one that is held does not.
func TestBrokenBudget(t *testing.T) {
	t.Parallel()
	text, errs := bench.Budgets(map[string]float64{"large": 90, "small": 13}, map[string]float64{"small": 10, "large": 100})
	if len(errs) != 2 || !strings.Contains(errs[0].Error(), `"bytes" is broken by 1 of 2, at worst 13.0 (small)`) {
		t.Errorf("got %v", errs)
	}
	for _, want := range []string{"| bytes | **no** | 13.0 (small) | 1 of 2 |", `Above "bytes": 13.0 (small).`} {
		if !strings.Contains(text, want) {
			t.Errorf("the report lacks %q:\n%s", want, text)
		}
	}
	text, errs = bench.Budgets(map[string]float64{"small": 11}, map[string]float64{"small": 10})
	if len(errs) != 0 || !strings.Contains(text, "| bytes | missed | 11.0 (small) | 1 of 1 |") {
		t.Errorf("got %v:\n%s", errs, text)
	}
	text, errs = bench.Budgets(map[string]float64{"small": 9}, map[string]float64{"small": 10})
	if len(errs) != 0 || !strings.Contains(text, "| bytes | yes | 9.0 (small) | 0 of 1 |") {
		t.Errorf("got %v:\n%s", errs, text)
	}
}

// The report of a start has each function once, and the limit of its kind.
func TestStartReport(t *testing.T) {
	t.Parallel()
	text, broken := bench.Starts(
		bench.Started{Name: "control", CPU: []float64{2, 2, 2}, Hello: []float64{2, 2, 2}, Bytes: 5_000_000},
		bench.Started{Name: "table", CPU: []float64{3, 30, 3}, Hello: []float64{2, 20, 2}, Bytes: 9_000_000, Services: []string{"dynamodb"}, Inits: map[string][]float64{"a": {0.7, 0.1, 0.2}, "b": {0.3, 0.4, 0.3}}},
		bench.Started{Name: "keys", CPU: []float64{6, 5, 4}, Hello: []float64{2, 2, 2}, Bytes: 9_000_000, Services: []string{"dynamodb", "kms"}},
	)
	for _, want := range []string{
		"| table | 1.50 | ", "| keys | 2.50 | ", "| control | 1.00 | ", "| 9.0 | 8.5 | b | 0.30 |", "| 9.0 | 11.0 |",
	} {
		if strings.Count(text, want) != 1 {
			t.Errorf("the report has %d times %q, want it once:\n%s", strings.Count(text, want), want, text)
		}
	}
	if want := []string{"start: processor time at most 2.0 times hello's: 2.50 (keys)", "size of arm64: at most 8.5 MB with DynamoDB alone, 15 MB for server-probe, else 11 MB: 9.0 MB (table)"}; cmp.Diff(want, broken) != "" {
		t.Errorf("budgets that are broken (-want +got):\n%s", cmp.Diff(want, broken))
	}
}
