package catalog_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/tenonhq/tenon/shared/catalog"
)

// signing is a scheme that says all there is to say of an assertion.
const signing = `{
	"id": "exchange", "type": "oauth2_token_exchange", "name": "Exchange", "apply": {"headers": {"Authorization": "Bearer {accessToken}"}},
	"oauth": {
		"tokenUrl": "https://x.example.com/token", "clientAuth": "private_key_jwt", "pkce": "unsupported", "refresh": {"supported": false},
		"exchange": {
			"subjectTokenType": "urn:ietf:params:oauth:token-type:jwt", "actorTokenType": "urn:ietf:params:oauth:token-type:jwt",
			"requestedTokenType": "urn:x:offline", "audience": "{user}", "resource": "https://x.example.com/{user}"
		}
	},
	"inputs": [{"name": "user", "title": "User", "type": "text"}],
	"assertion": {
		"algorithm": "PS256", "issuer": "{clientId}", "subject": "{user}", "audience": "https://x.example.com", "keyId": "k-{user}",
		"seconds": 300, "scope": true, "claims": {"role": "{user}"}, "thumbprint": true
	}
}`

func TestSchemaOfAssertions(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("connectors/hubspot.json")
	if err != nil {
		t.Fatal(err)
	}
	schema, err := jsonschema.NewCompiler().Compile("connector.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	validate := func(scheme string) error {
		var document map[string]any
		if err := json.Unmarshal(data, &document); err != nil {
			t.Fatal(err)
		}
		var one any
		if err := json.Unmarshal([]byte(scheme), &one); err != nil {
			t.Fatal(err)
		}
		document["schemes"] = []any{one}
		return schema.Validate(document)
	}
	if err := validate(signing); err != nil {
		t.Error(err)
	}
	for _, tt := range []struct{ name, old, new string }{
		{"unsigned", `"PS256"`, `"none"`},
		{"symmetric", `"PS256"`, `"HS256"`},
		{"no algorithm", `"algorithm": "PS256", `, ``},
		{"more than an hour", `300`, `3601`},
		{"claim of ours", `"role"`, `"exp"`},
		{"unknown member", `"thumbprint"`, `"x5c"`},
		{"token type of no name", `"urn:x:offline"`, `"offline"`},
		{"static scheme", `oauth2_token_exchange`, `api_key`},
	} {
		broken := strings.Replace(signing, tt.old, tt.new, 1)
		if broken == signing {
			t.Fatalf("%s: nothing to replace", tt.name)
		}
		if err := validate(broken); err == nil {
			t.Errorf("%s: accepted", tt.name)
		}
	}
	// The type has every member of the schema.
	var scheme catalog.Scheme
	if err := json.Unmarshal([]byte(signing), &scheme); err != nil {
		t.Fatal(err)
	}
	again, err := json.Marshal(scheme)
	if err != nil {
		t.Fatal(err)
	}
	var want, got any
	if err := json.Unmarshal([]byte(signing), &want); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(again, &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("scheme read and written (-want +got):\n%s", diff)
	}
}
