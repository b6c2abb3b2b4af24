package session_test

import (
	"strings"
	"testing"
	"time"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/session"
	"github.com/tenonhq/tenon/shared/template"
)

// What nobody may, or can, connect through is not offered, and neither spoils the
// page for the rest.
func TestOffersWhatCanBeConnected(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	organization := functionstest.Person(auth.Organization)
	supplied := template.Organization
	made, err := w.Connects.Templates.Create(t.Context(), organization, template.Define{
		Connector: "stripe", Name: "Supplied by us", StableKey: "supplied", Embedded: true, SuppliedBy: &supplied,
	})
	if err != nil {
		t.Fatal(err)
	}
	incomplete := w.incomplete("hubspot")
	page := w.browser().must(w.mint(session.New{}).URL.Reveal())
	if strings.Contains(page.HTML, made.ID) || strings.Contains(page.HTML, incomplete.ID) || !strings.Contains(page.HTML, functionstest.Stripe) {
		t.Errorf("the page offers what cannot be connected:\n%s", page.HTML)
	}
	for _, id := range []string{made.ID, incomplete.ID} {
		_, err := w.Create(t.Context(), functionstest.Person(functionstest.Acme), session.New{EndUser: "user-42", Templates: []string{id}, Completion: session.Browser})
		refused(t, err, fault.CodeSchemeMismatch)
	}
}

// incomplete defines a template of Acme whose OAuth client was not carried over.
func (w *world) incomplete(connector string) template.Template {
	w.t.Helper()
	person := functionstest.Person(functionstest.Acme)
	made, err := w.Connects.Templates.Create(w.t.Context(), person, template.Define{
		Connector: connector, Scheme: "oauth2_authorization_code", Name: "Incomplete", StableKey: "incomplete", ClientID: "fake-client-of-acme", ClientSecret: secret.FromString("fake-client-secret-of-acme-0001"),
	})
	if err != nil {
		w.t.Fatal(err)
	}
	made, err = w.Connects.Templates.Store.Update(w.t.Context(), made.Owner, made.ID, func(t *template.Template) error {
		t.Client = template.Client{}
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return made
}

// A connection that the organization supplies with its credential is not the end
// user's to reconnect.
func TestReconnectOfWhatTheOrganizationSupplies(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.Connection(functionstest.Acme, functionstest.StripeConnection)
	_, err := w.Connects.Templates.Store.Update(t.Context(), c.TemplateOwner, c.TemplateID, func(t *template.Template) error {
		t.SuppliedBy = template.Organization
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	_, err = w.Create(t.Context(), functionstest.Person(functionstest.Acme), session.New{EndUser: "user-42", ConnectionID: c.ID, Completion: session.Browser})
	if err == nil {
		t.Error("a session was minted")
	}
}

// A user code ends with its session.
func TestDeviceEndsWithItsSession(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Service = w.Sessions(w.Devices())
	made, err := w.Connects.Templates.Create(t.Context(), functionstest.Person(functionstest.Acme), template.Define{
		Connector: "demo-device", Name: "Device", StableKey: "device", Scheme: "oauth2_device_code", ClientID: "fake-client-of-acme",
		ClientSecret: secret.FromString("fake-client-secret-of-acme-0001"), Inputs: map[string]string{"baseUrl": "https://acme.example.com"},
	})
	if err != nil {
		t.Fatal(err)
	}
	link := w.mint(session.New{Templates: []string{made.ID}})
	j := w.browser()
	form := j.must(link.URL.Reveal())
	w.At(w.Now().Add(29 * time.Minute))
	code, err := j.submit(form, map[string]string{"name": "Television"})
	if err != nil {
		t.Fatal(err)
	}
	h, err := w.Connects.Handoffs.Get(t.Context(), w.stored(link).HandoffID)
	if err != nil || h.ExpiresAt.After(link.Session.ExpiresAt) {
		t.Errorf("the handoff ends at %s, %v, after the session at %s", h.ExpiresAt, err, link.Session.ExpiresAt)
	}
	if c := w.Connection(functionstest.Acme, w.stored(link).Made.ConnectionID); c.Lifecycle != connection.Pending {
		t.Errorf("got %+v", c)
	}
	w.At(link.Session.ExpiresAt.Add(time.Second))
	_, err = j.submit(code, nil)
	refused(t, err, fault.CodeHandoffExpired)
}
