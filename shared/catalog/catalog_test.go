package catalog_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/fault"
)

func TestLoadUnknown(t *testing.T) {
	t.Parallel()
	for _, id := range []string{"", "nothing", "HubSpot", "../connectors/hubspot", "hubspot.json", "hubspot/", "demo-crm"} {
		if _, err := (catalog.Catalog{}).Load(id); !fault.Has(err, fault.CodeNotFound) {
			t.Errorf("Load(%q) = %v, want not_found", id, err)
		}
	}
}

func TestLocalConnector(t *testing.T) {
	t.Parallel()
	if _, err := (catalog.Catalog{Local: true}).Load("demo-crm"); err != nil {
		t.Error(err)
	}
	if got := list(t, catalog.Catalog{}, catalog.Filter{}); slices.Contains(got, "demo-crm") {
		t.Errorf("a deployed catalog lists the demo system: %v", got)
	}
	if got := list(t, catalog.Catalog{Local: true}, catalog.Filter{}); !cmp.Equal(got, catalog.IDs()) {
		t.Error(cmp.Diff(catalog.IDs(), got))
	}
}

func TestListFilters(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		filter catalog.Filter
		want   []string
	}{
		{"category", catalog.Filter{Category: "crm"}, []string{"hubspot", "intercom", "pipedrive", "salesforce"}},
		{"auth scheme", catalog.Filter{AuthScheme: "basic"}, []string{"custom-graphql", "custom-rest", "custom-soap", "jira", "mailgun", "twilio", "woocommerce"}},
		{"words in any case and order", catalog.Filter{Query: "STORE  orders"}, []string{"adobe-commerce", "bigcommerce", "shopify", "woocommerce"}},
		{"all of them", catalog.Filter{Category: "email", AuthScheme: "oauth2_authorization_code"}, []string{"constant-contact", "google-workspace", "mailchimp", "microsoft-365"}},
		{"nothing", catalog.Filter{Query: "store rocket"}, nil},
	} {
		if got := list(t, catalog.Catalog{}, tt.filter); !cmp.Equal(got, tt.want) {
			t.Errorf("%s: %s", tt.name, cmp.Diff(tt.want, got))
		}
	}
}

func TestScheme(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		connector, id, want string
		ok                  bool
	}{
		{"stripe", "", "api_key", true},
		{"stripe", "basic", "", false},
		{"hubspot", "", "", false},
		{"hubspot", "api_key", "api_key", true},
	} {
		got, ok := load(t, tt.connector).Scheme(tt.id)
		if got.ID != tt.want || ok != tt.ok {
			t.Errorf("%s %q: got %s, %v", tt.connector, tt.id, got.ID, ok)
		}
	}
}

func TestAPI(t *testing.T) {
	t.Parallel()
	sendgrid := load(t, "sendgrid")
	view := sendgrid.API()
	scheme := sendgrid.Schemes[0]
	want := []api.AuthScheme{{
		ID: "api_key", Type: "api_key", Name: "API key",
		Inputs: []api.Input{{
			Name: "region", Title: "Region", Help: sendgrid.Inputs[0].Help, Type: "enum",
			Enum: []string{"api.sendgrid.com", "api.eu.sendgrid.com"}, Default: "api.sendgrid.com",
		}},
		Fields: []api.Input{{
			Name: "apiKey", Title: "API key", Help: scheme.Fields[0].Help, Type: "secret",
			Pattern: scheme.Fields[0].Pattern, Placeholder: "SG.…", Secret: true,
		}},
		Form: sendgrid.Form(scheme),
		Rotation: []api.GuideStep{
			api.GuideStep(scheme.Rotation[0]), api.GuideStep(scheme.Rotation[1]), api.GuideStep(scheme.Rotation[2]),
		},
	}}
	if diff := cmp.Diff(want, view.AuthSchemes); diff != "" {
		t.Error(diff)
	}
	if view.ID != "sendgrid" || view.CheckedAt != "2026-11-20" || len(view.Guide) != 3 || view.RateLimit == "" || view.Network != "public" || view.Logo != sendgrid.Logo.SVG("Twilio SendGrid") {
		t.Errorf("view lacks what a page shows: %+v", view)
	}
	hubspot := load(t, "hubspot").API()
	if len(hubspot.Sunsets) != 2 || len(hubspot.AuthSchemes[0].Scopes) == 0 {
		t.Errorf("view lacks sunsets or scopes: %+v", hubspot)
	}
	if got := load(t, "salesforce").API().Network; got != "allowlist" {
		t.Errorf("salesforce: network %q", got)
	}
	card := load(t, "custom-rest").Card()
	if want := []string{"api_key", "basic", "client_certificate", "oauth2_authorization_code", "oauth2_client_credentials"}; !cmp.Equal(card.AuthSchemes, want) || card.Logo == "" {
		t.Errorf("card without logo %q, or %s", card.Logo, cmp.Diff(want, card.AuthSchemes))
	}
}

func TestAPIOfInputsAndAccounts(t *testing.T) {
	t.Parallel()
	c := catalog.Connector{
		Inputs:  []catalog.Input{{Name: "region", Type: catalog.TypeText, Global: true, Docs: "https://docs.example.com/regions"}},
		Schemes: []catalog.Scheme{{ID: "one", Accounts: &catalog.Accounts{}}, {ID: "two"}},
		Sources: []catalog.Source{{CheckedAt: "2026-11-20"}, {CheckedAt: "2026-03-01"}, {CheckedAt: "2026-11-21"}},
	}
	view := c.API()
	if in := view.AuthSchemes[0].Inputs[0]; !in.Global || in.Docs != "https://docs.example.com/regions" {
		t.Errorf("input %+v", in)
	}
	if !view.AuthSchemes[0].Accounts || view.AuthSchemes[1].Accounts {
		t.Error("the scheme that lists accounts is not told apart")
	}
	if view.CheckedAt != "2026-03-01" {
		t.Errorf("checked at %s, want the day of the oldest source", view.CheckedAt)
	}
}

func load(t *testing.T, id string) catalog.Connector {
	t.Helper()
	connector, err := catalog.Catalog{Local: true}.Load(id)
	if err != nil {
		t.Fatal(err)
	}
	return connector
}

func list(t *testing.T, c catalog.Catalog, filter catalog.Filter) []string {
	t.Helper()
	connectors, err := c.List(filter)
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, connector := range connectors {
		ids = append(ids, connector.ID)
	}
	return ids
}
