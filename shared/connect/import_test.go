package connect_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/connect"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/lease"
	"github.com/tenonhq/tenon/shared/secret"
)

// imported checks a result.
func imported(t *testing.T, r connect.Imported, status connect.ImportStatus, code fault.Code) {
	t.Helper()
	if r.Status != status {
		t.Errorf("%s: %s (%v), want %s", r.Key, r.Status, r.Problem, status)
	}
	if code != "" {
		refused(t, r.Problem, code)
	} else if r.Problem != nil {
		t.Errorf("%s: %v", r.Key, r.Problem)
	}
}

// An access token that is still valid is verified and current; nothing is
// rotated by that, and the other system's refresh token is kept.
func TestImportOfAValidToken(t *testing.T) {
	t.Parallel()
	w, r, made := migration(t)
	got := w.bring(w.granted(made, time.Hour))
	imported(t, got, connect.ImportCreated, "")
	c := w.get(got.Connection.ID)
	if w.status(c.ID) != "active" || c.Account.ID != "bob" || c.Credential.MintedBy != 1 || !c.Credential.Refreshable || r.refreshes != 0 {
		t.Errorf("status %s, account %+v, %d refreshes", w.status(c.ID), c.Account, r.refreshes)
	}
	if kept := w.material(c.ID).RefreshToken.Reveal(); kept != oldRefresh || w.hotCopy(c.ID).AccessToken.Reveal() != oldAccess {
		t.Error("the tokens are not those of the grant")
	}
	w.alone(c.ID)
	w.alive(c.ID)
}

// Where only the refresh token serves it is used here, once, and the system
// decides on what it brings.
func TestImportOfARefreshToken(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*connect.Grant){
		"the access token is over": func(g *connect.Grant) { g.ExpiresAt = g.ExpiresAt.Add(-2 * time.Hour) },
		"there is none":            func(g *connect.Grant) { g.AccessToken, g.ExpiresAt = secret.Bytes{}, time.Time{} },
		"nobody knows its end":     func(g *connect.Grant) { g.ExpiresAt = time.Time{} },
		"the system refuses it":    func(g *connect.Grant) { g.AccessToken = secret.FromString("access-" + mark + "-revoked") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, r, made := migration(t)
			item := w.granted(made, time.Hour)
			change(item.Grant)
			got := w.bring(item)
			imported(t, got, connect.ImportCreated, "")
			c := w.get(got.Connection.ID)
			if w.status(c.ID) != "active" || c.Account.ID != "bob" || c.Revision != 2 || r.refreshes != 1 {
				t.Errorf("status %s, account %+v, revision %d, %d refreshes", w.status(c.ID), c.Account, c.Revision, r.refreshes)
			}
			if c.Due.Refresh.IsZero() || c.Due.Health.IsZero() || c.Due.Expiry.IsZero() || !c.Provisioning.IsZero() {
				t.Errorf("the jobs do not know it: %+v", c.Due)
			}
			w.alone(c.ID)
			again := w.bring(item)
			imported(t, again, connect.ImportExists, "")
			if again.Connection.ID != c.ID || r.refreshes != 1 {
				t.Errorf("sent again: %s, %d refreshes", again.Connection.ID, r.refreshes)
			}
			w.alive(c.ID)
		})
	}
}

// A refresh token that the system refuses before anything was rotated leaves
// nothing, and neither does one that cannot be used for other reasons.
func TestImportRefusedLeavesNothing(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change func(*world, *rotator, *connect.Import)
		code   fault.Code
	}{
		"invalid_grant":    {func(_ *world, r *rotator, _ *connect.Import) { r.live = "" }, fault.CodeVerificationFailed},
		"invalid_client":   {func(_ *world, r *rotator, _ *connect.Import) { r.code = "invalid_client" }, fault.CodeProviderError},
		"no refresh token": {func(_ *world, _ *rotator, i *connect.Import) { i.Grant.RefreshToken = secret.Bytes{} }, fault.CodeValidationFailed},
		"another account": {func(w *world, _ *rotator, i *connect.Import) {
			i.Pinned.ID, i.Grant.ExpiresAt = "eve", w.Now().Add(time.Hour)
		}, fault.CodeAccountMismatch},
		"unknown capture":    {func(_ *world, _ *rotator, i *connect.Import) { i.Grant.Captured = map[string]string{"x": "y"} }, fault.CodeValidationFailed},
		"credential as well": {func(_ *world, _ *rotator, i *connect.Import) { i.Credential = apiKey(goodKey) }, fault.CodeValidationFailed},
		"no template":        {func(_ *world, _ *rotator, i *connect.Import) { i.TemplateID = "tpl_01M7VZGC000000000000000009" }, fault.CodeNotFound},
		"no template key":    {func(_ *world, _ *rotator, i *connect.Import) { i.TemplateID, i.TemplateKey = "", "nobody's" }, fault.CodeNotFound},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, r, made := migration(t)
			item := w.granted(made, -time.Hour)
			test.change(w, r, &item)
			got := w.bring(item)
			imported(t, got, connect.ImportFailed, test.code)
			if got.Connection.ID != "" {
				t.Errorf("connection %s", got.Connection.ID)
			}
			w.nothing(made)
			// It may be corrected.
			r.live, r.code = oldRefresh, ""
			imported(t, w.bring(w.granted(made, -time.Hour)), connect.ImportCreated, "")
		})
	}
}

