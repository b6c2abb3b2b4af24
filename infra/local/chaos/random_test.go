package chaos_test

import (
	"context"
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/client"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/routes"
)

// The size of the run with random faults.
const (
	defaultCalls = 300
	callers      = 8
	faultRate    = 0.2
)

// weather is a run in which any call to AWS may fail.
type weather struct {
	*run
	key   api.Template // For connections with an API key.
	lane  *lane        // Where AWS misbehaves.
	calls int

	mu      sync.Mutex
	answers map[string]map[int]int // By operation and status.
	made    int
	kept    map[string]string // Connections that were made and not deleted, by id: the provider, empty for an API key.
	ended   []string          // Those that were deleted.
}

// TestAWS08RandomFaults has each call to AWS fail with a fixed probability while
// several callers create, lease, verify, replace and delete. No answer blames
// the product, and once AWS works again the jobs leave everything in order.
// CHAOS_CALLS says how many requests are made.
func TestAWS08RandomFaults(t *testing.T) {
	t.Parallel()
	seed := number(t, "CHAOS_SEED", time.Now().UnixNano())
	t.Logf("CHAOS_SEED=%d", seed)
	w := &weather{run: newRun(t, seed), answers: map[string]map[int]int{}, kept: map[string]string{}}
	w.key, w.lane = newKeyTemplate(t, w.e), w.e.newLane(t, callers, 0)
	w.calls = int(number(t, "CHAOS_CALLS", defaultCalls))
	for i := range callers {
		provider := []string{strict, graceful}[i%2]
		w.kept[newConnection(t, w.e, w.ann, w.templates[provider], "weather "+strconv.Itoa(i))] = provider
	}
	random := rand.New(rand.NewPCG(uint64(seed), 2))
	w.lane.steps.upset(func(int, string) disturbance {
		if random.Float64() >= faultRate {
			return none
		}
		return []disturbance{fails, throttle}[random.IntN(2)]
	})
	tokens := slices.Sorted(maps.Keys(w.kept))
	var all sync.WaitGroup
	for i := range callers {
		all.Go(func() { w.caller(t, i, tokens[i]) })
	}
	all.Wait()
	for _, operation := range slices.Sorted(maps.Keys(w.answers)) {
		t.Logf("%-20s %v", operation, w.answers[operation])
	}
	t.Logf("%d calls to AWS failed", w.lane.steps.hits())
	w.lane.steps.seen()
	w.settle(t)
	w.e.invariants.summary(t)
}

// more counts a request and reports whether it is to be made.
func (w *weather) more(t *testing.T) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.made++
	if w.made%50 == 0 {
		t.Logf("made %d of %d requests", w.made, w.calls)
	}
	return w.made <= w.calls
}

// try makes a request and holds the answer to what is permitted. A status of
// wanted is permitted, too.
func try[In, Out any](t *testing.T, w *weather, r routes.Typed[In, Out], in In, wanted ...int) (Out, outcome) {
	out, err := client.Call(t.Context(), w.ann.through(w.lane).client, r, in)
	o := outcomeOf(err)
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.answers[r.Name] == nil {
		w.answers[r.Name] = map[int]int{}
	}
	w.answers[r.Name][o.status]++
	if !slices.Contains(append(wanted, permitted...), o.status) {
		t.Errorf("%s: answered %d %v", r.Name, o.status, err)
	}
	return out, o
}

// caller does one thing after the other until there were enough.
func (w *weather) caller(t *testing.T, number int, token string) {
	for round := 0; w.more(t); round++ {
		creation := api.ConnectionCreate{
			IdempotencyKey: strconv.Itoa(number) + "-" + strconv.Itoa(round), TemplateID: w.key.ID, Name: "weather", Credential: credential(firstKey),
		}
		made, o := try(t, w, routes.ConnectionCreate, creation)
		for tries := 0; o.status != http.StatusOK && tries < 3 && w.more(t); tries++ {
			made, o = try(t, w, routes.ConnectionCreate, creation)
		}
		w.e.custody.expire(t, token)
		if w.more(t) {
			try(t, w, routes.ConnectionLease, api.LeaseRequest{ConnectionID: token, Purpose: "weather"})
		}
		if o.status != http.StatusOK {
			continue
		}
		w.use(t, made.ID)
		if round%2 == 0 || !w.delete(t, made.ID) {
			w.note(made.ID)
		}
	}
}

func (w *weather) note(id string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.kept[id] = ""
}

func (w *weather) use(t *testing.T, id string) {
	lease := api.LeaseRequest{ConnectionID: id, Purpose: "weather"}
	for _, request := range []func(){
		func() { try(t, w, routes.ConnectionLease, lease) },
		func() { try(t, w, routes.ConnectionVerify, api.ConnectionRef{ConnectionID: id}) },
		func() {
			put := api.CredentialPut{ConnectionID: id, IfMatch: "*", Credential: credential(secondKey)}
			try(t, w, routes.CredentialPut, put)
		},
		func() { try(t, w, routes.ConnectionLease, lease) },
	} {
		if w.more(t) {
			request()
		}
	}
}

// delete reports whether a deletion was begun, as far as its caller can tell. One
// that failed may have come to its end but for the answer.
func (w *weather) delete(t *testing.T, id string) bool {
	if !w.more(t) {
		return false
	}
	change := api.ConnectionEnd{ConnectionID: id}
	if _, o := try(t, w, routes.ConnectionDelete, change); o.status != http.StatusOK && w.more(t) {
		try(t, w, routes.ConnectionDelete, change, http.StatusNotFound)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.ended = append(w.ended, id)
	return true
}

// settle runs the jobs after the leases of failed refreshes have ended, and
// looks at every connection.
func (w *weather) settle(t *testing.T) {
	t.Helper()
	wait(t, leaseTime)
	for _, c := range w.e.custody.records(t) {
		switch {
		case !c.Due.Reconcile.IsZero():
			w.e.custody.backdate(t, c.ID, "reconcileDue")
		case !c.Due.Refresh.IsZero():
			w.e.custody.backdate(t, c.ID, "refreshDue", "credential.expiresAt")
		}
	}
	for range 2 {
		w.e.sweep(t)
		w.e.run(t, routes.JobPendingExpiry.Name)
	}
	for id := range w.kept {
		w.usable(t, id)
		w.e.examine(t, id, "after random faults")
	}
	for _, id := range w.ended {
		if _, _, err := w.e.custody.of(t.Context(), id); err == nil {
			continue // No request to delete it came so far.
		}
		w.e.gone(t, id, "", "", "after random faults")
	}
	stats := w.e.lab.stats(t)
	w.e.invariants.check(t, i2, stats.DoubleRefresh == 0, "the server: %+v", stats)
	w.e.tidy(t)
}

// usable leases a connection, unless its grant was lost.
func (w *weather) usable(t *testing.T, id string) {
	t.Helper()
	c, _, err := w.e.custody.of(context.WithoutCancel(t.Context()), id)
	if err != nil {
		t.Errorf("%s: %v", id, err)
		return
	}
	o := ask(t.Context(), w.ann, id)
	if o.status != http.StatusOK && (o.code != fault.CodeReauthRequired || c.Health.Reason == "") {
		t.Errorf("%s: a lease once AWS works: %d %v", id, o.status, o.err)
	}
	action := map[bool]string{true: "connection.create", false: "connection.lease"}[w.kept[id] == ""]
	records := w.entries(t, &strike{connection: id}, action, "allowed")
	w.e.invariants.check(t, i6, records >= 1, "%s: no record of %s", id, action)
}
