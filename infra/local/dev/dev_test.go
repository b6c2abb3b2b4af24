package dev_test

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/infra/local/dev"
)

// TestRun starts the environment once for everything that can be seen in it,
// because building and starting it takes seconds.
func TestRun(t *testing.T) {
	t.Parallel()
	e := newEnvironment(t)
	e.start()
	token := e.token("me:read")
	first := e.whoami(token)

	t.Run("functions know where they are", func(t *testing.T) {
		got := first
		got.PID, got.AWS = 0, strings.TrimRight(got.AWS, "0123456789")
		origin := fmt.Sprintf("http://127.0.0.1:%d", e.port)
		want := answer{
			Greeting: "one", Stage: "local", URL: origin,
			AWS: "http://127.0.0.1:", Table: "tenon-dev-Table",
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("answer (-want +got):\n%s", diff)
		}
	})
	t.Run("access", func(t *testing.T) { testAccess(t, e) })
	t.Run("browser", func(t *testing.T) { testBrowser(t, e) })
	t.Run("demo CRM", func(t *testing.T) { testDemoCRM(t, e) })
	t.Run("events reach functions", func(t *testing.T) {
		body := `{"Entries":[{"Source":"shop","DetailType":"order","Detail":"{\"marker\":\"m-42\"}"}]}`
		status, text := send(t, http.MethodPost, first.AWS, body, http.Header{"X-Amz-Target": {"AWSEvents.PutEvents"}})
		if status != http.StatusOK {
			t.Fatalf("PutEvents: got %d %s, want 200", status, text)
		}
		e.waitFor(`m-42`)
	})
	t.Run("functions invoke functions", func(t *testing.T) { testInvoke(t, first.AWS) })
	t.Run("rebuild", func(t *testing.T) { testRebuild(t, e, token) })

	running := e.whoami(token)
	secret := clientSecret(t, e)
	e.stop()
	for _, pid := range []int{first.PID, running.PID} {
		if err := syscall.Kill(pid, 0); !errors.Is(err, syscall.ESRCH) {
			t.Errorf("process %d of a function is still there: %v", pid, err)
		}
	}
	e.start()
	second := e.whoami(token) // A token of before is still good.
	message := fmt.Sprintf(`{"QueueUrl":"%s/123456789012/work","MessageBody":"m-43"}`, second.AWS)
	status, text := send(t, http.MethodPost, second.AWS, message, http.Header{"X-Amz-Target": {"AmazonSQS.SendMessage"}})
	if status != http.StatusOK {
		t.Fatalf("SendMessage: got %d %s, want 200", status, text)
	}
	e.waitFor("m-43")
	if got := clientSecret(t, e); got != secret {
		t.Error("the secret of the demo client changed with the restart")
	}
	e.stop()
}

func testAccess(t *testing.T, e *environment) {
	event := `{"version":"2.0"}`
	host := fmt.Sprintf("127.0.0.1:%d", e.port)
	for name, test := range map[string]struct {
		method, path, body string
		header             http.Header
		want               int
	}{
		"no token":           {"GET", "/v1/whoami", "", nil, 401},
		"token without it":   {"GET", "/v1/whoami", "", http.Header{"Authorization": {"Bearer " + e.token("other")}}, 403},
		"unknown route":      {"GET", "/v1/nothing", "", nil, 404},
		"localhost":          {"GET", "/healthz", "", http.Header{"Host": {strings.Replace(host, "127.0.0.1", "localhost", 1)}}, 200},
		"rebound name":       {"GET", "/dev/crm/", "", http.Header{"Host": {"evil.example"}}, 421},
		"token for a page":   {"POST", "/dev/token", `{"tenant":"a","subject":"b"}`, http.Header{"Origin": {"https://evil.example"}}, 403},
		"invoke":             {"POST", "/dev/functions/healthz/invocations", event, nil, 200},
		"invoke from a page": {"POST", "/dev/functions/healthz/invocations", event, http.Header{"Origin": {"https://evil.example"}}, 403},
		"invoke nothing":     {"POST", "/dev/functions/nothing/invocations", event, nil, 404},
		"issuer":             {"GET", "/dev/issuer/.well-known/openid-configuration", "", nil, 200},
		"CRM metadata":       {"GET", "/.well-known/oauth-authorization-server/dev/crm", "", nil, 200},
	} {
		if status, body := e.send(test.method, test.path, test.body, test.header); status != test.want {
			t.Errorf("%s: got %d %s, want %d", name, status, body, test.want)
		}
	}
}

