package fault_test

import (
	"errors"
	"fmt"
	"io"
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/fault"
)

func TestFrom(t *testing.T) {
	t.Parallel()
	stale := fault.New(fault.PreconditionFailed, fault.CodePreconditionFailed, "Read it again.")
	other := fault.New(fault.Denied, fault.CodeForbidden, "No.")
	for name, test := range map[string]struct {
		err  error
		kind fault.Kind
		code fault.Code
	}{
		"a fault":                       {stale, fault.PreconditionFailed, fault.CodePreconditionFailed},
		"a wrapped fault":               {fmt.Errorf("put settings: %w", stale), fault.PreconditionFailed, fault.CodePreconditionFailed},
		"a fault with a cause":          {stale.Because(other), fault.PreconditionFailed, fault.CodePreconditionFailed},
		"joined faults: the first":      {errors.Join(stale, other), fault.PreconditionFailed, fault.CodePreconditionFailed},
		"joined behind something else":  {errors.Join(io.EOF, other), fault.Denied, fault.CodeForbidden},
		"an error of another kind":      {io.EOF, fault.Internal, fault.CodeInternal},
		"an error that holds a message": {errors.New("password hunter2"), fault.Internal, fault.CodeInternal},
	} {
		got := fault.From(test.err)
		if got.Kind != test.kind || got.Code != test.code || !fault.Has(fmt.Errorf("w: %w", got), test.code) {
			t.Errorf("%s: got %d %s, want %d %s", name, got.Kind, got.Code, test.kind, test.code)
		}
		if got.Kind == fault.Internal && (got.Detail != "Internal error." || !errors.Is(got, test.err)) {
			t.Errorf("%s: detail %q, cause %v", name, got.Detail, got.Err)
		}
	}
	if fault.Has(io.EOF, fault.CodeInternal) || fault.Has(nil, fault.CodeInternal) {
		t.Error("an error that is no fault has a code")
	}
}

// The shared faults of the stores are copied, never changed.
func TestCopies(t *testing.T) {
	t.Parallel()
	base := fault.New(fault.Conflict, fault.CodeConflict, "Conflict.")
	changed := base.Because(io.EOF).WithRemedy("retry").Retry(time.Second)
	if base.Err != nil || base.Remedy != "" || base.RetryAfter != 0 {
		t.Errorf("the original was changed: %+v", base)
	}
	if !errors.Is(changed, io.EOF) || changed.Remedy != "retry" || changed.RetryAfter != time.Second || changed.Detail != base.Detail {
		t.Errorf("got %+v", changed)
	}
	if got := changed.Error(); got != "conflict: Conflict.: EOF" {
		t.Errorf("text for the log: %s", got)
	}
}
