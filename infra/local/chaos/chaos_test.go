package chaos_test

import (
	"log"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/tenonhq/tenon/infra/local/dev"
	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/routes"
)

const (
	tenant      = "chaos"
	defaultRuns = 300
	patience    = 3 * time.Minute
)

// TestMain compiles the functions as `tenon dev` does, once for all tests.
func TestMain(m *testing.M) {
	begun := time.Now()
	log.Print("building the functions")
	cmd := exec.Command("go", "build", "-tags", dev.Tags, "-o", ".build/local/", "./functions/...")
	cmd.Dir = filepath.Join("..", "..", "..")
	if text, err := cmd.CombinedOutput(); err != nil {
		log.Fatalf("build the functions: %v\n%s", err, text)
	}
	log.Printf("built in %.1f s", time.Since(begun).Seconds())
	os.Exit(m.Run())
}

// run is a run that strikes refreshes.
type run struct {
	e         *environment
	ann       *actor
	random    *rand.Rand
	templates map[string]api.Template // By provider.
	other     string                  // A connection that is never struck.
	lanes     *lanes
	strikes   []*strike
}

// TestREF17KillStorm strikes refreshes at every step, all of them within the
// time that a lease of a dead process lasts, waits that long, strikes some of
// those that come to recover, and looks at each connection. CHAOS_SEED repeats a
// run and CHAOS_RUNS says how many refreshes are struck.
func TestREF17KillStorm(t *testing.T) {
	t.Parallel()
	seed, count := number(t, "CHAOS_SEED", time.Now().UnixNano()), number(t, "CHAOS_RUNS", defaultRuns)
	t.Logf("CHAOS_SEED=%d CHAOS_RUNS=%d", seed, count)
	r := newRun(t, seed)
	begun := time.Now()
	calls := r.rehearse(t)
	r.strikes = plan(r.random, calls, int(count))
	crowd := newCrowd(t, r, calls[kind{cold: true}])
	r.connect(t, r.strikes)
	crowd.begin(t)
	r.strike(t, r.strikes)
	crowd.end(t)
	r.await(t)
	r.again(t, calls)
	r.sweep(t)
	r.recover(t)
	r.resume(t)
	r.examine(t)
	r.outcomes(t)
	r.e.invariants.summary(t)
	t.Logf("done in %.0f s; repeat it with CHAOS_SEED=%d CHAOS_RUNS=%d", time.Since(begun).Seconds(), seed, count)
}

func newRun(t *testing.T, seed int64) *run {
	t.Helper()
	e := newEnvironment(t)
	r := &run{e: e, ann: e.actor(t, tenant), random: rand.New(rand.NewPCG(uint64(seed), 0)), templates: map[string]api.Template{}}
	for _, provider := range []string{strict, graceful} {
		r.templates[provider] = newTemplate(t, e, provider)
	}
	r.other = newConnection(t, e, r.ann, r.templates[strict], "other")
	r.lanes = e.newLanes(t, routes.ConnectionLease.Name)
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

// connect makes a connection for each of the strikes.
func (r *run) connect(t *testing.T, strikes []*strike) {
	t.Helper()
	progress := newProgress(t, "connected", len(strikes))
	for i, s := range strikes {
		s.connection = newConnection(t, r.e, r.ann, r.templates[s.provider], s.how+" "+strconv.Itoa(i))
		progress.step()
	}
}

// strike lands strikes, some at a time.
func (r *run) strike(t *testing.T, strikes []*strike) {
	t.Helper()
	each(t, "struck", strikers, strikes, func(s *strike) {
		if s.how == pause {
			s.lane = r.e.newLane(t, 1, patience, routes.ConnectionLease.Name)
			r.land(t, s)
			return
		}
		r.lanes.strike(t, s, func() { r.land(t, s) })
	})
}

// land lands a strike once everything is as it wants it.
func (r *run) land(t *testing.T, s *strike) {
	t.Helper()
	r.prepare(t, s)
	s.refresh(t, r.e, r.ann)
}

// each does the same for all strikes, some at a time.
func each(t *testing.T, what string, atOnce int, strikes []*strike, do func(*strike)) {
	t.Helper()
	progress := newProgress(t, what, len(strikes))
	places := make(chan struct{}, atOnce)
	var all sync.WaitGroup
	for _, s := range strikes {
		places <- struct{}{}
		all.Go(func() {
			defer func() { <-places }()
			do(s)
			progress.step()
		})
	}
	all.Wait()
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
