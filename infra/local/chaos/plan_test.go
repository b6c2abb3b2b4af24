package chaos_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/tenonhq/tenon/shared/routes"
)

// strict is a provider that rotates refresh tokens and ends a grant whose old
// one comes again.
const strict = "strict"

// fullest is the kind of refresh that makes every call.
var fullest = kind{promoting: true, cold: true}

// plan returns strikes: each side of each call of a refresh is killed once and
// hung up on once, whatever the calls are, and from the lease's acquisition on
// paused once; each call of AWS is disturbed in every way; then come strikes
// chosen at random. Fewer than all of them are a random choice; zero is each
// once.
func plan(random *rand.Rand, calls map[kind][]call, count int) []*strike {
	var all []*strike
	either := func() string { return []string{strict, graceful}[random.IntN(2)] }
	for at := range calls[fullest] {
		for _, after := range []bool{false, true} {
			k := kind{cold: random.IntN(2) == 0}
			all = append(all, newStrike(kill, either(), fullest, calls, at, after))
			all = append(all, newStrike(hangUp, either(), k, calls, at%len(calls[k]), after))
		}
	}
	k := kind{cold: true}
	for at := acquired(calls[k]); at < len(calls[k]); at++ {
		all = append(all, newStrike(pause, either(), k, calls, at, false), newStrike(pause, either(), k, calls, at, true))
	}
	all = append(all, disturbances(random, calls, fails, throttle, late, down)...)
	random.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	if count == 0 {
		return all
	}
	for len(all) < count {
		k := kind{promoting: random.IntN(2) == 0, cold: random.IntN(2) == 0}
		all = append(all, newStrike(kill, either(), k, calls, random.IntN(len(calls[k])), random.IntN(2) == 0))
	}
	return all[:count]
}

// killsFrom kills either side of each call from the lease's acquisition on, for
// both providers.
func killsFrom(calls map[kind][]call) []*strike {
	var all []*strike
	for at := acquired(calls[fullest]); at < len(calls[fullest]); at++ {
		for _, provider := range []string{strict, graceful} {
			all = append(all, newStrike(kill, provider, fullest, calls, at, false), newStrike(kill, provider, fullest, calls, at, true))
		}
	}
	return all
}

// disturbances disturbs each call of AWS in each of those ways.
func disturbances(random *rand.Rand, calls map[kind][]call, ways ...disturbance) []*strike {
	var all []*strike
	for at, c := range calls[fullest] {
		for _, way := range ways {
			if c.name != providerCall {
				all = append(all, newStrike(string(way), []string{strict, graceful}[random.IntN(2)], fullest, calls, at, false))
			}
		}
	}
	return all
}

func newStrike(how, provider string, k kind, calls map[kind][]call, at int, after bool) *strike {
	return &strike{
		how: how, operation: routes.ConnectionLease.Name, provider: provider, kind: k, at: at, name: calls[k][at].name, after: after,
	}
}

// acquired is the call that wins the lease: the first write of the record.
func acquired(calls []call) int {
	for at, c := range calls {
		if c.name == "DynamoDB PutItem connection" {
			return at
		}
	}
	return 0
}

// rehearse returns the calls of an undisturbed refresh of every kind.
func (r *run) rehearse(t *testing.T) map[kind][]call {
	t.Helper()
	found := map[kind][]call{}
	for _, k := range []kind{{true, true}, {true, false}, {false, true}, {false, false}} {
		s := &strike{kind: k, connection: newConnection(t, r.e, r.ann, r.templates[strict], "rehearsal"), how: string(none)}
		r.lanes.strike(t, s, func() { r.land(t, s) })
		if got := s.answer(); got.status != 200 || !got.lease.Refreshed {
			t.Fatalf("a refresh that nothing disturbs: %d %v", got.status, got.err)
		}
		found[k] = s.calls
		asked := slices.Index(found[k], call{name: providerCall, done: true})
		if asked < 0 || found[k][asked+1].name != saveCall {
			t.Fatalf("the provider's answer is not saved at once, by %s: %v", saveCall, found[k])
		}
		t.Logf("a refresh (%+v) makes %d calls", k, len(found[k]))
	}
	return found
}

// prepare brings about the kind of refresh that is to be struck.
func (r *run) prepare(t *testing.T, s *strike) {
	t.Helper()
	if s.promoting {
		r.e.custody.backdate(t, s.connection, "credential.promotedAt")
	}
	if s.cold {
		s.lane.cool(t)
	} else if got := ask(t.Context(), r.ann.through(s.lane), r.other); got.status != 200 {
		t.Fatalf("a lease that nothing disturbs: %d %v", got.status, got.err)
	}
	r.e.custody.expire(t, s.connection)
}
