package lint_test

import (
	"bytes"
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/catalog/lint"
)

// file returns the text of a connector of the catalog.
func file(t testing.TB, id string) string {
	t.Helper()
	data, err := os.ReadFile("../connectors/" + id + ".json")
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// What a file is changed into, and the sentence that is said of it.
func TestFormIsChecked(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, old, new, want string }{
		{"unknown field", `"name": "HubSpot"`, `"name": "HubSpot", "icon": "x"`, "The document has the unknown member icon; take it out, or look its name up in connector.schema.json."},
		{"address without a day", `, "checkedAt": "`, `, "readAt": "`, "/sources/0 needs the member checkedAt."},
		{"no recipe", `"rotation": [`, `"rotation_": [`, "/schemes/1 needs the member rotation."},
		{"letters", `"letters": "Hs"`, `"letters": "HubSpot"`, `/logo/letters must match the expression ^\S{1,3}$.`},
		{"missing source", `"sources": [`, `"sunsets_": [`, "The document needs the member sources."},
		{"http endpoint", `"url": "https://api.hubapi.com/account-info`, `"url": "http://api.hubapi.com/account-info`, "/verify/url begins with http://; use https://."},
		{"unknown category", `"crm", "marketing"`, `"crm", "sales"`, "/categories/1 must be one of: accounting cloud "},
		{"implicit grant", `"type": "oauth2_authorization_code"`, `"type": "oauth2_implicit"`, "/schemes/0/type must be one of: oauth2_authorization_code "},
		{"password grant", `"type": "oauth2_authorization_code"`, `"type": "oauth2_password"`, "/schemes/0/type must be one of: oauth2_authorization_code "},
		{"refresh without policy", `"reuse": "non_rotating", `, ``, "/schemes/0/oauth/refresh needs the member reuse."},
		{"input type", `"type": "secret"`, `"type": "password"`, "/schemes/1/fields/0/type must be one of: dns-label "},
		{"wrong type", `"name": "HubSpot"`, `"name": 7`, "/name must be of type string."},
		{"empty text", `"name": "HubSpot"`, `"name": ""`, "/name must not be empty."},
		{"not a name", `"id": "hubspot"`, `"id": "Hub Spot"`, "/id must match the expression ^[a-z0-9-]{1,64}$."},
		{"twice", `"name": "HubSpot"`, `"name": "HubSpot", "name": "x"`, "/name stands twice; keep one."},
		{"an astronomic number", `"name": "HubSpot"`, `"name": 1e999999999`, "/name must be a whole number of at most 12 digits."},
		{"a deep structure", `"name": "HubSpot"`, `"name": ` + strings.Repeat("[", 20) + strings.Repeat("]", 20), "The document has too many values, or too deep a structure."},
		{"many values", `"name": "HubSpot"`, `"name": [` + strings.Repeat("0,", 5000) + `0]`, "The document has too many values, or too deep a structure."},
		{"too long", `"name": "HubSpot"`, `"name": "` + strings.Repeat("x", 128<<10) + `"`, "The document is longer than 131072 bytes."},
		{"cut off", `"name": "HubSpot"`, `"name": "HubSpot`, "The document is not JSON: it cannot be read beyond byte "},
	} {
		broken := strings.Replace(file(t, "hubspot"), tt.old, tt.new, 1)
		if broken == file(t, "hubspot") {
			t.Fatalf("%s: nothing to replace", tt.name)
		}
		requireComplaint(t, tt.name, lint.Check([]byte(broken)), tt.want)
	}
	requireComplaint(t, "two documents", lint.Check([]byte(file(t, "hubspot")+"{}")), "The document goes on after its end.")
	requireComplaint(t, "nothing", lint.Check(nil), "The document is not JSON: it cannot be read beyond byte 0.")
	requireComplaint(t, "a list", lint.Check([]byte("[]")), "The document must be of type object.")
}

