package connect_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/vault"
)

// strike is one write of an operation that fails or is the last.
type strike struct {
	op          string
	nth         int
	after, dies bool
}

// strikes returns every way in which the writes can be struck, also those that
// have the name of an earlier one.
func strikes(writes []string) []strike {
	var all []strike
	seen := map[string]int{}
	for _, op := range writes {
		for _, after := range []bool{false, true} {
			for _, dies := range []bool{false, true} {
				all = append(all, strike{op, seen[op], after, dies})
			}
		}
		seen[op]++
	}
	return all
}

// strike runs an operation that is struck. The version in use keeps a label.
func (w *world) strike(s strike, run func() error) {
	w.t.Helper()
	w.power.cutAt(s.op, s.nth, s.after, s.dies)
	_ = run() // A failure of the last steps is logged, not returned.
	w.power.on()
	if used := w.get(w.only()).Credential.At; len(w.stored.Labels(used.Secret)[used.Version]) == 0 {
		w.t.Errorf("the version in use has no label: %v", w.stored.Labels(used.Secret))
	}
}

// only returns the id of the one connection there is.
func (w *world) only() string {
	w.t.Helper()
	found, _, err := w.Connections.List(w.t.Context(), "acme", connection.Filter{}, "", 2)
	must(w.t, err)
	if len(found) != 1 {
		w.t.Fatalf("%d connections", len(found))
	}
	return found[0].ID
}

// reconciled runs the reconciler when it is due: only what the record names is
// labelled then, and the end of a grace is not missed.
func (w *world) reconciled(id string) {
	w.t.Helper()
	w.clock.advance(2 * time.Minute)
	w.drain(id)
	must(w.t, w.EndGrace(w.t.Context(), reconciler, id))
	w.labelled(id)
	c := w.get(id)
	due := c.Due.Reconcile
	if kept := c.Previous != nil; kept == due.IsZero() || kept && due.After(c.Previous.Until) {
		w.t.Errorf("the reconciler is due at %s, previous %+v", due, c.Previous)
	}
}

// rotation is an operation that is struck at every write.
type rotation struct {
	begin func(t *testing.T) (*world, connection.Connection)
	run   func(w *world, id string) error
	// done is what a repetition may say when the first run was successful.
	done     fault.Code
	old, new string // Which key serves before and after.
	want     [3]int // Versions at the end.
}

func rotations() map[string]rotation {
	fresh := func(t *testing.T) (*world, connection.Connection) {
		w, c := promoted(t)
		_, err := w.stage(c.ID, "*", goodKey)
		must(t, err)
		return w, w.get(c.ID)
	}
	over := func(t *testing.T) (*world, connection.Connection) {
		w, c := promoted(t)
		w.clock.advance(grace)
		return w, c
	}
	promote := func(version int, grace time.Duration) func(*world, string) error {
		return func(w *world, id string) error { _, err := w.promote(id, version, grace); return err }
	}
	discard := func(version int) func(*world, string) error {
		return func(w *world, id string) error { _, err := w.drop(id, version); return err }
	}
	return map[string]rotation{
		"promote":              {begin: staged, run: promote(2, grace), old: goodKey, new: nextKey, want: [3]int{0, 2, 1}},
		"promote once more":    {begin: fresh, run: promote(3, grace), old: nextKey, new: goodKey, want: [3]int{0, 3, 2}},
		"promote at once":      {begin: staged, run: promote(2, 0), old: goodKey, new: nextKey, want: [3]int{0, 2, 0}},
		"roll back":            {begin: promoted, run: promote(1, grace), old: nextKey, new: goodKey, want: [3]int{0, 1, 2}},
		"discard the pending":  {begin: fresh, run: discard(0), done: fault.CodeConflict, old: nextKey, new: nextKey, want: [3]int{0, 2, 1}},
		"discard the previous": {begin: promoted, run: discard(1), done: fault.CodeConflict, old: nextKey, new: nextKey, want: [3]int{0, 2, 0}},
		"end the grace": {begin: over, old: nextKey, new: nextKey, want: [3]int{0, 2, 0}, run: func(w *world, id string) error {
			return w.EndGrace(w.t.Context(), reconciler, id)
		}},
	}
}

// Wherever a rotation fails or its process dies, the old credential serves or
// the new one, from end to end; repeated it is complete, and the reconciler
// leaves only what the record names.
func TestRotationRepeatedAfterAFailure(t *testing.T) {
	t.Parallel()
	for name, r := range rotations() {
		probe, c := r.begin(t)
		n := probe.power.count()
		must(t, r.run(probe, c.ID))
		for _, s := range strikes(probe.power.writes[n:]) {
			t.Run(fmt.Sprintf("%s %+v", name, s), func(t *testing.T) {
				t.Parallel()
				w, c := r.begin(t)
				w.strike(s, func() error { return r.run(w, c.ID) })
				if w.hotCopy(c.ID).Headers["X-Api-Key"].Reveal() == r.old {
					w.serves(c.ID, r.old)
				} else {
					w.serves(c.ID, r.new)
				}
				if err := r.run(w, c.ID); err != nil && !(r.done != "" && fault.Has(err, r.done)) {
					t.Fatalf("repeated: %v", err)
				}
				w.serves(c.ID, r.new)
				w.reconciled(c.ID)
				if got := versions(w.get(c.ID)); got != r.want {
					t.Errorf("pending, current and previous versions: got %v, want %v", got, r.want)
				}
			})
		}
	}
}

