package connect_test

import (
	"slices"
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/connect"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/template"
)

// moves lets the template name another host.
func (w *world) moves(made template.Template, inputs map[string]string) {
	w.t.Helper()
	_, err := w.Templates.Update(w.t.Context(), caller(auth.Organization, "bo"), made.ID, "*", template.Change{Inputs: inputs})
	must(w.t, err)
}

var evil = map[string]string{"baseUrl": "https://evil.example.net"}

// What lists the accounts, and makes one current, sends the token to no other host
// than the one that issued it, before the walk has come by too.
func TestAListIsNotAskedForElsewhere(t *testing.T) {
	t.Parallel()
	w, _ := siteWorld(t, north, south)
	system := sites()
	system.Inputs = []catalog.Input{{Name: "host", Type: catalog.TypeHost}}
	system.Hosts = append(system.Hosts, "{host}")
	for _, s := range system.Schemes {
		s.Accounts.Request.URL = "https://{host}/sites"
	}
	w.Templates.Catalog.Added = []catalog.Connector{system}
	made, err := w.Templates.Create(t.Context(), caller(auth.Organization, "bo"), template.Define{
		Connector: "test-sites", Name: "Sites", StableKey: "sites-of-a-host", Scheme: "oauth2_authorization_code", Embedded: true,
		ClientID: clientID, ClientSecret: secret.FromString(clientSecret), Inputs: map[string]string{"host": "api.sites.example.com"},
	})
	must(t, err)
	c := w.chosen(made, north)
	w.moves(made, map[string]string{"host": "evil.example.net"})
	_, err = w.Accounts(t.Context(), w.caller, c.ID)
	refused(t, err, fault.CodeReauthRequired)
	_, err = w.choose(c, south, true)
	refused(t, err, fault.CodeReauthRequired)
	if slices.Contains(w.provider.visited, "evil.example.net") {
		t.Error("the token was sent to the new host")
	}
}

// A choice that was verified by the values of before does not undo those of now.
func TestAChoiceByOldValuesIsMadeAnew(t *testing.T) {
	t.Parallel()
	w, made := siteWorld(t, north, south)
	c := w.chosen(made, north)
	w.once("connections.update", func() {
		_, err := w.Templates.Update(t.Context(), caller(auth.Organization, "bo"), made.ID, "*", template.Change{})
		must(t, err)
		_, err = w.Connections.Update(t.Context(), "acme", c.ID, func(c *connection.Connection) error { c.TemplateRevision = 2; return nil })
		must(t, err)
	})
	listed := len(w.provider.asked("sites"))
	_, err := w.choose(c, south, true)
	must(t, err)
	if got := len(w.provider.asked("sites")) - listed; got != 2 {
		t.Errorf("chosen by %d lists, want one more by the new values", got)
	}
}

// A refresh token that was imported belongs to the host it was imported for, though
// nothing of it was used yet, and so does the access token that it brought.
func TestAnImportedTokenDoesNotMove(t *testing.T) {
	t.Parallel()
	t.Run("before it was answered", func(t *testing.T) {
		t.Parallel()
		w, r, made := migration(t)
		w.power.cut("provider.token", false, false)
		item := w.granted(made, -time.Hour)
		imported(t, w.bring(item), connect.ImportFailed, fault.CodeProviderUnavailable)
		w.power.on()
		w.clock.advance(time.Hour)
		w.moves(made, evil)
		asked := len(r.asked("token"))
		imported(t, w.bring(item), connect.ImportFailed, fault.CodeReauthRequired)
		if len(r.asked("token")) != asked {
			t.Error("the refresh token was sent to the new host")
		}
	})
	t.Run("before it was verified", func(t *testing.T) {
		t.Parallel()
		w, r, made := migration(t)
		w.once("provider.token", func() { w.moves(made, evil) })
		imported(t, w.bring(w.granted(made, -time.Hour)), connect.ImportFailed, fault.CodeReauthRequired)
		if slices.Contains(r.visited, "evil.example.net") {
			t.Error("the access token was sent to the new host")
		}
	})
}

