package demo_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/infra/local/demo"
	"github.com/tenonhq/tenon/shared/api"
)

// records is an environment that keeps what is created in it, and can be made
// to fail at a change.
type records struct {
	*httptest.Server
	tenants   map[string]api.Tenant
	templates []api.TemplateCreate
	flows     map[string]api.FlowPut // By tenant and id.
	changes   []string
	failAt    int // The change that fails; 0 for none.
}

func newRecords(t *testing.T) *records {
	t.Helper()
	e := &records{tenants: map[string]api.Tenant{}, flows: map[string]api.FlowPut{}}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /dev/token", answer(map[string]string{"token": "jwt"}))
	mux.HandleFunc("GET /v1/tenants/{id}", e.getTenant)
	mux.HandleFunc("POST /v1/tenants", e.change(e.createTenant))
	mux.HandleFunc("GET /v1/templates", e.listTemplates)
	mux.HandleFunc("POST /v1/templates", e.change(e.createTemplate))
	mux.HandleFunc("GET /v1/flows/{id}", e.getFlow)
	mux.HandleFunc("PUT /v1/flows/{id}", e.change(e.putFlow))
	e.Server = httptest.NewServer(mux)
	t.Cleanup(e.Close)
	mux.HandleFunc("GET /dev/crm/", page(200, `<code id="client-secret">crm_secret_x</code><code>`+e.URL+`/dev/crm/oauth/token</code>`))
	return e
}

func (e *records) change(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		e.changes = append(e.changes, r.Method+" "+r.URL.Path)
		if len(e.changes) == e.failAt {
			problem(503, "unavailable", "Later.")(w, r)
			return
		}
		next(w, r)
	}
}

func (e *records) getTenant(w http.ResponseWriter, r *http.Request) {
	t, ok := e.tenants[r.PathValue("id")]
	if !ok {
		problem(404, "not_found", "There is no such tenant.")(w, r)
		return
	}
	answer(t)(w, r)
}

func (e *records) createTenant(w http.ResponseWriter, r *http.Request) {
	var t api.Tenant
	if json.NewDecoder(r.Body).Decode(&t) != nil || e.tenants[t.ID].State == "ready" {
		problem(409, "tenant_exists", "There is a tenant of this id already.")(w, r)
		return
	}
	t.State = "ready"
	e.tenants[t.ID] = t
	answer(t)(w, r)
}

// listTemplates answers one template a page.
func (e *records) listTemplates(w http.ResponseWriter, r *http.Request) {
	at := 0
	_, _ = fmt.Sscan(r.FormValue("cursor"), &at)
	var found api.Templates
	if at < len(e.templates) {
		found.Items = []api.Template{{StableKey: e.templates[at].StableKey}}
	}
	if at+1 < len(e.templates) {
		found.NextCursor = fmt.Sprint(at + 1)
	}
	answer(found)(w, r)
}

func (e *records) createTemplate(w http.ResponseWriter, r *http.Request) {
	var t api.TemplateCreate
	if json.NewDecoder(r.Body).Decode(&t) != nil || slices.ContainsFunc(e.templates, func(o api.TemplateCreate) bool { return o.StableKey == t.StableKey }) {
		problem(409, "stable_key_taken", "The key is taken.")(w, r)
		return
	}
	e.templates = append(e.templates, t)
	answer(api.Template{StableKey: t.StableKey})(w, r)
}

func (e *records) getFlow(w http.ResponseWriter, r *http.Request) {
	if _, ok := e.flows[r.Header.Get("Tenon-Tenant")+"/"+r.PathValue("id")]; !ok {
		problem(404, "not_found", "There is no such flow.")(w, r)
		return
	}
	answer(api.Flow{})(w, r)
}

func (e *records) putFlow(w http.ResponseWriter, r *http.Request) {
	var f api.FlowPut
	_ = json.NewDecoder(r.Body).Decode(&f)
	e.flows[r.Header.Get("Tenon-Tenant")+"/"+r.PathValue("id")] = f
	answer(api.Flow{})(w, r)
}

// check fails unless everything is there, once.
func (e *records) check(t *testing.T) {
	t.Helper()
	flow := api.FlowPut{Name: "Contact sync", Kind: "sync", State: "paused", Bindings: []api.BindingPut{
		{Slot: "source", Connector: "demo-crm"}, {Slot: "destination", Connector: "demo-crm"},
	}}
	if diff := cmp.Diff(map[string]api.FlowPut{"acme/contact-sync": flow}, e.flows); diff != "" {
		t.Errorf("flows (-want +got):\n%s", diff)
	}
	if e.tenants["acme"].Name != "Acme" || e.tenants["globex"].Name != "Globex" || len(e.tenants) != 2 {
		t.Errorf("got tenants %v", e.tenants)
	}
	var got []string
	for _, c := range e.templates {
		got = append(got, strings.Join([]string{c.StableKey, c.Name, c.Connector, c.AuthScheme, c.ClientID, strings.Join(c.Scopes, " "), c.Inputs["baseUrl"], fmt.Sprint(*c.Embedded)}, "|"))
	}
	if diff := cmp.Diff([]string{
		"demo-crm|Demo CRM|demo-crm|oauth2_authorization_code|tenon-dev|crm.read crm.write|" + e.URL + "/dev/crm|true",
		"demo-crm-key|Demo CRM with a key|demo-crm|api_key|||" + e.URL + "/dev/crm|true",
	}, got); diff != "" {
		t.Errorf("templates (-want +got):\n%s", diff)
	}
}

func TestSeedTwiceIsSeedOnce(t *testing.T) {
	t.Parallel()
	e := newRecords(t)
	for range 2 {
		if err := demo.Seed(t.Context(), e.URL+"/"); err != nil {
			t.Fatal(err)
		}
		e.check(t)
	}
	if len(e.changes) != 5 {
		t.Errorf("got the changes %v, want five", e.changes)
	}
}

func TestSeedGoesOnAfterAFailure(t *testing.T) {
	t.Parallel()
	for n := 1; n <= 5; n++ {
		e := newRecords(t)
		e.failAt = n
		if err := demo.Seed(t.Context(), e.URL); err == nil || !strings.HasPrefix(err.Error(), "seed the ") || strings.Contains(err.Error(), "crm_secret") {
			t.Errorf("change %d fails: got %v", n, err)
		}
		if err := demo.Seed(t.Context(), e.URL); err != nil {
			t.Errorf("after change %d: %v", n, err)
		}
		e.check(t)
	}
}

func TestSeedFinishesATenantThatIsHalfMade(t *testing.T) {
	t.Parallel()
	e := newRecords(t)
	e.tenants["acme"] = api.Tenant{ID: "acme", Name: "Acme", State: "provisioning"}
	if err := demo.Seed(t.Context(), e.URL); err != nil {
		t.Fatal(err)
	}
	e.check(t)
}

// What somebody changed or removed is left alone.
func TestSeedLeavesWhatIsThere(t *testing.T) {
	t.Parallel()
	e := newRecords(t)
	e.tenants["acme"] = api.Tenant{ID: "acme", Name: "Other", State: "removed"}
	if err := demo.Seed(t.Context(), e.URL); err != nil {
		t.Fatal(err)
	}
	if e.tenants["acme"].Name != "Other" || len(e.flows) > 0 {
		t.Errorf("got tenants %v and flows %v", e.tenants, e.flows)
	}
}
