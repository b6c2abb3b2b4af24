package docstest_test

import (
	"encoding/json"
	"net/url"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/tenonhq/tenon/infra/local/docstest"
	"github.com/tenonhq/tenon/shared/routes"
)

const root = "../../.."

func pages(t *testing.T) []docstest.Page {
	t.Helper()
	found, err := docstest.Pages(root)
	if err != nil {
		t.Fatal(err)
	}
	if len(found) < 10 {
		t.Fatalf("%d pages; the test looks in the wrong place", len(found))
	}
	return found
}

// classes are the info strings a block may have.
func classes() []string {
	return []string{"sh", "sh " + docstest.AWS, "sh " + docstest.Minutes, "text", "json", "go", "ts", "tsx", "html", "logs"}
}

// Every block says what it is, and nothing that is run goes without a look.
func TestBlocksHaveAClass(t *testing.T) {
	t.Parallel()
	for _, p := range pages(t) {
		for _, b := range p.Blocks {
			if info := strings.TrimSpace(b.Language + " " + b.Class); !slices.Contains(classes(), info) {
				t.Errorf("%s:%d: a block of class %q", p.Path, b.Line, info)
			}
		}
	}
}

func TestBlocksParse(t *testing.T) {
	t.Parallel()
	for _, p := range pages(t) {
		for _, b := range p.Blocks {
			switch b.Language {
			case "sh":
				bash := exec.CommandContext(t.Context(), "bash", "-n")
				bash.Stdin = strings.NewReader(b.Text)
				if said, err := bash.CombinedOutput(); err != nil {
					t.Errorf("%s:%d: %v %s", p.Path, b.Line, err, said)
				}
			case "json":
				if !parses(b.Text) {
					t.Errorf("%s:%d: neither JSON nor members of an object", p.Path, b.Line)
				}
			}
		}
	}
}

// parses reports whether a text is JSON, lines of it, or the members of an object.
// Of what is left out, … stands in a string or for members at the end.
func parses(text string) bool {
	text = regexp.MustCompile(`,\s*…\s*}`).ReplaceAllString(text, "}")
	if json.Valid([]byte(text)) || json.Valid([]byte("{"+strings.TrimSuffix(strings.TrimSpace(text), ",")+"}")) {
		return true
	}
	for line := range strings.Lines(text) {
		if !json.Valid([]byte(line)) {
			return false
		}
	}
	return true
}

// A link leads to a file that is there, and to a heading that it has.
func TestLinks(t *testing.T) {
	t.Parallel()
	for _, p := range pages(t) {
		for _, l := range p.Links {
			target, err := url.Parse(l.Text)
			if err != nil || target.Scheme != "" {
				continue
			}
			file := path.Join(path.Dir(p.Path), target.Path)
			if target.Path == "" {
				file = p.Path
			}
			if _, err := os.Stat(filepath.Join(root, file)); err != nil {
				t.Errorf("%s:%d: %s is not there", p.Path, l.Line, l.Text)
				continue
			}
			if target.Fragment == "" || path.Ext(file) != ".md" {
				continue
			}
			if to, err := docstest.Read(root, filepath.Join(root, file)); err != nil || !slices.Contains(to.Anchors, target.Fragment) {
				t.Errorf("%s:%d: %s has no heading %s", p.Path, l.Line, file, target.Fragment)
			}
		}
	}
}

// texts are all pieces of code in the page, with their lines.
func texts(p docstest.Page) []docstest.Link {
	all := slices.Clone(p.Code)
	for _, b := range p.Blocks {
		all = append(all, docstest.Link{Line: b.Line, Text: b.Text})
	}
	return all
}

var (
	target = regexp.MustCompile(`(?m)^([a-z0-9-]+):`)
	file   = regexp.MustCompile(`(?:^|[\s"'=(./])((?:infra|shared|functions|events|template-tests)/[\w./-]*\w)`)
	call   = regexp.MustCompile(`\b(GET|POST|PUT|PATCH|DELETE) (/v1/[\w{}/.-]+)`)
)

func TestTargetsAreThere(t *testing.T) {
	t.Parallel()
	makefile, err := os.ReadFile(filepath.Join(root, "Makefile"))
	if err != nil {
		t.Fatal(err)
	}
	var targets []string
	for _, m := range target.FindAllStringSubmatch(string(makefile), -1) {
		targets = append(targets, m[1])
	}
	for _, p := range pages(t) {
		for _, c := range texts(p) {
			for _, words := range docstest.Commands(c.Text, "make") {
				for _, word := range words {
					if !strings.Contains(word, "=") && !strings.HasPrefix(word, "-") && !slices.Contains(targets, word) {
						t.Errorf("%s:%d: make has no target %s", p.Path, c.Line, word)
					}
				}
			}
		}
	}
}

func TestFilesAreThere(t *testing.T) {
	t.Parallel()
	for _, p := range pages(t) {
		for _, c := range texts(p) {
			for _, m := range file.FindAllStringSubmatch(c.Text, -1) {
				if _, err := os.Stat(filepath.Join(root, m[1])); err != nil && !strings.Contains(c.Text, m[1]+"/<") {
					t.Errorf("%s:%d: %s is not there", p.Path, c.Line, m[1])
				}
			}
		}
	}
}

// An operation that a page names is one of the route table.
func TestOperationsAreThere(t *testing.T) {
	t.Parallel()
	var known []string
	for _, r := range routes.All() {
		known = append(known, r.Method+" "+r.Path)
	}
	for _, p := range pages(t) {
		for _, c := range texts(p) {
			for _, m := range call.FindAllStringSubmatch(c.Text, -1) {
				if !slices.Contains(known, m[1]+" "+strings.TrimSuffix(m[2], ".")) && !strings.Contains(m[2], "own-") {
					t.Errorf("%s:%d: there is no operation %s", p.Path, c.Line, m[0])
				}
			}
		}
	}
}

// testdata/aws.txt has the operations and options that were looked up in the models
// of the AWS CLI; whoever writes another adds it there after doing so.
func TestAWSOperationsAreThere(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("testdata/aws.txt")
	if err != nil {
		t.Fatal(err)
	}
	known := map[string][]string{}
	for line := range strings.Lines(string(text)) {
		words := strings.Fields(line)
		known[words[0]+" "+words[1]] = words[2:]
	}
	anywhere := []string{"--region", "--query", "--output"}
	for _, p := range pages(t) {
		for _, c := range texts(p) {
			for _, words := range docstest.Commands(c.Text, "aws") {
				if len(words) < 2 {
					continue
				}
				options, ok := known[words[0]+" "+words[1]]
				if !ok {
					t.Errorf("%s:%d: aws %s %s is not in testdata/aws.txt", p.Path, c.Line, words[0], words[1])
				}
				for _, word := range words[2:] {
					if strings.HasPrefix(word, "--") && !slices.Contains(options, word) && !slices.Contains(anywhere, word) {
						t.Errorf("%s:%d: aws %s %s has no %s", p.Path, c.Line, words[0], words[1], word)
					}
				}
			}
		}
	}
}
