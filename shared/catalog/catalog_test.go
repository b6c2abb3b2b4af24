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
		{"auth scheme", catalog.Filter{AuthScheme: "basic"}, []string{"custom-rest", "mailgun", "twilio", "woocommerce"}},
		{"words in any case and order", catalog.Filter{Query: "STORE  orders"}, []string{"bigcommerce", "shopify", "woocommerce"}},
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
	want := []api.AuthScheme{{
		ID: "api_key", Type: "api_key", Name: "API key",
		Inputs: []api.Input{{
			Name: "region", Title: "Region", Help: sendgrid.Inputs[0].Help, Type: "enum",
			Enum: []string{"api.sendgrid.com", "api.eu.sendgrid.com"}, Default: "api.sendgrid.com",
		}},
		Fields: []api.Input{{
			Name: "apiKey", Title: "API key", Help: sendgrid.Schemes[0].Fields[0].Help, Type: "secret",
			Pattern: sendgrid.Schemes[0].Fields[0].Pattern, Placeholder: "SG.…", Secret: true,
		}},
	}}
	if diff := cmp.Diff(want, view.AuthSchemes); diff != "" {
		t.Error(diff)
	}
	if view.ID != "sendgrid" || view.CheckedAt == "" || len(view.Guide) != 3 || view.RateLimit == "" {
		t.Errorf("view lacks what a page shows: %+v", view)
	}
	hubspot := load(t, "hubspot").API()
	if len(hubspot.Sunsets) != 2 || len(hubspot.AuthSchemes[0].Scopes) == 0 {
		t.Errorf("view lacks sunsets or scopes: %+v", hubspot)
	}
	card := load(t, "custom-rest").Card()
	if want := []string{"api_key", "basic", "client_certificate", "oauth2_authorization_code", "oauth2_client_credentials"}; !cmp.Equal(card.AuthSchemes, want) {
		t.Error(cmp.Diff(want, card.AuthSchemes))
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
