package catalog_test

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/tenonhq/tenon/shared/catalog"
)

// reviewDay is the day the catalog was last reviewed as a whole. A fact is
// stale when it was read more than maxAge before.
var reviewDay = time.Date(2026, time.November, 21, 0, 0, 0, 0, time.UTC)

const maxAge = 400 * 24 * time.Hour

// secretSample matches what a scanner would report as a leaked secret.
var secretSample = regexp.MustCompile(`[sr]k_(live|test)_[A-Za-z0-9]{8}|SG\.[A-Za-z0-9_-]{12}|pat-[a-z0-9]+-[0-9a-f]{8}|` +
	`shp[a-z]{2}_[0-9a-f]{8}|AKIA[0-9A-Z]{12}|eyJ[A-Za-z0-9_-]{16}|[0-9a-f]{32}|-----BEGIN`)

func TestConnectorFiles(t *testing.T) {
	t.Parallel()
	schema := compileSchema(t)
	paths, err := filepath.Glob("connectors/*")
	if err != nil || len(paths) < 9 {
		t.Fatalf("glob: %d files, %v", len(paths), err)
	}
	for _, path := range paths {
		t.Run(filepath.Base(path), func(t *testing.T) {
			t.Parallel()
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			document, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
			if err != nil {
				t.Fatal(err)
			}
			if err := schema.Validate(document); err != nil {
				t.Error(err)
			}
			connector, err := catalog.Catalog{Local: true}.Load(strings.TrimSuffix(filepath.Base(path), ".json"))
			if err != nil {
				t.Fatal(err)
			}
			if got, want := filepath.Base(path), connector.ID+".json"; got != want {
				t.Errorf("file is %s, want %s", got, want)
			}
			for _, complaint := range lint(connector) {
				t.Error(complaint)
			}
			if sample := secretSample.Find(data); sample != nil {
				t.Errorf("text that looks like a secret: %s", sample)
			}
		})
	}
}

func TestSchemaRefuses(t *testing.T) {
	t.Parallel()
	schema := compileSchema(t)
	data, err := os.ReadFile("connectors/hubspot.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ name, old, new string }{
		{"unknown member", `"name": "HubSpot"`, `"name": "HubSpot", "icon": "x"`},
		{"unknown category", `"crm", "marketing"`, `"crm", "sales"`},
		{"implicit grant", `"type": "oauth2_authorization_code"`, `"type": "oauth2_implicit"`},
		{"password grant", `"type": "oauth2_authorization_code"`, `"type": "oauth2_password"`},
		{"plain http", `"url": "https://api.hubapi.com/account-info`, `"url": "http://api.hubapi.com/account-info`},
		{"refresh without policy", `"reuse": "non_rotating", `, ``},
		{"sunset without source", `"source": "https://developers.hubspot.com/docs/apps/legacy-apps/private-apps/overview"`, `"action": ""`},
		{"input type", `"type": "secret"`, `"type": "password"`},
	} {
		broken := strings.Replace(string(data), tt.old, tt.new, 1)
		if broken == string(data) {
			t.Fatalf("%s: nothing to replace", tt.name)
		}
		document, err := jsonschema.UnmarshalJSON(strings.NewReader(broken))
		if err != nil {
			t.Fatalf("%s: %v", tt.name, err)
		}
		if err := schema.Validate(document); err == nil {
			t.Errorf("%s: accepted", tt.name)
		}
	}
}

func TestLintFindsMistakes(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, connector, want string
		mistake               func(*catalog.Connector)
	}{
		{"undeclared value", "shopify", "not declared", func(c *catalog.Connector) { c.Verify.URL = "https://{store}.myshopify.com/x" }},
		{"foreign host", "stripe", "hosts", func(c *catalog.Connector) { c.Verify.URL = "https://api.strlpe.com/v1/account" }},
		{"foreign token host", "hubspot", "hosts", func(c *catalog.Connector) { c.Schemes[0].OAuth.TokenURL = "https://hubapi.example.com/token" }},
		{"http", "stripe", "http", func(c *catalog.Connector) { c.Verify.URL = "http://api.stripe.com/v1/account" }},
		{"undeclared default scope", "hubspot", "scope", func(c *catalog.Connector) { c.Schemes[0].OAuth.DefaultScopes = []string{"oauth", "files"} }},
		{"required scope left out", "hubspot", "scope", func(c *catalog.Connector) { c.Schemes[0].OAuth.DefaultScopes = []string{"tickets"} }},
		{"no token URL", "hubspot", "token", func(c *catalog.Connector) { c.Schemes[0].OAuth.TokenURL = "" }},
		{"no authorize URL", "hubspot", "authorize", func(c *catalog.Connector) { c.Schemes[0].OAuth.AuthorizeURL = "" }},
		{"rotation without policy", "shopify", "reuse", func(c *catalog.Connector) { c.Schemes[0].OAuth.Refresh.Reuse = "non_rotating" }},
		{"day of the future", "stripe", "checkedAt", func(c *catalog.Connector) { c.CheckedAt = "2026-11-22" }},
		{"day long past", "stripe", "checkedAt", func(c *catalog.Connector) { c.CheckedAt = "2025-01-01" }},
		{"no day", "stripe", "checkedAt", func(c *catalog.Connector) { c.CheckedAt = "2026-02-30" }},
		{"sunset of no day", "hubspot", "sunset", func(c *catalog.Connector) { c.Sunsets[0].Date = "2027-13-01" }},
		{"field nowhere applied", "stripe", "apiKey", func(c *catalog.Connector) { c.Schemes[0].Apply.Headers["Authorization"] = "Bearer x" }},
		{"secret among inputs", "sendgrid", "secret", func(c *catalog.Connector) { c.Inputs[0].Type = "secret" }},
		{"pattern of no language", "stripe", "pattern", func(c *catalog.Connector) { c.Schemes[0].Fields[0].Pattern = "(" }},
		{"default outside its pattern", "salesforce", "default", func(c *catalog.Connector) { c.Schemes[0].Inputs[0].Default = "login.example.com" }},
		{"body of no type", "shopify", "body", func(c *catalog.Connector) { c.Verify.Headers = nil }},
		{"same scheme twice", "custom-rest", "twice", func(c *catalog.Connector) { c.Schemes[1].ID = c.Schemes[0].ID }},
		{"verification left out", "stripe", "verif", func(c *catalog.Connector) { c.Verify = nil }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			connector, err := catalog.Catalog{}.Load(tt.connector)
			if err != nil {
				t.Fatal(err)
			}
			tt.mistake(&connector)
			if got := strings.Join(lint(connector), "\n"); !strings.Contains(got, tt.want) {
				t.Errorf("lint says %q, want a word on %q", got, tt.want)
			}
		})
	}
}

func compileSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	compiler := jsonschema.NewCompiler()
	schema, err := compiler.Compile("connector.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return schema
}