// An imported grant whose accounts could not be listed waits for somebody to choose
// one: it is not taken to be of the only account.
func TestAnImportWhoseAccountsAreNotListed(t *testing.T) {
	t.Parallel()
	w, made := siteWorld(t, north)
	w.provider.status["sites"] = 503
	got := w.bring(connect.Import{New: connect.New{
		Key: "legacy-1", Fingerprint: "f-1", TemplateID: made.ID, Name: "Sites", Grant: &connect.Grant{RefreshToken: secret.FromString(oldRefresh)},
	}})
	imported(t, got, connect.ImportCreated, fault.CodeProviderUnavailable)
	c := got.Connection
	if status := w.status(c.ID); status != "degraded/account_required" {
		t.Errorf("status %s", status)
	}
	refused(t, w.leases(c.ID), fault.CodeAccountRequired)
	delete(w.provider.status, "sites")
	_, err := w.choose(c, north, false)
	must(t, err)
	w.at(c.ID, north)
	must(t, w.leases(c.ID))
}

// A handoff that the customer began ends with its right to: what the organization
// supplies from then on is not brought by it.
func TestAnOldHandoffOfTheCustomer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	made := w.parties("oauth2_authorization_code", template.Customer, template.Customer)
	c := w.pending(made)
	j := w.travel(connect.Ask{ConnectionID: c.ID})
	organization := template.Organization
	_, err := w.Templates.Update(t.Context(), caller(auth.Organization, "bo"), made.ID, "*", template.Change{SuppliedBy: &organization})
	must(t, err)
	_, err = w.finish(j)
	refused(t, err, fault.CodeForbidden)
	if w.get(c.ID).Credential != nil {
		t.Error("the customer connected it")
	}
}

// A key is not saved for a host that the current one is not for: when the template
// went back, it would be sent to a host that it was not given for.
func TestAKeyIsNotSavedForAnotherHost(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.provider.keys["key-1"], w.provider.keys["key-2"] = "acc-1", "acc-1"
	made := w.parties("api_key", template.Customer, template.Customer)
	c, err := w.Create(t.Context(), w.caller, connect.New{TemplateID: made.ID, Name: "CRM", Credential: key("key-1")})
	must(t, err)
	w.moves(made, map[string]string{"baseUrl": "https://new.example.net"})
	_, err = w.StageCredential(t.Context(), w.caller, c.ID, "*", key("key-2"))
	refused(t, err, fault.CodeReauthRequired)
	_, err = w.PutCredential(t.Context(), w.caller, c.ID, "*", key("key-2"))
	must(t, err)
}

// An imported grant that reaches several accounts waits for a choice, unless the
// import says which it is; whether its access token still served or was refreshed.
func TestAnImportOfSeveralAccounts(t *testing.T) {
	t.Parallel()
	for _, fresh := range []bool{true, false} {
		for pinned, want := range map[string]string{"": "degraded/account_required", south: "active"} {
			w, made := siteWorld(t, north, south)
			w.provider.tokens[oldAccess] = "bob"
			grant := &connect.Grant{RefreshToken: secret.FromString(oldRefresh)}
			if fresh {
				grant.AccessToken, grant.ExpiresAt = secret.FromString(oldAccess), w.Now().Add(time.Hour)
			}
			got := w.bring(connect.Import{New: connect.New{
				Key: "legacy-1", Fingerprint: "f-1", TemplateID: made.ID, Name: "Sites", Grant: grant, Pinned: connection.Account{ID: pinned},
			}})
			imported(t, got, connect.ImportCreated, "")
			id := got.Connection.ID
			if status := w.status(id); status != want {
				t.Errorf("status %s, want %s", status, want)
			}
			if pinned == "" {
				_, err := w.choose(got.Connection, south, false)
				must(t, err)
			}
			w.at(id, south)
			if c := w.get(id); c.TemplateRevision != 1 {
				t.Errorf("of revision %d of the template", c.TemplateRevision)
			}
		}
	}
}

// Nor is it brought by the code that a device shows: the handoff is over.
func TestAnOldDeviceHandoffOfTheCustomer(t *testing.T) {
	t.Parallel()
	w, d, c := deviceWorld(t)
	w.code(connect.Ask{ConnectionID: c.ID})
	d.script = []string{"ok"}
	_, err := w.templates.Update(t.Context(), c.TemplateOwner, c.TemplateID, func(t *template.Template) error {
		t.SuppliedBy = template.Organization
		return nil
	})
	must(t, err)
	polls := d.polls()
	w.later(6 * time.Second)
	if now := w.get(c.ID); d.polls() != polls || now.Credential != nil || now.Handoff != nil || w.status(c.ID) != "pending/denied" {
		t.Errorf("%d polls more, status %s, handoff %+v", d.polls()-polls, w.status(c.ID), now.Handoff)
	}
	if due, _ := w.later(time.Minute); due != 0 {
		t.Errorf("%d due", due)
	}
}
