package e2e_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tenonhq/tenon/infra/local/demo"
	"github.com/tenonhq/tenon/infra/local/docstest"
	"github.com/tenonhq/tenon/shared/servers/serverstest"
)

// testDocs runs the commands of README.md and of infra/docs that run anywhere, page
// by page, in an environment as `make dev` leaves it, and compares what they print
// with what the pages show. Each page has a home and a working directory of its own.
func testDocs(t *testing.T, e *environment) {
	if _, err := exec.LookPath("jq"); err != nil {
		serverstest.Tool(t, "/usr/bin/jq")
	}
	if err := demo.Seed(t.Context(), e.base); err != nil {
		t.Fatal(err)
	}
	bin := programs(t, e)
	pages, err := docstest.Pages(e.root)
	if err != nil {
		t.Fatal(err)
	}
	ran := 0
	for _, p := range pages {
		if script := p.Script(); script != "" {
			ran++
			t.Run(p.Path, func(t *testing.T) { runPage(t, e, p, script, bin) })
		}
		t.Run("programs of "+p.Path, func(t *testing.T) { parsesCommands(t, p, bin) })
	}
	if ran < 5 {
		t.Errorf("%d pages have commands that were run; that is hardly all", ran)
	}
}

// programs returns a directory with the command line.
func programs(t *testing.T, e *environment) string {
	t.Helper()
	bin := t.TempDir()
	build := exec.CommandContext(t.Context(), "go", "build", "-o", filepath.Join(bin, "tenon"), "./shared/cmd/tenon") //nolint:gosec // Our own program.
	build.Dir = e.root
	if said, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build tenon: %v\n%s", err, said)
	}
	return bin
}

// runPage runs the commands of one page in one bash.
func runPage(t *testing.T, e *environment, p docstest.Page, script, bin string) {
	local := strings.NewReplacer("127.0.0.1:8787", strings.TrimPrefix(e.base, "http://"))
	home := t.TempDir()
	printed := &terminal{person: func(link string) { signIn(t, e, link) }}
	bash := exec.CommandContext(t.Context(), "bash", "-c", local.Replace(script))
	bash.Dir = home
	bash.Env = []string{"PATH=" + bin + ":" + os.Getenv("PATH"), "HOME=" + home, "LANG=C.UTF-8", "TENON_DEV_PORT=" + e.base[strings.LastIndexByte(e.base, ':')+1:]}
	bash.Stdout, bash.Stderr = printed, printed
	err := bash.Run()
	printed.visits.Wait()
	outputs := docstest.Outputs(printed.String())
	for _, b := range p.Blocks {
		got, reached := outputs[b.Line]
		if reached && b.Output != "" && !docstest.Matches(local.Replace(b.Output), got) {
			t.Errorf("%s:%d printed\n%s\nthe page shows\n%s", p.Path, b.Line, got, b.Output)
		}
	}
	if err != nil {
		t.Errorf("%s: %v; the last block printed\n%s", p.Path, err, printed.String()[strings.LastIndexByte(printed.String(), '\x1e')+1:])
	}
}

// parsesCommands asks tenon whether it knows the commands and the options that the
// page has, be they run or not.
func parsesCommands(t *testing.T, p docstest.Page, bin string) {
	for _, b := range p.Blocks {
		if b.Language != "sh" {
			continue
		}
		for _, words := range docstest.Commands(b.Text, "tenon") {
			tenonKnows(t, bin, p.Path, b.Line, words)
		}
	}
	for _, c := range p.Code {
		if words, ok := strings.CutPrefix(c.Text, "tenon "); ok && !strings.Contains(words, "…") {
			tenonKnows(t, bin, p.Path, c.Line, strings.Fields(words))
		}
	}
}

func tenonKnows(t *testing.T, bin, page string, line int, words []string) {
	t.Helper()
	var path, options []string
	for _, word := range words {
		name, _, _ := strings.Cut(word, "=")
		switch {
		case strings.HasPrefix(name, "--"):
			options = append(options, name)
		case len(options) == 0 && strings.Trim(name, "abcdefghijklmnopqrstuvwxyz-") == "":
			path = append(path, name)
		}
	}
	help, err := exec.CommandContext(t.Context(), filepath.Join(bin, "tenon"), append(path, "--help")...).CombinedOutput() //nolint:gosec // Of our own pages.
	if err != nil {
		t.Errorf("%s:%d: tenon %s: %v\n%s", page, line, strings.Join(path, " "), err, help)
		return
	}
	for _, option := range options {
		if !strings.Contains(string(help), option) {
			t.Errorf("%s:%d: tenon %s has no option %s", page, line, strings.Join(path, " "), option)
		}
	}
}
