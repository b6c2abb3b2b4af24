package gateway_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/tenonhq/tenon/infra/local/gateway"
)

// binaries holds two builds of testdata/function, made once per test process.
var binaries struct{ one, two string }

func TestMain(m *testing.M) {
	os.Exit(run(m))
}

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "gateway-test")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	binaries.one, binaries.two = filepath.Join(dir, "one"), filepath.Join(dir, "two")
	for version, path := range map[string]string{"1": binaries.one, "2": binaries.two} {
		build := exec.Command("go", "build", "-tags", "lambda.norpc", "-ldflags", "-X main.version="+version, "-o", path, "./testdata/function")
		if out, err := build.CombinedOutput(); err != nil {
			fmt.Fprintf(os.Stderr, "%v\n%s", err, out)
			return 1
		}
	}
	return m.Run()
}

// output is a log that tests can read while it is written.
type output struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (o *output) Write(b []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(b)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

// start runs a gateway with one function named "fn" unless cfg has its own.
func start(t *testing.T, cfg gateway.Config) *gateway.Gateway {
	t.Helper()
	if cfg.Functions == nil {
		cfg.Functions = []gateway.Function{{Name: "fn", Binary: binaries.one, Timeout: 30 * time.Second}}
	}
	g, err := gateway.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closeNow(t, g) })
	return g
}

func closeNow(t *testing.T, g *gateway.Gateway) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), 30*time.Second)
	defer cancel()
	if err := g.Close(ctx); err != nil {
		t.Error(err)
	}
}

type object = map[string]any

// invoke runs "fn" and decodes its answer.
func invoke[T any](t *testing.T, g *gateway.Gateway, in object) T {
	t.Helper()
	out, err := try[T](t, g, in)
	if err != nil {
		t.Fatalf("invoke %v: %v", in, err)
	}
	return out
}

func try[T any](t *testing.T, g *gateway.Gateway, in object) (T, error) {
	t.Helper()
	var v T
	payload, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	out, err := g.Invoke(t.Context(), "fn", payload)
	if err != nil {
		return v, err
	}
	if err := json.Unmarshal(out, &v); err != nil {
		t.Errorf("answer %s: %v", out, err)
	}
	return v, nil
}

// meet has n processes inside the function at the same time and returns their
// identifiers.
func meet(t *testing.T, g *gateway.Gateway, n int) []int {
	t.Helper()
	dir := t.TempDir()
	pids := make([]int, n)
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() {
			pid, err := try[int](t, g, object{"do": "meet", "file": dir, "count": n})
			if err != nil {
				t.Error(err)
			}
			pids[i] = pid
		})
	}
	wg.Wait()
	return pids
}

func alive(pid int) bool { return !errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) }

func eventually(t *testing.T, what string, done func() bool) {
	t.Helper()
	deadline := time.Now().Add(20 * time.Second)
	for !done() {
		if time.Now().After(deadline) {
			t.Fatalf("not reached: %s", what)
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// install puts a binary into place the way a build does: at once.
func install(t *testing.T, from, to string) {
	t.Helper()
	if err := os.Link(from, to+".new"); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(to+".new", to); err != nil {
		t.Fatal(err)
	}
}
