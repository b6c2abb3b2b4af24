package templatetests_test

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
)

const wildcardsFile = "wildcards.txt"

// unreviewed is the reason that -update writes; it is refused.
const unreviewed = "NOT REVIEWED"

// TestWildcards: no statement of any policy, of a role or of a resource, allows by a
// pattern of actions, of resources or of principals, but what was reviewed, under
// the conditions it has. Run with -update to add lines, and write why; lines that
// are not needed are removed.
func TestWildcards(t *testing.T) {
	t.Parallel()
	if !hasNode() {
		t.Skip("node is not installed")
	}
	found := map[string]bool{}
	for _, d := range deployed(t) {
		for id, r := range d.Resources {
			for _, s := range d.statements(id) {
				for _, line := range patterns(d, r.Type, s) {
					found[line] = true
				}
			}
		}
	}
	reviewed := wildcards(t)
	if *update {
		maps.DeleteFunc(reviewed, func(line, _ string) bool { return !found[line] })
		var text strings.Builder
		for _, line := range slices.Sorted(maps.Keys(found)) {
			if reviewed[line] == "" {
				reviewed[line] = unreviewed
			}
			fmt.Fprintf(&text, "%s: %s\n", line, reviewed[line])
		}
		if err := os.WriteFile(wildcardsFile, []byte(text.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, line := range slices.Sorted(maps.Keys(found)) {
		if !isSentence(reviewed[line]) {
			t.Errorf("nobody reviewed: %s", line)
		}
	}
	for _, line := range slices.Sorted(maps.Keys(reviewed)) {
		if !found[line] {
			t.Errorf("%s has what no policy has, remove: %s", wildcardsFile, line)
		}
	}
}

// patterns are the lines of an Allow: its actions one by one, with a resource that
// is a pattern, or by a pattern of actions or for everybody.
func patterns(d everything, kind string, s object) []string {
	if s["Effect"] != "Allow" {
		return nil
	}
	var lines []string
	who := strings.Join(d.principals(s), " ")
	for _, resource := range resources(d, kind, s) {
		for _, action := range d.texts(s["Action"]) {
			if !strings.Contains(resource+action, "*") && who != "*" {
				continue
			}
			line := action + " on " + resource
			if who != "" {
				line += " by " + who
			}
			if keys := conditionKeys(s); keys != "" {
				line += " when " + keys
			}
			lines = append(lines, line)
		}
	}
	return lines
}

// resources are those of a statement; a role's trust policy names none, and in the
// policy of a key * is that key.
// https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html
func resources(d everything, kind string, s object) []string {
	if s["Resource"] == nil || kind == "AWS::KMS::Key" {
		return []string{"itself"}
	}
	return d.texts(s["Resource"])
}

func conditionKeys(s object) string {
	operators, _ := s["Condition"].(object)
	var keys []string
	for operator, conditions := range operators {
		for key := range conditions.(object) {
			keys = append(keys, operator+"("+key+")")
		}
	}
	return strings.Join(sorted(keys), " ")
}

// wildcards reads the reviewed lines and why each is.
func wildcards(t *testing.T) map[string]string {
	t.Helper()
	content, err := os.ReadFile(wildcardsFile)
	if err != nil && !*update {
		t.Fatal(err)
	}
	reviewed := map[string]string{}
	for line := range strings.Lines(string(content)) {
		what, why, _ := strings.Cut(strings.TrimSpace(line), ": ")
		reviewed[what] = why
	}
	return reviewed
}
