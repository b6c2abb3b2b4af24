package audit_test

import (
	"context"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/audit/audittest"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/id"
)

// need is what an action asks for.
type need struct {
	scope    string
	recorded bool
}

var needs = map[audit.Action]need{
	"connector.read":                {"connections:read", false},
	"connection.read":               {"connections:read", false},
	"connection.create":             {"connections:write", true},
	"connection.update":             {"connections:write", true},
	"connection.delete":             {"connections:write", true},
	"connection.authorize":          {"connections:write", true},
	"connection.connect":            {"connections:write", true},
	"connection.credential.put":     {"connections:write", true},
	"connection.credential.promote": {"connections:write", true},
	"connection.credential.discard": {"connections:write", true},
	"connection.account.list":       {"connections:write", true},
	"connection.account.put":        {"connections:write", true},
	"connection.verify":             {"connections:write", true},
	"connection.disable":            {"connections:write", true},
	"connection.enable":             {"connections:write", true},
	"connection.lease":              {"connections:lease", true},
	"connection.refresh":            {"connections:lease", true},
	"connection.report":             {"connections:lease", false},
	"health.refresh":                {"connections:write", true},
	"template.read":                 {"templates:read", false},
	"template.create":               {"templates:write", true},
	"template.update":               {"templates:write", true},
	"template.delete":               {"templates:write", true},
	"template.import":               {"templates:write", true},
	"template.test_credential.put":  {"templates:write", true},
	"flow.read":                     {"flows:read", false},
	"flow.put":                      {"flows:write", true},
	"flow.update":                   {"flows:write", true},
	"flow.delete":                   {"flows:write", true},
	"flow.bind":                     {"flows:write", true},
	"flow.rebind":                   {"flows:write", true},
	"settings.read":                 {"settings:read", false},
	"settings.put":                  {"settings:write", true},
	"signing-key.read":              {"settings:read", false},
	"signing-key.create":            {"settings:write", true},
	"signing-key.retire":            {"settings:write", true},
	"connect_session.read":          {"connections:read", false},
	"connect_session.create":        {"connections:write", true},
	"connect_session.open":          {"connections:write", true},
	"connect_session.complete":      {"connections:write", true},
	"browser_session.put":           {"connections:read", true},
	"browser_session.delete":        {"connections:read", true},
	"webhook_endpoint.read":         {"settings:read", false},
	"webhook_endpoint.create":       {"settings:write", true},
	"webhook_endpoint.update":       {"settings:write", true},
	"webhook_endpoint.delete":       {"settings:write", true},
	"webhook_endpoint.rotate":       {"settings:write", true},
	"webhook_endpoint.test":         {"settings:write", true},
	"webhook_endpoint.disable":      {"settings:write", true},
	"tenant.read":                   {"tenants:admin", false},
	"aws_trust.read":                {"connections:write", false},
	"egress.read":                   {"connections:read", false},
	"tenant.create":                 {"tenants:admin", true},
	"tenant.delete":                 {"tenants:admin", true},
	"tenant.key.end":                {"tenants:admin", true},
	"tenant.suspend":                {"tenants:admin", true},
	"tenant.resume":                 {"tenants:admin", true},
	"provider.read":                 {"tenants:admin", false},
	"provider.confirm":              {"tenants:admin", true},
	"connector.put":                 {"tenants:admin", true},
	"connector.delete":              {"tenants:admin", true},
	"sunset.read":                   {"connections:read", false},
	"expiration.read":               {"connections:read", false},
	"killswitch.read":               {"tenants:admin", false},
	"killswitch.create":             {"tenants:admin", true},
	"killswitch.lift":               {"tenants:admin", true},
	"audit.read":                    {"audit:read", false},
	"audit.export":                  {"audit:read", true},
}

// A new action must be in the table of this test.
func TestNeedsAreComplete(t *testing.T) {
	t.Parallel()
	file, err := parser.ParseFile(token.NewFileSet(), "action.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var declared, known []string
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if kind, ok := spec.Type.(*ast.Ident); ok && kind.Name == "Action" {
			text, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			declared = append(declared, text)
		}
		return true
	})
	for action := range needs {
		known = append(known, string(action))
	}
	slices.Sort(declared)
	slices.Sort(known)
	if diff := cmp.Diff(declared, known); diff != "" {
		t.Errorf("actions (-declared +tested):\n%s", diff)
	}
}

