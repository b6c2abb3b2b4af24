package dev_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tenonhq/tenon/infra/local/dev"
)

// site is where pages are that may call the API.
const site = "http://localhost:3000"

// environment is dev.Run in the background on a small module of its own.
type environment struct {
	t    *testing.T
	root string
	port int
	out  *output
	end  context.CancelFunc
	done chan error
}

// newEnvironment copies the test module and finds a free port.
func newEnvironment(t *testing.T) *environment {
	t.Helper()
	e := &environment{t: t, root: t.TempDir(), port: freePort(t)}
	if err := os.CopyFS(e.root, os.DirFS("testdata/module")); err != nil {
		t.Fatal(err)
	}
	return e
}

// start runs the environment until it says that it is ready.
func (e *environment) start() {
	e.t.Helper()
	ctx, cancel := context.WithCancel(e.t.Context())
	e.out, e.end, e.done = &output{}, cancel, make(chan error, 1)
	cfg := dev.Config{
		Root: e.root, Port: e.port, Watch: true, Out: e.out, CORSOrigins: []string{site},
		Ready: func(context.Context) error {
			if status, body := e.send(http.MethodGet, "/healthz", "", nil); status != http.StatusOK {
				return fmt.Errorf("GET /healthz: %d %s", status, body)
			}
			return errors.New("the shelf is empty")
		},
	}
	done := e.done
	go func() { done <- dev.Run(ctx, cfg) }()
	e.waitFor("not everything is prepared: the shelf is empty\n\nready in")
}

// stop ends the environment as Ctrl-C does.
func (e *environment) stop() {
	e.t.Helper()
	e.end()
	select {
	case err := <-e.done:
		if err != nil {
			e.t.Fatalf("stop: %v", err)
		}
	case <-time.After(20 * time.Second):
		e.t.Fatalf("it does not stop; output:\n%s", e.out)
	}
}

// waitFor waits until the output contains text.
func (e *environment) waitFor(text string) {
	e.t.Helper()
	e.until("the output contains "+text, func() bool {
		select {
		case err := <-e.done:
			e.t.Fatalf("it ended: %v\noutput:\n%s", err, e.out)
		default:
		}
		return strings.Contains(e.out.String(), text)
	})
}

func (e *environment) until(what string, holds func() bool) {
	e.t.Helper()
	deadline := time.Now().Add(2 * time.Minute)
	for !holds() {
		if time.Now().After(deadline) {
			e.t.Fatalf("never: %s; output:\n%s", what, e.out)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// answer is what the functions of the test module say.
type answer struct {
	Greeting, Stage, URL, AWS, Table string
	PID                              int
}

// whoami calls the route that wants a token.
func (e *environment) whoami(token string) answer {
	e.t.Helper()
	status, body := e.send(http.MethodGet, "/v1/whoami", "", http.Header{"Authorization": {"Bearer " + token}})
	if status != http.StatusOK {
		e.t.Fatalf("whoami: got %d %s, want 200", status, body)
	}
	var a answer
	if err := json.Unmarshal([]byte(body), &a); err != nil {
		e.t.Fatal(err)
	}
	return a
}

func (e *environment) token(scope string) string {
	e.t.Helper()
	status, body := e.send(http.MethodPost, "/dev/token", fmt.Sprintf(`{"tenant":"acme","subject":"t","scopes":[%q]}`, scope), nil)
	if status != http.StatusOK {
		e.t.Fatalf("token: got %d %s, want 200", status, body)
	}
	var minted struct{ Token string }
	if err := json.Unmarshal([]byte(body), &minted); err != nil {
		e.t.Fatal(err)
	}
	return minted.Token
}

func (e *environment) send(method, path, body string, header http.Header) (int, string) {
	e.t.Helper()
	return send(e.t, method, fmt.Sprintf("http://127.0.0.1:%d%s", e.port, path), body, header)
}

func send(t *testing.T, method, url, body string, header http.Header) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if header != nil {
		r.Header = header
		r.Host = header.Get("Host")
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(text)
}

func freePort(t *testing.T) int {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().(*net.TCPAddr).Port
}

// output is a buffer that may be read while it is written.
type output struct {
	mu     sync.Mutex
	buffer bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.buffer.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.buffer.String()
}
