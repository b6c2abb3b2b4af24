package e2e_test

import (
	"bufio"
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// lab is the certified OAuth server in a process of its own.
type lab struct{ issuer string }

// startLab starts the server on a free port. It ends when the test does, or
// when this process ends in whatever way: its standard input is closed then.
func startLab(t *testing.T) *lab {
	t.Helper()
	if _, err := exec.LookPath("node"); err != nil {
		t.Fatal("Node.js 20 or newer is needed for the certified OAuth server; install it and run: make lab")
	}
	if _, err := os.Stat(filepath.Join("lab", "node_modules", "oidc-provider")); err != nil {
		t.Fatal("the certified OAuth server is not installed; run: make lab")
	}
	cmd := exec.Command("node", "server.js", "--port", "0")
	log := &output{}
	cmd.Dir, cmd.Stderr = "lab", log
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(stdout).ReadBytes('\n')
	if err != nil {
		t.Fatalf("the OAuth server says nothing: %v\n%s", errors.Join(err, stdin.Close(), cmd.Wait()), log)
	}
	var ready struct{ Issuer string }
	if err := json.Unmarshal(line, &ready); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(stdin.Close(), cmd.Wait()); err != nil {
			t.Errorf("the OAuth server ended with: %v\n%s", err, log)
		}
	})
	return &lab{issuer: ready.Issuer}
}

// control sends JSON to the server's control API.
func (l *lab) control(t *testing.T, e *environment, method, path string, body, into any) {
	t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	if into == nil {
		into = new(any)
	}
	e.exchange(t, method, l.issuer+path, text, into)
}

// fault adds a rule for the token endpoint and one client; the action is that
// of lab/faultproxy.js. times -1 is always.
func (l *lab) fault(t *testing.T, e *environment, clientID, grant string, times int, action map[string]any) {
	t.Helper()
	rule := map[string]any{
		"id": clientID, "times": times, "action": action,
		"match": map[string]string{"path": "^/token$", "client_id": clientID, "grant_type": grant},
	}
	l.control(t, e, http.MethodPost, "/_fault/rules", rule, nil)
}

// mend removes the rules of a client.
func (l *lab) mend(t *testing.T, e *environment, clientID string) {
	t.Helper()
	l.control(t, e, http.MethodDelete, "/_fault/rules/"+clientID, nil, nil)
}

// labStats are the counters of the server.
type labStats struct{ Refreshes, DoubleRefresh, ReuseDetected, GrantsRevoked, CodesReused int }

func (l *lab) stats(t *testing.T, e *environment) labStats {
	t.Helper()
	var stats labStats
	l.control(t, e, http.MethodGet, "/_lab/stats", nil, &stats)
	return stats
}

// seen is a request the server received.
type seen struct {
	Method, Path, Body, Answer string
	Headers                    map[string]string
}

// tokenRequests returns the bodies of the token requests a connection's
// template sent with the grant, as far as the client authenticated with Basic.
func (l *lab) tokenRequests(t *testing.T, e *environment, basic, grant string) []string {
	t.Helper()
	var bodies []string
	for _, r := range l.journal(t, e) {
		if r.Path == "/token" && r.Headers["authorization"] == basic && strings.Contains(r.Body, "grant_type="+grant) {
			bodies = append(bodies, r.Body)
		}
	}
	return bodies
}

func (l *lab) journal(t *testing.T, e *environment) []seen {
	t.Helper()
	var journal []seen
	l.control(t, e, http.MethodGet, "/_fault/journal", nil, &journal)
	return journal
}

// collect remembers every secret the server has sent or received.
func (l *lab) collect(t *testing.T, e *environment) {
	t.Helper()
	for _, r := range l.journal(t, e) {
		if r.Method == http.MethodPost {
			e.secrets.tokenRequest(r.Body)
			e.secrets.tokenAnswer([]byte(r.Answer))
		}
	}
}