func TestRulesAreChecked(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, connector, want string
		mistake               func(*catalog.Connector)
	}{
		{"bad template", "shopify", "/verify/url names {store}, which is not declared or is optional.", func(c *catalog.Connector) { c.Verify.URL = "https://{store}.myshopify.com/x" }},
		{"a text in a host", "shopify", "/verify/url cannot be filled in: shop: a text cannot stand in a host.", func(c *catalog.Connector) { c.Inputs[0].Type, c.Inputs[0].Pattern = "text", "" }},
		{"foreign host", "stripe", "/verify/url leads to a host that is not among the hosts; add it there.", func(c *catalog.Connector) { c.Verify.URL = "https://api.strlpe.com/v1/account" }},
		{"foreign token host", "hubspot", "/schemes/0/oauth/tokenUrl leads to a host that is not among the hosts", func(c *catalog.Connector) { c.Schemes[0].OAuth.TokenURL = "https://hubapi.example.com/token" }},
		{"undeclared default scope", "hubspot", "/schemes/0/oauth/defaultScopes has a scope that is not among the scopes.", func(c *catalog.Connector) { c.Schemes[0].OAuth.DefaultScopes = []string{"oauth", "files"} }},
		{"required scope left out", "hubspot", "/schemes/0/oauth/defaultScopes lacks the required scope oauth.", func(c *catalog.Connector) { c.Schemes[0].OAuth.DefaultScopes = []string{"tickets"} }},
		{"no token URL", "hubspot", "/schemes/0/oauth/tokenUrl is missing", func(c *catalog.Connector) { c.Schemes[0].OAuth.TokenURL = "" }},
		{"no authorize URL", "hubspot", "/schemes/0/oauth/authorizeUrl is missing", func(c *catalog.Connector) { c.Schemes[0].OAuth.AuthorizeURL = "" }},
		{"rotation without policy", "shopify", "/schemes/0/oauth/refresh contradicts itself", func(c *catalog.Connector) { c.Schemes[0].OAuth.Refresh.Reuse = "non_rotating" }},
		{"no day", "stripe", "/sources/0/checkedAt is no day of the calendar.", func(c *catalog.Connector) { c.Sources[0].CheckedAt = "2026-02-30" }},
		{"sunset of no day", "hubspot", "/sunsets/0/date is no day of the calendar.", func(c *catalog.Connector) { c.Sunsets[0].Date = "2027-13-01" }},
		{"field nowhere applied", "stripe", "/schemes/0/apply puts {apiKey} nowhere", func(c *catalog.Connector) { c.Schemes[0].Apply.Headers["Authorization"] = "Bearer x" }},
		{"secret among inputs", "sendgrid", "/inputs/0/type makes it a secret", func(c *catalog.Connector) { c.Inputs[0] = catalog.Input{Name: "region", Title: "R", Type: "secret"} }},
		{"pattern of no language", "stripe", "/schemes/0/fields/0/pattern is no regular expression of RE2.", func(c *catalog.Connector) { c.Schemes[0].Fields[0].Pattern = "(" }},
		{"default outside its pattern", "salesforce", "/schemes/0/inputs/0/default is refused by the type or the pattern of its own input.", func(c *catalog.Connector) { c.Schemes[0].Inputs[0].Default = "login.example.com" }},
		{"a secret as a sample", "stripe", "/schemes/0/fields/0/placeholder looks like a secret", func(c *catalog.Connector) { c.Schemes[0].Fields[0].Placeholder = "rk_live_" + "12345678" }},
		{"body of no type", "shopify", "/verify/body cannot be filled in", func(c *catalog.Connector) { c.Verify.Headers = nil }},
		{"body that is no XML", "custom-soap", "/schemes/0/verify/body is not XML", func(c *catalog.Connector) { c.Schemes[0].Verify.Body = "<a>{verifyOperation}" }},
		{"a password left out of the message", "custom-soap", "/schemes/2/apply puts {username} nowhere", func(c *catalog.Connector) {
			c.Schemes[2].Apply.Values = map[string]string{"password": "{password}"}
		}},
		{"a text that proves success", "custom-soap", "/schemes/0/verify/errors/0", func(c *catalog.Connector) { c.Schemes[0].Verify.Errors[0].Outcome = "ok" }},
		{"a token parameter of an undeclared value", "greenhouse", "/schemes/0/oauth/tokenForm names {other}", func(c *catalog.Connector) {
			c.Schemes[0].OAuth.TokenForm["sub"] = "{other}"
		}},
		{"body that is no JSON", "shopify", "/verify/body is not JSON", func(c *catalog.Connector) { c.Verify.Body = "{" }},
		{"callback of an undeclared value", "shopify", "/schemes/0/oauth/callbackHmac names {store}", func(c *catalog.Connector) { c.Schemes[0].OAuth.CallbackHMAC.Values["shop"] = "{store}" }},
		{"callback signed with nothing", "shopify", "/schemes/0/oauth/callbackHmac needs a client with a secret", func(c *catalog.Connector) { c.Schemes[0].OAuth.ClientAuth = "none" }},
		{"same scheme twice", "custom-rest", "/schemes/1/id stands twice", func(c *catalog.Connector) { c.Schemes[1].ID = c.Schemes[0].ID }},
		{"a claim of an undeclared value", "hubspot", "/schemes/0/assertion names {org}", func(c *catalog.Connector) {
			c.Schemes[0].Assertion = &catalog.Assertion{Algorithm: "RS256", Issuer: "{clientId}", Claims: map[string]string{"org": "{org}"}}
		}},
		{"a client that signs nothing", "hubspot", "/schemes/0 needs the member assertion", func(c *catalog.Connector) { c.Schemes[0].OAuth.ClientAuth = "private_key_jwt" }},
		{"a parameter of an undeclared value", "hubspot", "/schemes/0/oauth/refreshForm names {store}", func(c *catalog.Connector) {
			c.Schemes[0].OAuth.RefreshForm = map[string]string{"uri": "{redirectUri}", "shop": "{store}"}
		}},
		{"a list that needs the choice", "jira", "/schemes/0/accounts/request names {cloudId}, which is not known before an account is chosen.", func(c *catalog.Connector) {
			c.Schemes[0].Accounts.Request.URL = "https://api.atlassian.com/ex/jira/{cloudId}/sites"
		}},
		{"a token endpoint that needs the choice", "jira", "/schemes/0/oauth names {cloudId}, which is not known before an account is chosen.", func(c *catalog.Connector) {
			c.Schemes[0].OAuth.TokenURL = "https://auth.atlassian.com/{cloudId}/token"
		}},
		{"a list on a foreign host", "jira", "/schemes/0/accounts/request/url leads to a host that is not among the hosts; add it there.", func(c *catalog.Connector) {
			c.Schemes[0].Accounts.Request.URL = "https://api.atlasian.com/accessible-resources"
		}},
		{"a choice named as an input", "xero", "/schemes/0/accounts/capture/1/name is the name of another input", func(c *catalog.Connector) {
			a := c.Schemes[0].Accounts
			a.Capture = append(a.Capture, a.Capture[0])
		}},
		{"a verification that names another account", "xero", "/verify/account has no place here", func(c *catalog.Connector) { c.Verify.Account = &catalog.AccountPath{ID: "0.id"} }},
		{"a choice that sets nothing", "xero", "/schemes/0/accounts/capture", func(c *catalog.Connector) { c.Schemes[0].Accounts.Capture = []catalog.Capture{} }},
		{"a choice taken from the handoff", "xero", "/schemes/0/accounts/capture/0/from", func(c *catalog.Connector) { c.Schemes[0].Accounts.Capture[0].From = "token" }},
		{"an account of an undeclared value", "quickbooks", "/verify/account/id names {company}", func(c *catalog.Connector) { c.Verify.Account.ID = "{company}" }},
		{"a capture named as an input", "quickbooks", "/schemes/0/oauth/capture/0/name is the name of another input", func(c *catalog.Connector) { c.Schemes[0].OAuth.Capture[0].Name = "environment" }},
		{"a host of two inputs", "quickbooks", "/schemes/0/server/host must be fixed, or one input in braces.", func(c *catalog.Connector) {
			c.Schemes[0] = catalog.Scheme{ID: "sftp", Type: "ssh_key", Name: "Key", Server: &catalog.Server{Protocol: "sftp", Host: "{environment}{environment}", Port: "22"}, Apply: c.Schemes[0].Apply, Fields: []catalog.Input{{Name: "password", Title: "Password", Type: "secret"}}}
		}},
		{"HTML in a guide", "stripe", "/guide/0/text holds HTML; write Markdown.", func(c *catalog.Connector) { c.Guide[0].Text = "See <img src=x onerror=alert(1)>" }},
		{"a link that runs", "stripe", "/schemes/0/rotation/1/text has a link that does not begin with https://.", func(c *catalog.Connector) { c.Schemes[0].Rotation[1].Text = "[see]( javascript:alert(1))" }},
		{"a link apart", "stripe", "/guide/1/text defines a link apart", func(c *catalog.Connector) { c.Guide[1].Text = "[see]\n[see]: javascript:alert(1)" }},
		{"a pattern of the server's", "stripe", "/schemes/0/fields/0/pattern is not understood by browsers", func(c *catalog.Connector) { c.Schemes[0].Fields[0].Pattern = "(?i)rk_.*" }},
		{"a default secret", "stripe", "/schemes/0/fields/0/default has no place here", func(c *catalog.Connector) { c.Schemes[0].Fields[0].Default = "abc" }},
		{"half the internet", "stripe", "/hosts/0 stands for everything below a top-level domain", func(c *catalog.Connector) { c.Hosts[0] = "*.com" }},
		{"a host of an undeclared value", "stripe", "/hosts/0 names {shop}", func(c *catalog.Connector) { c.Hosts[0] = "{shop}.stripe.com" }},
		{"a blank", "stripe", "/description is still to be filled in; its text says with what.", func(c *catalog.Connector) { c.Description = lint.Blank + "what it gives" }},
		{"verification left out", "stripe", "/verify is missing: nothing verifies the credential.", func(c *catalog.Connector) { c.Verify = nil }},
	} {
		connector, err := catalog.Catalog{}.Load(tt.connector)
		if err != nil {
			t.Fatal(err)
		}
		tt.mistake(&connector)
		data, err := json.Marshal(connector)
		if err != nil {
			t.Fatal(err)
		}
		requireComplaint(t, tt.name, lint.Check(stripZero(data)), tt.want)
	}
}

