package main

import (
	"io/fs"
	"os"
	"path"
	"regexp"
	"strings"
	"testing"
)

// How the sources of the console name a word: 'nav.catalog', word('status', value),
// plural('connectors.count', n) and `nav.${section}`.
var (
	wholeKey    = regexp.MustCompile(`['"]([A-Za-z][\w.-]*)['"]`)
	valueKey    = regexp.MustCompile(`\bword\(\s*'([\w.]+)'`)
	pluralKey   = regexp.MustCompile(`\bplural\(\s*'([\w.]+)'`)
	composedKey = regexp.MustCompile("`([a-z][\\w.]*)\\$\\{[^}]*\\}(\\w*)`")
)

// Every word is used, and those of a count are there for one and for several, which
// the compiler does not see.
func TestWords(t *testing.T) {
	t.Parallel()
	words, code := sources(t)
	uses := func(key string) bool { return false }
	also := func(more func(key string) bool) {
		before := uses
		uses = func(key string) bool { return more(key) || before(key) }
	}
	exact, quoted := map[string]bool{}, map[string]bool{}
	for _, m := range wholeKey.FindAllStringSubmatch(code, -1) {
		exact[m[1]], quoted[m[1]] = true, true
	}
	for _, m := range valueKey.FindAllStringSubmatch(code, -1) {
		also(func(key string) bool { return strings.HasPrefix(key, m[1]+".") })
	}
	for _, m := range composedKey.FindAllStringSubmatch(code, -1) {
		also(func(key string) bool {
			rest, begins := strings.CutPrefix(key, m[1])
			value, ends := strings.CutSuffix(rest, m[2])
			return begins && ends && quoted[value]
		})
	}
	for _, m := range pluralKey.FindAllStringSubmatch(code, -1) {
		for _, form := range []string{".one", ".other"} {
			exact[m[1]+form] = true
			if !words[m[1]+form] {
				t.Errorf("there is no word %s", m[1]+form)
			}
		}
	}
	for _, reason := range reasons(t) { // The API says them, and the console puts a name before them.
		exact["reason."+reason] = true
		if !words["reason."+reason] {
			t.Errorf("there are no words for the reason %s", reason)
		}
	}
	for key := range words {
		if !exact[key] && !uses(key) {
			t.Errorf("%s is used nowhere", key)
		}
	}
}

// sources returns the keys of the English dictionaries, and all code beside the
// dictionaries.
func sources(t *testing.T) (words map[string]bool, code string) {
	t.Helper()
	words = map[string]bool{}
	key := regexp.MustCompile(`(?m)^\s*'([^']+)':`)
	var all strings.Builder
	err := fs.WalkDir(os.DirFS("ui/src"), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || path.Ext(name) != ".ts" {
			return err
		}
		text, err := os.ReadFile("ui/src/" + name)
		switch path.Base(name) {
		case "en.ts":
			for _, m := range key.FindAllStringSubmatch(string(text), -1) {
				words[m[1]] = true
			}
		case "de.ts", "fr.ts":
		default:
			all.Write(text)
		}
		return err
	})
	if err != nil || len(words) == 0 {
		t.Fatalf("read %d words: %v", len(words), err)
	}
	return words, all.String()
}

// reasons are those a connection can have for its status.
func reasons(t *testing.T) []string {
	t.Helper()
	text, err := os.ReadFile("../../shared/connection/status.go")
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, m := range regexp.MustCompile(`\bReason = "(\w+)"`).FindAllSubmatch(text, -1) {
		all = append(all, string(m[1]))
	}
	if len(all) == 0 {
		t.Fatal("found no reasons")
	}
	return all
}
