package template_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/template"
)

// defined is what a document says of a template for the demo CRM.
func defined(stableKey, name string) api.TemplateDefinition {
	return api.TemplateDefinition{
		StableKey: stableKey, Connector: "demo-crm", Name: name, AuthScheme: "oauth2_authorization_code",
		Credentials: "customer", SuppliedBy: "customer", Embedded: true,
		Scopes: []string{"crm.read"}, Inputs: map[string]string{"baseUrl": "https://crm.example.com/dev"},
	}
}

func document(templates ...api.TemplateDefinition) api.TemplateImport {
	return api.TemplateImport{TemplateDocument: api.TemplateDocument{Version: 1, Templates: templates}}
}

func (w *world) importAs(owner string, in api.TemplateImport) (api.TemplateImportResult, error) {
	return (&template.Importer{Templates: w.Service}).Import(w.t.Context(), caller(owner), in)
}

func (w *world) imported(owner string, in api.TemplateImport) api.TemplateImportResult {
	w.t.Helper()
	result, err := w.importAs(owner, in)
	must(w.t, err)
	return result
}

// exported is what the owner's templates say, as JSON.
func (w *world) exported(owner string) string {
	w.t.Helper()
	doc, err := w.Export(w.t.Context(), caller(owner), nil)
	must(w.t, err)
	text, err := json.Marshal(doc.Templates)
	must(w.t, err)
	return string(text)
}

// wrote counts the writes of the store from now on.
func (w *world) wrote() *int {
	n := new(int)
	before := w.before
	w.before = func(op string) error {
		if op != "inUse" {
			*n++
		}
		return before(op)
	}
	return n
}

func did(r api.TemplateImportResult) string {
	var list []string
	for _, c := range r.Changes {
		list = append(list, c.StableKey+" "+c.Action)
	}
	return strings.Join(list, ", ")
}

// Values of the document are compared as they are kept, not as they are written.
func TestImportIsIdempotent(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d := defined("crm", "CRM")
	d.Scopes, d.Inputs = []string{"crm.write", "crm.read", "crm.read"}, map[string]string{"baseUrl": " https://CRM.example.com/dev/ "}
	if got := did(w.imported("acme", document(d))); got != "crm created" {
		t.Error(got)
	}
	n := w.wrote()
	result := w.imported("acme", document(d))
	if got := did(result); got != "crm unchanged" || *n != 0 || !result.Applied || len(result.Todo) != 1 {
		t.Errorf("%s after %d writes: %+v", got, *n, result)
	}
}

// Nobody connects through an imported template before its client is entered. It
// can be brought in line before and after that, and its client stays.
func TestImportedTemplateMissesItsClient(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first := w.imported("acme", document(defined("crm", "CRM")))
	id := first.Todo[0].TemplateID
	want := []api.TemplateImportTodo{{
		StableKey: "crm", TemplateID: id, Missing: []string{"clientId", "clientSecret"}, RedirectURI: "https://tenon.example.com/v1/oauth/callback/" + id,
	}}
	if diff := cmp.Diff(want, first.Todo); diff != "" || first.Complete {
		t.Errorf("to do (-want +got):\n%s", diff)
	}
	of := connection.Connection{Tenant: "acme", ID: "con_1", TemplateOwner: "acme", TemplateID: id}
	refused(t, w.Admit(t.Context(), caller("acme"), of), fault.CodeTemplateIncomplete)
	if second := w.imported("acme", document(defined("crm", "New name"))); did(second) != "crm updated" || len(second.Todo) != 1 {
		t.Errorf("while it is incomplete: %+v", second)
	}
	_, err := w.Update(t.Context(), caller("acme"), id, "*", template.Change{ClientID: pointer("client-1"), ClientSecret: pointer(secret.FromString(firstSecret))})
	must(t, err)
	third := w.imported("acme", document(defined("crm", "Third name")))
	stored, err := w.store.Get(t.Context(), "acme", id)
	must(t, err)
	if did(third) != "crm updated" || !third.Complete || stored.ClientID != "client-1" || stored.Secret == nil || stored.Name != "Third name" {
		t.Errorf("got %+v, stored %+v", third, stored)
	}
	must(t, w.Admit(t.Context(), caller("acme"), of))
}

// A value that is kept stays where there is the template, and is the document's
// where there is none.
func TestImportKeeps(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	made := w.make("acme", define("crm"))
	there, fresh := defined("crm", "CRM"), defined("fresh", "Fresh")
	there.Inputs = map[string]string{"baseUrl": "https://crm.example.com/prod"}
	fresh.Inputs = there.Inputs
	in := document(there, fresh)
	in.Keep = map[string][]string{"crm": {"baseUrl"}, "fresh": {"baseUrl"}}
	if got := did(w.imported("acme", in)); got != "crm unchanged, fresh created" {
		t.Error(got)
	}
	if got := w.stored(made).Inputs["baseUrl"]; got != "https://crm.example.com/dev" {
		t.Errorf("got %s", got)
	}
	in.Keep = nil
	result := w.imported("acme", in)
	wantField := []api.TemplateImportField{{Pointer: "/inputs/baseUrl", From: "https://crm.example.com/dev", To: "https://crm.example.com/prod"}}
	if diff := cmp.Diff(wantField, result.Changes[0].Fields); diff != "" || did(result) != "crm updated, fresh unchanged" {
		t.Errorf("%s: (-want +got):\n%s", did(result), diff)
	}
	// The connections made from it take it over, as they do a change by PATCH.
	if s := w.stored(made); s.Inheritance.Revision != s.Revision || s.Inheritance.Due.IsZero() {
		t.Errorf("nobody inherits: %+v", s.Inheritance)
	}
}

