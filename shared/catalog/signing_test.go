package catalog_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/tenonhq/tenon/shared/catalog"
)

// unheadered is an entry with the schemes whose credential stands in no header
// a person could fill in.
const unheadered = `{
  "id": "sample", "name": "Sample", "description": "A sample.", "categories": ["custom"],
  "hosts": ["{accountId}.example.com", "example.com"], "baseUrl": "https://{accountId}.example.com",
  "inputs": [{"name": "accountId", "title": "Account", "type": "dns-label"}],
  "verify": {"method": "GET", "url": "https://{accountId}.example.com/me"},
  "guide": [{"title": "Step", "text": "Do it."}], "sources": ["https://example.com/docs"], "checkedAt": "2026-11-01",
  "schemes": [
    {"id": "handoff", "type": "oauth1", "name": "Sign in", "oauth1": {
      "requestUrl": "https://example.com/request", "authorizeUrl": "https://example.com/authorize", "accessUrl": "https://example.com/access",
      "signatureMethod": "HMAC-SHA1", "realm": "{accountId}"}},
    {"id": "token", "type": "oauth1", "name": "Token", "oauth1": {"signatureMethod": "HMAC-SHA256"}, "fields": [
      {"name": "consumerKey", "title": "Key", "type": "secret"}, {"name": "consumerSecret", "title": "Secret", "type": "secret"},
      {"name": "token", "title": "Token", "type": "secret"}, {"name": "tokenSecret", "title": "Secret", "type": "secret"}]},
    {"id": "tba", "type": "netsuite_tba", "name": "TBA", "fields": [
      {"name": "consumerKey", "title": "Key", "type": "secret"}, {"name": "consumerSecret", "title": "Secret", "type": "secret"},
      {"name": "tokenId", "title": "Token ID", "type": "secret"}, {"name": "tokenSecret", "title": "Secret", "type": "secret"}]},
    {"id": "login", "type": "session_token", "name": "Login", "apply": {"headers": {"X-Session": "{accessToken}"}},
      "fields": [{"name": "username", "title": "User", "type": "text"}, {"name": "password", "title": "Password", "type": "secret"}],
      "login": {
        "request": {"method": "POST", "url": "https://{accountId}.example.com/login", "headers": {"Content-Type": "application/json"}, "body": "{\"u\":\"{username}\",\"p\":\"{password}\"}"},
        "token": "data.token", "expiresIn": "data.ttl", "seconds": 900, "logout": {"method": "POST", "url": "https://{accountId}.example.com/logout"}}},
    {"id": "none", "type": "none", "name": "No credential"}
  ]
}`

func TestSchemaOfSigningSchemes(t *testing.T) {
	t.Parallel()
	schema := compileSchema(t)
	valid := func(text string) error {
		document, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		return schema.Validate(document)
	}
	if err := valid(unheadered); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string][2]string{
		"a signature method of no one":   {`"HMAC-SHA256"`, `"PLAINTEXT"`},
		"a handoff without an end":       {`, "accessUrl": "https://example.com/access"`, ``},
		"oauth1 without a description":   {`, "oauth1": {"signatureMethod": "HMAC-SHA256"}`, ``},
		"a session without a login":      {`"login": {`, `"logon": {`},
		"a login elsewhere":              {`"name": "No credential"`, `"name": "No credential", "login": {"request": {"method": "GET", "url": "https://example.com/"}}`},
		"fields where nothing is needed": {`"name": "No credential"`, `"name": "No credential", "fields": [{"name": "a", "title": "A", "type": "secret"}]`},
		"a session that is not applied":  {`"apply": {"headers": {"X-Session": "{accessToken}"}},`, ``},
	} {
		broken := strings.Replace(unheadered, change[0], change[1], 1)
		if broken == unheadered || valid(broken) == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func TestLintOfSigningSchemes(t *testing.T) {
	t.Parallel()
	for name, change := range map[string][3]string{
		"as it is":                        {`"x"`, `"x"`, ``},
		"realm of an undeclared value":    {`"realm": "{accountId}"`, `"realm": "{account}"`, "realm"},
		"realm of a secret":               {`"signatureMethod": "HMAC-SHA256"`, `"signatureMethod": "HMAC-SHA256", "realm": "{token}"`, "realm"},
		"no way to a token":               {`{"name": "token", "title": "Token"`, `{"name": "tokn", "title": "Token"`, "no handoff"},
		"a key without its secret":        {`{"name": "consumerSecret", "title"`, `{"name": "secret", "title"`, "no secret beside it"},
		"temporary token on a far host":   {`https://example.com/request`, `https://example.org/request`, "hosts"},
		"login on a far host":             {`https://{accountId}.example.com/login`, `https://example.org/login`, "hosts"},
		"login of an undeclared field":    {`{password}`, `{pasword}`, "pasword"},
		"token in two places":             {`"token": "data.token"`, `"token": "data.token", "header": "X-Session"`, "several places"},
		"password on every later call":    {`"X-Session": "{accessToken}"`, `"X-Session": "{accessToken}{password}"`, "not declared"},
		"session that is applied nowhere": {`"X-Session": "{accessToken}"`, `"X-Session": "x"`, "applied nowhere"},
	} {
		text := unheadered
		if change[2] != "" {
			text = strings.Replace(unheadered, change[0], change[1], 1)
		}
		var c catalog.Connector
		if err := json.Unmarshal([]byte(text), &c); err != nil {
			t.Fatal(err)
		}
		got := strings.Join(lint(c), "\n")
		if change[2] == "" && got != "" || !strings.Contains(got, change[2]) {
			t.Errorf("%s: lint says %q, want a word on %q", name, got, change[2])
		}
	}
}
