package templatetests_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const operatorDocs = "../infra/docs"

// The list of alarms in operate.md has every runbook once.
func TestEveryRunbookIsLinked(t *testing.T) {
	t.Parallel()
	text := document(t, "operate.md")
	_, api := load(t)
	for id := range api.ofType("AWS::CloudWatch::Alarm") {
		if n := strings.Count(text, "["+id+"](../runbooks/"+id+".md)"); n != 1 {
			t.Errorf("%s is linked %d times", id, n)
		}
	}
}

// Whatever a document links to beside it is there.
func TestLinksOfDocuments(t *testing.T) {
	t.Parallel()
	link := regexp.MustCompile(`\]\(([^)#:]+)(#[^)]*)?\)`)
	for _, name := range []string{"operate.md", "recovery.md", "costs.md", "quotas.md"} {
		for _, m := range link.FindAllStringSubmatch(document(t, name), -1) {
			if _, err := os.Stat(filepath.Join(operatorDocs, m[1])); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}

// words of the query language of CloudWatch Logs Insights, and of units of time.
var words = []string{"filter", "or", "and", "stats", "count", "by", "sort", "pct", "max", "bin", "m", "display", "fields"}

// A query asks for messages and fields that the code writes.
func TestFieldsOfLogQueries(t *testing.T) {
	t.Parallel()
	quoted, field := regexp.MustCompile(`"[^"]*"`), regexp.MustCompile(`@?[a-zA-Z_]+`)
	source := sourceText(t)
	queries := regexp.MustCompile("(?s)```logs\n(.*?)```").FindAllStringSubmatch(document(t, "operate.md"), -1)
	if len(queries) < 5 {
		t.Fatalf("%d queries", len(queries))
	}
	for _, m := range queries {
		for _, message := range regexp.MustCompile(`msg = ("[^"]*")`).FindAllStringSubmatch(m[1], -1) {
			if !strings.Contains(source, "ctx, "+message[1]) {
				t.Errorf("nobody logs %s", message[1])
			}
		}
		for _, name := range field.FindAllString(quoted.ReplaceAllString(m[1], ""), -1) {
			standard := strings.HasPrefix(name, "@") || slices.Contains([]string{"msg", "level"}, name)
			if !standard && !slices.Contains(words, name) && !strings.Contains(source, `"`+name+`"`) {
				t.Errorf("nobody logs the field %s", name)
			}
		}
	}
}

func document(t *testing.T, name string) string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(operatorDocs, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// sourceText is the code of the service and, for the access log, of the API.
func sourceText(t *testing.T) string {
	t.Helper()
	var all strings.Builder
	add := func(path string) error {
		content, err := os.ReadFile(path)
		all.Write(content)
		return err
	}
	err := filepath.WalkDir("../shared", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		return add(path)
	})
	if err == nil {
		err = add("../infra/api.go")
	}
	if err != nil {
		t.Fatal(err)
	}
	return all.String()
}