// Cut short at every write, lost answers included, and repeated: nothing is done
// twice and the rest is done.
func TestImportSurvivesCrashes(t *testing.T) {
	t.Parallel()
	in := document(defined("a", "A"), defined("b", "B"), defined("crm", "Renamed"), defined("d", "D"))
	for lost := range 2 {
		for at := 1; at <= 4; at++ {
			t.Run(fmt.Sprintf("write %d, done before %v", at, lost == 1), func(t *testing.T) {
				t.Parallel()
				w := newWorld(t)
				made := w.make("acme", define("crm"))
				n := 0
				crash := func(op string) error {
					if n++; n == at && op != "inUse" {
						return errBusy
					}
					return nil
				}
				if lost == 1 {
					w.after = crash
				} else {
					w.before = crash
				}
				if _, err := w.importAs("acme", in); !fault.Has(err, fault.CodeRetryLater) {
					t.Fatalf("got %v, want the crash", err)
				}
				if got := w.imported("acme", in); !got.Applied {
					t.Errorf("not finished: %s", did(got))
				}
				if got := w.stored(made); got.Revision != made.Revision+1 || got.Name != "Renamed" || got.ClientID != "client-1" {
					t.Errorf("got %+v", got)
				}
				text, err := json.Marshal(in.Templates)
				must(t, err)
				if got := w.exported("acme"); got != string(text) {
					t.Errorf("got %s, want %s", got, text)
				}
				if got := did(w.imported("acme", in)); strings.Count(got, "unchanged") != 4 {
					t.Error(got)
				}
			})
		}
	}
}

// Somebody else changes a template between the check and the write: theirs stays,
// and the import says what to do.
func TestImportThatIsRaced(t *testing.T) {
	t.Parallel()
	for name, op := range map[string]string{"a change": "update", "another template of the key": "create"} {
		w := newWorld(t)
		w.make("acme", define("crm"))
		w.before = func(at string) error {
			if at == op {
				w.before = func(string) error { return nil }
				if op == "create" {
					w.make("acme", define("fresh"))
					return nil
				}
				_, err := w.Update(t.Context(), caller("acme"), w.keyed("crm").ID, "*", template.Change{Name: pointer("Theirs")})
				return err
			}
			return nil
		}
		_, err := w.importAs("acme", document(defined("crm", "Ours"), defined("fresh", "Fresh")))
		if f := fault.From(err); f.Code != fault.CodeConflict || f.Remedy != "retry" {
			t.Errorf("%s: got %v", name, err)
		}
		if op == "update" && w.keyed("crm").Name != "Theirs" {
			t.Error("the change of somebody else is lost")
		}
		if result := w.imported("acme", document(defined("crm", "Ours"), defined("fresh", "Fresh"))); !result.Applied || w.keyed("crm").Name != "Ours" {
			t.Errorf("%s: again: %s", name, did(result))
		}
	}
}

// What is noted of a template without a new revision stays, even when it is noted at
// the same moment.
func TestImportKeepsTheTestConnection(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	made := w.make("acme", define("crm"))
	w.before = func(op string) error {
		w.before = func(string) error { return nil }
		_, err := w.store.Update(t.Context(), "acme", made.ID, func(s *template.Template) error {
			s.TestConnection = "con_9"
			return nil
		})
		return err
	}
	w.imported("acme", document(defined("crm", "New name")))
	if got := w.stored(made); got.TestConnection != "con_9" || got.Name != "New name" {
		t.Errorf("got %+v", got)
	}
}

// keyed returns Acme's template of a stable key.
func (w *world) keyed(stableKey string) template.Template {
	w.t.Helper()
	all, _, err := w.store.List(w.t.Context(), "acme", "", 100)
	must(w.t, err)
	i := slices.IndexFunc(all, func(t template.Template) bool { return t.StableKey == stableKey })
	if i < 0 {
		w.t.Fatalf("there is no %s", stableKey)
	}
	return all[i]
}

// What discovery found is found once, not with every import, and an issuer that does
// not answer is a reason to refuse.
func TestImportDiscovers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d := defined("login", "Login")
	d.Connector, d.Scopes, d.Inputs = "custom-oidc", nil, map[string]string{"issuer": issuer}
	refusedFirst := w.imported("acme", document(d, defined("crm", "CRM")))
	if did(refusedFirst) != "login refused, crm created" || refusedFirst.Applied || w.exported("acme") != "[]" {
		t.Errorf("no answer: %+v", refusedFirst)
	}
	w.HTTP = answers(200, metadata(nil))
	w.imported("acme", document(d))
	if e := w.keyed("login").Endpoints; e == nil || e.Token != issuer+"/token" {
		t.Errorf("found %+v", e)
	}
	w.HTTP = doer(unreachable)
	d.Name = "New name"
	if got := did(w.imported(auth.Organization, document(defined("crm", "CRM")))) + ", " + did(w.imported("acme", document(d))); got != "crm created, login updated" {
		t.Error(got)
	}
	if e := w.keyed("login").Endpoints; e == nil || e.Token != issuer+"/token" {
		t.Errorf("kept %+v", e)
	}
}
