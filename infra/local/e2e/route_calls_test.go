package e2e_test

import (
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/infra/local/bench"
)

var update = flag.Bool("update", false, "rewrite infra/docs/calls.md")

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
	build := exec.CommandContext(t.Context(), "go", "build", "-tags", "lambda.norpc", "-o", binaries+"/", "./functions/...")
	build.Dir = root
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build the functions: %v\n%s", err, out)
	}
	got, err := bench.Calls(t.Context(), root, binaries)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(root, "infra", "docs", "calls.md")
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("what the functions ask of AWS differs; if that is meant, run make golden (-committed +now):\n%s", diff)
	}
}
