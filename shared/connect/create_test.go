package connect_test

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/connect"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/template"
)

const (
	goodKey  = "key-" + mark + "-good-0001"
	nextKey  = "key-" + mark + "-next-0002"
	badKey   = "key-" + mark + "-bad-0003"
	password = "pässword-" + mark
)

func apiKey(value string) map[string]secret.Bytes {
	return map[string]secret.Bytes{"apiKey": secret.FromString(value)}
}

// keyed is a world whose provider knows two keys of one account.
func keyed(t *testing.T) (*world, template.Template) {
	w := newWorld(t)
	w.provider.keys = map[string]string{goodKey: "bob", nextKey: "bob"}
	return w, w.demo("api_key")
}

func (w *world) create(made template.Template, value string) (connection.Connection, error) {
	return w.Create(w.t.Context(), w.caller, connect.New{TemplateID: made.ID, Name: "CRM", Credential: apiKey(value)})
}

// nothing checks that no trace of a connection is left.
func (w *world) nothing(made template.Template) {
	w.t.Helper()
	found, _, err := w.Connections.List(w.t.Context(), "acme", connection.Filter{}, "", 100)
	must(w.t, err)
	used, err := w.templates.InUse(w.t.Context(), made.Owner, made.ID)
	must(w.t, err)
	if len(found) > 0 || used || len(w.secretsOf("acme")) > 0 {
		w.t.Errorf("left: %d connections, template in use %t, secrets %v", len(found), used, w.secretsOf("acme"))
	}
}

func TestCreateWithAnAPIKey(t *testing.T) {
	t.Parallel()
	w, made := keyed(t)
	c, err := w.create(made, goodKey)
	must(t, err)
	if got := w.status(c.ID); got != "active" {
		t.Errorf("status %s", got)
	}
	if got := w.hotCopy(c.ID).Headers["X-Api-Key"].Reveal(); got != goodKey {
		t.Error("the hot copy is not the key")
	}
	k := w.get(c.ID).Credential
	if k.Last4 != "0001" || k.Version != 1 || k.Refreshable || !k.ExpiresAt.IsZero() || k.SetBy != "acme/ann" {
		t.Errorf("credential %+v", k)
	}
	m := w.material(c.ID)
	if m.Fields["apiKey"].Reveal() != goodKey || m.Tenant != "acme" || m.Resource != c.ID {
		t.Errorf("material of %s %s", m.Tenant, m.Resource)
	}
	if diff := cmp.Diff([]string{"allowed"}, w.outcomes(audit.ConnectionCreate, c.ID)); diff != "" {
		t.Errorf("audit (-want +got):\n%s", diff)
	}
	if names := w.secretsOf("acme"); len(names) != 1 || !strings.HasPrefix(names[0], "tenon/test/acme/"+c.ID+"/") {
		t.Errorf("secrets %v", names)
	}
}

// CRD-01: a credential that is not accepted leaves nothing.
func TestCreateRefusedLeavesNothing(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		value  string
		status int
		down   bool
		code   fault.Code
		kind   fault.Kind
	}{
		"a wrong key":        {badKey, 0, false, fault.CodeVerificationFailed, fault.Unprocessable},
		"another answer":     {goodKey, 404, false, fault.CodeVerificationFailed, fault.Unprocessable},
		"a provider failure": {goodKey, 500, false, fault.CodeProviderUnavailable, fault.Upstream},
		"a rate limit":       {goodKey, 429, false, fault.CodeProviderUnavailable, fault.RateLimited},
		"no network":         {goodKey, 0, true, fault.CodeProviderUnavailable, fault.Upstream},
		"a line break":       {goodKey + "\r\nX-Evil: 1", 0, false, fault.CodeValidationFailed, fault.Invalid},
		"a space":            {" " + goodKey, 0, false, fault.CodeValidationFailed, fault.Invalid},
		"nothing":            {"", 0, false, fault.CodeValidationFailed, fault.Invalid},
		"too much":           {strings.Repeat(mark, 16<<10), 0, false, fault.CodeValidationFailed, fault.Invalid},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, made := keyed(t)
			w.provider.status["me"], w.provider.down["me"] = test.status, test.down
			_, err := w.create(made, test.value)
			refused(t, err, test.code)
			if got := fault.From(err).Kind; got != test.kind {
				t.Errorf("kind %d, want %d", got, test.kind)
			}
			w.nothing(made)
		})
	}
}

// What was begun is taken back though the caller has gone.
func TestCreateRefusedAfterTheCallerHasGone(t *testing.T) {
	t.Parallel()
	w, made := keyed(t)
	ctx, cancel := context.WithCancel(t.Context())
	w.provider.before = func(string) { cancel() }
	_, err := w.Create(ctx, w.caller, connect.New{TemplateID: made.ID, Name: "CRM", Credential: apiKey(badKey)})
	refused(t, err, fault.CodeVerificationFailed)
	w.nothing(made)
}

// A key that works and lacks a permission is connected, and says so.
func TestCreateWithoutPermission(t *testing.T) {
	t.Parallel()
	w, made := keyed(t)
	w.provider.status["me"] = 403
	c, err := w.create(made, goodKey)
	must(t, err)
	if got := w.status(c.ID); got != "degraded/permissions" {
		t.Errorf("status %s", got)
	}
}

