package main

import (
	"bytes"
	"compress/gzip"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"testing"
)

// dist is what is deployed: the sources are bundled into it by make golden.
const dist = "../../functions/console/dist"

// TestBudgets holds what a browser loads before it can show anything to its size
// on the wire: of the elements, because they burden pages of others, and of the
// console, because people wait for it.
func TestBudgets(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		entries []string // Patterns below dist; each is one file.
		most    int      // Bytes of all files that are loaded, each compressed by gzip -9.
	}{
		"connect button":            {[]string{"connect-button.js"}, 12 << 10},
		"elements":                  {[]string{"elements.js"}, 35 << 10},
		"first page of the console": {[]string{"index.html", "assets/page-*.css", "assets/main-*.js", "assets/connectors-*.js"}, 35 << 10},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var files []string
			for _, pattern := range c.entries {
				files = load(t, files, find(t, pattern))
			}
			if name == "first page of the console" {
				files = load(t, files, words(t)...)
			}
			sum := 0
			for _, file := range files {
				sum += zipped(t, file)
			}
			t.Logf("%d of %d bytes: %v", sum, c.most, files)
			if sum > c.most {
				t.Errorf("got %d bytes, want %d at most, of %v", sum, c.most, files)
			}
		})
	}
}

// imported matches an import that is loaded at once, and its file. One that waits
// until it is asked for is written import(…).
var imported = regexp.MustCompile(`(?:\bfrom|\bimport)\s*"(\.[^"]+\.js)"`)

// load adds the file, and whatever it imports at once.
func load(t *testing.T, files []string, names ...string) []string {
	t.Helper()
	for _, name := range names {
		if slices.Contains(files, name) {
			continue
		}
		files = append(files, name)
		for _, match := range imported.FindAllSubmatch(read(t, name), -1) {
			files = load(t, files, path.Join(path.Dir(name), string(match[1])))
		}
	}
	return files
}

// words are the English words of the console's first page, which are loaded before
// it is shown, known by a word of theirs. Those of the frame are in its script.
func words(t *testing.T) []string {
	t.Helper()
	all, err := filepath.Glob(filepath.Join(dist, "assets", "en-*.js"))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, file := range all {
		name := "assets/" + filepath.Base(file)
		if bytes.Contains(read(t, name), []byte(`"connectors.lead":`)) {
			names = append(names, name)
		}
	}
	if len(names) != 1 {
		t.Fatalf("found the words %v, want those of the page", names)
	}
	return names
}

// find returns the one file of a pattern.
func find(t *testing.T, pattern string) string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(dist, pattern))
	if err != nil || len(found) != 1 {
		t.Fatalf("%s: got %v, %v, want one file", pattern, found, err)
	}
	name, err := filepath.Rel(dist, found[0])
	if err != nil {
		t.Fatal(err)
	}
	return filepath.ToSlash(name)
}

func read(t *testing.T, name string) []byte {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(dist, filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return content
}

func zipped(t *testing.T, name string) int {
	t.Helper()
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(read(t, name)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Len()
}
