package docstest_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/infra/local/docstest"
)

const sample = "# A page\n\nSee [b](b.md#a-page) and `make test`.\n\n```sh\nx=1\n```\n\n```text\none … two\n```\n\n" +
	"1. In a list:\n   ```sh aws\n   aws kms enable-key\n   ```\n\n## A page\n"

func TestParse(t *testing.T) {
	t.Parallel()
	got, err := docstest.Parse(sample)
	if err != nil {
		t.Fatal(err)
	}
	want := docstest.Page{
		Blocks: []docstest.Block{
			{Line: 5, Language: "sh", Text: "x=1\n", Output: "one … two\n"},
			{Line: 9, Language: "text", Text: "one … two\n"},
			{Line: 14, Language: "sh", Class: "aws", Text: "aws kms enable-key\n"},
		},
		Links:   []docstest.Link{{Line: 3, Text: "b.md#a-page"}},
		Code:    []docstest.Link{{Line: 3, Text: "make test"}},
		Anchors: []string{"a-page", "a-page-1"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Parse (-want +got):\n%s", diff)
	}
	if got, want := got.Script(), "set -euo pipefail\nprintf '\\0365\\n'\nx=1\n"; got != want {
		t.Errorf("Script: got %q, want %q", got, want)
	}
	if _, err := docstest.Parse("```sh\n"); err == nil {
		t.Error("a block without an end is read")
	}
}

func TestOutputs(t *testing.T) {
	t.Parallel()
	if diff := cmp.Diff(map[int]string{5: "one\n", 12: ""}, docstest.Outputs("\x1e5\none\n\x1e12\n")); diff != "" {
		t.Errorf("Outputs (-want +got):\n%s", diff)
	}
}

func TestMatches(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		want, got string
		ok        bool
	}{
		{"active", "active\n", true},
		{"ID      STATUS\ncon_…   active", "ID STATUS\ncon_1 active\n", true},
		{"…\nlast", "first\nsecond\nlast", true},
		{"…\nlast", "last", true},
		{"…", "", true},
		{"Alice…, with x", "Alice Example, with x", true},
		{"active", "inactive", false},
		{"…\nlast", "at last but", false},
		{"con_… active", "con_1 degraded", false},
		{"a.c", "abc", false},
	} {
		if got := docstest.Matches(test.want, test.got); got != test.ok {
			t.Errorf("Matches(%q, %q): got %v, want %v", test.want, test.got, got, test.ok)
		}
	}
}

func TestCommands(t *testing.T) {
	t.Parallel()
	text := "url=$(aws sts get-caller-identity --query Account)\nmake build && TENON_TOKEN=x make smoke URL=\"$url\" # aws no\nfor f in a; do aws kms \\\n  enable-key; done\n"
	if diff := cmp.Diff([][]string{{"sts", "get-caller-identity", "--query", "Account"}, {"kms", "enable-key"}}, docstest.Commands(text, "aws")); diff != "" {
		t.Errorf("aws (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([][]string{{"build"}, {"smoke", `URL="$url"`}}, docstest.Commands(text, "make")); diff != "" {
		t.Errorf("make (-want +got):\n%s", diff)
	}
}
