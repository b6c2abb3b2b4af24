package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/cmd/tenon/login"
	"github.com/tenonhq/tenon/shared/cmd/tenon/operation"
	"github.com/tenonhq/tenon/shared/cmd/tenon/status"
)

const canary = "cAnArY-of-the-old-system"

// server is the API: it makes each external id once and answers as it is told
// before that.
type server struct {
	mu       sync.Mutex
	made     map[string]string
	requests []string // External ids of each.
	tenants  map[string]bool
	answers  []func(w http.ResponseWriter, ids []string) bool // Of the next requests; true for all of it.
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var in api.ConnectionImport
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil || r.URL.Path != "/v1/connections/import" || r.Header.Get("Authorization") != "Bearer token-1" {
		w.WriteHeader(http.StatusNotFound)
		return
	}
	var ids []string
	for _, item := range in.Items {
		ids = append(ids, item.ExternalID)
	}
	s.requests, s.tenants[r.Header.Get("Tenon-Tenant")] = append(s.requests, strings.Join(ids, " ")), true
	if len(s.answers) > 0 {
		next := s.answers[0]
		s.answers = s.answers[1:]
		if next(w, ids) {
			return
		}
	}
	var out api.ImportResults
	for n, item := range in.Items {
		result := api.ImportResult{ExternalID: item.ExternalID, Status: "created", ConnectionID: "con_" + item.ExternalID}
		switch {
		case item.Credential["apiKey"].Reveal() != canary:
			result = api.ImportResult{ExternalID: item.ExternalID, Status: "failed", Problem: &api.ImportProblem{Code: "verification_failed", Detail: "Refused."}}
		case item.Name == "slow" && n > 0:
			result = api.ImportResult{ExternalID: item.ExternalID, Status: "skipped"}
		case s.made[item.ExternalID] != "":
			result.Status = "exists"
		default:
			s.made[item.ExternalID] = result.ConnectionID
		}
		out.Results = append(out.Results, result)
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(out)
}

// migrationBench is a file of items, a server and a results file.
type migrationBench struct {
	*server
	t      *testing.T
	c      importCommand
	sleeps []time.Duration
	out    bytes.Buffer
	doer   func(*http.Request) (*http.Response, error)
}

// RoundTrip implements http.RoundTripper.
func (b *migrationBench) RoundTrip(r *http.Request) (*http.Response, error) { return b.doer(r) }

func (b *migrationBench) open(ctx context.Context) (login.Stage, error) {
	stage, err := b.c.Open(ctx)
	stage.HTTP.Transport = b
	return stage, err
}

func newImport(t *testing.T, lines ...string) *migrationBench {
	t.Helper()
	b := &migrationBench{server: &server{made: map[string]string{}, tenants: map[string]bool{}}, t: t}
	web := httptest.NewServer(b.server)
	t.Cleanup(web.Close)
	b.doer = http.DefaultTransport.RoundTrip
	b.c = importCommand{
		File: filepath.Join(t.TempDir(), "connections.ndjson"), Stage: operation.Stage{API: web.URL}, Batch: 2,
		Results: filepath.Join(t.TempDir(), "results.ndjson"),
	}
	if err := os.WriteFile(b.c.File, []byte(strings.Join(lines, "\n")), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("TENON_TOKEN", "token-1")
	t.Setenv("XDG_CONFIG_HOME", t.TempDir())
	return b
}

func item(id, name string) string {
	return fmt.Sprintf(`{"externalId":%q,"templateKey":"crm","name":%q,"credential":{"apiKey":%q}}`, id, name, canary)
}

// run runs the command and checks its exit status.
func (b *migrationBench) run(ctx context.Context, code int) string {
	b.t.Helper()
	b.out.Reset()
	err := b.c.run(ctx, b.open, &b.out, func(ctx context.Context, d time.Duration) error {
		b.sleeps = append(b.sleeps, d)
		return ctx.Err()
	})
	if got := status.Of(err); got != code || (err != nil) != (code != 0) {
		b.t.Errorf("exit status %d (%v), want %d", status.Of(err), err, code)
	}
	text, _ := os.ReadFile(b.c.Results)
	for _, shown := range []string{b.out.String(), string(text), fmt.Sprint(err)} {
		if strings.Contains(shown, canary) || strings.Contains(shown, "token-1") {
			b.t.Errorf("a secret is shown: %s", shown)
		}
	}
	return fmt.Sprint(err)
}

// lines returns "line id status code" of the results file.
func (b *migrationBench) lines() (out []string) {
	b.t.Helper()
	text, err := os.ReadFile(b.c.Results)
	if err != nil {
		b.t.Fatal(err)
	}
	for _, one := range strings.Split(strings.TrimSpace(string(text)), "\n") {
		var r result
		if err := json.Unmarshal([]byte(one), &r); err != nil {
			out = append(out, "torn")
			continue
		}
		out = append(out, strings.TrimSpace(fmt.Sprintln(r.Line, r.ExternalID, r.Status, r.ConnectionID, r.Code)))
	}
	return out
}

func (b *migrationBench) want(want ...string) {
	b.t.Helper()
	if diff := cmp.Diff(want, b.lines()); diff != "" {
		b.t.Errorf("results (-want +got):\n%s", diff)
	}
}

func (b *migrationBench) asked(want ...string) {
	b.t.Helper()
	if diff := cmp.Diff(want, b.requests); diff != "" {
		b.t.Errorf("requests (-want +got):\n%s", diff)
	}
	b.requests = nil
}

func TestImport(t *testing.T) {
	refused := strings.Replace(item("c", "CRM"), canary, "wrong", 1)
	b := newImport(t, item("a", "CRM"), "", item("b", "CRM"), refused, "{"+canary, strings.Replace(item("d", "CRM"), `"name"`, `"naem"`, 1), item("a", "again"), item("e", "CRM"))
	b.c.Tenant = "acme"
	b.run(t.Context(), 1)
	b.asked("a b", "c e")
	b.want("1 a created con_a", "3 b created con_b", "5  failed  validation_failed", "6 d failed  validation_failed", "7 a failed  validation_failed",
		"4 c failed  verification_failed", "8 e created con_e")
	if !b.tenants["acme"] || !strings.Contains(b.out.String(), "3 done, 4 failed of 7") {
		t.Errorf("tenants %v, progress %s", b.tenants, b.out.String())
	}
	b.run(t.Context(), 1) // What is done is not sent again.
	b.asked("c")
}

func TestImportDryRun(t *testing.T) {
	b := newImport(t, item("a", "CRM"), `{"externalId":"b","expiresAt":"`+canary+`"}`)
	b.c.DryRun = true
	b.run(t.Context(), 1)
	if _, err := os.Stat(b.c.Results); err == nil || len(b.requests) > 0 || !strings.Contains(b.out.String(), `line 2: Has the unknown member "expiresAt".`) {
		t.Errorf("requests %v, output %s", b.requests, b.out.String())
	}
}

// What the server had no time for is sent again; a server that is busy is left
// alone for as long as it says.
func TestImportTriesAgain(t *testing.T) {
	b := newImport(t, item("a", "slow"), item("b", "slow"))
	status := func(code int, after string) func(http.ResponseWriter, []string) bool {
		return func(w http.ResponseWriter, _ []string) bool {
			if after != "" {
				w.Header().Set("Retry-After", after)
			}
			w.WriteHeader(code)
			return true
		}
	}
	b.answers = append(b.answers, status(429, "7"), status(503, ""))
	b.run(t.Context(), 0)
	b.asked("a b", "a b", "a b", "b")
	b.want("1 a created con_a", "2 b created con_b")
	if len(b.sleeps) != 2 || b.sleeps[0] != 7*time.Second || b.sleeps[1] < 2*time.Second || b.sleeps[1] > 3*time.Second {
		t.Errorf("waited %v", b.sleeps)
	}
}

// A server that never answers ends the import; one that refuses the caller ends
// it at once.
func TestImportGivesUp(t *testing.T) {
	b := newImport(t, item("a", "CRM"))
	b.doer = func(*http.Request) (*http.Response, error) { return nil, errors.New("connection refused") }
	b.run(t.Context(), 1)
	if len(b.sleeps) != mostTries-1 {
		t.Errorf("waited %d times", len(b.sleeps))
	}
	b = newImport(t, item("a", "CRM"))
	t.Setenv("TENON_TOKEN", "token-2")
	b.run(t.Context(), 1)
	if len(b.sleeps) > 0 {
		t.Errorf("waited %v", b.sleeps)
	}
}

// Of a request that the server refuses as a whole each line gets its own chance.
func TestImportFindsTheLineToBlame(t *testing.T) {
	b := newImport(t, item("a", "CRM"), item("b", "CRM"))
	refuse := func(w http.ResponseWriter, ids []string) bool {
		if ids[len(ids)-1] != "b" {
			return false
		}
		w.Header().Set("Content-Type", "application/problem+json")
		w.WriteHeader(400)
		_, _ = w.Write([]byte(`{"code":"validation_failed","detail":"No.","errors":[{"pointer":"/items/0/name","detail":"Too long."}]}`))
		return true
	}
	b.answers = append(b.answers, refuse, refuse, refuse)
	b.run(t.Context(), 1)
	b.want("1 a created con_a", "2 b failed  validation_failed")
}

// A run that is killed after the server has done its work, and while it wrote a
// result, loses nothing: the next one goes on, and nothing is made twice.
func TestImportKilledGoesOn(t *testing.T) {
	b := newImport(t, item("a", "CRM"), item("b", "CRM"), item("c", "CRM"), item("d", "CRM"))
	send, ctx := b.doer, t.Context()
	stopped, stop := context.WithCancel(ctx)
	sent := 0
	b.doer = func(r *http.Request) (*http.Response, error) {
		res, err := send(r)
		if sent++; sent == 2 { // The answer to the second batch is never seen.
			_ = res.Body.Close()
			stop()
			return nil, errors.New("killed")
		}
		return res, err
	}
	if text := b.run(stopped, 1); !strings.Contains(text, "interrupted") {
		t.Errorf("got %s", text)
	}
	b.want("1 a created con_a", "2 b created con_b")
	text, err := os.ReadFile(b.c.Results)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(b.c.Results, text[:len(text)-10], 0o600); err != nil { // Torn.
		t.Fatal(err)
	}
	b.requests, b.doer = nil, send
	b.run(ctx, 0)
	b.asked("b c", "d")
	b.want("1 a created con_a", "torn", "2 b exists con_b", "3 c exists con_c", "4 d exists con_d")
	if len(b.made) != 4 {
		t.Errorf("made %v", b.made)
	}
}

func TestImportUsage(t *testing.T) {
	for name, change := range map[string]func(*importCommand){
		"batch": func(c *importCommand) { c.Batch = 26 }, "file": func(c *importCommand) { c.File = "none.ndjson" },
		"plain http": func(c *importCommand) { c.API = "http://tenon.example.com" }, "no url": func(c *importCommand) { c.API = "tenon" },
	} {
		b := newImport(t, item("a", "CRM"))
		change(&b.c)
		b.run(t.Context(), 2)
		if len(b.requests) > 0 {
			t.Errorf("%s: sent %v", name, b.requests)
		}
	}
}

func TestImportNeedsASignIn(t *testing.T) {
	b := newImport(t, item("a", "CRM"))
	t.Setenv("TENON_TOKEN", "")
	if b.run(t.Context(), status.Forbidden); len(b.requests) > 0 {
		t.Errorf("sent %v", b.requests)
	}
}

// A line may be as long as a request; what is longer is passed over.
func TestImportOfLongLines(t *testing.T) {
	b := newImport(t, item("a", strings.Repeat("x", 200<<10)), item("b", strings.Repeat("x", 300<<10)), item("c", strings.Repeat("x", 200<<10)))
	b.run(t.Context(), 1)
	b.asked("a", "c")
	b.want("1 a created con_a", "2  failed  validation_failed", "3 c created con_c")
}
