package e2e_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/auth"
)

// commandLine is the built program and its person.
type commandLine struct {
	e      *environment
	binary string
	config string
	shown  *output // All that it ever printed.
}

// testCommandLine does with the built program what a support engineer does at
// night: signs in by a code, connects an account, looks, cleans up.
func testCommandLine(t *testing.T, e *environment) {
	c := &commandLine{e: e, binary: filepath.Join(t.TempDir(), "tenon"), config: t.TempDir(), shown: &output{}}
	build := exec.CommandContext(t.Context(), "go", "build", "-o", c.binary, "./shared/cmd/tenon")
	build.Dir = e.root
	if text, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, text)
	}
	onboard(t, e, "night")
	oauth, key := crmTemplate(t, e, "night", "oauth2_authorization_code"), crmTemplate(t, e, "night-key", "api_key")
	if _, text := c.run(t, 3, "", "connection", "list"); !strings.Contains(text, "tenon login") {
		t.Errorf("before the sign-in: %s", text)
	}
	c.signIn(t)
	c.run(t, 0, "", "tenant", "get", "night")
	out, _ := c.run(t, 0, "", "connection", "create", "--tenant", "night", "--template-id", oauth.ID, "--name", "CRM at night", "--json")
	var made struct{ ID string }
	if err := json.Unmarshal([]byte(out), &made); err != nil {
		t.Fatalf("create: %v in %s", err, out)
	}
	c.authorize(t, made.ID)
	if out, _ := c.run(t, 0, "", "connection", "list", "--tenant", "night", "--status", "active"); !strings.Contains(out, made.ID) || !strings.HasPrefix(out, "ID ") {
		t.Errorf("list:\n%s", out)
	}
	if out, _ := c.run(t, 0, "", "connection", "verify", made.ID, "--tenant", "night"); !strings.Contains(out, "connection.account.name") || !strings.Contains(out, "Alice Archer") {
		t.Errorf("verify:\n%s", out)
	}
	credential, err := json.Marshal(map[string]string{"apiKey": e.crm.newKey(t)})
	if err != nil {
		t.Fatal(err)
	}
	c.run(t, 0, string(credential), "connection", "create", "--tenant", "night", "--template-id", key.ID, "--name", "By key", "--credential-file", "-")
	c.leases(t, made.ID)
	out, _ = c.run(t, -1, "", "doctor", "--tenant", "night")
	for _, check := range []string{"stage", "clock", "issuer", "version", "sign-in", "connections"} {
		if !regexp.MustCompile(`(?m)^ok +` + check + ` `).MatchString(out) {
			t.Errorf("the doctor is not content with %s:\n%s", check, out)
		}
	}
	c.run(t, 2, "", "connection", "delete", made.ID, "--tenant", "night")
	c.run(t, 0, "", "connection", "delete", made.ID, "--tenant", "night", "--yes")
	c.run(t, 4, "", "connection", "get", made.ID, "--tenant", "night")
	export := filepath.Join(t.TempDir(), "audit.ndjson")
	c.run(t, 0, "", "audit", "export", "--tenant", "night", "--out", export)
	if text, err := os.ReadFile(export); err != nil || !bytes.Contains(text, []byte(`"connection.delete"`)) {
		t.Errorf("the export lacks the deletion, %v:\n%s", err, text)
	}
	c.run(t, 0, "", "logout")
	c.run(t, 3, "", "connection", "list")
	if found := e.secrets.search().in([]byte(c.shown.String())); len(found) > 0 {
		t.Errorf("the program showed %q:\n%s", found, c.shown)
	}
}

// command is a run of the program with what its person has set.
func (c *commandLine) command(ctx context.Context, args ...string) *exec.Cmd {
	command := exec.CommandContext(ctx, c.binary, args...)
	command.Env = []string{"XDG_CONFIG_HOME=" + c.config, "TENON_URL=" + c.e.base, "PATH=" + os.Getenv("PATH")}
	return command
}

