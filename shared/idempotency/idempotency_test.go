package idempotency_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/id"
	"github.com/tenonhq/tenon/shared/idempotency"
	"github.com/tenonhq/tenon/shared/idempotency/idempotencytest"
)

var (
	errBusy    = fault.New(fault.Unavailable, fault.CodeRetryLater, "The service is busy.")
	errRefused = fault.New(fault.Unprocessable, fault.CodeVerificationFailed, "The system refused the credential.")
	errExists  = fault.New(fault.Conflict, fault.CodeConflict, "It exists already.")
)

// world makes things, each once, and counts how.
type world struct {
	*idempotency.Keys
	t    *testing.T
	mu   sync.Mutex
	now  time.Time
	made []string
	fail error
}

func newWorld(t *testing.T) *world {
	w := &world{t: t, now: time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)}
	w.Keys = &idempotency.Keys{Store: idempotencytest.NewMemory(), Now: func() time.Time { w.mu.Lock(); defer w.mu.Unlock(); return w.now }}
	return w
}

func (w *world) advance(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
}

func (w *world) create(id string) (string, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.fail != nil {
		return "", w.fail
	}
	for _, made := range w.made {
		if made == id {
			return "", errExists
		}
	}
	w.made = append(w.made, id)
	return "created " + id, nil
}

func replay(id string) (string, error) { return "replayed " + id, nil }

func (w *world) do(tenant, key, fingerprint string) (string, error) {
	request := idempotency.Request{Route: "connection-create", Key: key, Fingerprint: fingerprint, Prefix: id.Connection}
	return idempotency.Do(w.t.Context(), w.Keys, auth.Caller{Tenant: tenant}, request, w.create, replay)
}

// dies is a run that ends after its work, before anything is noted.
func (w *world) dies(key, fingerprint string, work func(id string)) {
	defer func() { _ = recover() }()
	request := idempotency.Request{Route: "connection-create", Key: key, Fingerprint: fingerprint, Prefix: id.Connection}
	_, _ = idempotency.Do(w.t.Context(), w.Keys, auth.Caller{Tenant: "acme"}, request, func(id string) (string, error) {
		work(id)
		panic("the process ends")
	}, replay)
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func refused(t *testing.T, err error, code fault.Code) {
	t.Helper()
	if err == nil || fault.From(err).Code != code {
		t.Errorf("got error %v, want %s", err, code)
	}
}

func TestSameKey(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first, err := w.do("acme", "k", "f")
	must(t, err)
	if !id.Valid(id.Connection, w.made[0]) || first != "created "+w.made[0] {
		t.Errorf("got %q", first)
	}
	w.advance(23 * time.Hour)
	again, err := w.do("acme", "k", "f")
	must(t, err)
	if again != "replayed "+w.made[0] || len(w.made) != 1 {
		t.Errorf("got %q with %d made", again, len(w.made))
	}
	_, err = w.do("acme", "k", "other")
	refused(t, err, fault.CodeIdempotencyMismatch)
	w.advance(2 * time.Hour) // The key is forgotten after a day.
	_, err = w.do("acme", "k", "f")
	must(t, err)
	if len(w.made) != 2 {
		t.Errorf("%d made", len(w.made))
	}
}

func TestKeysAreApart(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, pair := range [][2]string{{"acme", "k"}, {"acme", "K"}, {"acme", "k "}, {"globex", "k"}, {"acme", ""}, {"acme", ""}} {
		_, err := w.do(pair[0], pair[1], "f")
		must(t, err)
	}
	other := idempotency.Request{Route: "template-create", Key: "k", Fingerprint: "x", Prefix: id.Connection}
	_, err := idempotency.Do(t.Context(), w.Keys, auth.Caller{Tenant: "acme"}, other, w.create, replay)
	must(t, err)
	if len(w.made) != 7 {
		t.Errorf("%d made, want 7", len(w.made))
	}
}

func TestAtTheSameTime(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var group sync.WaitGroup
	answers := make([]error, 32)
	for i := range answers {
		group.Go(func() { _, answers[i] = w.do("acme", "k", "f") })
	}
	group.Wait()
	for _, err := range answers {
		if err != nil {
			refused(t, err, fault.CodeIdempotencyPending)
		}
	}
	if len(w.made) != 1 {
		t.Errorf("%d made", len(w.made))
	}
}

// A request that failed may be corrected and sent again.
func TestFailureReleasesTheKey(t *testing.T) {
	t.Parallel()
	for _, failure := range []error{errRefused, errBusy, errors.New("unclassified")} {
		w := newWorld(t)
		w.fail = failure
		_, err := w.do("acme", "k", "f")
		if !errors.Is(err, failure) {
			t.Errorf("got %v", err)
		}
		w.fail = nil
		_, err = w.do("acme", "k", "corrected")
		must(t, err)
	}
}

// The key is released though the caller has gone.
func TestFailureReleasesTheKeyOfAnEndedRequest(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Store = attentive{w.Store}
	ctx, cancel := context.WithCancel(t.Context())
	request := idempotency.Request{Route: "connection-create", Key: "k", Fingerprint: "f", Prefix: id.Connection}
	_, err := idempotency.Do(ctx, w.Keys, auth.Caller{Tenant: "acme"}, request, func(string) (string, error) {
		cancel()
		return "", errRefused
	}, replay)
	refused(t, err, fault.CodeVerificationFailed)
	_, err = w.do("acme", "k", "f")
	must(t, err)
}

// attentive is a store that does nothing for an ended context.
type attentive struct{ idempotency.Store }

func (a attentive) Release(ctx context.Context, tenant, key string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return a.Store.Release(ctx, tenant, key)
}

// When the first run died, the next one continues with its identifier.
func TestTakeover(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		work func(*world) func(string)
		want string
	}{
		"nothing was made":    {func(*world) func(string) { return func(string) {} }, "created "},
		"everything was made": {func(w *world) func(string) { return func(id string) { _, _ = w.create(id) } }, "replayed "},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			var reserved string
			w.dies("k", "f", func(id string) { reserved = id; test.work(w)(id) })
			_, err := w.do("acme", "k", "f")
			refused(t, err, fault.CodeIdempotencyPending)
			w.advance(time.Minute)
			_, err = w.do("acme", "k", "other")
			refused(t, err, fault.CodeIdempotencyMismatch)
			got, err := w.do("acme", "k", "f")
			must(t, err)
			if got != test.want+reserved {
				t.Errorf("got %q, want %q of %s", got, test.want, reserved)
			}
			if diff := cmp.Diff([]string{reserved}, w.made); diff != "" {
				t.Errorf("made (-want +got):\n%s", diff)
			}
			again, err := w.do("acme", "k", "f")
			if err != nil || again != "replayed "+reserved {
				t.Errorf("afterwards: %q, %v", again, err)
			}
		})
	}
}

