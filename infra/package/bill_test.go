package main

import (
	"encoding/json"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/infra/local/dev"
)

func TestBill(t *testing.T) {
	t.Parallel()
	lock := filepath.Join(t.TempDir(), "package-lock.json")
	put(t, lock, `{"packages": {
		"": {"version": "1.0.0"},
		"node_modules/@lit/reactive-element": {"version": "2.1.2", "integrity": "sha512-AAEC"},
		"node_modules/lit/node_modules/lit-html": {"version": "3.3.3"},
		"node_modules/typescript": {"version": "5.9.3", "dev": true}}}`)
	functions := []function{
		{Name: "console", SHA256: "aa", Go: "go1.26.8"},
		{Name: "healthz", SHA256: "bb", Go: "go1.26.8", Modules: []*debug.Module{
			{Path: "example.com/a", Version: "v1.0.0"},
			{Path: "example.com/b", Version: "v1.0.0", Replace: &debug.Module{Path: "example.com/fork", Version: "v2.0.0"}},
		}},
	}
	path := filepath.Join(t.TempDir(), "bill", "tenon.cdx.json")
	made := func() string {
		t.Helper()
		if err := writeBill(path, lock, "v1.2.3", functions); err != nil {
			t.Fatal(err)
		}
		return string(get(t, path))
	}
	text := made()
	if text != made() {
		t.Error("two bills of the same functions differ")
	}
	var b bill
	if err := json.Unmarshal([]byte(text), &b); err != nil {
		t.Fatal(err)
	}
	if !regexp.MustCompile(`^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`).MatchString(b.SerialNumber) {
		t.Errorf("serial number %s", b.SerialNumber)
	}
	b.SerialNumber = ""
	std := component{Type: "library", Ref: "pkg:golang/std@1.26.8", Name: "std", Version: "1.26.8", PURL: "pkg:golang/std@1.26.8"}
	element, html, a, fork := "pkg:npm/%40lit/reactive-element@2.1.2", "pkg:npm/lit-html@3.3.3", "pkg:golang/example.com/a@v1.0.0", "pkg:golang/example.com/fork@v2.0.0"
	want := bill{
		Schema: "http://cyclonedx.org/schema/bom-1.6.schema.json", Format: "CycloneDX", SpecVersion: "1.6", Version: 1,
		Metadata: metadata{component{Type: "application", Ref: "tenon", Name: "tenon", Version: "v1.2.3"}},
		Components: []component{
			{Type: "application", Ref: "function/console", Name: "console", Version: "v1.2.3", Hashes: []hash{{"SHA-256", "aa"}}},
			{Type: "application", Ref: "function/healthz", Name: "healthz", Version: "v1.2.3", Hashes: []hash{{"SHA-256", "bb"}}},
			{Type: "library", Ref: a, Name: "example.com/a", Version: "v1.0.0", PURL: a},
			{Type: "library", Ref: fork, Name: "example.com/fork", Version: "v2.0.0", PURL: fork},
			std,
			{Type: "library", Ref: element, Name: "@lit/reactive-element", Version: "2.1.2", PURL: element, Hashes: []hash{{"SHA-512", "000102"}}},
			{Type: "library", Ref: html, Name: "lit-html", Version: "3.3.3", PURL: html},
		},
		Dependencies: []dependency{
			{"function/console", []string{std.Ref, element, html}},
			{"function/healthz", []string{a, fork, std.Ref}},
			{"tenon", []string{"function/console", "function/healthz"}},
		},
	}
	if diff := cmp.Diff(want, b); diff != "" {
		t.Errorf("bill (-want +got):\n%s", diff)
	}
}

// TestModules holds the modules that are linked into functions to a list: each is
// code that runs beside credentials. A line is added here by who has read it.
func TestModules(t *testing.T) {
	t.Parallel()
	list := func(arguments ...string) []string {
		t.Helper()
		command := exec.CommandContext(t.Context(), "go", append([]string{"list", "-tags", dev.Tags}, arguments...)...)
		command.Dir, command.Env = "../..", append(os.Environ(), "GOOS=linux", "GOARCH=arm64", "CGO_ENABLED=0")
		out, err := command.Output()
		if err != nil {
			t.Fatalf("list what the functions depend on: %v", err)
		}
		return strings.Fields(string(out))
	}
	programs := list("-f", `{{if eq .Name "main"}}{{.ImportPath}}{{end}}`, "./functions/...")
	linked := list(append([]string{"-deps", "-f", "{{with .Module}}{{if not .Main}}{{.Path}}{{end}}{{end}}"}, programs...)...)
	slices.Sort(linked)
	linked = slices.Compact(linked)
	if diff := cmp.Diff(strings.Fields(string(get(t, "modules.txt"))), linked); diff != "" {
		t.Errorf("modules in functions (-infra/package/modules.txt +linked):\n%s", diff)
	}
}

// The packages that the console's sources import are in the bill.
func TestBillHasThePackagesOfTheConsole(t *testing.T) {
	t.Parallel()
	packages, err := readPackages("../../package-lock.json")
	if err != nil {
		t.Fatal(err)
	}
	imported := regexp.MustCompile(`(?m)(?:\bfrom|^import) ['"]((?:@[a-z0-9-]+/)?[a-z0-9-]+)(?:/[^'"]*)?['"];`)
	types := regexp.MustCompile(`(?m)^import type [^;]*;`) // Nothing of them is bundled.
	found := map[string]bool{}
	err = filepath.WalkDir("../../functions/console/ui/src", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		for _, match := range imported.FindAllSubmatch(types.ReplaceAll(get(t, path), nil), -1) {
			found[string(match[1])] = true
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if !found["lit"] || !found["openapi-fetch"] {
		t.Errorf("found the imports %v; the test looks in the wrong place", found)
	}
	for name := range found {
		if !slices.ContainsFunc(packages, func(c component) bool { return c.Name == name }) {
			t.Errorf("%s is bundled, and in package.json it is a tool for development", name)
		}
	}
}
