package connect_test

import (
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/connect"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/template"
)

// owned is a world of the organization with a template of its own.
func owned(t *testing.T) (*world, template.Template) {
	w, made := keyed(t)
	w.caller = caller(auth.Organization, "bo")
	return w, made
}

func (w *world) putTest(made template.Template, value string) (connection.Connection, error) {
	return w.PutTestCredential(w.t.Context(), w.caller, connect.TestCredential{TemplateID: made.ID, Credential: apiKey(value)})
}

// wantTest checks that the template names the only connection that there is, which
// serves test runs with the key, and that there is one secret.
func (w *world) wantTest(made template.Template, value string) connection.Connection {
	w.t.Helper()
	found, _, err := w.Connections.List(w.t.Context(), made.Owner, connection.Filter{}, "", 100)
	must(w.t, err)
	stored, err := w.templates.Get(w.t.Context(), made.Owner, made.ID)
	must(w.t, err)
	if len(found) != 1 || stored.TestConnection != found[0].ID || !slices.Equal(w.secretsOf(made.Owner), []string{found[0].SecretName}) {
		w.t.Fatalf("%d connections, the template names %q, secrets %v", len(found), stored.TestConnection, w.secretsOf(made.Owner))
	}
	c := found[0]
	if !c.TestCredential || c.Environment != "test" || c.TemplateID != made.ID || w.status(c.ID) != "active" {
		w.t.Errorf("the test connection is %+v", c)
	}
	w.serves(c.ID, value)
	return c
}

// The test credential is verified before it is current, and replaced at once.
func TestPutTestCredential(t *testing.T) {
	t.Parallel()
	w, made := owned(t)
	_, err := w.putTest(made, "crm_key_of_nobody_000000000000")
	refused(t, err, fault.CodeVerificationFailed)
	if n := w.count(made.Owner); n != 0 || len(w.secretsOf(made.Owner)) != 0 {
		t.Errorf("%d connections are left of a key that was refused", n)
	}
	first, err := w.putTest(made, goodKey)
	must(t, err)
	w.wantTest(made, goodKey)
	_, err = w.putTest(made, "crm_key_of_nobody_000000000000")
	refused(t, err, fault.CodeVerificationFailed)
	w.wantTest(made, goodKey)
	second, err := w.putTest(made, nextKey)
	must(t, err)
	w.wantTest(made, nextKey)
	if second.ID != first.ID || second.Previous != nil || second.Pending != nil {
		t.Errorf("replaced %s by %+v", first.ID, second)
	}
	if got := w.outcomes(audit.TestCredentialPut, made.ID); len(got) != 4 {
		t.Errorf("audited %q, want four", got)
	}
}

// Its name and inputs are those it was made with.
func TestPutTestCredentialIsNoUpdate(t *testing.T) {
	t.Parallel()
	w, made := owned(t)
	c, err := w.putTest(made, goodKey)
	must(t, err)
	for _, p := range []connect.TestCredential{
		{TemplateID: made.ID, Name: "Another", Credential: apiKey(nextKey)},
		{TemplateID: made.ID, EndsAt: w.Now().AddDate(1, 0, 0)},
	} {
		_, err := w.PutTestCredential(t.Context(), w.caller, p)
		refused(t, err, fault.CodeValidationFailed)
	}
	stale := connect.TestCredential{TemplateID: made.ID, IfMatch: `"1"`, Credential: apiKey(nextKey)}
	_, err = w.PutTestCredential(t.Context(), w.caller, stale)
	refused(t, err, fault.CodePreconditionFailed)
	w.wantTest(made, goodKey)
	same := connect.TestCredential{TemplateID: made.ID, Name: c.Name, Inputs: c.Inputs, Credential: apiKey(nextKey)}
	_, err = w.PutTestCredential(t.Context(), w.caller, same)
	must(t, err)
	w.wantTest(made, nextKey)
}

// Where a person has to consent the connection is made once, and authorized as any.
func TestPutTestCredentialToBeAuthorized(t *testing.T) {
	t.Parallel()
	w, _ := owned(t)
	made := w.demo("oauth2_authorization_code")
	for range 2 {
		c, err := w.PutTestCredential(t.Context(), w.caller, connect.TestCredential{TemplateID: made.ID, Name: "Sandbox"})
		must(t, err)
		if w.status(c.ID) != "pending/no_credential" || c.Name != "Sandbox" || w.count(made.Owner) != 1 {
			t.Errorf("%s is %s, of %d", c.ID, w.status(c.ID), w.count(made.Owner))
		}
	}
	_, err := w.PutTestCredential(t.Context(), w.caller, connect.TestCredential{TemplateID: made.ID, Credential: apiKey(goodKey)})
	refused(t, err, fault.CodeSchemeMismatch)
	stored, err := w.templates.Get(t.Context(), made.Owner, made.ID)
	must(t, err)
	_, err = w.finish(w.travel(connect.Ask{ConnectionID: stored.TestConnection}))
	must(t, err)
	if c := w.get(stored.TestConnection); w.status(c.ID) != "active" || !c.TestCredential {
		t.Errorf("%s after the consent, test credential %t", w.status(c.ID), c.TestCredential)
	}
}

