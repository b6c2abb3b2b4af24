package connect_test

import (
	"strconv"
	"sync"
	"testing"

	"github.com/tenonhq/tenon/shared/connect"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
)

// Of those who promote and roll back the same version of the record at the same
// time one succeeds, and the labels follow it.
func TestPromoteAtTheSameTime(t *testing.T) {
	t.Parallel()
	w, c := promoted(t)
	w.provider.keys[lastKey] = "bob"
	_, err := w.stage(c.ID, "*", lastKey)
	must(t, err)
	c = w.get(c.ID)
	wanted := []int{0, 1, 3, 1}
	var together, group sync.WaitGroup
	together.Add(len(wanted))
	w.provider.before = func(string) {
		together.Done()
		together.Wait()
	}
	errs := make([]error, len(wanted))
	for i, version := range wanted {
		group.Go(func() {
			p := connect.Promotion{ConnectionID: c.ID, IfMatch: strconv.Quote(strconv.Itoa(c.Revision)), Version: version, Grace: grace}
			_, errs[i] = w.Promote(t.Context(), w.caller, p)
		})
	}
	group.Wait()
	winner := ""
	for i, err := range errs {
		switch {
		case err == nil && winner != "":
			t.Error("two promotions of one version succeeded")
		case err == nil:
			winner = map[int]string{0: lastKey, 3: lastKey, 1: goodKey}[wanted[i]]
		case !fault.Has(err, fault.CodePreconditionFailed) && !fault.Has(err, fault.CodeConflict):
			t.Errorf("got %v", err)
		}
	}
	w.serves(c.ID, winner)
	now := w.get(c.ID)
	if got := w.stored.Labels(c.SecretName)[now.Credential.At.Version]; len(got) == 0 {
		t.Errorf("labels %v", w.stored.Labels(c.SecretName))
	}
	w.provider.before = nil
	_, err = w.stage(c.ID, "*", nextKey)
	must(t, err)
	_, err = w.promote(c.ID, 0, grace)
	must(t, err)
	w.serves(c.ID, nextKey)
	w.reconciled(c.ID)
}

// Someone else goes ahead just before a write: what they did stands.
func TestPromotionOvertaken(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		op     string
		ahead  func(w *world, id string) error
		serves string
		want   [3]int
	}{
		"rolled back before the label":  {"secrets.promote", func(w *world, id string) error { _, err := w.promote(id, 1, grace); return err }, goodKey, [3]int{3, 1, 2}},
		"rolled back before the record": {"connections.update", func(w *world, id string) error { _, err := w.promote(id, 1, grace); return err }, goodKey, [3]int{3, 1, 2}},
		"promoted before the label":     {"secrets.promote", func(w *world, id string) error { _, err := w.promote(id, 0, grace); return err }, lastKey, [3]int{0, 3, 2}},
		"promoted before the record":    {"connections.update", func(w *world, id string) error { _, err := w.promote(id, 0, grace); return err }, lastKey, [3]int{0, 3, 2}},
		"discarded before the label":    {"secrets.promote", func(w *world, id string) error { _, err := w.drop(id, 0); return err }, nextKey, [3]int{0, 2, 1}},
		"discarded before the record":   {"connections.update", func(w *world, id string) error { _, err := w.drop(id, 0); return err }, nextKey, [3]int{0, 2, 1}},
		"superseded before the record":  {"connections.update", func(w *world, id string) error { _, err := w.stage(id, "*", goodKey); return err }, nextKey, [3]int{4, 2, 1}},
		"superseded before the label":   {"secrets.promote", func(w *world, id string) error { _, err := w.stage(id, "*", goodKey); return err }, nextKey, [3]int{4, 2, 1}},
		"the grace ends before the label": {"secrets.promote", func(w *world, id string) error {
			w.clock.advance(2 * grace)
			return w.EndGrace(w.t.Context(), reconciler, id)
		}, lastKey, [3]int{0, 3, 2}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, c := promoted(t)
			w.provider.keys[lastKey] = "bob"
			_, err := w.stage(c.ID, "*", lastKey)
			must(t, err)
			w.once(test.op, func() { must(t, test.ahead(w, c.ID)) })
			_, err = w.promote(c.ID, 0, grace)
			if done := test.want[1] == 3; err != nil && !fault.Has(err, fault.CodeConflict) || err == nil && !done {
				t.Errorf("got %v", err)
			}
			w.serves(c.ID, test.serves)
			w.wantVersions(c.ID, test.want[0], test.want[1], test.want[2])
			now := w.get(c.ID)
			if got := w.stored.Labels(c.SecretName)[now.Credential.At.Version]; len(got) != 1 || got[0] != currentLabel {
				t.Errorf("labels %v, %s is in use", w.stored.Labels(c.SecretName), now.Credential.At.Version)
			}
		})
	}
}

// API-03: who changes anything of the record meanwhile is not overruled.
func TestPromotionOfAnotherRevision(t *testing.T) {
	t.Parallel()
	w, c := staged(t)
	w.once("connections.update", func() {
		_, err := w.Connections.Update(t.Context(), "acme", c.ID, func(c *connection.Connection) error { c.Revision++; return nil })
		must(t, err)
	})
	_, err := w.Promote(t.Context(), w.caller, connect.Promotion{ConnectionID: c.ID, IfMatch: `"3"`, Grace: grace})
	refused(t, err, fault.CodePreconditionFailed)
	w.serves(c.ID, goodKey)
	w.wantVersions(c.ID, 2, 1, 0)
	_, err = w.promote(c.ID, 0, grace)
	must(t, err)
	w.serves(c.ID, nextKey)
	w.labelled(c.ID)
}

// A rollback that the end of the grace overtakes is refused.
func TestRollBackAfterItsGrace(t *testing.T) {
	t.Parallel()
	for _, op := range []string{"secrets.promote", "connections.update"} {
		w, c := promoted(t)
		w.once(op, func() {
			w.clock.advance(grace)
			must(t, w.EndGrace(t.Context(), reconciler, c.ID))
		})
		_, err := w.promote(c.ID, 1, grace)
		refused(t, err, fault.CodeConflict)
		w.serves(c.ID, nextKey)
		w.labelled(c.ID)
	}
}
