package chaos_test

import (
	"bytes"
	"io"
	"maps"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/tenonhq/tenon/infra/local/gateway"
	"github.com/tenonhq/tenon/infra/local/issuer"
	"github.com/tenonhq/tenon/infra/local/template"
	"github.com/tenonhq/tenon/shared/environ"
)

// functionPrefix precedes every physical function name.
const functionPrefix = "tenon-local-"

// lane is a set of function processes that can be told from all others: it has
// a gateway of its own, binaries of its own name, and its own door to the AWS
// that all lanes share.
type lane struct {
	directory string // Of the links to the binaries.
	functions []string
	gateway   *gateway.Gateway
	steps     *steps
	log       *output
}

// newLane prepares functions, all of them when none is named, in at most so many
// processes each. patience replaces their timeout unless it is zero.
func (e *environment) newLane(t *testing.T, processes int, patience time.Duration, functions ...string) *lane {
	t.Helper()
	l := &lane{directory: t.TempDir(), steps: &steps{}, log: &output{}}
	front := serve(t, observed(e.cloud, func(r *http.Request, body []byte) (*steps, string) { return l.steps, awsCall(r, body) }))
	cfg := gateway.Config{
		AWS: e.aws, Prefix: functionPrefix, Processes: processes, Log: l.log,
		Environment: map[string]string{
			environ.Stage: environ.LocalStage, environ.PublicURL: e.base, "AWS_ENDPOINT_URL": front,
		},
	}
	kept := map[string]bool{}
	for _, f := range e.manifest.Functions {
		if len(functions) > 0 && !slices.Contains(functions, f.Name) {
			continue
		}
		kept[f.Name] = true
		l.functions = append(l.functions, f.Name)
		cfg.Functions = append(cfg.Functions, l.function(t, e, f, patience))
	}
	for _, r := range e.manifest.Routes {
		if !kept[r.Function] {
			continue
		}
		route := gateway.Route{Key: r.Key, Function: r.Function, Scopes: r.Scopes}
		if r.Auth != nil {
			route.Auth = &gateway.JWT{Issuer: e.issuer.BaseURL(), Audience: []string{issuer.Audience}}
		}
		cfg.Routes = append(cfg.Routes, route)
	}
	for _, q := range e.manifest.Queues {
		if len(functions) > 0 {
			break // What is due is done by what is not to fail.
		}
		cfg.Queues = append(cfg.Queues, gateway.Queue{
			URL: q.QueueURL, Function: q.Function, BatchSize: q.BatchSize, MaximumConcurrency: processes, ReportBatchItemFailures: q.ReportBatchItemFailures,
		})
	}
	started, err := gateway.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	l.gateway = started
	t.Cleanup(func() {
		for _, pid := range l.processes(t) {
			_ = syscall.Kill(pid, syscall.SIGCONT) // A paused process cannot end; it may be gone.
		}
		if err := l.gateway.Close(t.Context()); err != nil {
			t.Errorf("close a gateway: %v", err)
		}
	})
	return l
}

// function links the binary under the lane's own name.
func (l *lane) function(t *testing.T, e *environment, f template.Function, patience time.Duration) gateway.Function {
	t.Helper()
	binary := filepath.Join(l.directory, f.Name)
	if err := os.Symlink(filepath.Join(e.root, ".build", "local", f.Name), binary); err != nil {
		t.Fatal(err)
	}
	if patience == 0 {
		patience = f.Timeout
	}
	variables := maps.Clone(f.Env)
	maps.Copy(variables, e.sessions[f.Name])
	return gateway.Function{Name: f.Name, Binary: binary, Env: variables, Timeout: patience, MemoryMB: f.MemoryMB}
}

// processes returns the processes of the lane that run.
func (l *lane) processes(t *testing.T) []int {
	t.Helper()
	listing, err := exec.Command("ps", "-axww", "-o", "pid=,ppid=,command=").Output()
	if err != nil {
		t.Fatalf("list processes: %v", err)
	}
	var found []int
	for line := range strings.Lines(string(listing)) {
		fields := strings.Fields(line)
		if len(fields) < 3 || fields[1] != strconv.Itoa(os.Getpid()) || !strings.HasPrefix(fields[2], l.directory) {
			continue
		}
		pid, err := strconv.Atoi(fields[0])
		if err != nil {
			t.Fatal(err)
		}
		found = append(found, pid)
	}
	return found
}

// signal sends a signal to the only process of the lane.
func (l *lane) signal(t *testing.T, s syscall.Signal) {
	t.Helper()
	running := l.processes(t)
	if len(running) != 1 {
		t.Fatalf("the lane has %d processes, want 1\n%s", len(running), l.log)
	}
	if err := syscall.Kill(running[0], s); err != nil {
		t.Fatal(err)
	}
}

// cool ends the processes of the lane, so that the next call meets a cold start.
func (l *lane) cool(t *testing.T) {
	t.Helper()
	for _, name := range l.functions {
		if err := l.gateway.Reload(name); err != nil {
			t.Fatal(err)
		}
	}
	eventually(t, "the processes have ended", func() bool { return len(l.processes(t)) == 0 })
}

// lanes lends lanes of one function, each with one process.
type lanes struct {
	e        *environment
	function string
	free     chan *lane
}

// strikers is how many strikes land at once.
const strikers = 6

func (e *environment) newLanes(t *testing.T, function string) *lanes {
	t.Helper()
	l := &lanes{e: e, function: function, free: make(chan *lane, strikers)}
	for range strikers {
		l.free <- e.newLane(t, 1, 0, function)
	}
	return l
}

// strike has a strike land in a lane that nobody else uses meanwhile. A process
// that takes its time after it was hung up on is left to itself.
func (l *lanes) strike(t *testing.T, s *strike, land func()) {
	t.Helper()
	s.lane = <-l.free
	free := s.lane
	defer func() { l.free <- free }()
	land()
	if s.how == hangUp && !finishes(s.first, 300*time.Millisecond) {
		free = l.e.newLane(t, 1, 0, l.function)
	}
}

// finishes reports whether an outcome comes in time, and leaves it there.
func finishes(outcomes chan outcome, in time.Duration) bool {
	select {
	case o := <-outcomes:
		outcomes <- o
		return true
	case <-time.After(in):
		return false
	}
}

// serve serves on a free port until the test ends and returns the origin.
func serve(t *testing.T, h http.Handler) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = server.Serve(listener) }() // It ends when the server is closed.
	t.Cleanup(func() { _ = server.Close() })   // Somebody may hold a request open.
	return "http://" + listener.Addr().String()
}

// drain reads the body of a request and leaves the request as it was.
func drain(r *http.Request) []byte {
	body, _ := io.ReadAll(r.Body) // Half a body is refused by who gets it.
	r.Body = io.NopCloser(bytes.NewReader(body))
	return body
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
