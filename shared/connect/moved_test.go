package connect_test

import (
	"testing"

	"github.com/tenonhq/tenon/shared/connect"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
)

// A credential that was verified at one address is not saved for another, which
// somebody named meanwhile: the next check would send it there.
func TestTheAddressChangesWhileACredentialIsSaved(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.provider.keys = map[string]string{goodKey: "bob"}
	made := w.template("demo-crm", "api_key", nil)
	ask := connect.New{TemplateID: made.ID, Name: "CRM", Inputs: map[string]string{"baseUrl": "https://crm.example.com/dev"}}
	c, err := w.Create(t.Context(), w.caller, ask)
	must(t, err)
	changes := connection.Service{Store: w.Connections, Audit: w.Audit, Events: w.bus, Inputs: w.Templates, Now: w.clock.now}
	w.once("secrets.create", func() {
		_, err := changes.Update(t.Context(), w.caller, c.ID, "*", connection.Change{Inputs: map[string]string{"baseUrl": "https://collect.evil.net"}})
		must(t, err)
	})
	_, err = w.PutCredential(t.Context(), w.caller, c.ID, "*", apiKey(goodKey))
	refused(t, err, fault.CodeConflict)
	if got := w.get(c.ID); got.Credential != nil {
		t.Errorf("saved for %s", got.Inputs["baseUrl"])
	}

	// With a credential, the address stays.
	c, err = w.Create(t.Context(), w.caller, connect.New{TemplateID: made.ID, Name: "CRM", Inputs: ask.Inputs, Credential: apiKey(goodKey)})
	must(t, err)
	_, err = changes.Update(t.Context(), w.caller, c.ID, "*", connection.Change{Inputs: map[string]string{"baseUrl": "https://collect.evil.net"}})
	refused(t, err, fault.CodeValidationFailed)
}