func TestCreateRefusesWhatDoesNotFit(t *testing.T) {
	t.Parallel()
	w, made := keyed(t)
	sign := w.demo("oauth2_authorization_code")
	own, err := w.Templates.Create(t.Context(), caller("globex", "eve"), template.Define{
		Connector: "demo-crm", Name: "x", Scheme: "api_key", Inputs: map[string]string{"baseUrl": "https://crm.example.com"},
	})
	must(t, err)
	hidden, err := w.Templates.Create(t.Context(), caller("org", "bo"), template.Define{
		Connector: "demo-crm", Name: "x", StableKey: "hidden", Scheme: "api_key", Inputs: map[string]string{"baseUrl": "https://crm.example.com"},
	})
	must(t, err)
	reader := w.caller
	reader.Scopes = []string{"connections:read", "connections:lease"}
	credential := apiKey(goodKey)
	for name, test := range map[string]struct {
		new    connect.New
		reader bool
		want   fault.Code
	}{
		"the template of another tenant":     {connect.New{TemplateID: own.ID, Credential: credential}, false, fault.CodeNotFound},
		"a template that is not embedded":    {connect.New{TemplateID: hidden.ID, Credential: credential}, false, fault.CodeNotFound},
		"an unknown template":                {connect.New{TemplateID: "tpl_01JD0000000000000000000000"}, false, fault.CodeNotFound},
		"a key where a person must agree":    {connect.New{TemplateID: sign.ID, Credential: credential}, false, fault.CodeSchemeMismatch},
		"an unknown field":                   {connect.New{TemplateID: made.ID, Credential: map[string]secret.Bytes{"apiKey": credential["apiKey"], "x": credential["apiKey"]}}, false, fault.CodeValidationFailed},
		"an input the template has fixed":    {connect.New{TemplateID: made.ID, Inputs: map[string]string{"baseUrl": "https://evil.example"}, Credential: credential}, false, fault.CodeValidationFailed},
		"an unknown input":                   {connect.New{TemplateID: made.ID, Inputs: map[string]string{"x": "y"}}, false, fault.CodeValidationFailed},
		"a caller without the right to make": {connect.New{TemplateID: made.ID, Credential: credential}, true, fault.CodeForbidden},
	} {
		by := w.caller
		if test.reader {
			by = reader
		}
		_, err := w.Create(t.Context(), by, test.new)
		if err == nil || fault.From(err).Code != test.want {
			t.Errorf("%s: got %v, want %s", name, err, test.want)
		}
	}
	w.nothing(made)
	if len(w.provider.asked("me")) > 0 {
		t.Error("the provider was asked")
	}
}

// A tenant that was not onboarded has no key to store anything under.
func TestCreateForAnUnknownTenant(t *testing.T) {
	t.Parallel()
	w, made := keyed(t)
	for _, credential := range []map[string]secret.Bytes{apiKey(goodKey), nil} {
		_, err := w.Create(t.Context(), caller("initech", "ann"), connect.New{TemplateID: made.ID, Credential: credential})
		refused(t, err, fault.CodeTenantUnknown)
	}
	w.nothing(made)
	if len(w.provider.asked("me")) > 0 {
		t.Error("the provider was asked")
	}
}

func TestBasicShowsTheUserOnly(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.provider.keys = map[string]string{"ann:" + password: "ann"}
	made := w.demo("basic")
	given := map[string]secret.Bytes{"username": secret.FromString("ann"), "password": secret.FromString(password)}
	c, err := w.Create(t.Context(), w.caller, connect.New{TemplateID: made.ID, Name: "CRM", Credential: given})
	must(t, err)
	shown := w.get(c.ID).API(w.Now())
	if shown.Credential.User != "ann" || shown.Credential.Last4 != "" {
		t.Errorf("shown %+v", shown.Credential)
	}
	w.conceal(password)
	given["username"] = secret.FromString("ann:" + "x") // RFC 7617 2.
	_, err = w.Create(t.Context(), w.caller, connect.New{TemplateID: made.ID, Name: "CRM", Credential: given})
	refused(t, err, fault.CodeValidationFailed)
	if fields := fault.From(err).Fields; len(fields) != 1 || fields[0].Pointer != "/credential/username" {
		t.Errorf("fields %v", fields)
	}
}

func TestClientCredentialsNeedNoPerson(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	made := w.demo("oauth2_client_credentials")
	c, err := w.Create(t.Context(), w.caller, connect.New{TemplateID: made.ID, Name: "CRM"})
	must(t, err)
	if got := w.get(c.ID); w.status(c.ID) != "active" || !got.Credential.Refreshable || got.Credential.At.Secret != "" {
		t.Errorf("status %s, credential %+v", w.status(c.ID), got.Credential)
	}
	if names := w.secretsOf("acme"); len(names) > 0 {
		t.Errorf("a grant of the template's client made the secrets %v", names)
	}
	form := w.provider.asked("token")[0]
	if form.Get("grant_type") != "client_credentials" || form.Get("scope") != "crm.read" || form.Has("code_verifier") {
		t.Errorf("form with grant %q, scope %q", form.Get("grant_type"), form.Get("scope"))
	}
	w.provider.status["token"] = 503
	_, err = w.Create(t.Context(), w.caller, connect.New{TemplateID: made.ID, Name: "CRM"})
	refused(t, err, fault.CodeProviderUnavailable)
}
