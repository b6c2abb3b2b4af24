package app_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/app"
	"github.com/tenonhq/tenon/shared/metric"
	"github.com/tenonhq/tenon/shared/routes"
)

// measured runs fn and returns what was measured in it.
func measured(t *testing.T, fn func(context.Context)) (all []map[string]any) {
	t.Helper()
	out := new(bytes.Buffer)
	e := &metric.Emitter{Namespace: "Tenon/test", Out: out, Now: time.Now}
	fn(metric.With(t.Context(), e))
	e.Flush()
	for line := range strings.Lines(out.String()) {
		var decoded map[string]any
		if err := json.Unmarshal([]byte(line), &decoded); err != nil {
			t.Fatal(err)
		}
		delete(decoded, "_aws")
		all = append(all, decoded)
	}
	return all
}

// A consumer says how many messages it did, how many come back, and how late it
// was; a message without a time has no lag.
func TestConsumerIsMeasured(t *testing.T) {
	t.Parallel()
	batch := api.Batch{}
	for n, body := range []string{`{"at":"2999-01-01T00:00:00Z"}`, `{"at":"2999-01-01T00:00:00Z","tenant":"acme"}`, `{}`, `x`, `fails`} {
		batch.Records = append(batch.Records, api.Message{ID: fmt.Sprint(n), Body: body})
	}
	work := func(_ context.Context, _ string, body []byte) error {
		if string(body) == "fails" {
			return errors.New("it failed")
		}
		return nil
	}
	got := measured(t, func(ctx context.Context) {
		if _, err := app.Consumer(routes.QueueRefresh, work)(ctx, batch); err != nil {
			t.Error(err)
		}
	})
	want := []map[string]any{
		{"function": "queue-refresh", "MessageLag": []any{0.0, 0.0}},
		{"function": "queue-refresh", "outcome": "back", "Messages": 1.0},
		{"function": "queue-refresh", "outcome": "done", "Messages": 4.0},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("measured (-want +got):\n%s", diff)
	}
}

func TestJobIsMeasured(t *testing.T) {
	t.Parallel()
	sweep := func(context.Context, string) (int, int, int, error) { return 0, 0, 0, io.EOF }
	got := measured(t, func(ctx context.Context) { _, _ = app.Job(routes.JobDueSweep, sweep)(ctx, api.Tick{}) })
	want := []map[string]any{{"function": "job-due-sweep", "outcome": "failed", "SweepRuns": 1.0}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("measured (-want +got):\n%s", diff)
	}
}

// What a run measured is on standard output when it ends, though it panics.
func TestMeasuredWritesInTheEnd(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	old := os.Stdout
	os.Stdout = w
	t.Setenv("TENON_STAGE", "test")
	run := app.Measured(func(ctx context.Context, _ int) (int, error) {
		metric.Count(ctx, metric.Mails, 1, metric.Outcome("sent"))
		panic("it broke")
	})
	func() {
		defer func() { _ = recover() }()
		_, _ = run(t.Context(), 0)
	}()
	os.Stdout = old
	_ = w.Close()
	line, err := io.ReadAll(r)
	if err != nil || !strings.Contains(string(line), `"Namespace":"Tenon/test"`) || !strings.Contains(string(line), `"Mails":1`) {
		t.Errorf("wrote %q, %v", line, err)
	}
}
