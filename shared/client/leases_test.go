package client_test

import (
	"context"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tenonhq/tenon/shared/api"
)

func TestTransportKeepsALease(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		life   time.Duration
		after  time.Duration
		leases int
	}{
		"of an hour, for five minutes":        {time.Hour, 5*time.Minute - time.Second, 1},
		"and no longer":                       {time.Hour, 5 * time.Minute, 2},
		"without end, for five minutes":       {0, 5*time.Minute - time.Second, 1},
		"without end, and no longer":          {0, 5 * time.Minute, 2},
		"until half a minute before its end":  {2 * time.Minute, 90*time.Second - 1, 1},
		"and not to its end":                  {2 * time.Minute, 90 * time.Second, 2},
		"for half of a short life":            {8 * time.Second, 4*time.Second - 1, 1},
		"and not for the rest of a short one": {8 * time.Second, 4 * time.Second, 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				r := newRig()
				r.lease = func(n, _ int) (api.Lease, int) { return token(n, test.life), 0 }
				crm := r.transport()
				get(t, crm, "a")
				time.Sleep(test.after)
				get(t, crm, "b")
				if len(r.asked) != test.leases {
					t.Errorf("got %d leases, want %d", len(r.asked), test.leases)
				}
				_ = crm.Close(t.Context())
			})
		})
	}
}

// However many need it, one lease is asked for, and whoever hangs up takes it from
// nobody.
func TestTransportSharesALease(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r, accepts := newRig(), 1
		r.delay, r.system = time.Second, only(&accepts)
		crm := r.transport()
		ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		req, _ := http.NewRequestWithContext(ctx, http.MethodGet, "a", nil)
		if _, err := crm.RoundTrip(req); err == nil {
			t.Error("a caller without time waited")
		}
		crowd(t, func() { get(t, crm, "a") })
		if len(r.asked) != 1 {
			t.Errorf("got %d leases, want 1", len(r.asked))
		}
		r.mu.Lock()
		accepts = 2 // The token is revoked.
		r.mu.Unlock()
		crowd(t, func() {
			if got := get(t, crm, "a"); got != http.StatusOK {
				t.Errorf("got %d, want 200", got)
			}
		})
		if len(r.asked) != 2 {
			t.Errorf("got %d leases, want one more", len(r.asked))
		}
		_ = crm.Close(t.Context())
	})
}

func crowd(t *testing.T, each func()) {
	t.Helper()
	var all sync.WaitGroup
	for range 50 {
		all.Go(each)
	}
	all.Wait()
}

// While nobody answers, the lease serves for its life, and for a quarter of an
// hour. A refusal ends it at once.
func TestTransportGoesOnWithoutAnAnswer(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		life    time.Duration
		answers []int // The last one again and again.
		after   time.Duration
		refused bool
	}{
		"while it lives":               {time.Hour, []int{503}, 10 * time.Minute, false},
		"while there is no gateway":    {time.Hour, []int{502}, 10 * time.Minute, false},
		"a quarter of an hour at most": {time.Hour, []int{503}, 16 * time.Minute, true},
		"no longer than it lives":      {8 * time.Minute, []int{503}, 9 * time.Minute, true},
		"not when it is refused":       {time.Hour, []int{409}, 6 * time.Minute, true},
		"not when it was refused":      {time.Hour, []int{409, 503}, 6 * time.Minute, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				r := newRig()
				r.lease = func(n, _ int) (api.Lease, int) {
					if n > 1 {
						return api.Lease{}, test.answers[min(n-2, len(test.answers)-1)]
					}
					return token(1, test.life), 0
				}
				crm := r.transport()
				get(t, crm, "a")
				time.Sleep(test.after)
				for range 3 {
					res, err := (&http.Client{Transport: crm}).Get("b")
					if (err != nil) != test.refused {
						t.Errorf("got %v, %v; want it refused: %v", res, err, test.refused)
					}
				}
				if !test.refused && len(r.asked) != 2 {
					t.Errorf("got %d leases, want a pause between them", len(r.asked))
				}
				_ = crm.Close(t.Context())
			})
		})
	}
}
