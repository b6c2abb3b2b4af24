package gateway_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/infra/local/gateway"
)

func TestInvocationsRunInSeveralProcesses(t *testing.T) {
	t.Parallel()
	g := start(t, gateway.Config{Processes: 3})
	pids := meet(t, g, 3)
	slices.Sort(pids)
	if n := len(slices.Compact(pids)); n != 3 {
		t.Errorf("%d processes took part, want 3", n)
	}
}

func TestProcessIsReused(t *testing.T) {
	t.Parallel()
	g := start(t, gateway.Config{})
	first := invoke[int](t, g, object{"do": "pid"})
	for range 20 {
		if got := invoke[int](t, g, object{"do": "pid"}); got != first {
			t.Fatalf("process %d, want %d again", got, first)
		}
	}
}

func TestReservedConcurrencyQueuesAndBacklogThrottles(t *testing.T) {
	t.Parallel()
	g := start(t, gateway.Config{Backlog: 1, Functions: []gateway.Function{
		{Name: "fn", Binary: binaries.one, Timeout: 30 * time.Second, Concurrency: 1},
	}})
	gate := filepath.Join(t.TempDir(), "open")
	results := make(chan error, 3)
	for range 3 {
		go func() {
			_, err := try[int](t, g, object{"do": "wait", "file": gate})
			results <- err
		}()
	}
	// Of three, one runs and one waits; which one is turned away depends on
	// when the process takes its first, so at least one is.
	if err := <-results; !errors.Is(err, gateway.ErrThrottled) {
		t.Errorf("got %v, want %v", err, gateway.ErrThrottled)
	}
	if err := os.WriteFile(gate, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	throttled := 0
	for range 2 {
		if errors.Is(<-results, gateway.ErrThrottled) {
			throttled++
		}
	}
	if throttled > 1 {
		t.Error("no invocation ran")
	}
}

func TestTimeoutKillsOneProcess(t *testing.T) {
	t.Parallel()
	g := start(t, gateway.Config{Processes: 2, Functions: []gateway.Function{
		{Name: "fn", Binary: binaries.one, Timeout: 3 * time.Second},
	}})
	pids := meet(t, g, 2)
	_, err := try[int](t, g, object{"do": "hang"})
	var failed *gateway.FunctionError
	if !errors.As(err, &failed) || !failed.Timeout() {
		t.Fatalf("got %v, want a timeout", err)
	}
	if !strings.Contains(string(failed.Payload), "Task timed out after 3.00 seconds") {
		t.Errorf("payload %s", failed.Payload)
	}
	survivors := func() []int { return slices.DeleteFunc(slices.Clone(pids), func(p int) bool { return !alive(p) }) }
	eventually(t, "one of two processes left", func() bool { return len(survivors()) == 1 })
	if got := invoke[int](t, g, object{"do": "pid"}); got != survivors()[0] {
		t.Errorf("process %d answered, want the survivor %d", got, survivors()[0])
	}
}

func TestCrashFailsItsOwnInvocationOnly(t *testing.T) {
	t.Parallel()
	g := start(t, gateway.Config{Processes: 2})
	meet(t, g, 2)
	gate := filepath.Join(t.TempDir(), "open")
	other := make(chan error, 1)
	go func() {
		_, err := try[int](t, g, object{"do": "wait", "file": gate})
		other <- err
	}()
	_, err := try[int](t, g, object{"do": "crash"})
	var failed *gateway.FunctionError
	if !errors.As(err, &failed) || failed.Type != "Runtime.ExitError" || !strings.Contains(failed.Message, "exit status 3") {
		t.Errorf("crash: got %v", err)
	}
	if err := os.WriteFile(gate, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := <-other; err != nil {
		t.Errorf("the other invocation: %v", err)
	}
}

func TestFunctionErrors(t *testing.T) {
	t.Parallel()
	g := start(t, gateway.Config{})
	for do, want := range map[string]struct{ kind, message string }{
		"error": {"errorString", "told to fail"},
		"panic": {"string", "told to"},
		"big":   {"Function.ResponseSizeTooLarge", "Response payload size exceeded"},
	} {
		_, err := try[int](t, g, object{"do": do})
		var failed *gateway.FunctionError
		if !errors.As(err, &failed) || failed.Type != want.kind || !strings.HasPrefix(failed.Message, want.message) {
			t.Errorf("%s: got %#v", do, err)
		}
		if strings.Contains(err.Error(), want.message) {
			t.Errorf("%s: error text %q repeats the function's message", do, err)
		}
		if got := invoke[string](t, g, object{"do": "version"}); got != "1" {
			t.Errorf("after %s: got %q", do, got)
		}
	}
}

func TestInitCrashFailsEachInvocation(t *testing.T) {
	t.Parallel()
	g := start(t, gateway.Config{Environment: map[string]string{"FAIL_INIT": "1"}})
	for range 2 {
		_, err := try[int](t, g, object{})
		var failed *gateway.FunctionError
		if !errors.As(err, &failed) || !strings.Contains(failed.Message, "exit status 7") {
			t.Errorf("got %v", err)
		}
	}
}

func TestNewBinaryReplacesProcesses(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "bootstrap")
	install(t, binaries.one, path)
	g := start(t, gateway.Config{Processes: 1, Functions: []gateway.Function{{Name: "fn", Binary: path, Timeout: 30 * time.Second}}})
	old := invoke[int](t, g, object{"do": "pid"})
	dir := t.TempDir()
	inFlight := make(chan error, 1)
	go func() {
		// One participant of two: it stays inside until the test adds the other.
		_, err := try[int](t, g, object{"do": "meet", "file": dir, "count": 2})
		inFlight <- err
	}()
	entered := func() bool { e, err := os.ReadDir(dir); return err == nil && len(e) == 1 }
	eventually(t, "old process busy", entered)

	install(t, binaries.two, path)
	if got := invoke[string](t, g, object{"do": "version"}); got != "2" {
		t.Errorf("version %q after the change, want 2", got)
	}
	if err := os.WriteFile(filepath.Join(dir, "test"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := <-inFlight; err != nil {
		t.Errorf("invocation in flight during the change: %v", err)
	}
	eventually(t, "old process gone", func() bool { return !alive(old) })
}

func TestReload(t *testing.T) {
	t.Parallel()
	g := start(t, gateway.Config{})
	old := invoke[int](t, g, object{"do": "pid"})
	if err := g.Reload("fn"); err != nil {
		t.Fatal(err)
	}
	if got := invoke[int](t, g, object{"do": "pid"}); got == old {
		t.Error("the old process answered")
	}
	eventually(t, "old process gone", func() bool { return !alive(old) })
}

func TestIdleProcessStops(t *testing.T) {
	t.Parallel()
	g := start(t, gateway.Config{IdleStop: 50 * time.Millisecond})
	pid := invoke[int](t, g, object{"do": "pid"})
	eventually(t, "idle process gone", func() bool { return !alive(pid) })
	if got := invoke[int](t, g, object{"do": "pid"}); got == pid {
		t.Errorf("process %d answered after its end", pid)
	}
}

func TestCloseLeavesNoProcess(t *testing.T) {
	t.Parallel()
	for name, environment := range map[string]map[string]string{"willing": nil, "ignoring SIGTERM": {"STUBBORN": "1"}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := start(t, gateway.Config{Environment: environment, Processes: 2})
			pids := meet(t, g, 2)
			hanging := make(chan error, 1)
			go func() {
				_, err := try[int](t, g, object{"do": "hang"})
				hanging <- err
			}()
			began := time.Now()
			closeNow(t, g)
			if took := time.Since(began); took > 15*time.Second {
				t.Errorf("Close took %v, want SIGKILL after two seconds", took)
			}
			for _, pid := range pids {
				if alive(pid) {
					t.Errorf("process %d is left", pid)
				}
			}
			if err := <-hanging; err == nil {
				t.Error("the hanging invocation succeeded")
			}
			if _, err := try[int](t, g, object{}); !errors.Is(err, gateway.ErrClosed) {
				t.Errorf("after Close: got %v, want %v", err, gateway.ErrClosed)
			}
		})
	}
}

func TestCloseKillsAtOnceWhenItsContextEnds(t *testing.T) {
	t.Parallel()
	g := start(t, gateway.Config{Environment: map[string]string{"STUBBORN": "1"}})
	pid := invoke[int](t, g, object{"do": "pid"})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := g.Close(ctx); err != nil {
		t.Error(err)
	}
	if alive(pid) {
		t.Errorf("process %d is left", pid)
	}
}

func TestCallerMayGiveUp(t *testing.T) {
	t.Parallel()
	g := start(t, gateway.Config{})
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if _, err := g.Invoke(ctx, "fn", []byte(`{"do":"hang"}`)); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v, want %v", err, context.DeadlineExceeded)
	}
}

