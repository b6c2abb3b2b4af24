package main

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestReproducible builds two functions in two copies of the sources, of which one
// is a repository, by another path, with flags of its owner's: what is deployed is
// the same to the last byte.
func TestReproducible(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("builds for arm64")
	}
	one, other := t.TempDir(), filepath.Join(t.TempDir(), "by", "another", "path")
	sums := func(dir string, environment ...string) string {
		t.Helper()
		build := exec.CommandContext(t.Context(), "make", "build", "FUNCTIONS=./functions/healthz ./functions/egress-list")
		build.Dir, build.Env = dir, append(os.Environ(), environment...)
		if out, err := build.CombinedOutput(); err != nil {
			t.Fatalf("make build: %v\n%s", err, out)
		}
		return string(get(t, filepath.Join(dir, ".build/lambda/SHA256SUMS")))
	}
	for _, dir := range []string{one, other} {
		copySources(t, dir)
	}
	for _, arguments := range [][]string{{"init", "-q"}, {"add", "go.mod"}, {"-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-qm", "Begin"}} {
		git := exec.CommandContext(t.Context(), "git", arguments...)
		git.Dir = one
		if out, err := git.CombinedOutput(); err != nil {
			t.Fatalf("git %v: %v\n%s", arguments, err, out)
		}
	}
	if diff := cmp.Diff(sums(one), sums(other, "GOFLAGS=-gcflags=-l", "GOARM64=v8.2")); diff != "" {
		t.Errorf("two builds of the same sources (-one +other):\n%s", diff)
	}
}

// copySources copies what a build of two functions needs.
func copySources(t *testing.T, to string) {
	t.Helper()
	const root = "../.."
	for _, name := range []string{"Makefile", "go.mod", "go.sum", "shared", "functions/healthz", "functions/egress-list", "infra/package"} {
		err := filepath.WalkDir(filepath.Join(root, name), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				if err == nil && slices.Contains([]string{"testdata", "node_modules"}, d.Name()) {
					return fs.SkipDir
				}
				return err
			}
			relative, err := filepath.Rel(root, path)
			if err != nil {
				return err
			}
			put(t, filepath.Join(to, relative), string(get(t, path)))
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}
