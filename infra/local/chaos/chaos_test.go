package chaos_test

import (
	"math/rand/v2"
	"os"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/routes"
)

const (
	tenant      = "chaos"
	defaultRuns = 0 // Each step once; about a minute and a half.
	patience    = 3 * time.Minute
)

// run is everything of one run.
type run struct {
	e         *environment
	ann       *actor
	templates map[string]api.Template // By provider.
	other     string                  // A connection that is never struck.
	lane      *lane                   // Of one process, where strikes happen.
	strikes   []*strike
}

// TestChaos strikes refreshes at every step, all of them within the time that a
// lease of a dead process lasts, waits that long, and looks at each connection.
// CHAOS_SEED repeats a run and CHAOS_RUNS says how many refreshes are struck.
func TestChaos(t *testing.T) {
	t.Parallel()
	seed, count := number(t, "CHAOS_SEED", time.Now().UnixNano()), number(t, "CHAOS_RUNS", defaultRuns)
	t.Logf("CHAOS_SEED=%d CHAOS_RUNS=%d", seed, count)
	r := newRun(t)
	begun := time.Now()
	calls := r.rehearse(t)
	r.strikes = plan(rand.New(rand.NewPCG(uint64(seed), 0)), calls, int(count))
	crowd := newCrowd(t, r, calls[kind{cold: true}])
	r.connect(t)
	crowd.begin(t)
	r.strike(t)
	crowd.end(t)
	r.recover(t)
	r.resume(t)
	r.examine(t)
	t.Logf("done in %.0f s; repeat it with CHAOS_SEED=%d CHAOS_RUNS=%d", time.Since(begun).Seconds(), seed, count)
}

func newRun(t *testing.T) *run {
	t.Helper()
	e := newEnvironment(t)
	must(t, e.actor(t, auth.Organization), routes.TenantCreate, api.TenantCreate{ID: tenant, Name: "Chaos"})
	r := &run{e: e, ann: e.actor(t, tenant), templates: map[string]api.Template{}}
	for _, provider := range []string{strict, graceful} {
		r.templates[provider] = newTemplate(t, e, provider)
	}
	r.other = newConnection(t, e, r.ann, r.templates[strict], "other")
	r.lane = e.newLane(t, 1, 0, routes.ConnectionLease.Name)
	return r
}

func number(t *testing.T, variable string, fallback int64) int64 {
	t.Helper()
	text, ok := os.LookupEnv(variable)
	if !ok {
		return fallback
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		t.Fatalf("%s: %v", variable, err)
	}
	return n
}

// connect makes a connection for each strike.
func (r *run) connect(t *testing.T) {
	t.Helper()
	progress := newProgress(t, "connected", len(r.strikes))
	for i, s := range r.strikes {
		s.connection = newConnection(t, r.e, r.ann, r.templates[s.provider], "chaos "+strconv.Itoa(i))
		progress.step()
	}
	wait(t, tooOld)
}

// strike lands one strike after the other. A process that takes its time after
// it was hung up on is left to itself.
func (r *run) strike(t *testing.T) {
	t.Helper()
	progress := newProgress(t, "struck", len(r.strikes))
	for _, s := range r.strikes {
		if s.how == pause {
			s.lane = r.e.newLane(t, 1, patience, routes.ConnectionLease.Name)
		} else {
			r.prepare(t, s)
			s.lane = r.lane
		}
		s.refresh(t, r.e, r.ann)
		if s.how == hangUp && !finishes(s.first, 300*time.Millisecond) {
			r.lane = r.e.newLane(t, 1, 0, routes.ConnectionLease.Name)
		}
		progress.step()
	}
}

// finishes reports whether an outcome comes in time, and leaves it there.
func finishes(outcomes chan outcome, in time.Duration) bool {
	select {
	case o := <-outcomes:
		outcomes <- o
		return true
	case <-time.After(in):
		return false
	}
}

// progress tells how far a part of a run is, every few seconds.
type progress struct {
	t     *testing.T
	what  string
	total int
	mu    sync.Mutex
	done  int
	told  time.Time
}

func newProgress(t *testing.T, what string, total int) *progress {
	return &progress{t: t, what: what, total: total, told: time.Now()}
}

func (p *progress) step() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.done++
	if p.done < p.total && time.Since(p.told) < 3*time.Second {
		return
	}
	p.told = time.Now()
	p.t.Logf("%s %d of %d", p.what, p.done, p.total)
}