func TestEnvironmentIsClean(t *testing.T) {
	t.Setenv("AWS_CA_BUNDLE", "/nonexistent.pem")
	t.Setenv("AWS_PROFILE", "somebody")
	t.Setenv("SSL_CERT_DIR", "/own/certificates")
	g := start(t, gateway.Config{
		Prefix:      "tenon-local-",
		AWS:         aws.Config{Region: "eu-central-1"},
		Environment: map[string]string{"STAGE": "local", "AWS_ENDPOINT_URL": "http://127.0.0.1:1"},
		Functions: []gateway.Function{{
			Name: "fn", Binary: binaries.one, MemoryMB: 256, Timeout: 30 * time.Second,
			Env: map[string]string{"STAGE": "template", "TABLE": "t"},
		}},
	})
	got := map[string]string{}
	for _, v := range invoke[[]string](t, g, object{"do": "environment"}) {
		name, value, _ := strings.Cut(v, "=")
		got[name] = value
	}
	for _, name := range []string{"AWS_LAMBDA_RUNTIME_API", "AWS_LAMBDA_LOG_STREAM_NAME", "PATH", "_X_AMZN_TRACE_ID"} {
		if got[name] == "" {
			t.Errorf("%s is missing", name)
		}
		delete(got, name)
	}
	delete(got, "HOME")
	delete(got, "TMPDIR")
	delete(got, "SSL_CERT_FILE")
	want := map[string]string{
		"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local", "AWS_SESSION_TOKEN": "local",
		"AWS_DEFAULT_REGION": "eu-central-1", "AWS_REGION": "eu-central-1",
		"AWS_EC2_METADATA_DISABLED": "true", "AWS_ENDPOINT_URL": "http://127.0.0.1:1",
		"AWS_EXECUTION_ENV":        "AWS_Lambda_provided.al2023",
		"AWS_LAMBDA_FUNCTION_NAME": "tenon-local-fn", "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
		"AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "256", "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
		"AWS_LAMBDA_LOG_GROUP_NAME": "/aws/lambda/tenon-local-fn",
		"LAMBDA_TASK_ROOT":          filepath.Dir(binaries.one),
		"SSL_CERT_DIR":              "/own/certificates",
		"STAGE":                     "local", "TABLE": "t", "TZ": ":UTC", "_HANDLER": "bootstrap",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("environment (-want +got):\n%s", diff)
	}
}

func TestOutputIsPrefixedByLine(t *testing.T) {
	t.Parallel()
	var log output
	g := start(t, gateway.Config{Log: &log})
	invoke[any](t, g, object{"do": "log"})
	eventually(t, "both lines", func() bool { return strings.Contains(log.String(), "fn | first\nfn | second\n") })
}

func TestDeadlineIsTheTimeout(t *testing.T) {
	t.Parallel()
	g := start(t, gateway.Config{})
	if got := invoke[float64](t, g, object{"do": "deadline"}); got <= 25 || got > 30 {
		t.Errorf("%.1f s left, want about 30", got)
	}
}