// stripZero takes out the empty values that Go writes where a file has none.
func stripZero(data []byte) []byte {
	return regexp.MustCompile(`"(title|action|verify|headers)":(""|null),?`).ReplaceAll(data, nil)
}

func TestWhatAnEntryMayDo(t *testing.T) {
	t.Parallel()
	c, err := catalog.Catalog{}.Load("quickbooks")
	if err != nil {
		t.Fatal(err)
	}
	c.Guide[0].Text = "Open *Settings* at [the portal](https://developer.intuit.com/app), if x < 3 and you <3 it."
	s := &c.Schemes[0]
	s.Apply.Headers["X-Realm"] = "{realmId}"
	s.Apply.Values = map[string]string{"realm": "{realmId}"}
	s.Accounts = &catalog.Accounts{
		Request: catalog.Request{Method: "GET", URL: "https://quickbooks.api.intuit.com/v3/companies"}, Items: "companies", ID: "id", Name: "name",
		Capture: []catalog.Capture{{Name: "companyId", From: "account", Path: "id", Type: "path-segment"}},
	}
	c.Verify.Account = nil
	s.Apply.Headers["X-Company"] = "{companyId}"
	s.Assertion = &catalog.Assertion{Algorithm: "PS256", Issuer: "{clientId}", Claims: map[string]string{"realm": "{realmId}"}}
	s.OAuth.ClientAuth, s.OAuth.TokenFormat = "private_key_jwt", "json"
	s.OAuth.RefreshForm = map[string]string{"redirect_uri": "{redirectUri}"}
	data, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	if got := lint.Check(stripZero(data)); len(got) > 0 {
		t.Errorf("lint says %q", got)
	}
}

