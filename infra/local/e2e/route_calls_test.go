package e2e_test

import (
	"flag"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/tenonhq/tenon/infra/local/bench"
	"github.com/tenonhq/tenon/infra/local/dev"
)

var update = flag.Bool("update", false, "rewrite infra/docs/calls.md")

// spread is by how much write units, and dollars with them, may differ: what is sealed
// has time stamps and tokens of varying length inside, which move an item and its
// index entries across a kilobyte.
const spread = 0.4

// TestRouteCalls compares what each function asks of AWS with the committed table,
// so that a call more is seen where the change is. With -update a table that differs
// by no more than the spread stays as it is.
func TestRouteCalls(t *testing.T) {
	root, err := filepath.Abs("../../..")
	if err != nil {
		t.Fatal(err)
	}
	binaries := filepath.Join(root, ".build", "local")
	if err := os.MkdirAll(binaries, 0o755); err != nil {
		t.Fatal(err)
	}
	build := exec.CommandContext(t.Context(), "go", "build", "-tags", dev.Tags, "-o", binaries+"/", "./functions/...")
	build.Dir = root
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build the functions: %v\n%s", err, out)
	}
	got, err := bench.Calls(t.Context(), root, binaries)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(root, "infra", "docs", "calls.md")
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	diff := differing(strings.Split(string(want), "\n"), strings.Split(got, "\n"))
	if *update && diff != "" {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff != "" {
		t.Errorf("what the functions ask of AWS differs; if that is meant, run make golden (-committed +now):\n%s", diff)
	}
}

// differing returns the lines that differ in more than the spread allows.
func differing(want, got []string) string {
	var lines strings.Builder
	for i := range max(len(want), len(got)) {
		var w, g string
		if i < len(want) {
			w = want[i]
		}
		if i < len(got) {
			g = got[i]
		}
		if !slices.EqualFunc(strings.Split(w, "|"), strings.Split(g, "|"), near()) {
			lines.WriteString("-" + w + "\n+" + g + "\n")
		}
	}
	return lines.String()
}

// near compares the cells of a row one after the other: dollars and write units by
// the spread, all others exactly.
func near() func(want, got string) bool {
	column := -1
	return func(want, got string) bool {
		column++
		if !slices.Contains([]int{3, 5, 8, 10}, column) {
			return want == got
		}
		w, errWant := strconv.ParseFloat(strings.TrimSpace(want), 64)
		g, errGot := strconv.ParseFloat(strings.TrimSpace(got), 64)
		if errWant != nil || errGot != nil {
			return want == got
		}
		return math.Abs(w-g) <= spread*max(w, g)
	}
}

func TestCallsDiffer(t *testing.T) {
	t.Parallel()
	const row = "| lease | 200 | 21.33 | 6 | 16 | dynamodb.GetItem 6 | the same | 21.33 | 6 | 16 |"
	for _, test := range []struct {
		now  string
		same bool
	}{
		{row, true},
		{"| lease | 200 | 25.08 | 6 | 22 | dynamodb.GetItem 6 | the same | 25.08 | 6 | 22 |", true},
		{"| lease | 200 | 37.00 | 6 | 16 | dynamodb.GetItem 6 | the same | 21.33 | 6 | 16 |", false},
		{"| lease | 200 | 21.33 | 7 | 16 | dynamodb.GetItem 6 | the same | 21.33 | 6 | 16 |", false},
		{"| lease | 200 | 21.33 | 6 | 16 | dynamodb.GetItem 7 | the same | 21.33 | 6 | 16 |", false},
		{"| lease | 404 | 21.33 | 6 | 16 | dynamodb.GetItem 6 | the same | 21.33 | 6 | 16 |", false},
		{"", false},
	} {
		if diff := differing([]string{row}, []string{test.now}); (diff == "") != test.same {
			t.Errorf("%q: differs by %q", test.now, diff)
		}
	}
}
