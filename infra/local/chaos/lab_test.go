package chaos_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os/exec"
	"path/filepath"
	"testing"
)

// lab is the certified OAuth server of package e2e in a process of its own.
type lab struct{ issuer string }

// startLab starts the server on a free port. It ends when the test does, or
// when this process ends in whatever way: its standard input is closed then.
func startLab(t *testing.T) *lab {
	t.Helper()
	directory := filepath.Join("..", "e2e", "lab")
	installed, err := filepath.Glob(filepath.Join(directory, "node_modules", "oidc-provider"))
	if err != nil || len(installed) == 0 {
		t.Fatal("the certified OAuth server is not installed; run: make lab")
	}
	cmd := exec.Command("node", "server.js", "--port", "0")
	log := &output{}
	cmd.Dir, cmd.Stderr = directory, log
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatalf("Node.js 20 or newer is needed for the certified OAuth server: %v", err)
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
func (l *lab) control(t *testing.T, method, path string, in, into any) {
	t.Helper()
	text, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(t.Context(), method, l.issuer+path, bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode >= 300 {
		t.Fatalf("%s %s: got %d %s, %v", method, path, res.StatusCode, answer, err)
	}
	if into == nil {
		return
	}
	if err := json.Unmarshal(answer, into); err != nil {
		t.Fatal(err)
	}
}

// labStats are the counters of the server.
type labStats struct{ Refreshes, DoubleRefresh, ReuseDetected, GrantsRevoked, CodesReused int }

func (l *lab) stats(t *testing.T) labStats {
	t.Helper()
	var stats labStats
	l.control(t, http.MethodGet, "/_lab/stats", nil, &stats)
	return stats
}
