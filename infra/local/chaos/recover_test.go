package chaos_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/fault"
)

// atOnce is how many connections are looked at together.
const atOnce = 16

// await lets the leases of dead processes end.
func (r *run) await(t *testing.T) {
	t.Helper()
	var last time.Time
	for _, s := range r.strikes {
		if s.over.After(last) {
			last = s.over
		}
		if s.second != nil && s.second.over.After(last) {
			last = s.second.over
		}
	}
	for begun := time.Now(); time.Until(last) > 0; wait(t, min(time.Until(last)+time.Millisecond, 5*time.Second)) {
		if time.Since(begun) > time.Second {
			t.Logf("the leases of dead processes last %.0f s more", time.Until(last).Seconds())
		}
	}
}

// again kills some of the processes that come to recover, and lets their leases
// end.
func (r *run) again(t *testing.T, calls map[kind][]call) {
	t.Helper()
	var chosen []*strike
	for _, s := range r.strikes {
		if s.how == kill && r.random.IntN(2) == 0 {
			k := kind{cold: true}
			s.second = newStrike(kill, s.provider, k, calls, r.random.IntN(len(calls[k])), r.random.IntN(2) == 0)
			s.second.connection = s.connection
			chosen = append(chosen, s.second)
		}
	}
	each(t, "struck again", strikers, chosen, func(s *strike) {
		r.lanes.strike(t, s, func() { r.land(t, s) })
	})
	r.await(t)
}

// sweep has half of the connections refreshed. It finds out what was lost,
// and says so.
func (r *run) sweep(t *testing.T) {
	t.Helper()
	var swept []*strike
	for i, s := range r.strikes {
		if i%2 == 0 {
			r.e.custody.backdate(t, s.connection, "refreshDue", "credential.expiresAt")
			swept = append(swept, s)
		}
	}
	r.e.sweep(t)
	for _, s := range swept {
		r.e.examine(t, s.connection, s)
	}
}

// recover asks for a new token of each connection, and twice more: what was lost
// shows at the latest then. Paused processes are still paused.
func (r *run) recover(t *testing.T) {
	t.Helper()
	for round := range 3 {
		each(t, "recovered", atOnce, r.strikes, func(s *strike) { s.renew(t, r, round > 0) })
	}
}

// renew asks until there is a token that was not handed out before, or the
// connection is given up, and says when that is not what must be. again says
// that nothing stands in the way any more.
func (s *strike) renew(t *testing.T, r *run, again bool) {
	for begun := time.Now(); time.Since(begun) < time.Minute; {
		r.e.custody.expire(t, s.connection)
		got := ask(t.Context(), r.ann, s.connection)
		s.tries = append(s.tries, got)
		switch {
		case got.status == http.StatusOK && !s.tokens[got.lease.AccessToken] && got.lease.Refreshed:
			if s.fatal() {
				t.Errorf("%s: a token although its refresh token was lost", s)
			}
			s.tokens[got.lease.AccessToken] = true
			if status := works(t, r, got); status != http.StatusOK {
				t.Errorf("%s: the provider answers %d to the new token", s, status)
			}
			return
		case got.code == fault.CodeReauthRequired:
			if !s.fatal() {
				t.Errorf("%s: the connection is lost: %v", s, got.err)
			}
			return
		case got.status != http.StatusOK && again:
			t.Errorf("%s: a later refresh: %d %v", s, got.status, got.err)
			return
		}
		time.Sleep(max(100*time.Millisecond, got.retryAfter))
	}
	t.Errorf("%s: no new token in a minute; the last try: %+v", s, s.tries[len(s.tries)-1])
}

// resume lets the paused processes go on, now that others have refreshed, and
// asks them for a token, which they answer only when they are done with the old
// request. Then each connection must refresh once more.
func (r *run) resume(t *testing.T) {
	t.Helper()
	var paused []*strike
	for _, s := range r.strikes {
		if s.how == pause && s.reached {
			paused = append(paused, s)
			s.resume(t)
		}
	}
	each(t, "resumed", atOnce, paused, func(s *strike) {
		got := ask(t.Context(), r.ann.through(s.lane), s.connection)
		s.tries = append(s.tries, got)
		if got.status != http.StatusOK && !s.fatal() {
			t.Errorf("%s: after it went on: %d %v", s, got.status, got.err)
		}
	})
	each(t, "renewed", atOnce, paused, func(s *strike) { s.renew(t, r, true) })
}