// What was rotated is kept, whatever the check says: it is the only copy.
func TestImportKeepsWhatWasRotated(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change func(*rotator, *connect.Import)
		code   fault.Code
		status string
	}{
		"no answer":       {func(r *rotator, _ *connect.Import) { r.down["userinfo"] = true }, fault.CodeProviderUnavailable, "degraded/verification_failed"},
		"refused":         {func(r *rotator, _ *connect.Import) { r.status["userinfo"] = 401 }, fault.CodeVerificationFailed, "degraded/verification_failed"},
		"another account": {func(_ *rotator, i *connect.Import) { i.Pinned.ID = "eve" }, fault.CodeAccountMismatch, "degraded/reauth_required"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, r, made := migration(t)
			item := w.granted(made, -time.Hour)
			test.change(r, &item)
			got := w.bring(item)
			imported(t, got, connect.ImportCreated, test.code)
			id := got.Connection.ID
			if w.status(id) != test.status {
				t.Errorf("status %s, want %s", w.status(id), test.status)
			}
			w.alone(id)
			leases := &lease.Service{Store: w.Connections, Sealer: w.Sealer, Refresher: w.Refresher.(*lease.Refresher), Audit: w.Audit, Now: w.clock.now}
			if _, err := leases.Lease(t.Context(), w.caller, lease.Request{ConnectionID: id, Purpose: "sync"}); err == nil {
				t.Error("it is handed out before the system answered for it")
			}
			if again := w.bring(item); again.Status != connect.ImportExists || again.Connection.ID != id || again.Problem == nil {
				t.Errorf("sent again: %+v", again)
			}
			if test.code != fault.CodeAccountMismatch {
				w.alive(id)
			}
		})
	}
}

// An external id is that of one connection of a tenant, as long as it exists.
func TestImportByExternalID(t *testing.T) {
	t.Parallel()
	w, made := keyed(t)
	item := connect.Import{TemplateKey: "demo-crm-api_key", New: connect.New{Key: "legacy-1", Fingerprint: "f-1", Name: "CRM", Credential: apiKey(goodKey)}}
	first := w.bring(item)
	imported(t, first, connect.ImportCreated, "")
	w.clock.advance(30 * 24 * time.Hour)
	again := w.bring(item)
	imported(t, again, connect.ImportExists, "")
	other := item
	other.Fingerprint = "f-2"
	imported(t, w.bring(other), connect.ImportFailed, fault.CodeIdempotencyMismatch)
	if again.Connection.ID != first.Connection.ID {
		t.Errorf("connections %s and %s", first.Connection.ID, again.Connection.ID)
	}
	w.alone(first.Connection.ID)
	foreign, err := w.Import(t.Context(), caller("globex", "eve"), []connect.Import{item})
	must(t, err)
	if theirs := foreign[0]; theirs.Status != connect.ImportCreated || theirs.Connection.ID == first.Connection.ID {
		t.Errorf("of another tenant: %+v", theirs)
	}
	_, err = w.Disconnect(t.Context(), w.caller, first.Connection.ID, "")
	must(t, err)
	imported(t, w.bring(other), connect.ImportCreated, "")
	if used, err := w.templates.InUse(t.Context(), made.Owner, made.ID); err != nil || !used {
		t.Errorf("the template is in use: %t, %v", used, err)
	}
}

// Nothing is left of a static credential that the system refuses, and the others
// of the batch do not notice. An id stands in a batch once.
func TestImportOfABatch(t *testing.T) {
	t.Parallel()
	w, made := keyed(t)
	var items []connect.Import
	for i := range 12 {
		item := connect.Import{New: connect.New{Key: fmt.Sprint("legacy-", i), Fingerprint: "f", TemplateID: made.ID, Name: "CRM", Credential: apiKey(goodKey)}}
		switch i {
		case 3:
			item.Credential = apiKey("key-" + mark + "-that-is-refused")
		case 5:
			item.Credential = nil
		case 7:
			item.Key = "legacy-1"
		case 9:
			item.Grant = &connect.Grant{AccessToken: secret.FromString(oldAccess)}
			item.Credential = nil
		}
		items = append(items, item)
	}
	results, err := w.Import(t.Context(), w.caller, items)
	must(t, err)
	failures := map[int]fault.Code{3: fault.CodeVerificationFailed, 5: fault.CodeValidationFailed, 7: fault.CodeValidationFailed, 9: fault.CodeSchemeMismatch}
	for i, r := range results {
		if code, ok := failures[i]; ok {
			imported(t, r, connect.ImportFailed, code)
			continue
		}
		imported(t, r, connect.ImportCreated, "")
		if r.Key != items[i].Key || w.status(r.Connection.ID) != "active" {
			t.Errorf("result %d is %+v", i, r)
		}
	}
	if names := w.secretsOf("acme"); len(names) != 8 {
		t.Errorf("%d secrets, want 8", len(names))
	}
	_, err = w.Import(t.Context(), auth.Caller{Tenant: "acme", Home: "acme", Subject: "eve", Scopes: []string{auth.ConnectionsRead}}, items)
	refused(t, err, fault.CodeForbidden)
}

// A connection that is not verified yet is pending for all the world.
func TestImportIsPendingUntilVerified(t *testing.T) {
	t.Parallel()
	w, r, made := migration(t)
	r.before = func(endpoint string) {
		found, _, err := w.Connections.List(t.Context(), "acme", connection.Filter{}, "", 100)
		if err != nil || len(found) != 1 || w.status(found[0].ID) != "pending/no_credential" {
			t.Errorf("at %s: %d connections, %v", endpoint, len(found), err)
		}
	}
	imported(t, w.bring(w.granted(made, -time.Hour)), connect.ImportCreated, "")
	var told []string
	for _, e := range w.bus.Events() {
		told = append(told, e.Type)
	}
	if len(told) != 2 || told[1] != "connection.connected" {
		t.Errorf("told %v, want the status and that it is connected", told)
	}
}
