package template_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/template"
)

// While anything of a document is refused nothing of it is done, and no value of it
// is repeated.
func TestImportRefuses(t *testing.T) {
	t.Parallel()
	const canary = "canary"
	for name, c := range map[string]struct {
		edit    func(*api.TemplateDefinition)
		pointer string
	}{
		"an unknown connector":       {func(d *api.TemplateDefinition) { d.Connector = canary }, "/connector"},
		"another connector":          {func(d *api.TemplateDefinition) { d.StableKey = "crm"; d.Connector = "stripe" }, "/connector"},
		"an unknown auth scheme":     {func(d *api.TemplateDefinition) { d.AuthScheme = canary }, "/authScheme"},
		"another auth scheme":        {func(d *api.TemplateDefinition) { d.StableKey = "crm"; d.AuthScheme = "api_key" }, "/authScheme"},
		"the organization's account": {func(d *api.TemplateDefinition) { d.Credentials = "organization" }, "/credentials"},
		"a supplier":                 {func(d *api.TemplateDefinition) { d.StableKey = "crm"; d.SuppliedBy = "organization" }, "/suppliedBy"},
		"a secret as an input":       {func(d *api.TemplateDefinition) { d.Inputs["clientSecret"] = canary }, "/inputs/clientSecret"},
		"a link-local host":          {func(d *api.TemplateDefinition) { d.Inputs["baseUrl"] = "https://169.254.169.254/" + canary }, "/inputs/baseUrl"},
		"a link-local host, there": {func(d *api.TemplateDefinition) {
			d.StableKey = "crm"
			d.Inputs["baseUrl"] = "https://169.254.169.254/" + canary
		}, "/inputs/baseUrl"},
		"user info in a URL":   {func(d *api.TemplateDefinition) { d.Inputs["baseUrl"] = "https://" + canary + ":x@crm.example.com" }, "/inputs/baseUrl"},
		"a scope with a space": {func(d *api.TemplateDefinition) { d.Scopes = []string{"a", canary + " b"} }, "/scopes/1"},
		"scopes of a key":      {func(d *api.TemplateDefinition) { d.AuthScheme = "api_key" }, "/scopes"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.make("acme", define("crm"))
			bad := defined("bad", "Bad")
			c.edit(&bad)
			before, n := w.exported("acme"), w.wrote()
			for _, dryRun := range []bool{true, false} {
				in := document(defined("fine", "Fine"), bad)
				in.DryRun = dryRun
				result := w.imported("acme", in)
				if result.Applied || result.Complete || result.Changes[0].Action != "created" || result.Changes[1].Action != "refused" {
					t.Fatalf("got %+v", result)
				}
				p := result.Changes[1].Problem
				if len(p.Errors) != 1 || p.Errors[0].Pointer != "/templates/1"+c.pointer {
					t.Errorf("got %+v, want a pointer to %s", p, c.pointer)
				}
				if text, _ := json.Marshal(p); strings.Contains(string(text), canary) {
					t.Errorf("a value is repeated: %s", text)
				}
			}
			if *n != 0 || w.exported("acme") != before {
				t.Errorf("%d writes: %s", *n, w.exported("acme"))
			}
		})
	}
}

// What connections could not go along with is refused, as it is by PATCH.
func TestImportRefusesWhatIsInUse(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d := define("crm")
	d.Connector, d.Inputs, d.Scopes = "shopify", map[string]string{"shop": "acme"}, nil
	must(t, w.store.AddUse(of(w.make("org", d))))
	open := api.TemplateDefinition{
		StableKey: "crm", Connector: "shopify", Name: "CRM", AuthScheme: d.Scheme, Credentials: "customer", SuppliedBy: "customer", Embedded: true,
	}
	parties := open
	parties.Credentials, parties.SuppliedBy, parties.Inputs = "organization", "organization", d.Inputs
	for name, d := range map[string]api.TemplateDefinition{"other owners": parties, "a value that nobody gives": open} {
		n := w.wrote()
		result := w.imported("org", document(d))
		if p := result.Changes[0].Problem; *n != 0 || p == nil || p.Code != string(fault.CodeTemplateInUse) {
			t.Errorf("%s: got %+v after %d writes", name, result, *n)
		}
	}
	w.store.RemoveUse(connection.Ref{Tenant: "acme", ID: "con_1"})
	if got := did(w.imported("org", document(parties))); got != "crm updated" {
		t.Errorf("once nobody uses it: %s", got)
	}
}

// A template that is being deleted keeps its stable key until it is gone.
func TestImportWhileItIsDeleted(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	made := w.make("acme", define("crm"))
	_, err := w.store.Update(t.Context(), "acme", made.ID, func(s *template.Template) error {
		s.Deleting = true
		return nil
	})
	must(t, err)
	if got := w.exported("acme"); got != "[]" {
		t.Errorf("exported %s", got)
	}
	result := w.imported("acme", document(defined("crm", "CRM")))
	if did(result) != "crm refused" || result.Changes[0].Problem.Code != string(fault.CodeConflict) {
		t.Errorf("got %+v", result)
	}
}

// A document that says two things, or keeps values of nothing, is no document.
func TestImportOfContradictions(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.wrote()
	twice := document(defined("crm", "CRM"), defined("erp", "ERP"), defined("crm", "Other"))
	of := document(defined("crm", "CRM"))
	of.Keep = map[string][]string{"erp": {"baseUrl"}}
	connectors := document()
	connectors.Connectors = []map[string]any{{"id": "own-a"}, {"id": "own-a"}}
	for pointer, in := range map[string]api.TemplateImport{"/templates/2/stableKey": twice, "/keep": of, "/connectors/1/id": connectors} {
		_, err := w.importAs("acme", in)
		refused(t, err, fault.CodeValidationFailed)
		if got := wrongPointer(err); got != pointer {
			t.Errorf("got pointer %s, want %s", got, pointer)
		}
	}
	misspelt := document(defined("crm", "CRM"))
	misspelt.Keep = map[string][]string{"crm": {"baseURL"}}
	w.make("acme", define("crm"))
	*n = 0
	if got := did(w.imported("acme", misspelt)); got != "crm refused" || *n != 0 {
		t.Errorf("an input that there is not: %s", got)
	}
}

// A tenant's import sees and touches its own templates alone, those of the
// organization under the same stable keys neither.
func TestImportIsOfOneTenant(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	shared, foreign := w.make("org", define("crm")), w.make("globex", define("crm"))
	if got := did(w.imported("acme", document(defined("crm", "Acme's")))); got != "crm created" {
		t.Error(got)
	}
	for _, other := range []template.Template{shared, foreign} {
		if got := w.stored(other); got.Revision != 1 || got.Name != "CRM" {
			t.Errorf("%s: got %+v", other.Owner, got)
		}
	}
}
