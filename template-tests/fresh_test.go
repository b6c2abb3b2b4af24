package templatetests_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestFresh synthesizes the templates again and compares them with the
// committed ones.
func TestFresh(t *testing.T) {
	t.Parallel()
	dir := synthesize(t, "cdk.json")
	made, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	for i, file := range made {
		made[i] = filepath.Base(file)
	}
	if diff := cmp.Diff(files(t), made); diff != "" {
		t.Fatalf("templates, remove what is of no stack any more (-committed +fresh):\n%s", diff)
	}
	for _, file := range made {
		fresh, err := os.ReadFile(filepath.Join(dir, file))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(read(t, file), string(fresh)); diff != "" {
			t.Errorf("%s is stale, run go run ./infra/app -golden (-committed +fresh):\n%s", file, diff)
		}
	}
}

// synthesize writes the templates of stage dev as a cdk.json configures it
// and returns their directory.
func synthesize(t *testing.T, file string) string {
	t.Helper()
	if _, err := exec.LookPath("node"); err != nil {
		t.Skip("node is not installed")
	}
	dir := t.TempDir()
	synth := exec.CommandContext(t.Context(), "go", "run", "./infra/app", "-golden", "-out", dir, "-context", file)
	synth.Dir = ".."
	if output, err := synth.CombinedOutput(); err != nil {
		t.Fatalf("synthesize: %v\n%s", err, output)
	}
	return dir
}