// run runs the program and wants an exit status, unless that is -1.
func (c *commandLine) run(t *testing.T, code int, typed string, args ...string) (out, told string) {
	t.Helper()
	return c.finish(t, code, typed, c.command(t.Context(), args...))
}

func (c *commandLine) finish(t *testing.T, code int, typed string, command *exec.Cmd) (out, told string) {
	t.Helper()
	var outs, errs bytes.Buffer
	command.Stdin, command.Stdout, command.Stderr = strings.NewReader(typed), &outs, &errs
	err := command.Run()
	_, _ = c.shown.Write(append(outs.Bytes(), errs.Bytes()...))
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	if got := command.ProcessState.ExitCode(); code != -1 && got != code {
		t.Errorf("%v: exit status %d, want %d\n%s%s", command.Args[1:], got, code, outs.String(), errs.String())
	}
	return outs.String(), errs.String()
}

// background begins a run that waits for a person, and returns what it prints.
func (c *commandLine) background(t *testing.T, args ...string) (text *output, wait func() error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	command := c.command(ctx, args...)
	text = &output{}
	command.Stdout, command.Stderr = text, text
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	return text, func() error {
		defer cancel()
		err := command.Wait()
		_, _ = c.shown.Write([]byte(text.String()))
		return err
	}
}

// printed waits until the program has printed what is looked for.
func printed(t *testing.T, text *output, pattern string) string {
	t.Helper()
	for begun := time.Now(); time.Since(begun) < 30*time.Second; wait(t, 50*time.Millisecond) {
		if found := regexp.MustCompile(pattern).FindStringSubmatch(text.String()); found != nil {
			return found[1]
		}
	}
	t.Fatalf("the program does not print %s:\n%s", pattern, text)
	return ""
}

// signIn confirms the code in a browser, as the organization's administrator.
func (c *commandLine) signIn(t *testing.T) {
	t.Helper()
	text, end := c.background(t, "login")
	code := printed(t, text, `code ([A-Z]{4}-[A-Z]{4})`)
	res, err := http.PostForm(c.e.base+"/dev/issuer/device", url.Values{"user_code": {code}, "person": {"olive"}})
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	if err := end(); err != nil || !strings.Contains(text.String(), "as profile local") {
		t.Fatalf("login: %v\n%s", err, text)
	}
}

// authorize has the person use the link that the program shows and waits for.
func (c *commandLine) authorize(t *testing.T, id string) {
	t.Helper()
	text, end := c.background(t, "connection", "authorize", id, "--tenant", "night", "--wait")
	link := printed(t, text, `startUrl +(\S+)\n`)
	newBrowser(c.e).walk(t, link, person{account: "alice"})
	if err := end(); err != nil || !strings.Contains(text.String(), "Connected: user_alice Alice Archer.") {
		t.Errorf("authorize: %v\n%s", err, text)
	}
}

// leases hides the credential, and shows it to whoever says so.
func (c *commandLine) leases(t *testing.T, id string) {
	t.Helper()
	lease := func(args ...string) string {
		command := c.command(t.Context(), append([]string{"connection", "lease", id, "--purpose", "look at night"}, args...)...)
		command.Env = append(command.Env, "TENON_TOKEN="+c.e.actor(t, "night", auth.ConnectionsLease).token)
		if len(args) == 0 {
			out, _ := c.finish(t, 0, "", command)
			return out
		}
		out, err := command.Output() // It shows what is secret, as it should.
		if err != nil {
			t.Error(err)
		}
		return string(out)
	}
	if out := lease(); !strings.Contains(out, "Authorization=(hidden") || !strings.Contains(out, "expiresAt") {
		t.Errorf("lease:\n%s", out)
	}
	var revealed struct{ Headers map[string]string }
	if err := json.Unmarshal([]byte(lease("--reveal", "--json")), &revealed); err != nil || asks(t, c.e.crm.base+"/api/contacts", revealed.Headers) != http.StatusOK {
		t.Errorf("the revealed credential does not work: %v", err)
	}
}
