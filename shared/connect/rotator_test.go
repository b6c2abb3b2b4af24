package connect_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/connect"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/lease"
	"github.com/tenonhq/tenon/shared/outage"
	"github.com/tenonhq/tenon/shared/outage/outagetest"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/template"
)

// The grant that the other system was given.
const (
	oldAccess  = "access-" + mark + "-of-the-other-system"
	oldRefresh = "refresh-" + mark + "-of-the-other-system"
)

// rotator is the provider of a grant whose refresh token works once; with grace
// the one before works until the new one is used. What it is asked may fail, or
// be the last the process does.
type rotator struct {
	*provider
	p              *power
	live, previous string
	grace          bool
	refreshes      int
}

// Do implements method.Doer.
func (r *rotator) Do(req *http.Request) (res *http.Response, err error) {
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return nil, err
	}
	req.Body = io.NopCloser(bytes.NewReader(body))
	form, _ := url.ParseQuery(string(body))
	endpoint := req.URL.Path[strings.LastIndex(req.URL.Path, "/")+1:]
	failed := r.p.run("provider."+endpoint, func() error {
		if form.Get("grant_type") == "refresh_token" {
			res = r.refresh(form.Get("refresh_token"))
			return nil
		}
		res, err = r.provider.Do(req)
		return nil
	})
	if failed != nil {
		return nil, errors.New("connection reset by peer")
	}
	return res, err
}

func (r *rotator) refresh(token string) *http.Response {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.requests["token"] = append(r.requests["token"], url.Values{"refresh_token": {token}})
	if r.code != "" {
		return answer(400, map[string]any{"error": r.code, "error_description": "no " + mark})
	}
	if token != r.live && (!r.grace || token != r.previous) {
		r.live, r.previous = "", "" // The whole family ends.
		return answer(400, map[string]any{"error": "invalid_grant"})
	}
	access := r.issue("access")
	r.tokens[access] = r.sub
	r.refreshes++
	r.previous, r.live = token, r.issue("refresh")
	return answer(200, map[string]any{"access_token": access, "refresh_token": r.live, "token_type": "bearer", "expires_in": 3600})
}

// SaveAnswer fails and counts as the other writes do.
func (s connections) SaveAnswer(ctx context.Context, tenant, id string, epoch int, sealed []byte) error {
	return s.p.run("connections.saveAnswer", func() error { return s.Store.SaveAnswer(ctx, tenant, id, epoch, sealed) })
}

// migration is a world with a grant to take over.
func migration(t *testing.T) (*world, *rotator, template.Template) {
	w := newWorld(t)
	made := w.demo("oauth2_authorization_code")
	r := &rotator{provider: w.provider, p: w.power, live: oldRefresh}
	w.provider.tokens[oldAccess] = "bob"
	w.Reach.HTTP = r
	w.Refresher = &lease.Refresher{
		Store: w.Connections, Templates: w.Templates, Sealer: w.Sealer, Secrets: w.Secrets, Reach: w.Reach, Events: w.bus, Audit: w.Audit,
		Outages: &outage.Monitor{Store: new(outagetest.Memory), Events: w.bus, Now: w.clock.now}, Now: w.clock.now,
		Sleep: func(_ context.Context, d time.Duration) error { w.clock.advance(d); return nil },
	}
	return w, r, made
}

// granted is the import of the grant; of a token that is over unless it ends
// later.
func (w *world) granted(made template.Template, endsIn time.Duration) connect.Import {
	return connect.Import{New: connect.New{
		Key: "legacy-1", Fingerprint: "f-1", TemplateID: made.ID, Name: "CRM",
		Grant: &connect.Grant{
			AccessToken: secret.FromString(oldAccess), RefreshToken: secret.FromString(oldRefresh), ExpiresAt: w.Now().Add(endsIn),
		},
	}}
}

// bring imports one item.
func (w *world) bring(item connect.Import) connect.Imported {
	w.t.Helper()
	results, err := w.Import(w.t.Context(), w.caller, []connect.Import{item})
	must(w.t, err)
	return results[0]
}

// alive fails unless the grant can be refreshed still.
func (w *world) alive(id string) {
	w.t.Helper()
	w.clock.advance(2 * time.Hour)
	c, err := w.Refresher.Refresh(w.t.Context(), "acme", id, func(c *connection.Connection) bool { return c.Fresh(w.Now(), time.Minute) })
	if err != nil || c.Credential.MintedBy != 1 {
		w.t.Errorf("the grant is lost: %v", err)
	}
}

// alone fails unless there is one connection and one secret, of that id.
func (w *world) alone(id string) {
	w.t.Helper()
	found, _, err := w.Connections.List(w.t.Context(), "acme", connection.Filter{}, "", 100)
	must(w.t, err)
	if len(found) != 1 || found[0].ID != id || !slices.Equal(w.secretsOf("acme"), []string{found[0].SecretName}) {
		w.t.Errorf("%d connections, secrets %v; want those of %s", len(found), w.secretsOf("acme"), id)
	}
}
