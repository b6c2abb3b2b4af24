package connect_test

import (
	"testing"

	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/connect"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/secret"
)

// whole checks that every connection has its template, and that a template
// nobody uses can be deleted.
func (w *world) whole() {
	w.t.Helper()
	found, _, err := w.Connections.List(w.t.Context(), "acme", connection.Filter{}, "", 100)
	must(w.t, err)
	for _, c := range found {
		if _, err := w.Templates.Find(w.t.Context(), "acme", c.TemplateID); err != nil {
			w.t.Errorf("a connection without its template: %v", err)
		}
		if used, err := w.templates.InUse(w.t.Context(), c.TemplateOwner, c.TemplateID); err != nil || !used {
			w.t.Errorf("the template does not know of its connection: %v", err)
		}
	}
}

// once calls act just before the first write of that name.
func (w *world) once(op string, act func()) {
	w.power.mu.Lock()
	defer w.power.mu.Unlock()
	w.power.before = func(now string) {
		if now == op {
			w.power.mu.Lock()
			w.power.before = nil
			w.power.mu.Unlock()
			act()
		}
	}
}

// A template may be deleted while a connection is being made from it, with a
// credential or without: one of the two is refused, whenever it happens.
func TestDeleteTemplateWhileConnecting(t *testing.T) {
	t.Parallel()
	org := caller(auth.Organization, "bo")
	for _, credential := range []map[string]secret.Bytes{apiKey(goodKey), nil} {
		for _, op := range []string{"audit.append", "connections.create", "secrets.create", "templates.update", "templates.inUse", "templates.delete"} {
			w, made := keyed(t)
			create := func() error {
				_, err := w.Create(t.Context(), w.caller, connect.New{TemplateID: made.ID, Name: "CRM", Credential: credential})
				return err
			}
			remove := func() error { return w.Templates.Delete(t.Context(), org, made.ID, "") }
			var created, deleted error
			switch op {
			case "templates.update", "templates.inUse", "templates.delete":
				w.once(op, func() { created = create() })
				deleted = remove()
			case "secrets.create":
				if credential == nil {
					continue
				}
				fallthrough
			default:
				w.once(op, func() { deleted = remove() })
				created = create()
			}
			if deleted == nil && created == nil {
				t.Errorf("before %s: both succeeded", op)
			}
			if deleted != nil {
				refused(t, deleted, fault.CodeTemplateInUse)
			}
			w.whole()
			if created != nil {
				w.nothing(made)
			}
		}
	}
}

// AUD-01: when the action cannot be recorded, nothing is done.
func TestNothingIsDoneUnrecorded(t *testing.T) {
	t.Parallel()
	w, made := keyed(t)
	key, err := w.create(made, goodKey)
	must(t, err)
	rotated, err := w.Create(t.Context(), w.caller, connect.New{TemplateID: made.ID, Name: "CRM", Credential: apiKey(goodKey)})
	must(t, err)
	_, err = w.stage(rotated.ID, "*", nextKey)
	must(t, err)
	sign := w.connected(w.demo("oauth2_authorization_code"))
	j := w.travel(connect.Ask{ConnectionID: sign.ID})
	code := w.provider.consent(j.address)
	calls := func() (n int) {
		for _, endpoint := range []string{"token", "revoke", "userinfo", "me"} {
			n += len(w.provider.asked(endpoint))
		}
		return n
	}
	for name, act := range map[string]func() error{
		"create":  func() error { _, err := w.create(made, goodKey); return err },
		"put":     func() error { _, err := w.put(key.ID, "*", nextKey); return err },
		"stage":   func() error { _, err := w.stage(key.ID, "*", nextKey); return err },
		"promote": func() error { _, err := w.promote(rotated.ID, 0, grace); return err },
		"discard": func() error { _, err := w.drop(rotated.ID, 0); return err },
		"authorize": func() error {
			_, err := w.Authorize(t.Context(), w.caller, connect.Ask{ConnectionID: sign.ID})
			return err
		},
		"complete": func() error { _, err := w.Complete(t.Context(), j.answer("code", code)); return err },
		"delete":   func() (err error) { _, err = w.Disconnect(t.Context(), w.caller, key.ID, ""); return err },
	} {
		before, asked := w.power.count(), calls()
		w.power.cut("audit.append", false, false)
		err := act()
		w.power.on()
		if !fault.Has(err, fault.CodeRetryLater) {
			t.Errorf("%s: got %v, want %s", name, err, fault.CodeRetryLater)
		}
		for _, op := range w.power.since(before) {
			if op != "audit.append" && (name != "complete" || op != "handoffs.update") {
				t.Errorf("%s: %s was done", name, op)
			}
		}
		if calls() != asked {
			t.Errorf("%s: the provider was asked", name)
		}
	}
	w.serves(key.ID, goodKey)
	if receipt, err := w.Disconnect(t.Context(), w.caller, sign.ID, ""); err != nil || receipt != method.Revoked {
		t.Errorf("afterwards: %s, %v", receipt, err)
	}
}
