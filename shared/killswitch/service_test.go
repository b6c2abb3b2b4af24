package killswitch_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/audit/audittest"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/killswitch"
	"github.com/tenonhq/tenon/shared/killswitch/killswitchtest"
	"github.com/tenonhq/tenon/shared/tenant"
	"github.com/tenonhq/tenon/shared/tenant/tenanttest"
)

var (
	org = auth.Caller{Tenant: auth.Organization, Home: auth.Organization, Subject: "bo", Scopes: []string{auth.TenantsAdmin}}
	ann = auth.Caller{Tenant: "acme", Home: "acme", Subject: "ann", Scopes: []string{auth.TenantsAdmin}}
	eve = auth.Caller{Tenant: "globex", Home: "globex", Subject: "eve", Scopes: []string{auth.TenantsAdmin}}
)

func newService(t *testing.T) (*killswitch.Service, *audittest.Memory) {
	t.Helper()
	tenants, audits := tenanttest.NewMemory(), audittest.NewMemory()
	for _, name := range []string{"acme", "globex"} {
		if err := tenants.Create(t.Context(), tenant.Tenant{ID: name}); err != nil {
			t.Fatal(err)
		}
	}
	return &killswitch.Service{
		Store: new(killswitchtest.Memory), Tenants: tenants, Connectors: catalog.Catalog{}, Audit: &audit.Log{Store: audits}, Stage: "prod",
		Now: func() time.Time { return time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC) },
	}, audits
}

func cut(scope killswitch.Scope, name, confirm string) killswitch.New {
	n := killswitch.New{Target: killswitch.Target{Scope: scope}, Reason: "leaked", Confirm: confirm}
	switch scope {
	case killswitch.ScopeTenant:
		n.Tenant = name
	case killswitch.ScopeConnector:
		n.Connector = name
	}
	return n
}

// AUD-06: who may cut off what, and that a slip of the hand cuts off nothing.
func TestAUD06Create(t *testing.T) {
	t.Parallel()
	both := cut(killswitch.ScopeTenant, "acme", "acme")
	both.Connector = "stripe"
	for name, test := range map[string]struct {
		caller auth.Caller
		n      killswitch.New
		code   fault.Code // Empty: it is made.
	}{
		"a tenant by the organization": {org, cut(killswitch.ScopeTenant, "acme", "acme"), ""},
		"a connector":                  {org, cut(killswitch.ScopeConnector, "stripe", "stripe"), ""},
		"the stage":                    {org, cut(killswitch.ScopeStage, "", "prod"), ""},
		"its own tenant":               {ann, cut(killswitch.ScopeTenant, "acme", "acme"), ""},
		"another tenant":               {ann, cut(killswitch.ScopeTenant, "globex", "globex"), fault.CodeForbidden},
		"a connector by a tenant":      {ann, cut(killswitch.ScopeConnector, "stripe", "stripe"), fault.CodeForbidden},
		"the stage by a tenant":        {ann, cut(killswitch.ScopeStage, "", "prod"), fault.CodeForbidden},
		"another name confirmed":       {org, cut(killswitch.ScopeTenant, "acme", "globex"), fault.CodeValidationFailed},
		"nothing confirmed":            {org, cut(killswitch.ScopeStage, "", ""), fault.CodeValidationFailed},
		"another stage":                {org, cut(killswitch.ScopeStage, "", "dev"), fault.CodeValidationFailed},
		"no tenant":                    {org, cut(killswitch.ScopeTenant, "", ""), fault.CodeValidationFailed},
		"no connector":                 {org, cut(killswitch.ScopeConnector, "", ""), fault.CodeValidationFailed},
		"two names":                    {org, both, fault.CodeValidationFailed},
		"an unknown tenant":            {org, cut(killswitch.ScopeTenant, "acmee", "acmee"), fault.CodeNotFound},
		"an unknown connector":         {org, cut(killswitch.ScopeConnector, "strype", "strype"), fault.CodeNotFound},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, _ := newService(t)
			r, err := s.Create(t.Context(), test.caller, test.n)
			active, _ := s.Store.Active(t.Context())
			if test.code != "" {
				if !fault.Has(err, test.code) || len(active) > 0 {
					t.Errorf("got %v, active %v; want %s", err, active, test.code)
				}
				return
			}
			want := []killswitch.Active{{ID: r.ID, Target: test.n.Target}}
			if diff := cmp.Diff(want, active); err != nil || diff != "" || r.Phase != killswitch.Cutting || r.Due.IsZero() {
				t.Errorf("%v, record %+v, active (-want +got):\n%s", err, r, diff)
			}
			again, err := s.Create(t.Context(), test.caller, test.n)
			if diff := cmp.Diff(r, again); err != nil || diff != "" {
				t.Errorf("again: %v (-first +second):\n%s", err, diff)
			}
		})
	}
}

