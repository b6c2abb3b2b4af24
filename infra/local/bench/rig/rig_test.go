package rig_test

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tenonhq/tenon/infra/local/bench/rig"
)

var built = sync.OnceValues(func() (string, error) {
	directory, err := os.MkdirTemp("", "tenon-rig")
	if err != nil {
		return "", err
	}
	path := filepath.Join(directory, "function")
	build := exec.Command("go", "build", "-o", path, "./testdata/function")
	if out, err := build.CombinedOutput(); err != nil {
		return "", errors.New(string(out))
	}
	return path, nil
})

// TestMain removes what was built.
func TestMain(m *testing.M) {
	code := m.Run()
	if path, err := built(); err == nil {
		_ = os.RemoveAll(filepath.Dir(path))
	}
	os.Exit(code)
}

func function(t *testing.T, mode string) rig.Function {
	t.Helper()
	path, err := built()
	if err != nil {
		t.Fatal(err)
	}
	return rig.Function{Name: "fixture", Path: path, Env: []string{"MODE=" + mode}}
}

func start(t *testing.T, mode string) *rig.Instance {
	t.Helper()
	i, err := rig.Start(t.Context(), function(t, mode))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := i.Close(); err != nil {
			t.Error(err)
		}
	})
	return i
}

func TestInvoke(t *testing.T) {
	t.Parallel()
	for _, mode := range []string{"answer", "stranger"} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			i := start(t, mode)
			for _, event := range []string{`{"n":1}`, `{"n":2}`} {
				body, took, err := i.Invoke(t.Context(), []byte(event))
				if err != nil || string(body) != event || took <= 0 {
					t.Errorf("got %s after %v, %v; want %s", body, took, err, event)
				}
			}
		})
	}
}

// What was used before the first event is told apart from what came later.
func TestUsage(t *testing.T) {
	t.Parallel()
	i := start(t, "work")
	if i.Start <= 0 || i.Init.CPU <= 0 || i.Init.Faults <= 0 || i.Init.Memory <= 0 || i.Init.Peak < i.Init.Memory {
		t.Errorf("got a start of %v with %+v", i.Start, i.Init)
	}
	if _, _, err := i.Invoke(t.Context(), []byte("{}")); err != nil {
		t.Fatal(err)
	}
	later, err := i.Usage()
	if err != nil {
		t.Fatal(err)
	}
	if later.CPU-i.Init.CPU < time.Millisecond || later.Faults < i.Init.Faults || later.Peak < i.Init.Peak {
		t.Errorf("got %+v after %+v", later, i.Init)
	}
}

func TestProcessesThatDoNotBegin(t *testing.T) {
	t.Parallel()
	for mode, want := range map[string]string{"panic": "no configuration", "refuse": "no table"} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			if _, err := rig.Start(t.Context(), function(t, mode)); err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("got %v, want it to say %q", err, want)
			}
		})
	}
	missing := rig.Function{Name: "missing", Path: filepath.Join(t.TempDir(), "none")}
	if _, err := rig.Start(t.Context(), missing); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("an executable that is missing: got %v", err)
	}
}

func TestInvocationsThatFail(t *testing.T) {
	t.Parallel()
	for mode, want := range map[string]string{"fail": "boom", "crash": "the process ended during the invocation: out of luck"} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			if _, _, err := start(t, mode).Invoke(t.Context(), []byte("{}")); err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("got %v, want it to say %q", err, want)
			}
		})
	}
	t.Run("silent", func(t *testing.T) {
		t.Parallel()
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer cancel()
		if _, _, err := start(t, "silent").Invoke(ctx, []byte("{}")); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v, want the end of the wait", err)
		}
	})
}

// A process that is held to a tenth of a processor needs longer than it works.
func TestLimit(t *testing.T) {
	t.Parallel()
	i := start(t, "work")
	if err := i.Limit(0.1); errors.Is(err, rig.ErrNoLimit) {
		t.Skip(err)
	} else if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if _, _, err := i.Invoke(t.Context(), []byte("{}")); err != nil {
			t.Fatal(err)
		}
	}
	u, err := i.Usage()
	if err != nil {
		t.Fatal(err)
	}
	// Each round spins for 30 ms of the clock, in which it is left 3 ms.
	if used := u.CPU - i.Init.CPU; used > 60*time.Millisecond {
		t.Errorf("three rounds of 30 ms used %v of a processor", used)
	}
}
