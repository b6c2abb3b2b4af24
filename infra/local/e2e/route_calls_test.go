package e2e_test

import (
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/infra/local/bench"
	"github.com/tenonhq/tenon/infra/local/dev"
)

var update = flag.Bool("update", false, "rewrite infra/docs/calls.md")

// replays is how often the calls may be counted until they are as committed: what is
// sealed has time stamps of varying length inside, and now and then one of them moves
// an item across a kilobyte.
const replays = 3

// TestRouteCalls compares what each function asks of AWS with the committed table,
// so that a call more is seen where the change is.
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
	path := filepath.Join(root, "infra", "docs", "calls.md")
	if *update {
		got, err := bench.Calls(t.Context(), root, binaries)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	diff := ""
	for range replays {
		got, err := bench.Calls(t.Context(), root, binaries)
		if err != nil {
			t.Fatal(err)
		}
		if diff = cmp.Diff(string(want), got); diff == "" {
			return
		}
	}
	t.Errorf("what the functions ask of AWS differs; if that is meant, run make golden (-committed +now):\n%s", diff)
}
