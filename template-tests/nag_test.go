package templatetests_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

const suppressionsFile = "suppressions.txt"

// suppression accepts the findings of a rule on resources, for a reason.
type suppression struct {
	line     string
	rule     string
	resource *regexp.Regexp
	used     bool
}

// TestNag: cdk-nag has nothing to say of stage dev or a checked variant of it that
// suppressions.txt does not accept with a reason; and what stands there is needed.
func TestNag(t *testing.T) {
	t.Parallel()
	dir := synthesized(t)
	accepted := suppressions(t)
	for _, name := range checked {
		content, err := os.ReadFile(filepath.Join(dir, strings.TrimPrefix(name, "dev"), "findings.txt"))
		if err != nil {
			t.Fatal(err)
		}
		for finding := range strings.Lines(string(content)) {
			rule, path, _ := strings.Cut(strings.TrimSpace(finding), " ")
			if !accept(accepted, rule, path) {
				t.Errorf("variant %q: %s has the finding %s: fix it, or accept it in %s", name, path, rule, suppressionsFile)
			}
		}
	}
	for _, s := range accepted {
		if !s.used {
			t.Errorf("%s accepts what is not found, remove: %s", suppressionsFile, s.line)
		}
	}
}

func accept(accepted []*suppression, rule, path string) bool {
	found := false
	for _, s := range accepted {
		if s.rule == rule && s.resource.MatchString(path) {
			s.used, found = true, true
		}
	}
	return found
}

// suppressions reads lines such as "RULE */Table: Why.", in which * stands for any
// text of a resource's path.
func suppressions(t *testing.T) []*suppression {
	t.Helper()
	content, err := os.ReadFile(suppressionsFile)
	if err != nil {
		t.Fatal(err)
	}
	var found []*suppression
	for line := range strings.Lines(string(content)) {
		line = strings.TrimSpace(line)
		about, reason, _ := strings.Cut(line, ": ")
		rule, pattern, _ := strings.Cut(about, " ")
		if pattern == "" || !isSentence(reason) {
			t.Errorf("%s: %q is not a rule, resources and a sentence", suppressionsFile, line)
		}
		expression := "^" + strings.ReplaceAll(regexp.QuoteMeta(pattern), `\*`, ".*") + "$"
		found = append(found, &suppression{line: line, rule: rule, resource: regexp.MustCompile(expression)})
	}
	return found
}

// isSentence reports whether the text says enough to be a reason.
func isSentence(text string) bool {
	return strings.HasSuffix(text, ".") && strings.Count(text, " ") >= 3
}

// variants are the names of the variants of stage dev.
func variants(t *testing.T) []string {
	t.Helper()
	content, err := os.ReadFile("variants.json")
	if err != nil {
		t.Fatal(err)
	}
	var named map[string]json.RawMessage
	if err := json.Unmarshal(content, &named); err != nil {
		t.Fatal(err)
	}
	var names []string
	for name := range named {
		names = append(names, name)
	}
	return sorted(names)
}
