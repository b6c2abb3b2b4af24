package template_test

import (
	"fmt"
	"testing"

	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/template"
)

func useOf(t template.Template) connection.Connection {
	return connection.Connection{Tenant: "acme", ID: "con_1", TemplateOwner: t.Owner, TemplateID: t.ID}
}

// gone checks that neither the record, nor its stable key, nor its secret is left.
func (w *world) gone(made template.Template) {
	w.t.Helper()
	if _, err := w.store.Get(w.t.Context(), made.Owner, made.ID); !fault.Has(err, fault.CodeNotFound) {
		w.t.Errorf("record: %v", err)
	}
	if names := w.secrets.Names(); len(names) > 0 {
		w.t.Errorf("secrets %v", names)
	}
	w.make(made.Owner, define(made.StableKey))
}

func TestDelete(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	made := w.make("acme", define("crm"))
	refused(t, w.Delete(t.Context(), caller("acme"), made.ID, `"7"`), fault.CodePreconditionFailed)
	must(t, w.Delete(t.Context(), caller("acme"), made.ID, `"1"`))
	w.gone(made)
	refused(t, w.Delete(t.Context(), caller("acme"), made.ID, ""), fault.CodeNotFound)
}

// A template that is in use stays, visible and whole, all the time: leases by
// bindings look whether it is there.
func TestDeleteInUse(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	made := w.make("org", define("crm"))
	must(t, w.store.AddUse(useOf(made)))
	w.after = func(op string) error {
		if _, err := w.Find(t.Context(), "acme", made.ID); op != "get" && err != nil {
			t.Errorf("after %s: %v", op, err)
		}
		return nil
	}
	refused(t, w.Delete(t.Context(), caller("org"), made.ID, ""), fault.CodeTemplateInUse)
	w.after = func(string) error { return nil }
	if _, err := w.Get(t.Context(), caller("acme"), made.ID); err != nil || w.client(made) != firstSecret {
		t.Errorf("afterwards: %v", err)
	}
	w.store.RemoveUse(connection.Ref{Tenant: "acme", ID: "con_1"})
	must(t, w.Delete(t.Context(), caller("org"), made.ID, ""))
}

// One that is used at the last moment is shown again, by a repetition too when the
// first run died before it came to that.
func TestDeleteInUseAtTheLastMoment(t *testing.T) {
	t.Parallel()
	for _, dies := range []bool{false, true} {
		w := newWorld(t)
		made := w.make("org", define("crm"))
		looks := 0
		w.after = func(op string) error {
			switch {
			case op != "inUse":
				return nil
			case looks > 0:
				if _, err := w.Find(t.Context(), "acme", made.ID); !fault.Has(err, fault.CodeNotFound) {
					t.Errorf("while it is looked at: %v", err)
				}
				if dies && looks == 1 {
					w.before = func(string) error { return errBusy }
				}
			default:
				must(t, w.store.AddUse(useOf(made)))
			}
			looks++
			return nil
		}
		err := w.Delete(t.Context(), caller("org"), made.ID, "")
		if dies {
			w.before = func(string) error { return nil }
			err = w.Delete(t.Context(), caller("org"), made.ID, "")
		}
		refused(t, err, fault.CodeTemplateInUse)
		if _, err := w.Get(t.Context(), caller("acme"), made.ID); err != nil || w.client(made) != firstSecret {
			t.Errorf("dies %t: afterwards: %v", dies, err)
		}
	}
}

// A failure anywhere leaves a template that can be deleted by the same request.
func TestDeleteRepeatedAfterAFailure(t *testing.T) {
	t.Parallel()
	for _, op := range []string{"update", "inUse", "secrets.delete", "delete"} {
		for _, after := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s after=%t", op, after), func(t *testing.T) {
				t.Parallel()
				w := newWorld(t)
				made := w.make("acme", define("crm"))
				dead := false
				cut := func(now string) error {
					if dead = dead || now == op; dead {
						return errBusy
					}
					return nil
				}
				if after {
					w.after = cut
				} else {
					w.before = cut
				}
				if err := w.Delete(t.Context(), caller("acme"), made.ID, ""); err == nil {
					t.Error("the failure was not reported")
				}
				w.before, w.after = func(string) error { return nil }, func(string) error { return nil }
				err := w.Delete(t.Context(), caller("acme"), made.ID, "")
				if op == "delete" && after {
					refused(t, err, fault.CodeNotFound)
				} else {
					must(t, err)
				}
				w.gone(made)
			})
		}
	}
}

// A crash between hiding and showing: the template in use comes back.
func TestDeleteInUseRepeatedAfterAFailure(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	made := w.make("acme", define("crm"))
	must(t, w.store.AddUse(useOf(made)))
	_, err := w.store.Update(t.Context(), "acme", made.ID, func(t *template.Template) error { t.Deleting = true; return nil })
	must(t, err)
	refused(t, w.Delete(t.Context(), caller("acme"), made.ID, ""), fault.CodeTemplateInUse)
	_, err = w.Get(t.Context(), caller("acme"), made.ID)
	must(t, err)
}

// A change that began before the template was hidden may not show it again: a
// connection could be made from it just before it goes.
func TestUpdateDoesNotShowWhatIsBeingDeleted(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	made := w.make("acme", define("crm"))
	w.before = func(string) error {
		w.before = func(string) error { return nil }
		_, err := w.store.Update(t.Context(), "acme", made.ID, func(t *template.Template) error { t.Deleting = true; return nil })
		return err
	}
	_, err := w.Update(t.Context(), caller("acme"), made.ID, "*", template.Change{ClientSecret: pointer(secret.FromString(secondSecret))})
	refused(t, err, fault.CodeNotFound)
	if names := w.secrets.Names(); !w.stored(made).Deleting || len(names) != 1 {
		t.Errorf("deleting %t, secrets %v", w.stored(made).Deleting, names)
	}
	_, err = w.Get(t.Context(), caller("acme"), made.ID)
	refused(t, err, fault.CodeNotFound)
}
