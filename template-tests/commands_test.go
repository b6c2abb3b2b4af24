package templatetests_test

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"
)

// TestCommands: what the documents for operators and the workflows tell make to do
// is a target of the Makefile.
func TestCommands(t *testing.T) {
	t.Parallel()
	makefile, err := os.ReadFile("../Makefile")
	if err != nil {
		t.Fatal(err)
	}
	targets := map[string]bool{}
	for _, match := range regexp.MustCompile(`(?m)^([a-z0-9-]+):(?: |$)`).FindAllSubmatch(makefile, -1) {
		targets[string(match[1])] = true
	}
	command := regexp.MustCompile(`(?m)(?:^|&& |` + "`" + `|run: |go[0-9.]+ )make ([a-z0-9-]+)`)
	for pattern, least := range map[string]int{"../infra/docs/*.md": 10, "../.github/workflows/*.yml": 10} {
		found := 0
		names, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			content, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			for _, match := range command.FindAllSubmatch(content, -1) {
				found++
				if !targets[string(match[1])] {
					t.Errorf("%s says make %s, which is no target", name, match[1])
				}
			}
		}
		if found < least {
			t.Errorf("%s: found %d commands; the test looks for another form", pattern, found)
		}
	}
}
