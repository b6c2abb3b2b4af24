package app_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/app"
	"github.com/tenonhq/tenon/shared/routes"
)

const canary = "fake-canary-0001"

// A message whose work panics comes back alone; the others of its batch are done.
// The log names the message and the place in the code, and nothing of the body.
func TestEVT04PanicInOneMessage(t *testing.T) {
	var log bytes.Buffer
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewJSONHandler(&log, nil)))
	defer slog.SetDefault(before)
	work := func(_ context.Context, _ string, body []byte) error {
		switch text := string(body); {
		case strings.HasPrefix(text, "panic"):
			panic("the body is " + text)
		case strings.HasPrefix(text, "error"):
			panic(fmt.Errorf("the body is %s", text))
		case strings.HasPrefix(text, "index"):
			_ = body[len(body)+len(canary)]
		case strings.HasPrefix(text, "fail"):
			return errors.New("down")
		}
		return nil
	}
	batch := api.Batch{}
	for _, kind := range []string{"fine", "panic", "fine", "error", "index", "fail", "fine"} {
		batch.Records = append(batch.Records, api.Message{ID: fmt.Sprintf("%s-%d", kind, len(batch.Records)), Body: kind + " " + canary})
	}
	got, err := app.Consumer(routes.QueueRefresh, work)(t.Context(), batch)
	want := api.BatchResult{Failures: []api.Failure{{ID: "panic-1"}, {ID: "error-3"}, {ID: "index-4"}, {ID: "fail-5"}}}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v, what comes back (-want +got):\n%s", err, diff)
	}
	if strings.Contains(log.String(), canary) {
		t.Errorf("the log has the body:\n%s", &log)
	}
	if !strings.Contains(log.String(), "queue_test.go") || !strings.Contains(log.String(), "panic-1") {
		t.Errorf("the log names neither the message nor the place:\n%s", &log)
	}
}

// A batch of which nothing fails says so with a list, not with null.
func TestConsumerOfAFineBatch(t *testing.T) {
	t.Parallel()
	work := func(context.Context, string, []byte) error { return nil }
	got, err := app.Consumer(routes.QueueRefresh, work)(t.Context(), api.Batch{Records: []api.Message{{ID: "1"}}})
	if err != nil || got.Failures == nil || len(got.Failures) != 0 {
		t.Errorf("got %+v, %v, want an empty list", got, err)
	}
}
