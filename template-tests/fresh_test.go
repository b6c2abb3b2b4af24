package templatetests_test

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestFresh synthesizes the templates again and compares them with the
// committed ones.
func TestFresh(t *testing.T) {
	t.Parallel()
	dir := synthesized(t)
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

// scratch is where the fresh templates are made.
var scratch string

// TestMain removes what the tests made.
func TestMain(m *testing.M) {
	var err error
	if scratch, err = os.MkdirTemp("", "tenon-templates-"); err != nil {
		panic(err)
	}
	code := m.Run()
	_ = os.RemoveAll(scratch)
	os.Exit(code)
}

// synthesized returns the directory of fresh templates: those of stage dev, and of
// each variant of it in a directory of its own. They are made once for all tests,
// because starting the CDK takes longer than every test.
func synthesized(t *testing.T) string {
	t.Helper()
	if !hasNode() {
		t.Skip("node is not installed")
	}
	if err := synthesize(); err != nil {
		t.Fatal(err)
	}
	return scratch
}

func hasNode() bool {
	_, err := exec.LookPath("node")
	return err == nil
}

// checked are the variants that cdk-nag looks at: the others bring no resource of a
// kind that these do not have.
var checked = []string{"dev", "front", "front-cloudfront", "network"}

// synthesize runs two syntheses beside one another, each of which takes one
// processor.
var synthesize = sync.OnceValue(func() error {
	program := filepath.Join(scratch, "app")
	if output, err := exec.Command("go", "build", "-o", program, "../infra/app").CombinedOutput(); err != nil {
		return fmt.Errorf("build the app: %w\n%s", err, output)
	}
	halves := []string{"dev,front,settings", "front-cloudfront,network"}
	errs := make([]error, len(halves))
	var group sync.WaitGroup
	for i, half := range halves {
		group.Go(func() {
			synth := exec.Command(program, "-golden", "-out", scratch, "-variants", "template-tests/variants.json", "-only", half, "-nag", strings.Join(checked, ","))
			synth.Dir = ".."
			if output, err := synth.CombinedOutput(); err != nil {
				errs[i] = fmt.Errorf("synthesize %s: %w\n%s", half, err, output)
			}
		})
	}
	group.Wait()
	return errors.Join(errs...)
})

// variant returns all stacks of a variant of stage dev but that of the data.
func variant(t *testing.T, name string) *template {
	t.Helper()
	made, err := filepath.Glob(filepath.Join(synthesized(t), name, "*.json"))
	if err != nil || len(made) == 0 {
		t.Fatalf("variant %s: no templates (%v)", name, err)
	}
	all := &template{Resources: map[string]resource{}, billed: map[string]bool{}}
	for _, file := range made {
		if filepath.Base(file) == dataFile {
			continue
		}
		tp := parse(t, file)
		maps.Copy(all.Resources, tp.Resources)
		maps.Copy(all.billed, tp.billed)
	}
	return all
}
