package chaos_test

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/connection"
)

// invariant names what must be true whatever happens.
type invariant string

// The invariants that a run checks.
const (
	i1 invariant = "I1 the provider's newest refresh token is kept, or the connection says that it is lost"
	i2 invariant = "I2 no refresh token is used twice, but where its answer was lost"
	i6 invariant = "I6 each lease and each change is on record"
	i7 invariant = "I7 after a deletion no secret is left and the token is dead, or the receipt says that it may live"
	i8 invariant = "I8 a connection is given up only when the provider has refused its token for good"
	i9 invariant = "I9 each secret has its record and each record its secret"
)

// invariants counts what was checked.
type invariants struct {
	mu      sync.Mutex
	checked map[invariant]int
	broken  map[invariant]int
}

func newInvariants() *invariants {
	return &invariants{checked: map[invariant]int{}, broken: map[invariant]int{}}
}

// check counts one check of an invariant, which failed if it does not hold.
func (v *invariants) check(t *testing.T, i invariant, holds bool, format string, arguments ...any) {
	t.Helper()
	v.mu.Lock()
	defer v.mu.Unlock()
	v.checked[i]++
	if holds {
		return
	}
	v.broken[i]++
	t.Errorf(strings.Fields(string(i))[0]+": "+format, arguments...)
}

// summary prints how often each invariant was checked.
func (v *invariants) summary(t *testing.T) {
	t.Helper()
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, i := range []invariant{i1, i2, i6, i7, i8, i9} {
		t.Logf("%4d checked, %d broken: %s", v.checked[i], v.broken[i], i)
	}
}

// examine checks what must be true of a connection that was not deleted, past
// the functions. what says what happened to it.
func (e *environment) examine(t *testing.T, id string, what any) {
	t.Helper()
	c, tokens, err := e.custody.of(t.Context(), id)
	if err != nil {
		t.Errorf("%v: %v", what, err)
		return
	}
	newest, rejected := e.provider.last(id)
	known := slices.Contains(tokens, newest)
	flagged := connection.StatusOf(&c, time.Now()).Name != connection.StatusActive
	e.invariants.check(t, i1, newest == "" || known || flagged, "%v: the newest refresh token is kept nowhere and the connection is active", what)
	dead := c.Health.Reason == connection.ReasonReauthRequired || c.Health.Reason == connection.ReasonLostAnswer
	e.invariants.check(t, i8, !dead || rejected, "%v: the connection is %s, but the provider did not refuse its token", what, c.Health.Reason)
}

// gone checks what must be true of a connection that was deleted, with this
// receipt. client is its client at the provider, empty for none.
func (e *environment) gone(t *testing.T, id, client, receipt string, what any) {
	t.Helper()
	left := e.custody.secrets(t, id)
	e.invariants.check(t, i7, len(left) == 0, "%v: %d secrets are left", what, len(left))
	if client != "" {
		alive := e.provider.introspect(t, id, client)
		e.invariants.check(t, i7, !alive || receipt == "failed" || receipt == "pending", "%v: the token lives on, and the receipt says %q", what, receipt)
	}
}

// tidy compares the secret store with the records of the tenant.
func (e *environment) tidy(t *testing.T) {
	t.Helper()
	secrets, records := e.custody.secrets(t, "con_"), map[string]string{}
	for _, c := range e.custody.records(t) {
		records[c.SecretName] = c.ID
		if c.Credential == nil || c.Credential.At.Secret == "" {
			continue
		}
		named := slices.ContainsFunc(secrets, func(s stored) bool { return s.name == c.Credential.At.Secret })
		e.invariants.check(t, i9, named, "%s names a secret that does not exist", c.ID)
	}
	for _, s := range secrets {
		e.invariants.check(t, i9, records[s.name] != "", "no record names the secret %s", s.name)
	}
}