// AUD-06: a tenant sees what cuts it off by name, and nothing of others; it lifts
// what its own people started.
func TestAUD06WhoSeesAndLifts(t *testing.T) {
	t.Parallel()
	s, audits := newService(t)
	made := map[string]string{}
	for name, by := range map[string]auth.Caller{"acme by org": org, "globex by eve": eve} {
		target := map[string]string{"acme by org": "acme", "globex by eve": "globex"}[name]
		r, err := s.Create(t.Context(), by, cut(killswitch.ScopeTenant, target, target))
		if err != nil {
			t.Fatal(err)
		}
		made[name] = r.ID
	}
	stage, err := s.Create(t.Context(), org, cut(killswitch.ScopeStage, "", "prod"))
	if err != nil {
		t.Fatal(err)
	}
	made["stage"] = stage.ID
	for _, test := range []struct {
		caller    auth.Caller
		name      string
		get, lift fault.Code
	}{
		{ann, "globex by eve", fault.CodeNotFound, fault.CodeNotFound},
		{ann, "stage", fault.CodeNotFound, fault.CodeNotFound},
		{ann, "acme by org", "", fault.CodeForbidden},
		{eve, "globex by eve", "", ""},
		{org, "acme by org", "", ""},
		{org, "stage", "", ""},
	} {
		if _, err := s.Get(t.Context(), test.caller, made[test.name]); codeOf(err) != test.get {
			t.Errorf("%s gets %s: %v, want %q", test.caller.Subject, test.name, err, test.get)
		}
		r, err := s.Lift(t.Context(), test.caller, made[test.name])
		if codeOf(err) != test.lift || err == nil && (r.Phase != killswitch.Lifting || r.LiftedAt.IsZero()) {
			t.Errorf("%s lifts %s: %v, %+v; want %q", test.caller.Subject, test.name, err, r, test.lift)
		}
	}
	for caller, want := range map[*auth.Caller]int{&ann: 1, &eve: 1, &org: 3} {
		if found, _, err := s.List(t.Context(), *caller, "", 10); err != nil || len(found) != want {
			t.Errorf("%s lists %d, %v; want %d", caller.Subject, len(found), err, want)
		}
	}
	if active, err := s.Store.Active(t.Context()); err != nil || len(active) > 0 {
		t.Errorf("active after all were lifted: %v, %v", active, err)
	}
	entries, _, err := audits.List(t.Context(), "acme", audit.Query{Action: audit.KillSwitchLift, Limit: 10})
	denied := slices.DeleteFunc(entries, func(e audit.Entry) bool { return e.Outcome != "denied" })
	if err != nil || len(denied) != 3 {
		t.Errorf("audited as denied: %+v, %v; want three", denied, err)
	}
	nobody := auth.Caller{Tenant: "acme", Home: "acme", Scopes: []string{auth.ConnectionsWrite}}
	for name, err := range map[string]error{
		"create": second(s.Create(t.Context(), nobody, cut(killswitch.ScopeTenant, "acme", "acme"))),
		"get":    second(s.Get(t.Context(), nobody, made["acme by org"])), "lift": second(s.Lift(t.Context(), nobody, made["acme by org"])),
	} {
		if !fault.Has(err, fault.CodeForbidden) {
			t.Errorf("%s without the scope: %v", name, err)
		}
	}
}

func second[T any](_ T, err error) error { return err }

func codeOf(err error) fault.Code {
	if err == nil {
		return ""
	}
	return fault.From(err).Code
}
