package template_test

import (
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/template"
)

func TestParties(t *testing.T) {
	t.Parallel()
	const none = template.Party("")
	for _, tt := range []struct {
		owner      string
		whose, who template.Party
		want       string // Of the template, or the field that is wrong.
	}{
		{"org", none, none, "customer customer"},
		{"org", none, template.Organization, "customer organization"},
		{"org", template.Organization, none, "organization organization"},
		{"org", template.Organization, template.Organization, "organization organization"},
		{"org", template.Organization, template.Customer, "/suppliedBy"},
		{"acme", none, none, "customer customer"},
		{"acme", template.Customer, template.Customer, "customer customer"},
		{"acme", none, template.Organization, "/suppliedBy"},
		{"acme", template.Organization, none, "/credentials"},
	} {
		w, d := newWorld(t), define("crm")
		if tt.whose != none {
			d.Credentials = &tt.whose
		}
		if tt.who != none {
			d.SuppliedBy = &tt.who
		}
		made, err := w.Create(t.Context(), caller(tt.owner), d)
		got := wrongPointer(err)
		if err == nil {
			shown := w.API(t.Context(), w.stored(made))
			got = shown.Credentials + " " + shown.SuppliedBy
		}
		if got != tt.want {
			t.Errorf("%s, %q, %q: got %q, want %q", tt.owner, tt.whose, tt.who, got, tt.want)
		}
	}
}

// Whose credentials connections hold stays while there are any; who supplies them
// may change.
func TestPartiesInUse(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	made := w.make("org", define("crm"))
	must(t, w.store.AddUse(of(made)))
	organization := template.Organization
	_, err := w.Update(t.Context(), caller("org"), made.ID, "*", template.Change{Credentials: &organization})
	refused(t, err, fault.CodeTemplateInUse)
	if got := w.stored(made); got.Revision != 1 || got.Credentials == organization {
		t.Errorf("stored %+v", got)
	}
	updated, err := w.Update(t.Context(), caller("org"), made.ID, "*", template.Change{SuppliedBy: &organization})
	must(t, err)
	w.store.RemoveUse(connection.Ref{Tenant: "acme", ID: "con_1"})
	if updated, err = w.Update(t.Context(), caller("org"), made.ID, "*", template.Change{Credentials: &organization}); err != nil || updated.Credentials != organization {
		t.Errorf("unused: %v", err)
	}
}

// The view says of each input who gives its value.
func TestFields(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d := template.Define{Connector: "salesforce", Name: "SF", Scheme: "oauth2_authorization_code", ClientID: "client-1"}
	d.ClientSecret = define("").ClientSecret
	open := w.API(t.Context(), w.make("acme", d))
	if diff := cmp.Diff([]api.TemplateField{{Name: "host", From: "customer"}}, open.Fields); diff != "" {
		t.Errorf("open (-want +got):\n%s", diff)
	}
	d.StableKey, d.Inputs = "fixed", map[string]string{"host": "login.salesforce.com"}
	fixed := w.make("acme", d)
	if diff := cmp.Diff([]api.TemplateField{{Name: "host", From: "global"}}, w.API(t.Context(), fixed).Fields); diff != "" {
		t.Errorf("fixed (-want +got):\n%s", diff)
	}
	if _, err := w.CheckInputs(t.Context(), of(fixed), map[string]string{"host": "test.salesforce.com"}); err == nil {
		t.Error("a connection gave another value than the template")
	}
}

// However often templates are made and changed at once, a stable key is one
// template's of its owner.
func TestStableKeyIsUnique(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other := w.make("acme", define("other"))
	var group sync.WaitGroup
	var mu sync.Mutex
	made := 0
	for range 8 {
		group.Go(func() {
			if _, err := w.Create(t.Context(), caller("acme"), define("crm")); err == nil {
				mu.Lock()
				made++
				mu.Unlock()
			} else if !fault.Has(err, fault.CodeStableKeyTaken) {
				t.Errorf("got %v", err)
			}
		})
		group.Go(func() {
			if _, err := w.Update(t.Context(), caller("acme"), other.ID, "*", template.Change{Name: pointer("crm")}); err != nil {
				t.Errorf("got %v", err)
			}
		})
	}
	group.Wait()
	found, _, err := w.store.List(t.Context(), "acme", "", 100)
	must(t, err)
	keys := map[string]int{}
	for _, f := range found {
		keys[f.StableKey]++
	}
	if diff := cmp.Diff(map[string]int{"other": 1, "crm": 1}, keys); diff != "" || made != 1 {
		t.Errorf("%d were made (-want +got):\n%s", made, diff)
	}
	if names := w.secrets.Names(); len(names) != 2 {
		t.Errorf("secrets %s, want those of the two", strings.Join(names, " "))
	}
}
