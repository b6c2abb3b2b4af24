package chaos_test

import (
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/fault"
)

// atOnce is how many connections are looked at together.
const atOnce = 16

// recover asks for a new token of each connection once the lease of the struck
// refresh has ended, and twice more: what was lost shows at the latest then.
// Paused processes are still paused.
func (r *run) recover(t *testing.T) {
	t.Helper()
	last := slices.MaxFunc(r.strikes, func(a, b *strike) int { return a.over.Compare(b.over) })
	for begun := time.Now(); time.Until(last.over) > 0; wait(t, min(time.Until(last.over)+time.Millisecond, 5*time.Second)) {
		if time.Since(begun) > time.Second {
			t.Logf("the leases of dead processes last %.0f s more", time.Until(last.over).Seconds())
		}
	}
	for round := range 3 {
		if round > 0 {
			wait(t, tooOld)
		}
		r.each(t, "recovered", func(s *strike) { s.renew(t, r, round > 0) })
	}
}

// each does the same for all strikes, some at a time.
func (r *run) each(t *testing.T, what string, do func(*strike)) {
	t.Helper()
	progress := newProgress(t, what, len(r.strikes))
	places := make(chan struct{}, atOnce)
	var all sync.WaitGroup
	for _, s := range r.strikes {
		places <- struct{}{}
		all.Go(func() {
			defer func() { <-places }()
			do(s)
			progress.step()
		})
	}
	all.Wait()
}

// renew asks until there is a token that was not handed out before, or the
// connection is given up, and says when that is not what must be. again says
// that nothing stands in the way any more.
func (s *strike) renew(t *testing.T, r *run, again bool) {
	for begun := time.Now(); time.Since(begun) < 25*time.Second; {
		got := ask(t.Context(), r.ann, s.connection, freshest)
		s.tries = append(s.tries, got)
		switch {
		case got.status == 200 && !s.tokens[got.lease.AccessToken] && got.lease.Refreshed:
			if s.fatal() {
				t.Errorf("%s: a token although its refresh token was lost", s)
			}
			s.tokens[got.lease.AccessToken] = true
			// The repeated answer of a grace has an access token that is dead by now.
			if status := works(t, r, got); status != http.StatusOK && (again || !s.lost()) {
				t.Errorf("%s: the provider answers %d to the new token", s, status)
			}
			return
		case got.code == fault.CodeReauthRequired:
			if !s.fatal() {
				t.Errorf("%s: the connection is lost: %v", s, got.err)
			}
			return
		case got.status != 200 && again:
			t.Errorf("%s: a later refresh: %d %v", s, got.status, got.err)
			return
		}
		time.Sleep(max(100*time.Millisecond, got.retryAfter))
	}
	t.Errorf("%s: no new token in 25 seconds; the last try: %+v", s, s.tries[len(s.tries)-1])
}

// resume lets the paused processes go on, now that others have refreshed, and
// asks them for a token, which they answer only when they are done with the old
// request. Then each connection must refresh once more.
func (r *run) resume(t *testing.T) {
	t.Helper()
	paused := func(s *strike) bool { return s.how == pause && s.reached }
	for _, s := range r.strikes {
		if paused(s) {
			s.resume(t)
		}
	}
	r.each(t, "resumed", func(s *strike) {
		if !paused(s) {
			return
		}
		got := ask(t.Context(), r.ann.through(s.lane), s.connection, 0)
		s.tries = append(s.tries, got)
		if got.status != 200 && !s.fatal() {
			t.Errorf("%s: after it went on: %d %v", s, got.status, got.err)
		}
	})
	wait(t, tooOld)
	r.each(t, "renewed", func(s *strike) {
		if paused(s) {
			s.renew(t, r, true)
		}
	})
}
