package e2e_test

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/routes"
)

// property is what a tenant has, by the names in the paths of the route table.
type property struct {
	*actor
	connection, static, template, signingKey, webhook string
	flow                                              string
	session                                           string
	killSwitch                                        string   // Lifted: one that cut its owner off.
	marks                                             []string // Texts that no other tenant may see.
}

// ownProperty gives a tenant a connection of each kind, a template and
// settings, all with names that nobody else has.
func ownProperty(t *testing.T, e *environment, tenant string) property {
	t.Helper()
	p := property{actor: onboard(t, e, tenant)}
	mark := "mark of " + tenant
	own := call(t, p.actor, routes.TemplateCreate, api.TemplateCreate{
		Connector: "demo-crm", Name: mark, StableKey: "own", AuthScheme: "api_key", Inputs: map[string]string{"baseUrl": e.crm.base},
	})
	static := call(t, p.actor, routes.ConnectionCreate, api.ConnectionCreate{
		TemplateID: own.ID, Name: mark, Labels: map[string]string{"label": mark}, Credential: fields{"apiKey": secretOf(e.crm.newKey(t))},
	})
	c := newOAuthClient(t, e, p.actor, "isolation-"+tenant[:5], 3600, openID(e))
	connect(t, p.actor, c.connection)
	call(t, p.actor, routes.SettingsPut, api.SettingsPut{IfMatch: "*", Admins: []string{"admin@" + tenant + ".example"}})
	signs := call(t, p.actor, routes.SigningKeyCreate, api.SigningKeyCreate{Algorithm: "ES256"})
	hook := call(t, p.actor, routes.WebhookEndpointCreate, api.WebhookEndpointCreate{
		URL: "https://hooks." + tenant + ".com/", Description: mark, Events: []string{"webhook.test"},
	})
	p.connection, p.static, p.template, p.signingKey, p.webhook = c.connection, static.ID, own.ID, signs.ID, hook.ID
	p.session = call(t, p.actor, routes.ConnectSessionCreate, api.ConnectSessionCreate{EndUser: "user-of-" + tenant}).SessionID
	p.killSwitch, p.flow = liftedSwitch(t, e), "flow-of-"+tenant
	call(t, p.actor, routes.FlowPut, api.FlowPut{FlowID: p.flow, Name: mark, State: "paused", Bindings: []api.BindingPut{
		{Slot: "source", Connector: "demo-crm", ConnectionID: static.ID},
	}})
	p.marks = []string{tenant, c.connection, static.ID, own.ID, signs.ID, hook.ID, hook.Secret, p.session, p.killSwitch}
	return p
}

// liftedSwitch starts a kill switch on a connector that nobody uses here, and ends
// it.
func liftedSwitch(t *testing.T, e *environment) string {
	org := e.actor(t, auth.Organization)
	made := call(t, org, routes.KillSwitchCreate, api.KillSwitchCreate{Scope: "connector", Connector: "quickbooks", Reason: "drill", Confirm: "quickbooks"})
	return call(t, org, routes.KillSwitchLift, api.KillSwitchRef{KillSwitchID: made.ID}).ID
}

// testIsolation lets one tenant, with every scope there is, use what belongs
// to another.
func testIsolation(t *testing.T, e *environment) {
	victim, thief := ownProperty(t, e, "victim-tenant"), ownProperty(t, e, "thief-tenant")
	t.Run("every route", func(t *testing.T) { testEveryRoute(t, victim, thief) })
	t.Run("scopes", func(t *testing.T) { testScopes(t, victim) })
	t.Run("claims", func(t *testing.T) { testClaims(t, victim, thief) })
	t.Run("cursors", func(t *testing.T) { testCursors(t, victim, thief) })
	t.Run("ciphertext", func(t *testing.T) { testCiphertext(t, victim, thief) })
}