// A run that took over and failed must not let the next one begin anew: what
// the dead run left would be made a second time.
func TestTakeoverThatFailsKeepsTheIdentifier(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var reserved string
	w.dies("k", "f", func(id string) { reserved = id })
	w.advance(time.Minute)
	w.fail = errBusy
	_, err := w.do("acme", "k", "f")
	refused(t, err, fault.CodeRetryLater)
	w.fail = nil
	w.advance(time.Minute)
	got, err := w.do("acme", "k", "f")
	must(t, err)
	if got != "created "+reserved {
		t.Errorf("got %q, want created %s", got, reserved)
	}
}

// A success that could not be noted is found again.
func TestFinishFails(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	store := w.Store
	w.Store = forgetful{store}
	_, err := w.do("acme", "k", "f")
	refused(t, err, fault.CodeRetryLater)
	w.Store = store
	w.advance(time.Minute)
	got, err := w.do("acme", "k", "f")
	must(t, err)
	if len(w.made) != 1 || got != "replayed "+w.made[0] {
		t.Errorf("got %q with %d made", got, len(w.made))
	}
}

type forgetful struct{ idempotency.Store }

func (forgetful) Finish(context.Context, string, string) error { return errBusy }

// A request that could not remove what it had begun keeps its identifier for the
// next.
func TestSameIdentifierWhereSomethingIsLeft(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var begun []string
	run := func(end error) error {
		request := idempotency.Request{Route: "connection-create", Key: "k", Fingerprint: "f", Prefix: id.Connection}
		_, err := idempotency.Do(t.Context(), w.Keys, auth.Caller{Tenant: "acme"}, request, func(id string) (string, error) {
			begun = append(begun, id)
			return id, end
		}, replay)
		return err
	}
	refused(t, run(errors.Join(errBusy, idempotency.ErrLeft)), fault.CodeRetryLater)
	refused(t, run(nil), fault.CodeIdempotencyPending)
	w.advance(time.Minute)
	must(t, run(nil))
	if len(begun) != 2 || begun[0] != begun[1] {
		t.Errorf("identifiers: got %v, want one twice", begun)
	}
}
