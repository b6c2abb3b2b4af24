package main

import (
	"archive/zip"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// executables builds two small programs once and returns their folder.
func executables(t *testing.T) string {
	t.Helper()
	source, to := t.TempDir(), t.TempDir()
	for name, text := range map[string]string{
		"go.mod": "module example.com/two\n\ngo 1.26.0\n",
		"a/a.go": "package main\n\nfunc main() {}\n",
		"b/b.go": "package main\n\nfunc main() { println(1) }\n",
	} {
		put(t, filepath.Join(source, name), text)
	}
	build := exec.CommandContext(t.Context(), "go", "build", "-trimpath", "-o", to+"/", "./...")
	build.Dir = source
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	return to
}

func put(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func get(t *testing.T, path string) []byte {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// What is made does not depend on when the executables were built, nor on their
// permissions, nor on what was made before.
func TestPackage(t *testing.T) {
	t.Parallel()
	from, to, budget := executables(t), t.TempDir(), filepath.Join(t.TempDir(), "budgets.json")
	put(t, budget, `{"services": [{"of": [], "max": 10000000}]}`)
	put(t, filepath.Join(to, "gone.zip"), "of a function that was deleted")
	pack := func() map[string]string {
		t.Helper()
		if err := run(options{from: from, to: to, budgets: budget}, io.Discard); err != nil {
			t.Fatal(err)
		}
		sums, entries := map[string]string{}, 0
		for _, name := range []string{"a.zip", "b.zip", "manifest.json", "SHA256SUMS"} {
			sum := sha256.Sum256(get(t, filepath.Join(to, name)))
			sums[name] = hex.EncodeToString(sum[:])
			entries++
		}
		if left, err := os.ReadDir(to); err != nil || len(left) != entries {
			t.Errorf("the folder has %v (%v), want four files", left, err)
		}
		return sums
	}
	first := pack()
	if first["a.zip"] == first["b.zip"] {
		t.Error("two programs have the same zip")
	}
	want := first["a.zip"] + "  a.zip\n" + first["b.zip"] + "  b.zip\n"
	if diff := cmp.Diff(want, string(get(t, filepath.Join(to, "SHA256SUMS")))); diff != "" {
		t.Errorf("checksums (-want +got):\n%s", diff)
	}
	for _, name := range []string{"a", "b"} {
		if err := os.Chtimes(filepath.Join(from, name), time.Unix(1, 0), time.Unix(1, 0)); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(filepath.Join(from, name), 0o500); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Remove(filepath.Join(to, "a.zip")); err != nil {
		t.Fatal(err)
	}
	put(t, filepath.Join(to, "b.zip"), "half of a zip")
	if diff := cmp.Diff(first, pack()); diff != "" {
		t.Errorf("made again (-first +second):\n%s", diff)
	}
}

// Lambda finds one file that it may execute, and what it shows of the code is in
// the manifest.
func TestPackageIsWhatLambdaRuns(t *testing.T) {
	t.Parallel()
	from, to := executables(t), t.TempDir()
	functions, err := packageAll(from, to)
	if err != nil {
		t.Fatal(err)
	}
	r, err := zip.OpenReader(filepath.Join(to, "a.zip"))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if len(r.File) != 1 || r.File[0].Name != "bootstrap" || r.File[0].Mode() != 0o755 || !r.File[0].Modified.Equal(time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)) {
		t.Errorf("the zip has %+v", r.File[0].FileHeader)
	}
	file, err := r.File[0].Open()
	if err != nil {
		t.Fatal(err)
	}
	content, err := io.ReadAll(file)
	if err != nil || string(content) != string(get(t, filepath.Join(from, "a"))) {
		t.Errorf("the zip holds another program (%v)", err)
	}
	sum := sha256.Sum256(get(t, filepath.Join(to, "a.zip")))
	if functions[0].CodeSHA256 != base64.StdEncoding.EncodeToString(sum[:]) {
		t.Errorf("got %s, want what Lambda would show", functions[0].CodeSHA256)
	}
	if !json.Valid(mustManifest(t, to, functions)) {
		t.Error("the manifest is not JSON")
	}
}

func mustManifest(t *testing.T, to string, functions []function) []byte {
	t.Helper()
	if err := writeManifest(to, functions); err != nil {
		t.Fatal(err)
	}
	return get(t, filepath.Join(to, "manifest.json"))
}

func TestPackageRefuses(t *testing.T) {
	t.Parallel()
	from := executables(t)
	for name, c := range map[string]struct{ from, budgets, want string }{
		"a function above its budget":       {from, `{"services": [{"of": ["*"], "max": 1000}]}`, "a has "},
		"a function without a budget":       {from, `{"functions": {"a": 10000000}}`, "b has no budget"},
		"a budget of another form":          {from, `{"service": []}`, "unknown field"},
		"an empty folder":                   {t.TempDir(), `{}`, "no executable in"},
		"what is no program of Go":          {notGo(t), `{}`, "read what it is made of"},
		"a folder that is not there at all": {filepath.Join(from, "none"), `{}`, "look for executables"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			budget := filepath.Join(t.TempDir(), "budgets.json")
			put(t, budget, c.budgets)
			err := run(options{from: c.from, to: t.TempDir(), budgets: budget}, io.Discard)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

func notGo(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	put(t, filepath.Join(dir, "script"), "#!/bin/sh\n")
	return dir
}