// A staged key replaces the one that was pending; the current one serves
// whatever happens.
func TestStageRepeatedAfterAFailure(t *testing.T) {
	t.Parallel()
	probe, c := staged(t)
	n := probe.power.count()
	_, err := probe.stage(c.ID, "*", nextKey)
	must(t, err)
	for _, s := range strikes(probe.power.writes[n:]) {
		t.Run(fmt.Sprintf("%+v", s), func(t *testing.T) {
			t.Parallel()
			w, c := staged(t)
			w.strike(s, func() error { _, err := w.stage(c.ID, "*", nextKey); return err })
			w.serves(c.ID, goodKey)
			if now := w.get(c.ID); now.Pending == nil || now.Previous != nil {
				t.Errorf("pending %v, previous %v", now.Pending, now.Previous)
			}
			_, err := w.stage(c.ID, "*", nextKey)
			must(t, err)
			w.reconciled(c.ID)
			_, err = w.promote(c.ID, 0, grace)
			must(t, err)
			w.serves(c.ID, nextKey)
			w.reconciled(c.ID)
		})
	}
}

// A discard that died after the record forgot the version is finished by the
// same request, before the reconciler comes.
func TestDiscardIsFinished(t *testing.T) {
	t.Parallel()
	w, c := staged(t)
	discard := func() error { _, err := w.drop(c.ID, 0); return err }
	w.strike(strike{op: "secrets.retire", dies: true}, discard)
	if now := w.get(c.ID); now.Pending != nil || len(now.Retiring) != 1 {
		t.Errorf("pending %+v, to be retired %v", now.Pending, now.Retiring)
	}
	must(t, discard())
	w.labelled(c.ID)
	refused(t, discard(), fault.CodeConflict)
}

// A promotion that died is not repeated: something else is done instead.
func TestPromotionGivenUp(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		instead func(w *world, id string) error
		serves  string
	}{
		"discarded": {func(w *world, id string) error { _, err := w.drop(id, 0); return err }, nextKey},
		"replaced": {func(w *world, id string) error {
			if _, err := w.drop(id, 0); err != nil {
				return err
			}
			_, err := w.put(id, "*", goodKey)
			return err
		}, goodKey},
		"superseded":  {func(w *world, id string) error { _, err := w.stage(id, "*", lastKey); return err }, nextKey},
		"rolled back": {func(w *world, id string) error { _, err := w.promote(id, 1, grace); return err }, goodKey},
	} {
		for _, after := range []bool{false, true} {
			w, c := promoted(t)
			w.provider.keys[lastKey] = "bob"
			_, err := w.stage(c.ID, "*", lastKey)
			must(t, err)
			w.strike(strike{op: "secrets.promote", after: after, dies: true}, func() error { _, err := w.promote(c.ID, 0, grace); return err })
			w.serves(c.ID, nextKey)
			must(t, test.instead(w, c.ID))
			w.serves(c.ID, test.serves)
			now := w.get(c.ID)
			labels := w.stored.Labels(c.SecretName)
			if got := labels[now.Credential.At.Version]; len(got) != 1 || got[0] != currentLabel || len(now.Retiring) > 0 {
				t.Errorf("%s: labels %v, to be retired %v", name, labels, now.Retiring)
			}
			for version := range labels {
				if !now.Names(vault.Locator{Secret: c.SecretName, Version: version}) {
					t.Errorf("%s: %s is labelled %v", name, version, labels[version])
				}
			}
		}
	}
}

// CRD-03: however a replacement ends, the old key is destroyed when the new one
// is current: what the request did not do the reconciler does.
func TestCRD03ReplaceThatDiedDestroysTheOldKey(t *testing.T) {
	t.Parallel()
	put := func(w *world, id string) error { _, err := w.put(id, "*", nextKey); return err }
	probe, c := replaceable(t)
	n := probe.power.count()
	must(t, put(probe, c.ID))
	for _, s := range strikes(probe.power.writes[n:]) {
		t.Run(fmt.Sprintf("%+v", s), func(t *testing.T) {
			t.Parallel()
			w, c := replaceable(t)
			w.strike(s, func() error { return put(w, c.ID) })
			now := w.get(c.ID)
			if now.Credential.At == c.Credential.At {
				return // The old key serves.
			}
			w.serves(c.ID, nextKey)
			w.reconciled(c.ID)
		})
	}
}