func TestTypesWithoutImplementation(t *testing.T) {
	t.Parallel()
	if got := lint.Check([]byte(file(t, "stripe")), "api_key", "basic"); len(got) > 0 {
		t.Errorf("a type that is implemented: %q", got)
	}
	requireComplaint(t, "another", lint.Check([]byte(file(t, "stripe")), "basic", "oauth1"),
		"/schemes/0/type is a type that has no implementation; those that have are: basic, oauth1.")
}

// No complaint repeats what the file says but names: it may be a secret in the
// wrong place.
func TestComplaintsHoldNoValue(t *testing.T) {
	t.Parallel()
	const canary = "hunter2 canary"
	text := file(t, "hubspot")
	for _, at := range regexp.MustCompile(`"[^"\\]*"`).FindAllStringIndex(text, -1) {
		broken := text[:at[0]] + `"` + canary + `"` + text[at[1]:]
		if said := strings.Join(lint.Check([]byte(broken)), "\n"); strings.Contains(said, "hunter2") {
			t.Errorf("at byte %d: %s", at[0], said)
		}
	}
}

// FuzzCheck looks for a document that makes the lint panic or say something that
// is no sentence.
func FuzzCheck(f *testing.F) {
	for _, id := range []string{"hubspot", "shopify", "custom-oidc", "custom-rest", "quickbooks"} {
		f.Add([]byte(file(f, id)))
	}
	f.Add([]byte(`{"id":1e99,"schemes":[{"type":"oauth2_authorization_code","oauth":null}],"inputs":[{"type":"enum"}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		connector, complaints := lint.Read(data)
		for _, c := range complaints {
			if !strings.HasSuffix(c, ".") || len(c) > 4096 || strings.ContainsFunc(c, unicode.IsControl) {
				t.Errorf("complaint %q", c)
			}
		}
		if len(complaints) == 0 && (connector.ID == "" || !json.Valid(data) || bytes.ContainsAny([]byte(connector.ID), "/.")) {
			t.Errorf("a connector without an id passes: %s", connector.ID)
		}
		if _, err := json.Marshal(connector.API()); err != nil {
			t.Errorf("what passes cannot be shown: %v", err)
		}
	})
}

func requireComplaint(t *testing.T, name string, got []string, want string) {
	t.Helper()
	if !slices.ContainsFunc(got, func(c string) bool { return strings.HasPrefix(c, want) }) {
		t.Errorf("%s: lint says %q, want %q", name, got, want)
	}
}