// protected returns the routes that need a token, those that read without an
// identifier first: afterwards the thief's own audit holds the identifiers it
// asked for, be it in a path or in a body.
func protected() []*routes.Route {
	all := slices.DeleteFunc(routes.Operations(), (*routes.Route).Public)
	rank := func(r *routes.Route) int {
		if r.Method == http.MethodGet {
			return 2 * strings.Count(r.Path, "{")
		}
		return 2*strings.Count(r.Path, "{") + 1
	}
	slices.SortStableFunc(all, func(a, b *routes.Route) int { return rank(a) - rank(b) })
	return all
}

// testEveryRoute calls each row of the route table with the victim's ids.
func testEveryRoute(t *testing.T, victim, thief property) {
	rows := attempts(victim)
	leased := call(t, victim.actor, routes.ConnectionLease, api.LeaseRequest{ConnectionID: victim.connection, Purpose: "before"})
	before := victim.e.recordsOf(t, victim.tenant)
	unknown := victim
	unknown.connection, unknown.static = "con_01JD0000000000000000000000", "con_01JD0000000000000000000000"
	unknown.signingKey, unknown.killSwitch = "sgk_01JD0000000000000000000000", "kls_01JD0000000000000000000000"
	unknown.session = "cst_01JD0000000000000000000000"
	unknown.webhook, unknown.flow = "whe_01JD0000000000000000000000", "flow-of-nobody"
	unknown.template, unknown.actor = "tpl_01JD0000000000000000000000", &actor{tenant: "nobody-tenant"}
	twins := attempts(unknown)
	for _, r := range protected() {
		row, ok := rows[r.Name]
		if !ok {
			t.Errorf("%s has no row: say in attempts how another tenant would misuse it", r.Name)
			continue
		}
		delete(rows, r.Name)
		got := row.send(t, thief.actor, r, victim)
		if got.status != row.want {
			t.Errorf("%s: got %d %s, want %d", r.Name, got.status, got.body, row.want)
		}
		for _, mark := range victim.marks {
			if strings.Contains(dump(got.header)+got.body, mark) {
				t.Errorf("%s: the answer contains %q: %s", r.Name, mark, got.body)
			}
		}
		if row.want != http.StatusNotFound {
			continue
		}
		twin := twins[r.Name].send(t, thief.actor, r, unknown)
		if diff := cmp.Diff(anonymous(twin.body), anonymous(got.body)); diff != "" || twin.status != got.status {
			t.Errorf("%s tells what exists elsewhere from what does not (-unknown +victim's):\n%s", r.Name, diff)
		}
	}
	for name := range rows {
		t.Errorf("the row %s is of no route", name)
	}
	if diff := cmp.Diff(before, victim.e.recordsOf(t, victim.tenant)); diff != "" {
		t.Errorf("the victim's records (-before +after):\n%s", diff)
	}
	again := call(t, victim.actor, routes.ConnectionLease, api.LeaseRequest{ConnectionID: victim.connection, Purpose: "after"})
	if again.AccessToken != leased.AccessToken {
		t.Error("the victim's token changed")
	}
}

var requestID = regexp.MustCompile(`"(requestId|instance)":"[^"]*"`)

// anonymous is a problem without what names the request.
func anonymous(body string) string { return requestID.ReplaceAllString(body, "") }

// testScopes calls each route without a token, with a token that has no scope
// (an ID token has none) and with one that has all scopes but the route's.
func testScopes(t *testing.T, victim property) {
	nobody := victim.e.bearing("nobody", "")
	identified := victim.e.actor(t, victim.tenant, []string{}...)
	for _, r := range protected() {
		row := attempts(victim)[r.Name]
		if got := row.send(t, nobody, r, victim); got.status != http.StatusUnauthorized {
			t.Errorf("%s without a token: got %d, want 401", r.Name, got.status)
		}
		if got := row.send(t, identified, r, victim); got.status != http.StatusForbidden {
			t.Errorf("%s without a scope: got %d, want 403", r.Name, got.status)
		}
		others := slices.DeleteFunc(auth.Scopes(), func(scope string) bool { return scope == r.Scope })
		if got := row.send(t, victim.e.actor(t, victim.tenant, others...), r, victim); got.status != http.StatusForbidden {
			t.Errorf("%s with every scope but %s: got %d, want 403", r.Name, r.Scope, got.status)
		}
	}
}
