package connect_test

import (
	"testing"

	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/connect"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/template"
)

// A key that waits was given for the host of its time: when the template names
// another, it is not sent there.
func TestAPendingKeyDoesNotMove(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.provider.keys["key-1"], w.provider.keys["key-2"] = "acc-1", "acc-1"
	made := w.parties("api_key", template.Customer, template.Customer)
	c, err := w.Create(t.Context(), w.caller, connect.New{TemplateID: made.ID, Name: "CRM", Credential: key("key-1")})
	must(t, err)
	_, err = w.StageCredential(t.Context(), w.caller, c.ID, "*", key("key-2"))
	must(t, err)
	_, err = w.Templates.Update(t.Context(), caller(auth.Organization, "bo"), made.ID, "*", template.Change{Inputs: map[string]string{"baseUrl": "https://evil.example.net"}})
	must(t, err)
	asked := len(w.provider.asked("me"))
	_, err = w.Promote(t.Context(), w.caller, connect.Promotion{ConnectionID: c.ID, IfMatch: "*"})
	refused(t, err, fault.CodeReauthRequired)
	if len(w.provider.asked("me")) != asked {
		t.Error("the key was sent to the new host")
	}
}

// A credential that was verified by the values of before is not made current once
// the connection has those of now.
func TestAVerificationByOldValuesIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.provider.keys["key-1"], w.provider.keys["key-2"] = "acc-1", "acc-1"
	made := w.parties("api_key", template.Customer, template.Customer)
	c, err := w.Create(t.Context(), w.caller, connect.New{TemplateID: made.ID, Name: "CRM", Credential: key("key-1")})
	must(t, err)
	w.once("connections.update", func() {
		_, err := w.Connections.Update(t.Context(), "acme", c.ID, func(c *connection.Connection) error { c.TemplateRevision = 2; return nil })
		must(t, err)
	})
	_, err = w.PutCredential(t.Context(), w.caller, c.ID, "*", key("key-2"))
	refused(t, err, fault.CodeConflict)
	if got := w.get(c.ID); got.Credential.Version != 1 {
		t.Errorf("version %d is current", got.Credential.Version)
	}
}
