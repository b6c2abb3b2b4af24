package method_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/method/methodtest"
	"github.com/tenonhq/tenon/shared/secret"
)

func given(pairs ...string) map[string]secret.Bytes {
	out := map[string]secret.Bytes{}
	for i := 0; i < len(pairs); i += 2 {
		out[pairs[i]] = secret.FromString(pairs[i+1])
	}
	return out
}

func revealed(m map[string]secret.Bytes) map[string]string {
	out := map[string]string{}
	for name, v := range m {
		out[name] = v.Reveal()
	}
	return out
}

func TestAPIKeyGoesWhereTheSchemeSays(t *testing.T) {
	t.Parallel()
	target := methodtest.Target("api_key")
	target.Scheme.Apply = catalog.Placement{
		Headers: map[string]string{"Authorization": "Token {apiKey}", "X-Shop": "{shop}"}, Query: map[string]string{"key": "{apiKey}"},
	}
	target.Values = map[string]catalog.Value{"shop": {Type: catalog.TypeLabel, Text: "acme"}}
	l, err := method.APIKey{}.Apply(target, given("apiKey", "k&y"), method.Token{})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]string{"Authorization": "Token k&y", "X-Shop": "acme"}, revealed(l.Headers)); diff != "" {
		t.Errorf("headers differ (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string]string{"key": "k&y"}, revealed(l.Query)); diff != "" {
		t.Errorf("query differs (-want +got):\n%s", diff)
	}
	if !l.AccessToken.IsZero() {
		t.Error("an API key is no access token")
	}
}

func TestAPIKeyWithoutItsFieldIsRefused(t *testing.T) {
	t.Parallel()
	if _, err := (method.APIKey{}).Apply(methodtest.Target("api_key"), nil, method.Token{}); err == nil {
		t.Error("Apply without the key: no error")
	}
}

func TestBasicIsThePairOfRFC7617(t *testing.T) {
	t.Parallel()
	l, err := method.Basic{}.Apply(methodtest.Target("basic"), given("username", "Aladdin", "password", "open:sesame"), method.Token{})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := l.Headers["Authorization"].Reveal(), "Basic QWxhZGRpbjpvcGVuOnNlc2FtZQ=="; got != want {
		t.Errorf("Authorization: got %q, want %q", got, want)
	}
	_, err = method.Basic{}.Apply(methodtest.Target("basic"), given("username", "Ala:ddin", "password", "x"), method.Token{})
	if f := fault.From(err); f.Code != fault.CodeValidationFailed || len(f.Fields) != 1 || f.Fields[0].Pointer != "/credential/username" {
		t.Errorf("a user with a colon: got %v, want it refused", err)
	}
}

// LEK-05 and LEK-07: what may be shown of a saved credential.
func TestDescribe(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		method      method.Static
		fields      map[string]secret.Bytes
		last4, user string
	}{
		"long key":        {method.APIKey{}, given("apiKey", "0123456789abcdef"), "cdef", ""},
		"short key":       {method.APIKey{}, given("apiKey", "0123456789abcde"), "", ""},
		"several secrets": {method.APIKey{}, given("key", "0123456789abcdef", "other", "0123456789abcdef"), "", ""},
		"no key":          {method.APIKey{}, nil, "", ""},
		"a key alone":     {method.Basic{}, given("username", "0123456789abcdef"), "cdef", ""},
		"password":        {method.Basic{}, given("username", "ann", "password", "0123456789abcdef"), "", "ann"},
		"client":          {method.ClientCredentials{}, given("clientId", "app-1", "clientSecret", "0123456789abcdef"), "cdef", "app-1"},
	} {
		if got, want := c.method.Describe(c.fields), (method.Description{Last4: c.last4, User: c.user}); got != want {
			t.Errorf("%s: got %+v, want %+v", name, got, want)
		}
	}
}

func TestBaseURL(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		template string
		values   map[string]catalog.Value
		want     string
	}{
		"fixed":         {"https://api.example.com/v1", nil, "https://api.example.com/v1"},
		"none":          {"", nil, ""},
		"of an account": {"https://{shop}.example.com", map[string]catalog.Value{"shop": {Type: catalog.TypeLabel, Text: "acme"}}, "https://acme.example.com"},
		"value missing": {"https://{shop}.example.com", nil, ""},
		"value bad":     {"https://{shop}.example.com", map[string]catalog.Value{"shop": {Type: catalog.TypeLabel, Text: "evil.com/"}}, ""},
	} {
		target := method.Target{Connector: catalog.Connector{BaseURL: c.template}, Values: c.values}
		if got := target.BaseURL(); got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}
