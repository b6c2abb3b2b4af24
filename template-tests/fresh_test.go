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
	for _, file := range []string{"data.json", "api.json", "work.json"} {
		fresh, err := os.ReadFile(filepath.Join(dir, file))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(read(t, file), string(fresh)); diff != "" {
			t.Errorf("%s is stale, run go run ./infra/app -golden (-committed +fresh):\n%s", file, diff)
		}
	}
}

// synthesize writes the two templates of stage dev as a cdk.json configures it
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
