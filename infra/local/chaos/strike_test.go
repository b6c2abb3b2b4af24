package chaos_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/client"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/routes"
)

// The ways to strike a refresh at a call. AWS's SDK repeats a call that was hung
// up on; the provider is never asked again by itself.
const (
	kill   = "kill"    // SIGKILL.
	pause  = "pause"   // SIGSTOP, until another process has refreshed.
	hangUp = "hang up" // The connection is closed; the process lives.
)

// kind is what the calls of a refresh depend on.
type kind struct {
	promoting bool // The refresh token is due to be moved to the secret store.
	cold      bool // The process has just started.
}

// strike is one request that is interrupted, and what came of it.
type strike struct {
	how       string
	operation string // The function that is struck: that which leases, if it says nothing else.
	provider  string // strict or grace.
	kind
	at         int    // The call, counted from the start of the request.
	name       string // What the call was in the rehearsal.
	after      bool
	connection string

	lane    *lane // Where it happens; of a pause its own.
	trap    *trap
	reached bool
	calls   []call          // Up to the strike.
	over    time.Time       // When the lease it held has ended.
	first   chan outcome    // Of the request that was struck.
	tries   []outcome       // Of the requests after it.
	tokens  map[string]bool // Access tokens handed out after it.
	second  *strike         // Of the request that came to recover; nil if that was spared.
}

func (s *strike) String() string {
	side, name := "before", "a call that was not made"
	if s.after {
		side = "after"
	}
	if s.disturbs() {
		side = "at"
	}
	if s.at < len(s.calls) {
		name = s.calls[s.at].name
	}
	text := fmt.Sprintf("%s %s %s call %d, %s (%s %+v)", s.how, s.operation, side, s.at, name, s.provider, s.kind)
	if s.second != nil {
		text += ", then " + s.second.String()
	}
	return text
}

// disturbs reports whether the processes live and AWS misbehaves.
func (s *strike) disturbs() bool { return s.how != kill && s.how != pause && s.how != hangUp }

// lost reports whether the provider's answer got to nobody who could have kept
// it: the window that no protocol closes.
func (s *strike) lost() bool {
	asked := slices.IndexFunc(s.calls, func(c call) bool { return c.name == providerCall && c.done })
	if asked < 0 {
		return false
	}
	if s.how == hangUp {
		return s.at == asked
	}
	since := s.calls[asked:]
	return !slices.Contains(since, call{name: saveCall, done: true}) && !slices.Contains(since, call{name: secondSave, done: true})
}

// saveCall is the write ahead of the provider's answer, the commit point.
const saveCall = "DynamoDB UpdateItem connection"

// secondSave keeps the answer where the table cannot: before saveCall was carried
// out it is about nothing else.
const secondSave = "secretsmanager PutSecretValue"

// fatal reports whether a person must reconnect: an answer is lost, and the
// server ends a grant whose old refresh token comes again.
func (s *strike) fatal() bool {
	return s.provider == strict && (s.lost() || s.second != nil && s.second.lost())
}

// outcome is how a request for a lease ended.
type outcome struct {
	status     int // Zero when no answer came.
	code       fault.Code
	retryAfter time.Duration
	lease      api.Lease
	made       string // The connection that was created.
	err        error
}

// ask requests a lease.
func ask(ctx context.Context, a *actor, connection string) outcome {
	request := api.LeaseRequest{ConnectionID: connection, Purpose: "chaos"}
	lease, err := client.Call(ctx, a.client, routes.ConnectionLease, request)
	o := outcomeOf(err)
	o.lease = lease
	return o
}

func outcomeOf(err error) outcome {
	var p *client.Problem
	switch {
	case err == nil:
		return outcome{status: http.StatusOK}
	case errors.As(err, &p):
		return outcome{status: p.Status, code: p.Code, retryAfter: p.RetryAfter, err: err}
	}
	return outcome{err: err}
}

// leaseTime is how long a refresh that died holds its lease, and a second.
const leaseTime = 46 * time.Second

// refresh strikes a lease.
func (s *strike) refresh(t *testing.T, e *environment, ann *actor) {
	t.Helper()
	e.provider.watch(s.connection, s.lane.steps)
	s.land(t, func(ctx context.Context) outcome { return ask(ctx, ann.through(s.lane), s.connection) })
	e.provider.watch(s.connection, nil)
}

// land strikes a request to the lane of the strike.
func (s *strike) land(t *testing.T, request func(context.Context) outcome) {
	t.Helper()
	s.trap, s.first, s.tokens = newTrap(s.at, s.after), make(chan outcome, 1), map[string]bool{}
	if s.disturbs() {
		s.upset(t.Context(), request)
		return
	}
	s.lane.steps.watch(s.trap)
	done := make(chan struct{})
	ctx := t.Context()
	go func() {
		defer close(done)
		s.first <- request(ctx)
	}()
	select {
	case <-s.trap.reached:
		s.reached = true
	case <-done:
	case <-time.After(time.Minute):
		t.Fatalf("%s: nothing happens\n%s", s, s.lane.log)
	}
	if s.reached {
		s.hit(t)
	}
	s.calls, s.over = s.lane.steps.seen(), time.Now().Add(leaseTime)
	if s.reached && s.how == kill {
		<-done
	}
}

// upset makes the request while AWS misbehaves.
func (s *strike) upset(ctx context.Context, request func(context.Context) outcome) {
	d := disturbance(s.how)
	s.lane.steps.upset(d.at(s.at, s.name))
	s.first <- request(ctx)
	s.reached, s.calls = s.lane.steps.hits() > 0, s.lane.steps.seen()
	if d == down {
		s.over = time.Now().Add(leaseTime)
	}
}

// answer returns how the request that was struck ended, once it has.
func (s *strike) answer() outcome {
	o := <-s.first
	s.first <- o
	return o
}

func (s *strike) hit(t *testing.T) {
	t.Helper()
	switch s.how {
	case kill:
		s.lane.signal(t, syscall.SIGKILL)
		s.trap.proceed <- false
	case hangUp:
		s.trap.proceed <- false
	case pause:
		s.lane.signal(t, syscall.SIGSTOP)
		if s.after {
			s.trap.proceed <- true // The answer waits in the socket.
		}
	}
}

// resume lets a paused process go on. What it was about to write arrives late;
// a token request that was held for so long never does.
func (s *strike) resume(t *testing.T) {
	t.Helper()
	if !s.after {
		s.trap.proceed <- s.calls[s.at].name != providerCall
	}
	s.lane.signal(t, syscall.SIGCONT)
}
