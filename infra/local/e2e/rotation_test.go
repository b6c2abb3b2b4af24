package e2e_test

import (
	"testing"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/routes"
)

// testRotation stages a key, promotes it, rolls back and discards: at every
// step a lease hands out a key that the system accepts.
func testRotation(t *testing.T, e *environment, ann *actor) {
	template := crmTemplate(t, e, "static-rotation", "api_key")
	c := call(t, ann, routes.ConnectionCreate, api.ConnectionCreate{TemplateID: template.ID, Name: "rotated", Credential: fields{"apiKey": secretOf(e.crm.newKey(t))}})
	leased := func() api.Lease {
		t.Helper()
		return lease(t, ann, c.ID, e.crm.base+"/api/key/me")
	}
	first := leased()
	wrong := fields{"apiKey": secretOf(e.secrets.make("key not switched on"))}
	c = call(t, ann, routes.CredentialPut, api.CredentialPut{ConnectionID: c.ID, IfMatch: c.ETag(), Mode: "staged", Credential: wrong})
	if p := c.PendingCredential; p == nil || p.Version != 2 || p.Outcome != "auth_error" || c.Status != "active" {
		t.Fatalf("got pending %+v, status %s", p, c.Status)
	}
	promote := api.CredentialPromote{ConnectionID: c.ID, IfMatch: c.ETag()}
	refused(t, ann, routes.CredentialPromote, promote, fault.CodeVerificationFailed)
	right := fields{"apiKey": secretOf(e.crm.newKey(t))}
	refused(t, ann, routes.CredentialPut, api.CredentialPut{ConnectionID: c.ID, IfMatch: c.ETag(), Credential: right}, fault.CodeConflict)
	c = call(t, ann, routes.CredentialPut, api.CredentialPut{ConnectionID: c.ID, IfMatch: c.ETag(), Mode: "staged", Credential: right})
	if l := leased(); l.CredentialVersion != 1 || l.Headers["X-Api-Key"] != first.Headers["X-Api-Key"] {
		t.Errorf("while another is pending version %d is leased", l.CredentialVersion)
	}
	promote.IfMatch = c.ETag()
	c = call(t, ann, routes.CredentialPromote, promote)
	if l := leased(); l.CredentialVersion != 3 || l.Headers["X-Api-Key"] == first.Headers["X-Api-Key"] {
		t.Errorf("after the promotion version %d is leased", l.CredentialVersion)
	}
	if p := c.PreviousCredential; p == nil || p.Version != 1 || p.DestroyedAt == nil || c.PendingCredential != nil {
		t.Errorf("got previous %+v, pending %+v", p, c.PendingCredential)
	}
	promote.IfMatch, promote.Version = c.ETag(), 1
	c = call(t, ann, routes.CredentialPromote, promote)
	if l := leased(); l.CredentialVersion != 1 || l.Headers["X-Api-Key"] != first.Headers["X-Api-Key"] {
		t.Errorf("after the rollback version %d is leased", l.CredentialVersion)
	}
	c = call(t, ann, routes.CredentialDiscard, api.CredentialDiscard{ConnectionID: c.ID, IfMatch: c.ETag(), Version: 3})
	if c.PreviousCredential != nil || c.Credential.Version != 1 {
		t.Errorf("got previous %+v, current %d", c.PreviousCredential, c.Credential.Version)
	}
	promote.IfMatch, promote.Version = c.ETag(), 3
	refused(t, ann, routes.CredentialPromote, promote, fault.CodeConflict)
	leased()
}
