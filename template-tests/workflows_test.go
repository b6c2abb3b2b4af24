package templatetests_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// writes are what a job's token may do besides reading the sources. Whoever can
// change a step of these jobs can do it too.
var writes = map[string][]string{
	"release.yml attest":  {"attestations: write", "contents: read", "id-token: write"},
	"release.yml publish": {"contents: write"},
	"deploy.yml diff":     {"attestations: read", "contents: read", "id-token: write"},
	"deploy.yml deploy":   {"attestations: read", "contents: read", "id-token: write"},
}

// TestWorkflows reads what GitHub runs.
func TestWorkflows(t *testing.T) {
	t.Parallel()
	found, err := filepath.Glob("../.github/workflows/*")
	if err != nil || len(found) < 4 {
		t.Fatalf("workflows %v, %v", found, err)
	}
	for _, file := range found {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, problem := range problems(filepath.Base(file), string(content)) {
			t.Errorf("%s: %s", filepath.Base(file), problem)
		}
	}
}

// The rules catch what they are for.
func TestWorkflowsForbid(t *testing.T) {
	t.Parallel()
	const file, sha = "release.yml", "08c6903cd8c0fde910a37f88322edcfb5dd907a8"
	good := strings.Join([]string{
		"name: x", "on:", "  push: {}", "permissions:", "  contents: read", "concurrency: x", "jobs:", "  publish:", "    timeout-minutes: 5", "    permissions:",
		"      contents: write", "    steps:", "      - uses: actions/checkout@" + sha + " # v5.0.0", "        with: {persist-credentials: false}",
		"      - run: echo", "      - run: |", "          echo one", "          echo two", "        env: {A: \"${{ github.ref }}\"}", "",
	}, "\n")
	if got := problems(file, good); len(got) > 0 {
		t.Fatalf("problems %q", got)
	}
	for name, c := range map[string]struct{ old, new string }{
		"a tag in place of a commit":    {"@" + sha + " # v5.0.0", "@v5"},
		"a commit without its version":  {" # v5.0.0", ""},
		"an action of the repository":   {"actions/checkout@" + sha, "./action"},
		"pull_request_target":           {"  push: {}", "  pull_request_target: {}"},
		"a run on other workflows":      {"  push: {}", "  workflow_run: {workflows: [ci]}"},
		"no permissions":                {"permissions:\n  contents: read\n", ""},
		"permissions to write for all":  {"permissions:\n  contents: read", "permissions:\n  contents: write"},
		"another permission":            {"      contents: write", "      packages: write"},
		"all permissions":               {"    permissions:\n      contents: write", "    permissions: write-all"},
		"an expression in a script":     {"- run: echo", "- run: echo ${{ github.head_ref }}"},
		"an expression in a long one":   {"echo two", "echo ${{ inputs.stage }}"},
		"a token that stays on disk":    {"persist-credentials: false", "fetch-depth: 1"},
		"a job that may run for hours":  {"    timeout-minutes: 5\n", ""},
		"two runs at the same time":     {"concurrency: x\n", ""},
		"a checkout of a stranger's":    {"persist-credentials: false", "persist-credentials: false, ref: \"${{ github.event.pull_request.head.sha }}\""},
		"a second job without a limit":  {"  publish:", "  other:\n    steps: []\n  publish:"},
		"a job that may write unlisted": {"  publish:", "  other:"},
	} {
		changed := strings.Replace(good, c.old, c.new, 1)
		if changed == good {
			t.Fatalf("%s: nothing to replace", name)
		}
		if len(problems(file, changed)) == 0 {
			t.Errorf("%s is allowed", name)
		}
	}
}

// What the rules look for.
var (
	usesLine = regexp.MustCompile(`(?m)^\s*(?:- )?uses: *(.*)$`)
	pinned   = regexp.MustCompile(`^[A-Za-z0-9-]+/[A-Za-z0-9._/-]+@[0-9a-f]{40} # v[0-9]+\.[0-9]+\.[0-9]+$`)
	triggers = regexp.MustCompile(`\b(?:pull_request_target|workflow_run|issue_comment)\b`)
	jobName  = regexp.MustCompile(`(?m)^  ([a-z][a-z-]*):.*$`)
	script   = regexp.MustCompile(`^(\s*)(?:- )?run: *(.*)$`)
)

// problems are what is wrong with a workflow. It reads the text, which is kept to
// a form that makes this easy.
func problems(file, text string) []string {
	var list []string
	problem := func(wrong bool, format string, args ...any) {
		if wrong {
			list = append(list, fmt.Sprintf(format, args...))
		}
	}
	head, jobs, found := strings.Cut(text, "\njobs:\n")
	problem(!found, "it has no jobs")
	problem(triggers.MatchString(head), "it is triggered by strangers with the rights of the repository")
	problem(!strings.Contains(head, "\npermissions:\n  contents: read\n") || strings.Contains(head, "write"), "by default its token may do more than read the sources")
	problem(!strings.Contains(head, "\nconcurrency:"), "it does not say what may run at the same time")
	for _, match := range usesLine.FindAllStringSubmatch(text, -1) {
		problem(!pinned.MatchString(match[1]), "%q is not pinned to a commit with its version behind it", match[1])
	}
	problem(strings.Count(text, "actions/checkout@") != strings.Count(text, "persist-credentials: false"), "a checkout leaves the token in .git")
	problem(strings.Contains(text, "pull_request.head"), "it runs sources of strangers")
	for _, line := range scripts(text) {
		problem(strings.Contains(line, "${{"), "the script %q has an expression: give it an environment variable", line)
	}
	starts := jobName.FindAllStringSubmatchIndex(jobs, -1)
	for i, at := range starts {
		end := len(jobs)
		if i+1 < len(starts) {
			end = starts[i+1][0]
		}
		name, body := jobs[at[2]:at[3]], jobs[at[0]:end]
		problem(!strings.Contains(body, "\n    timeout-minutes: "), "job %s has no timeout", name)
		if allowed, got := writes[file+" "+name], granted(body); !slices.Equal(allowed, got) {
			problem(true, "job %s has the permissions %q, want %q", name, got, allowed)
		}
	}
	return list
}

// granted are the permissions of one job.
func granted(job string) []string {
	_, rest, found := strings.Cut(job, "\n    permissions:")
	if !found {
		return nil
	}
	var list []string
	for i, line := range strings.Split(rest, "\n") {
		switch {
		case i == 0 && line != "":
			return []string{strings.TrimSpace(line)}
		case i > 0 && !strings.HasPrefix(line, "      "):
			return list
		case i > 0:
			list = append(list, strings.TrimSpace(line))
		}
	}
	return list
}

// scripts are the lines that a shell runs.
func scripts(text string) []string {
	var list []string
	block := -1 // How far the run is indented whose lines follow.
	for line := range strings.SplitSeq(text, "\n") {
		indent := len(line) - len(strings.TrimLeft(line, " "))
		if block >= 0 && (indent > block || strings.TrimSpace(line) == "") {
			list = append(list, line)
			continue
		}
		block = -1
		if match := script.FindStringSubmatch(line); match != nil {
			list = append(list, match[2])
			if strings.HasPrefix(match[2], "|") || strings.HasPrefix(match[2], ">") {
				block = strings.Index(line, "run:")
			}
		}
	}
	return list
}