// Whatever write fails, loses its answer or is the last of its process: the request
// repeated leaves one connection, which the template names.
func TestPutTestCredentialRepeatedAfterAFailure(t *testing.T) {
	t.Parallel()
	for name, values := range map[string][]string{"first": {goodKey}, "replaced": {goodKey, nextKey}} {
		for _, reconciled := range []bool{false, true} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				last := len(values) - 1
				prepare := func(t *testing.T) (*world, template.Template) {
					w, made := owned(t)
					for _, value := range values[:last] {
						_, err := w.putTest(made, value)
						must(t, err)
					}
					return w, made
				}
				probe, made := prepare(t)
				n := probe.power.count()
				_, err := probe.putTest(made, values[last])
				must(t, err)
				failures(t, probe.power.since(n), func(t *testing.T, op string, after, dies bool) {
					w, made := prepare(t)
					w.power.cut(op, after, dies)
					_, _ = w.putTest(made, values[last])
					w.power.on()
					w.clock.advance(2 * time.Minute)
					if reconciled {
						w.clock.advance(10 * time.Minute)
						w.reconcile()
					}
					_, err := w.putTest(made, values[last])
					must(t, err)
					w.wantTest(made, values[last])
				})
			})
		}
	}
}

// Whoever comes while the test connection is being made waits for it: there is one,
// whosever key it has.
func TestPutTestCredentialAtTheSameTime(t *testing.T) {
	t.Parallel()
	w, made := owned(t)
	var group sync.WaitGroup
	answers := make([]error, 8)
	for i := range answers {
		group.Go(func() { _, answers[i] = w.putTest(made, goodKey) })
	}
	group.Wait()
	served := 0
	for _, err := range answers {
		if err == nil {
			served++
		} else if !fault.Has(err, fault.CodeConnectionPending) && !fault.Has(err, fault.CodeConflict) {
			t.Errorf("refused with %v", err)
		}
	}
	if served == 0 {
		t.Error("nobody was served")
	}
	w.wantTest(made, goodKey)
}

// A test connection that is deleted is no test credential any more, wherever the
// deletion was cut short, and another one is made.
func TestDeletedTestConnectionIsNone(t *testing.T) {
	t.Parallel()
	prepare := func(t *testing.T) (*world, template.Template, connection.Connection) {
		w, made := owned(t)
		c, err := w.putTest(made, goodKey)
		must(t, err)
		return w, made, c
	}
	probe, _, c := prepare(t)
	n := probe.power.count()
	_, err := probe.Disconnect(t.Context(), probe.caller, c.ID, "")
	must(t, err)
	failures(t, probe.power.since(n), func(t *testing.T, op string, after, dies bool) {
		w, made, old := prepare(t)
		w.power.cut(op, after, dies)
		_, _ = w.Disconnect(t.Context(), w.caller, old.ID, "")
		w.power.on()
		if _, err := w.Disconnect(t.Context(), w.caller, old.ID, ""); err != nil && !fault.Has(err, fault.CodeNotFound) {
			t.Fatal(err)
		}
		stored, err := w.templates.Get(t.Context(), made.Owner, made.ID)
		must(t, err)
		if stored.TestConnection != "" {
			t.Errorf("the template names %s still", stored.TestConnection)
		}
		again, err := w.putTest(made, nextKey)
		must(t, err)
		if w.wantTest(made, nextKey); again.ID == old.ID {
			t.Error("the new connection has the id of the old one")
		}
	})
}

// A change of the template that was begun before keeps its test connection, and the
// connection is a use of the template.
func TestTestConnectionIsAUseOfItsTemplate(t *testing.T) {
	t.Parallel()
	w, made := owned(t)
	var c connection.Connection
	var err error
	begun := false
	w.power.before = func(op string) {
		if op == "templates.update" && !begun {
			begun = true
			c, err = w.putTest(made, goodKey)
			must(t, err)
		}
	}
	name := "renamed"
	_, err = w.Templates.Update(t.Context(), w.caller, made.ID, `"1"`, template.Change{Name: &name})
	must(t, err)
	w.wantTest(made, goodKey)
	refused(t, w.Templates.Delete(t.Context(), w.caller, made.ID, ""), fault.CodeTemplateInUse)
	w.wantTest(made, goodKey)
	_, err = w.Disconnect(t.Context(), w.caller, c.ID, "")
	must(t, err)
	must(t, w.Templates.Delete(t.Context(), w.caller, made.ID, ""))
	_, err = w.putTest(made, goodKey)
	refused(t, err, fault.CodeNotFound)
}

// ISO-05: the template's owner alone gives it a test credential, with the right to
// the template and no other.
func TestPutTestCredentialIsTheOwners(t *testing.T) {
	t.Parallel()
	w, made := owned(t)
	for name, c := range map[string]struct {
		by   auth.Caller
		code fault.Code
	}{
		"a tenant that may use the template":       {caller("acme", "ann"), fault.CodeForbidden},
		"the owner without the right to templates": {scoped(w.caller, auth.ConnectionsWrite), fault.CodeForbidden},
		"the organization on behalf of the tenant": {auth.Caller{Tenant: "acme", Home: auth.Organization, Subject: "bo", Scopes: auth.Scopes()}, fault.CodeForbidden},
	} {
		_, err := w.PutTestCredential(t.Context(), c.by, connect.TestCredential{TemplateID: made.ID, Credential: apiKey(goodKey)})
		if refused(t, err, c.code); w.count("acme")+w.count(made.Owner) != 0 {
			t.Errorf("%s made a connection", name)
		}
	}
	_, err := w.PutTestCredential(t.Context(), scoped(w.caller, auth.TemplatesWrite), connect.TestCredential{TemplateID: made.ID, Credential: apiKey(goodKey)})
	must(t, err)
	w.wantTest(made, goodKey)
}

func scoped(c auth.Caller, scopes ...string) auth.Caller {
	c.Scopes = scopes
	return c
}
