package e2e_test

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/tenonhq/tenon/infra/local/dev"
	"github.com/tenonhq/tenon/shared/servers/serverstest"
)

// tokenSeconds is how long an access token of the demo CRM lives: long enough
// to be handed out, short enough to be waited for.
const tokenSeconds = 8

// environment is a running `tenon dev` with everything around it.
type environment struct {
	root, state string
	port        int
	base        string // Origin of the API.
	out         *output
	cancel      context.CancelFunc
	done        chan error

	secrets  *canaries
	evidence *evidence
	crm      *provider
	lab      *lab
	aws      aws.Config // Of the local AWS; set by start.
	trusted  *serverstest.Authority
	sites    []string // Origins of others, whose pages the API answers; set before start.

	templates string // Directory of other templates than the committed ones; set before start.
}

func newEnvironment(t *testing.T) *environment {
	t.Helper()
	root, err := filepath.Abs("../../..")
	if err != nil {
		t.Fatal(err)
	}
	e := &environment{
		root: root, state: t.TempDir(), port: freePort(t), out: &output{},
		secrets: newCanaries(), evidence: &evidence{}, lab: startLab(t),
	}
	e.base = fmt.Sprintf("http://127.0.0.1:%d", e.port)
	e.crm = newProvider(t, e)
	t.Cleanup(e.abandon)
	return e
}

// start runs the environment and returns when it answers.
func (e *environment) start(t *testing.T) {
	t.Helper()
	begun := time.Now()
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	e.cancel, e.done = cancel, make(chan error, 1)
	go func() {
		defer close(e.done)
		e.done <- dev.Run(ctx, dev.Config{
			Root: e.root, State: e.state, Templates: e.templates, Port: e.port, TokenSeconds: tokenSeconds, CORSOrigins: e.sites, Out: e.out,
		})
	}()
	reported := begun
	for !e.ready(t) {
		select {
		case err := <-e.done:
			t.Fatalf("the environment ended: %v\n%s", err, e.out)
		case <-time.After(100 * time.Millisecond):
		}
		if time.Since(begun) > 10*time.Minute {
			t.Fatalf("the environment is not ready after ten minutes\n%s", e.out)
		}
		if time.Since(reported) > 10*time.Second {
			reported = time.Now()
			t.Logf("starting, %.0f s: %s", time.Since(begun).Seconds(), e.out.lastLine())
		}
	}
	e.aws = e.localAWS(t)
	t.Logf("ready after %.1f s at %s", time.Since(begun).Seconds(), e.base)
}

func (e *environment) ready(t *testing.T) bool {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, e.base+"/healthz", nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return false
	}
	return res.Body.Close() == nil && res.StatusCode == http.StatusOK
}

// abandon ends the environment after a test that did not come to stop.
func (e *environment) abandon() {
	if e.cancel == nil {
		return
	}
	e.cancel()
	<-e.done
}

// stop ends the environment as Ctrl-C does and makes sure that nothing of it
// is left.
func (e *environment) stop(t *testing.T) {
	t.Helper()
	running := functionProcesses(t, e.root)
	if len(running) == 0 {
		t.Error("no function runs as a process before the end; the check below means nothing")
	}
	begun := time.Now()
	e.cancel()
	e.cancel = nil
	select {
	case err := <-e.done:
		if err != nil {
			t.Errorf("the environment ended with: %v", err)
		}
	case <-time.After(30 * time.Second):
		t.Fatal("the environment did not end in 30 seconds")
	}
	if left := functionProcesses(t, e.root); len(left) > 0 {
		t.Errorf("function processes left behind: %v", left)
	}
	for _, p := range running {
		if p.alive() {
			t.Errorf("%v is still there", p)
		}
	}
	t.Logf("stopped in %.1f s; %d function processes ended", time.Since(begun).Seconds(), len(running))
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

func (o *output) lastLine() string {
	text := strings.TrimSpace(o.String())
	return text[strings.LastIndexByte(text, '\n')+1:]
}
