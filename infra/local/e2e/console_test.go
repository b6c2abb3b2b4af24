package e2e_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/tenonhq/tenon/infra/local/demo"
	"github.com/tenonhq/tenon/shared/servers/serverstest"
)

const (
	// consoleFiles is how many files of browser tests run at once: each has a
	// Chromium of its own.
	consoleFiles = 2
	// consolePatience is how long one of them may take.
	consolePatience = 120 * time.Second
)

// TestConsole opens the pages of the product in Chromium: every file of the
// directory console is a subtest. What they have in common is in console/support.
func TestConsole(t *testing.T) {
	chromium := chromiumBinary(t)
	if _, err := os.Stat(filepath.Join("..", "..", "..", "node_modules", "playwright-core")); err != nil {
		t.Fatal("the packages that drive the browser are not installed; run: make browser")
	}
	files, err := filepath.Glob(filepath.Join("console", "*.test.js"))
	if err != nil || len(files) == 0 {
		t.Fatalf("found no browser tests: %v", err)
	}
	e := newEnvironment(t)
	ports := make([]string, len(files))
	for i := range files {
		ports[i] = serverstest.FreePort(t)
		e.sites = append(e.sites, "http://localhost:"+ports[i])
	}
	e.start(t)
	e.listen(t)
	if err := demo.Seed(t.Context(), e.base); err != nil {
		t.Fatal(err)
	}
	environment := append(os.Environ(), "NO_COLOR=1", "FORCE_COLOR=0", "TENON_CHROMIUM="+chromium,
		"TENON_URL="+e.base, "LAB_ISSUER="+e.lab.issuer, "CRM_URL="+e.crm.base, "TENON_CONTROL="+e.control(t))
	places := make(chan struct{}, consoleFiles)
	t.Run("pages", func(t *testing.T) {
		for i, file := range files {
			t.Run(filepath.Base(file), func(t *testing.T) {
				t.Parallel()
				places <- struct{}{}
				defer func() { <-places }()
				runBrowserTests(t, file, slices.Concat(environment, []string{"SITE_PORT=" + ports[i]}))
			})
		}
	})
	t.Run("refusals", func(t *testing.T) { testRefusals(t, e) })
	t.Run("leaks", func(t *testing.T) {
		testPlanted(t, e, e.searchLeaks(t), "typed secret", "access token", "refresh token", "id_token", "authorization code", "PKCE verifier",
			"client secret", "API key", "ticket", "handoff cookie", "form value", "state", "bearer token", "webhook secret")
	})
	e.stop(t)
}

// chromiumBinary finds the browser, or skips the test where none is expected to
// be installed. TENON_CHROMIUM names another one.
func chromiumBinary(t *testing.T) string {
	t.Helper()
	if named := os.Getenv("TENON_CHROMIUM"); named != "" {
		return named
	}
	if _, err := os.Stat("/usr/bin/chromium"); err != nil {
		t.Log("the browser tests need Chromium at /usr/bin/chromium, or TENON_CHROMIUM; make browser installs it where apt-get is")
	}
	return serverstest.Tool(t, "/usr/bin/chromium")
}

// runBrowserTests runs one file, and once more when it failed: a browser on a busy
// machine misses deadlines through no fault of a page. What failed first is said.
func runBrowserTests(t *testing.T, file string, environment []string) {
	t.Helper()
	first := browserTests(t, file, environment)
	if first == nil {
		return
	}
	t.Logf("%s: %v; it runs once more", file, first)
	if err := browserTests(t, file, environment); err != nil {
		t.Errorf("%s: %v, see above", file, err)
	}
}

// browserTests runs one file with Node.js's own test runner and passes on what it
// says. When the time is up, first the runner is asked to end, so that it ends its
// browser.
func browserTests(t *testing.T, file string, environment []string) error {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), consolePatience)
	defer cancel()
	cmd := exec.CommandContext(ctx, "node", "--test", "--test-concurrency=1", "--test-reporter=spec", file)
	cmd.Env = append(environment, "TMPDIR="+t.TempDir())
	cmd.Stdout, cmd.Stderr = t.Output(), t.Output()
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM) }
	cmd.WaitDelay = 10 * time.Second
	err := cmd.Run()
	if ctx.Err() != nil {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) // Most often nothing is left.
		return fmt.Errorf("not done after %s", consolePatience)
	}
	var failed *exec.ExitError
	if errors.As(err, &failed) {
		return errors.New("tests failed")
	}
	return err
}
