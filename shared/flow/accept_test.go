package flow_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/flow"
	"github.com/tenonhq/tenon/shared/template"
)

type connectionRecord = connection.Connection

// Every rule of what a binding accepts, for an active and a paused flow.
func TestAcceptance(t *testing.T) {
	t.Parallel()
	const refused = fault.CodeBindingRefused
	for name, test := range map[string]struct {
		binding        flow.Binding
		edit           func(*connectionRecord)
		active, paused fault.Code
		remedy         string
	}{
		"it fits":                 {one(""), func(*connectionRecord) {}, "", "", ""},
		"another connector":       {one(""), func(c *connectionRecord) { c.Connector = "hubspot" }, refused, refused, ""},
		"the template":            {flow.Binding{Template: "crm"}, func(*connectionRecord) {}, "", "", ""},
		"another template":        {flow.Binding{Template: "crm-2"}, func(*connectionRecord) {}, refused, refused, ""},
		"a template that is gone": {flow.Binding{Template: "crm"}, func(c *connectionRecord) { c.TemplateID = "tpl_gone" }, refused, refused, ""},
		"another environment":     {one(""), func(c *connectionRecord) { c.Environment = "test" }, refused, refused, ""},
		"an allowed environment":  {flow.Binding{Environments: []string{"test"}}, func(c *connectionRecord) { c.Environment = "test" }, "", "", ""},
		"every scope":             {flow.Binding{Scopes: []string{"openid", "api"}}, func(*connectionRecord) {}, "", "", ""},
		"a scope is missing":      {flow.Binding{Scopes: []string{"api", "full"}}, func(*connectionRecord) {}, refused, refused, "grant_permissions"},
		"a scheme without scopes": {flow.Binding{Scopes: []string{"full"}}, func(c *connectionRecord) { c.SchemeType, c.GrantedScopes = "api_key", nil }, refused, refused, ""},
		"no scope needed":         {one(""), func(c *connectionRecord) { c.SchemeType, c.GrantedScopes = "api_key", nil }, "", "", ""},
		"a test credential":       {one(""), func(c *connectionRecord) { c.TestCredential = true }, refused, refused, ""},
		"being deleted":           {one(""), func(c *connectionRecord) { c.Lifecycle = connection.Deleting }, fault.CodeNotFound, fault.CodeNotFound, ""},
		"disabled":                {one(""), func(c *connectionRecord) { c.Lifecycle = connection.Disabled }, refused, "", "reconnect"},
		"pending":                 {one(""), func(c *connectionRecord) { c.Lifecycle, c.Credential = connection.Pending, nil }, refused, "", "reconnect"},
		"no account chosen":       {one(""), func(c *connectionRecord) { c.AccountRequired = true }, refused, "", "fix_input"},
		"imported, unverified":    {one(""), func(c *connectionRecord) { c.Health.CheckedAt = time.Time{} }, refused, "", "retry"},
		"degraded and usable":     {one(""), func(c *connectionRecord) { c.Health.Reason = connection.ReasonVerificationFailed }, "", "", ""},
		"a dead credential":       {one(""), func(c *connectionRecord) { c.Health.Reason = connection.ReasonReauthRequired }, refused, "", "reconnect"},
		"an expired credential": {one(""), func(c *connectionRecord) {
			c.Credential = &connection.Credential{ExpiresAt: noon.Add(-time.Second)}
		}, refused, "", "reconnect"},
	} {
		w := newWorld(t)
		w.connect("acme", "con_old", func(c *connectionRecord) { c.Environment = "production" })
		w.connect("acme", "con_1", test.edit)
		b := test.binding
		b.Slot, b.Connector = "step", "salesforce"
		for state, want := range map[flow.State]fault.Code{flow.Active: test.active, flow.Paused: test.paused} {
			b.ConnectionID = "con_1"
			_, err := w.Put(t.Context(), ann, "put-"+string(state), "", flow.Define{Name: "Put", State: state, Bindings: []flow.Binding{b}})
			if (err == nil) != (want == "") || err != nil && (!fault.Has(err, want) || fault.From(err).Remedy != test.remedy) {
				t.Errorf("%s: put %s: %v with remedy %q, want %q with %q", name, state, err, fault.From(err).Remedy, want, test.remedy)
			}
			if err != nil && fault.From(err).Fields[0].Pointer != "/bindings/0/connectionId" {
				t.Errorf("%s: put %s: fields %+v", name, state, fault.From(err).Fields)
			}
		}
		b.ConnectionID = ""
		w.put(ann, "bind", flow.Paused, b)
		_, err := w.Bind(t.Context(), ann, "bind", "step", "", "con_1")
		if (err == nil) != (test.paused == "") || err != nil && !fault.Has(err, test.paused) {
			t.Errorf("%s: bind: %v, want %q", name, err, test.paused)
		}
	}
}

// A connection of another tenant, and one that the organization does not share, are
// told from one that there is not by nothing.
func TestStrangersAreUnknown(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.connect("globex", "con_globex")
	w.connect(auth.Organization, "con_org")
	w.connect(auth.Organization, "con_shared", offer)
	w.connect(auth.Organization, "con_tests", offer, func(c *connectionRecord) { c.TestCredential = true })
	w.connect(auth.Organization, "con_going", offer, func(c *connectionRecord) { c.Lifecycle = connection.Deleting })
	w.template(template.Template{Owner: auth.Organization, ID: "tpl_inner", StableKey: "inner", Credentials: template.Organization})
	w.connect(auth.Organization, "con_inner", func(c *connectionRecord) { c.TemplateID = "tpl_inner" })
	w.template(template.Template{Owner: auth.Organization, ID: "tpl_theirs", StableKey: "theirs", Embedded: true, Credentials: template.Customer})
	w.connect(auth.Organization, "con_theirs", func(c *connectionRecord) { c.TemplateID = "tpl_theirs" })
	w.put(ann, "bound", flow.Paused, one(""))

	answers := func(id string) []any {
		_, put := w.Put(t.Context(), ann, "orders", "", flow.Define{Name: "Orders", Bindings: []flow.Binding{one(id)}})
		_, bind := w.Bind(t.Context(), ann, "bound", "step", "", id)
		_, to := w.Rebind(t.Context(), ann, flow.Move{From: "con_shared", To: id})
		_, from := w.Rebind(t.Context(), ann, flow.Move{From: id, To: "con_shared"})
		var all []any
		for _, err := range []error{put, bind, to, from} {
			f := wantFault(t, err, fault.CodeNotFound)
			all = append(all, f.Kind, f.Code, f.Detail, f.Remedy, f.Fields, f.Flows)
		}
		return all
	}
	unknown := answers("con_nobody")
	for _, id := range []string{"con_globex", "con_org", "con_tests", "con_going", "con_inner", "con_theirs"} {
		if diff := cmp.Diff(unknown, answers(id)); diff != "" {
			t.Errorf("%s is told from an unknown one (-unknown +it):\n%s", id, diff)
		}
	}
	f, err := w.Bind(t.Context(), ann, "bound", "step", "", "con_shared")
	if err != nil || f.Bindings[0].Owner != auth.Organization {
		t.Errorf("shared: %+v, %v", f.Bindings, err)
	}
	if got := w.audited("acme", "flow.rebind", "con_globex", "denied"); len(got) != 1 {
		t.Errorf("the attempt was audited as denied %d times", len(got))
	}
}
