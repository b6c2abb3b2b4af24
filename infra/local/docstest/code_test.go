package docstest_test

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/tenonhq/tenon/infra/local/docstest"
	"github.com/tenonhq/tenon/shared/servers/serverstest"
)

// The programs of the pages compile, as packages that lie in the module as long as
// the compiler runs.
func TestGoCompiles(t *testing.T) {
	t.Parallel()
	dir, here, overlay := t.TempDir(), absolute(t, "."), map[string]string{}
	var packages []string
	for i, b := range blocks(t, "go") {
		file := filepath.Join(dir, fmt.Sprintf("%d.go", i))
		if err := os.WriteFile(file, []byte(b.Text), 0o600); err != nil {
			t.Fatal(err)
		}
		name := fmt.Sprintf("program%d", i)
		overlay[filepath.Join(here, name, "main.go")] = file
		packages = append(packages, "./"+name)
	}
	if len(packages) == 0 {
		t.Fatal("no page has a program in Go")
	}
	text, err := json.Marshal(map[string]any{"Replace": overlay})
	if err != nil {
		t.Fatal(err)
	}
	config := filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(config, text, 0o600); err != nil {
		t.Fatal(err)
	}
	build := exec.CommandContext(t.Context(), "go", append([]string{"build", "-o", os.DevNull, "-overlay", config}, packages...)...)
	if said, err := build.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, said)
	}
}

// The modules of the pages compile against the npm package as `make npm-package`
// packs it.
func TestTypeScriptCompiles(t *testing.T) {
	t.Parallel()
	trial, compiler := absolute(t, root, ".build/npm/trial"), absolute(t, root, "node_modules/typescript/bin/tsc")
	serverstest.Tool(t, compiler)
	if _, err := os.Stat(filepath.Join(trial, "node_modules/@tenonhq/tenon/package.json")); err != nil {
		t.Fatalf("run make npm-package first: %v", err)
	}
	dir, err := os.MkdirTemp(trial, "pages") // There the package is found, and what it needs above it.
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	n := 0
	for _, language := range []string{"ts", "tsx"} {
		for _, b := range blocks(t, language) {
			n++
			if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%d.%s", n, language)), []byte(b.Text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	config := `{"compilerOptions": {"target": "es2022", "module": "esnext", "moduleResolution": "bundler", "lib": ["es2022", "dom", "dom.iterable"],
		"types": [], "jsx": "react-jsx", "strict": true, "noEmit": true}, "include": ["*.ts", "*.tsx"]}`
	if err := os.WriteFile(filepath.Join(dir, "tsconfig.json"), []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	tsc := exec.CommandContext(t.Context(), "node", compiler, "--project", dir)
	if said, err := tsc.CombinedOutput(); err != nil || n == 0 {
		t.Errorf("%d modules: %v\n%s", n, err, said)
	}
}

var element = regexp.MustCompile(`</?(tenon-[a-z-]+)`)

// An element that a page names is one of those that the stage serves.
func TestElementsAreThere(t *testing.T) {
	t.Parallel()
	sources, err := filepath.Glob(filepath.Join(root, "functions/console/ui/src/elements/*.ts"))
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, source := range sources {
		text, err := os.ReadFile(source)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(text)
	}
	for _, language := range []string{"html", "tsx"} {
		for _, b := range blocks(t, language) {
			for _, m := range element.FindAllStringSubmatch(b.Text, -1) {
				if !strings.Contains(all.String(), "@customElement('"+m[1]+"')") {
					t.Errorf("line %d: there is no element %s", b.Line, m[1])
				}
			}
		}
	}
}

// blocks are those of all pages in a language.
func blocks(t *testing.T, language string) []docstest.Block {
	t.Helper()
	var found []docstest.Block
	for _, p := range pages(t) {
		for _, b := range p.Blocks {
			if b.Language == language {
				found = append(found, b)
			}
		}
	}
	return found
}

func absolute(t *testing.T, parts ...string) string {
	t.Helper()
	path, err := filepath.Abs(filepath.Join(parts...))
	if err != nil {
		t.Fatal(err)
	}
	return path
}
