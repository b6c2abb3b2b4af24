package connect_test

import (
	"testing"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/connect"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/template"
)

// parties makes a template of the organization for keys of the demo CRM.
func (w *world) parties(scheme string, whose, who template.Party) template.Template {
	w.t.Helper()
	d := template.Define{
		Connector: "demo-crm", Name: "CRM", StableKey: "crm-" + scheme, Scheme: scheme, Embedded: true, Credentials: &whose, SuppliedBy: &who,
		Inputs: map[string]string{"baseUrl": "https://crm.example.com/dev"},
	}
	if scheme != "api_key" {
		d.ClientID, d.ClientSecret = clientID, secret.FromString(clientSecret)
	}
	made, err := w.Templates.Create(w.t.Context(), caller(auth.Organization, "bo"), d)
	must(w.t, err)
	return made
}

// acting is the organization for a tenant.
func acting(tenant string) auth.Caller {
	c := caller(tenant, "bo")
	c.Home = auth.Organization
	return c
}

func key(value string) map[string]secret.Bytes {
	return map[string]secret.Bytes{"apiKey": secret.FromString(value)}
}

// What the organization supplies on a customer's behalf it alone connects, replaces
// and promotes; the customer sees it, pauses it and deletes it.
func TestTheOrganizationSupplies(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.provider.keys["key-1"], w.provider.keys["key-2"] = "acc-1", "acc-1"
	made := w.parties("api_key", template.Customer, template.Organization)
	ctx, n := t.Context(), connect.New{TemplateID: made.ID, Name: "CRM", Credential: key("key-1")}
	_, err := w.Create(ctx, w.caller, n)
	refused(t, err, fault.CodeForbidden)
	if found, _, err := w.Connections.List(ctx, "acme", connection.Filter{}, "", 10); err != nil || len(found) > 0 || len(w.secretsOf("acme")) > 0 {
		t.Errorf("left %d connections, secrets %v, %v", len(found), w.secretsOf("acme"), err)
	}
	c, err := w.Create(ctx, acting("acme"), n)
	must(t, err)
	before := w.get(c.ID)
	for name, do := range map[string]func(auth.Caller) error{
		"put": func(by auth.Caller) error { _, err := w.PutCredential(ctx, by, c.ID, "*", key("key-2")); return err },
		"stage": func(by auth.Caller) error {
			_, err := w.StageCredential(ctx, by, c.ID, "*", key("key-2"))
			return err
		},
		"generate": func(by auth.Caller) error { _, err := w.GenerateCredential(ctx, by, c.ID, "*"); return err },
		"promote": func(by auth.Caller) error {
			_, err := w.Promote(ctx, by, connect.Promotion{ConnectionID: c.ID, IfMatch: "*"})
			return err
		},
		"authorize": func(by auth.Caller) error {
			_, err := w.Authorize(ctx, by, connect.Ask{ConnectionID: c.ID})
			return err
		},
	} {
		if err := do(w.caller); !fault.Has(err, fault.CodeForbidden) || fault.From(err).Kind != fault.Denied {
			t.Errorf("%s by the customer: %v", name, err)
		}
	}
	if got := w.get(c.ID); got.Version != before.Version {
		t.Error("the record was changed")
	}
	if got := w.outcomes(audit.CredentialPut, c.ID); len(got) != 6 || got[1] != "denied forbidden" {
		t.Errorf("audited %q", got)
	}
	_, err = w.PutCredential(ctx, acting("acme"), c.ID, "*", key("key-2"))
	must(t, err)
	_, err = w.Disconnect(ctx, w.caller, c.ID, "")
	must(t, err)
}

// A handoff for what the organization supplies is begun by the organization.
func TestTheOrganizationAuthorizes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	made := w.parties("oauth2_authorization_code", template.Customer, template.Organization)
	c, err := w.Create(t.Context(), acting("acme"), connect.New{TemplateID: made.ID, Name: "CRM"})
	must(t, err)
	_, err = w.Authorize(t.Context(), w.caller, connect.Ask{ConnectionID: c.ID})
	refused(t, err, fault.CodeForbidden)
	w.caller = acting("acme")
	_, err = w.finish(w.travel(connect.Ask{ConnectionID: c.ID}))
	must(t, err)
	if got := w.status(c.ID); got != "active" {
		t.Errorf("status %s", got)
	}
}

// Connections of the organization's own accounts are made in its own tenant, whoever
// asks for one elsewhere.
func TestTheOrganizationsOwnAccounts(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.provider.keys["key-1"] = "acc-1"
	made := w.parties("api_key", template.Organization, template.Organization)
	n := connect.New{TemplateID: made.ID, Name: "CRM", Credential: key("key-1")}
	for _, by := range []auth.Caller{w.caller, acting("acme")} {
		_, err := w.Create(t.Context(), by, n)
		refused(t, err, fault.CodeForbidden)
	}
	_, err := w.Create(t.Context(), caller(auth.Organization, "bo"), n)
	must(t, err)
}

// A connection that is made while the template becomes the organization's own is
// not there in the end, or the template is the customers' still.
func TestOwnersChangeWhileAConnectionIsMade(t *testing.T) {
	t.Parallel()
	for _, op := range []string{"connections.create", "templates.update"} {
		t.Run(op, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.provider.keys["key-1"] = "acc-1"
			made := w.parties("api_key", template.Customer, template.Customer)
			n := connect.New{TemplateID: made.ID, Name: "CRM", Credential: key("key-1")}
			own := template.Organization
			change := func() error {
				_, err := w.Templates.Update(t.Context(), caller(auth.Organization, "bo"), made.ID, "*", template.Change{Credentials: &own})
				return err
			}
			create := func() error { _, err := w.Create(t.Context(), w.caller, n); return err }
			first, second := create, change
			if op == "templates.update" {
				first, second = change, create
			}
			var late error
			w.once(op, func() { late = second() })
			early := first()
			stored, err := w.templates.Get(t.Context(), made.Owner, made.ID)
			must(t, err)
			found, _, err := w.Connections.List(t.Context(), "acme", connection.Filter{}, "", 10)
			must(t, err)
			if whose, _ := stored.Parties(); whose == template.Organization && len(found) > 0 {
				t.Errorf("the template is the organization's own and %d connections are there: %v, %v", len(found), early, late)
			}
			if (early == nil) == (late == nil) {
				t.Errorf("got %v and %v, want one of them refused", early, late)
			}
		})
	}
}

// Nobody connects through a template that was imported without its client.
func TestAnIncompleteTemplate(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	made := w.demo("oauth2_authorization_code")
	c := w.pending(made)
	_, err := w.templates.Update(t.Context(), made.Owner, made.ID, func(t *template.Template) error { t.Client = template.Client{}; return nil })
	must(t, err)
	_, err = w.Create(t.Context(), w.caller, connect.New{TemplateID: made.ID, Name: "CRM"})
	refused(t, err, fault.CodeTemplateIncomplete)
	_, err = w.Authorize(t.Context(), w.caller, connect.Ask{ConnectionID: c.ID})
	refused(t, err, fault.CodeTemplateIncomplete)
	shown := w.Templates.API(t.Context(), template.Template{Owner: made.Owner, ID: made.ID, Connector: made.Connector, Scheme: made.Scheme})
	if len(shown.Missing) != 2 {
		t.Errorf("missing %v", shown.Missing)
	}
}