// testInvoke asks the AWS that functions see, which knows no short names.
func testInvoke(t *testing.T, endpoint string) {
	const arn = "arn:aws:lambda:eu-west-1:123456789012:function:"
	for name, want := range map[string]int{
		"tenon-prod-whoami": 200, arn + "tenon-prod-whoami": 200, // As the template has it.
		"whoami": 404, "tenon-dev-whoami": 404, arn + "tenon-dev-whoami": 404, "tenon-prod-nothing": 404,
	} {
		status, text := send(t, http.MethodPost, endpoint+"/2015-03-31/functions/"+url.PathEscape(name)+"/invocations", `{}`, nil)
		if status != want || want == 200 && !strings.Contains(text, "greeting") {
			t.Errorf("%s: got %d %s, want %d", name, status, text, want)
		}
	}
}

func testDemoCRM(t *testing.T, e *environment) {
	origin := fmt.Sprintf("http://127.0.0.1:%d", e.port)
	query := "?response_type=code&client_id=tenon-dev&code_challenge_method=S256" +
		"&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&redirect_uri=" + origin + "/v1/oauth/callback/ctx_1"
	status, page := e.send(http.MethodGet, "/dev/crm/oauth/authorize"+query, "", nil)
	if status != http.StatusOK || !strings.Contains(page, `action="`+origin+`/dev/crm/oauth/authorize"`) {
		t.Errorf("consent page: got %d\n%s", status, page)
	}
}

func testRebuild(t *testing.T, e *environment, token string) {
	source := filepath.Join(e.root, "functions", "whoami", "greeting.go")
	write := func(text string) {
		if err := os.WriteFile(source, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("package main\n\nconst greeting = \"two\"\n")
	e.until("the new greeting is served", func() bool { return e.whoami(token).Greeting == "two" })
	write("package main\n\nconst greeting = broken\n")
	e.waitFor("undefined: broken")
	e.waitFor("the binaries of before keep serving")
	if got := e.whoami(token).Greeting; got != "two" {
		t.Errorf("after a compile error: got greeting %q, want two", got)
	}
	write("package main\n\nconst greeting = \"three\"\n")
	e.until("the repaired greeting is served", func() bool { return e.whoami(token).Greeting == "three" })
}

func clientSecret(t *testing.T, e *environment) string {
	t.Helper()
	_, page := e.send(http.MethodGet, "/dev/crm/", "", nil)
	match := regexp.MustCompile(`crm_secret_\w+`).FindString(page)
	if match == "" {
		t.Fatal("the landing page shows no secret")
	}
	return match
}

func TestRunNamesATakenPort(t *testing.T) {
	t.Parallel()
	e := newEnvironment(t)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	port := listener.Addr().(*net.TCPAddr).Port
	err = dev.Run(t.Context(), dev.Config{Root: e.root, Port: port, Out: t.Output()})
	want := fmt.Sprintf("port %d is in use", port)
	if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "TENON_DEV_PORT") {
		t.Errorf("got %v, want an error with %q and the variable", err, want)
	}
}

func TestRunAsksForGo(t *testing.T) {
	e := newEnvironment(t)
	t.Setenv("PATH", t.TempDir())
	err := dev.Run(t.Context(), dev.Config{Root: e.root, Port: e.port, Out: t.Output()})
	if err == nil || !strings.Contains(err.Error(), "go.dev/dl") {
		t.Errorf("got %v, want advice to install Go", err)
	}
}

func TestRunAsksForTheRepository(t *testing.T) {
	t.Parallel()
	err := dev.Run(t.Context(), dev.Config{Root: t.TempDir(), Port: freePort(t), Out: t.Output()})
	if err == nil || !strings.Contains(err.Error(), "root of the repository") {
		t.Errorf("got %v, want advice to change the directory", err)
	}
}

func TestRunShowsCompileErrors(t *testing.T) {
	t.Parallel()
	e := newEnvironment(t)
	source := filepath.Join(e.root, "functions", "healthz", "greeting.go")
	if err := os.WriteFile(source, []byte("package main\n\nconst greeting = broken\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	err := dev.Run(t.Context(), dev.Config{Root: e.root, Port: e.port, Out: t.Output()})
	if err == nil || !strings.Contains(err.Error(), "greeting.go:3:18: undefined: broken") {
		t.Errorf("got %v, want the compiler's message", err)
	}
}

func TestRunAsksForTemplates(t *testing.T) {
	t.Parallel()
	e := newEnvironment(t)
	cfg := dev.Config{Root: e.root, Port: e.port, Templates: "elsewhere", Out: t.Output()}
	if err := dev.Run(t.Context(), cfg); err == nil || !strings.Contains(err.Error(), "no templates in") {
		t.Errorf("got %v, want an error about templates", err)
	}
}