// broken is a store that cannot write.
type broken struct{ audit.Store }

var errBroken = errors.New("table is gone")

func (broken) Append(context.Context, audit.Entry) error { return errBroken }

func caller(scopes ...string) auth.Caller {
	return auth.Caller{Tenant: "acme", Home: "acme", Subject: "ann", Scopes: scopes, RequestID: "req-1", SourceIP: "192.0.2.1"}
}

func entries(t *testing.T, store audit.Store, tenant string) []audit.Entry {
	t.Helper()
	found, _, err := store.List(t.Context(), tenant, audit.Query{Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestCheck(t *testing.T) {
	t.Parallel()
	for action, need := range needs {
		t.Run(string(action), func(t *testing.T) {
			t.Parallel()
			store := audittest.NewMemory()
			log := &audit.Log{Store: store}
			others := slices.DeleteFunc(auth.Scopes(), func(scope string) bool { return scope == need.scope })
			for name, scopes := range map[string][]string{"every other scope": others, "no scope": nil, "a longer scope": {need.scope + ":all"}, "joined scopes": {strings.Join(auth.Scopes(), " ")}} {
				err := log.Check(t.Context(), caller(scopes...), action, "con_1")
				if !fault.Has(err, fault.CodeForbidden) || !strings.Contains(fault.From(err).Detail, need.scope) {
					t.Errorf("%s: got %v", name, err)
				}
			}
			if got := entries(t, store, "acme"); len(got) > 0 {
				t.Errorf("a refusal was recorded as %v", got)
			}
			if err := log.Check(t.Context(), caller(need.scope), action, "con_1"); err != nil {
				t.Fatal(err)
			}
			if got := entries(t, store, "acme"); need.recorded != (len(got) == 1) || !need.recorded && len(got) > 0 {
				t.Errorf("%d entries", len(got))
			}
			if err := log.Check(t.Context(), auth.Job("job-1", "acme", "req-2"), action, "con_1"); err != nil {
				t.Errorf("a job: %v", err)
			}
		})
	}
}

func TestCheckRefusesWhatIsUnknown(t *testing.T) {
	t.Parallel()
	store := audittest.NewMemory()
	log := &audit.Log{Store: store}
	for _, action := range []audit.Action{"", "connection", "connection.Create", "connection.*"} {
		for _, by := range []auth.Caller{caller(auth.Scopes()...), caller(""), auth.Job("job-1", "acme", "")} {
			if err := log.Check(t.Context(), by, action, "con_1"); !fault.Has(err, fault.CodeForbidden) {
				t.Errorf("%q by %s: got %v", action, by.Actor(), err)
			}
		}
	}
}

// ISO-03: a tenant that could name something else in a key is no tenant.
func TestCheckRefusesOddTenants(t *testing.T) {
	t.Parallel()
	log := &audit.Log{Store: broken{}}
	for _, name := range []string{"", " ", "*", "#", "acme#connection", "acme/globex", "../acme", "Acme", "acme ", "-acme", "_acme", "acme\n", "ácme", "[acme]", "acme,globex", strings.Repeat("a", 64), strings.Repeat("a", 300)} {
		for _, by := range []auth.Caller{{Tenant: name, Home: "org", Scopes: auth.Scopes()}, auth.Job("job-1", name, "")} {
			for action := range needs {
				if err := log.Check(t.Context(), by, action, ""); !fault.Has(err, fault.CodeForbidden) {
					t.Errorf("%q: %s: got %v", name, action, err)
				}
			}
		}
	}
}

func TestEntry(t *testing.T) {
	t.Parallel()
	store := audittest.NewMemory()
	at := time.Date(2026, 11, 20, 10, 0, 0, 0, time.FixedZone("", 3600))
	ticks := func() time.Time { at = at.Add(time.Minute); return at }
	log := &audit.Log{Store: store, Now: ticks, IDs: id.Maker{Now: ticks}}
	acting := caller(auth.ConnectionsLease)
	acting.Home = auth.Organization
	if err := log.CheckFor(t.Context(), acting, audit.ConnectionLease, "con_1", "nightly export", map[string]string{"lease": "lea_1"}); err != nil {
		t.Fatal(err)
	}
	if err := log.Deny(t.Context(), caller(), audit.ConnectionConnect, "con_2", "oauth_session_mismatch"); err != nil {
		t.Fatal(err)
	}
	want := []audit.Entry{
		{Tenant: "acme", Actor: "acme/ann", Action: "connection.connect", Resource: "con_2", Outcome: "denied", Reason: "oauth_session_mismatch", RequestID: "req-1", SourceIP: "192.0.2.1"},
		{Tenant: "acme", Actor: "org/ann", Action: "connection.lease", Resource: "con_1", Outcome: "allowed", Reason: "nightly export", RequestID: "req-1", SourceIP: "192.0.2.1", Facts: map[string]string{"lease": "lea_1"}},
	}
	got := entries(t, store, "acme")
	if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(audit.Entry{}, "ID", "At")); diff != "" {
		t.Errorf("entries (-want +got):\n%s", diff)
	}
	for _, e := range got {
		if !id.Valid(id.Audit, e.ID) || e.At.Location() != time.UTC || e.At.IsZero() {
			t.Errorf("id %s at %s", e.ID, e.At)
		}
	}
	if err := (&audit.Log{Store: broken{audittest.NewMemory()}}).Deny(t.Context(), caller(), audit.ConnectionConnect, "con_2", "x"); !fault.Has(err, fault.CodeRetryLater) {
		t.Errorf("a refusal that cannot be recorded: %v", err)
	}
}

func TestListIsOfOneTenant(t *testing.T) {
	t.Parallel()
	store := audittest.NewMemory()
	log := &audit.Log{Store: store}
	theirs := caller(auth.Scopes()...)
	theirs.Tenant = "globex"
	for _, by := range []auth.Caller{caller(auth.Scopes()...), theirs} {
		if err := log.Check(t.Context(), by, audit.SettingsPut, ""); err != nil {
			t.Fatal(err)
		}
	}
	found, _, err := log.List(t.Context(), caller(auth.AuditRead), audit.Query{Limit: 10})
	if err != nil || len(found) != 1 || found[0].Tenant != "acme" {
		t.Errorf("got %v, %v", found, err)
	}
	if _, _, err := log.List(t.Context(), caller(auth.ConnectionsRead), audit.Query{Limit: 10}); !fault.Has(err, fault.CodeForbidden) {
		t.Errorf("without the scope: %v", err)
	}
}

// What a caller tried on a stranger's resource is recorded as denied; any other
// failure is passed on and leaves no second record.
func TestRefuse(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		err  error
		want int
	}{
		"not found": {fault.New(fault.NotFound, fault.CodeNotFound, "There is no such thing."), 1},
		"forbidden": {fault.New(fault.Denied, fault.CodeForbidden, "Not yours."), 1},
		"conflict":  {fault.New(fault.Conflict, fault.CodeConnectionDisabled, "Paused."), 0},
		"internal":  {errors.New("boom"), 0},
		"none":      {nil, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			store := audittest.NewMemory()
			log := &audit.Log{Store: store}
			if err := log.Refuse(t.Context(), caller(), audit.ConnectionDelete, "con_1", test.err); !errors.Is(err, test.err) {
				t.Errorf("Refuse: got %v, want %v", err, test.err)
			}
			entries, _, err := store.List(t.Context(), caller().Tenant, audit.Query{Limit: 9})
			if err != nil || len(entries) != test.want {
				t.Fatalf("got %d entries, %v; want %d", len(entries), err, test.want)
			}
			if test.want == 1 && (entries[0].Outcome != "denied" || entries[0].Resource != "con_1" || entries[0].Reason == "") {
				t.Errorf("got %+v, want it denied with its reason", entries[0])
			}
		})
	}
}
