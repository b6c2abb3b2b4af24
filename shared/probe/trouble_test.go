package probe_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/fault"
)

// What the worker may not try is said to the caller; what goes wrong in the
// worker is trouble of ours, and its text stays there.
func TestErrorsOfTheWorker(t *testing.T) {
	t.Parallel()
	denied := fault.New(fault.Unprocessable, fault.CodeEgressDenied, "The address is not allowed.").WithRemedy("fix_input")
	r := newRig(t)
	r.servers.err = fmt.Errorf("dial: %w", denied.Because(errors.New("canary-password at 10.0.0.1")))
	_, err := r.Probe(t.Context(), login())
	var got *fault.Error
	if !errors.As(err, &got) {
		t.Fatalf("got %v, want a fault", err)
	}
	if diff := cmp.Diff(denied, got); diff != "" {
		t.Errorf("fault (-of the worker +of the asker):\n%s", diff)
	}
	for want, err := range map[string]error{
		"internal":               errors.New("canary-password is wrong"),
		"retry_later":            fault.New(fault.Unavailable, fault.CodeRetryLater, "Later.").Because(errors.New("canary-password")),
		"credential_unavailable": fault.New(fault.Conflict, fault.CodeCredentialUnavailable, "The tenant's key cannot be used."),
	} {
		r.servers.err = err
		_, err := r.Probe(t.Context(), login())
		wantTrouble(t, err)
		if r.failed == nil || r.failed.Error() != want {
			t.Errorf("the worker says %v, want %s", r.failed, want)
		}
	}
}

type answering string

func (a answering) Invoke(context.Context, string, []byte) ([]byte, error) {
	return []byte(a), nil
}

func TestAnswersThatAreNone(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "null", "{}", `"canary"`, "[]", `{"outcome":""}`, `{"errorMessage":"canary"}`} {
		r := newRig(t)
		r.Functions = answering(text)
		_, err := r.Probe(t.Context(), login())
		wantTrouble(t, err)
	}
}

type silent struct{}

func (silent) Invoke(ctx context.Context, _ string, _ []byte) ([]byte, error) {
	deadline, bounded := ctx.Deadline()
	if left := time.Until(deadline); !bounded || left > 15*time.Second || left < 10*time.Second {
		return nil, fmt.Errorf("the worker has %v", left)
	}
	return nil, fault.New(fault.Unavailable, fault.CodeRetryLater, "Not available.")
}

func TestAskerWaitsFifteenSeconds(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.Functions = silent{}
	_, err := r.Probe(t.Context(), login())
	wantTrouble(t, err)
}

// TestLog is not parallel: it replaces the log of the process.
func TestLog(t *testing.T) {
	var log bytes.Buffer
	previous := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(&log, nil)))
	t.Cleanup(func() { slog.SetDefault(previous) })
	r := newRig(t)
	r.servers.answer.Outcome, r.servers.answer.Message = catalog.AuthError, "The server refused the password."
	if _, err := r.Probe(t.Context(), login()); err != nil {
		t.Fatal(err)
	}
	r.servers.err = errors.New("canary-password is wrong")
	_, err := r.Probe(t.Context(), login())
	wantTrouble(t, err)
	lines := strings.Split(strings.TrimSpace(log.String()), "\n")
	for i, want := range []string{"msg=probe protocol=postgres outcome=auth_error ms=0", "msg=probe protocol=postgres outcome=internal ms=0"} {
		if i >= len(lines) || !strings.HasSuffix(lines[i], want) {
			t.Errorf("got log %q, want a line that ends in %q", lines, want)
		}
	}
}
