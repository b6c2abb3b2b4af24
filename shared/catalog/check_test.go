package catalog_test

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/secret"
)

// hostileLabels are values that would leave https://{label}.vendor.com.
var hostileLabels = []string{
	"evil.com/", "evil.com#", "evil.com?", "a@evil.com", "a:b@evil.com", "..", ".", `a.evil.com\`, "%2e", "evil%2ecom",
	strings.Repeat("a", 64), "-a", "a-", "bücher", "аррӏе", "Acme", "a b", "a\tb", "a\r\nb", "a\x00b", "a.b", "a/b", "{shop}", "{{.Secret}}", "${env}", "%s%n",
}

func TestCheckInputsRefuses(t *testing.T) {
	t.Parallel()
	refused := map[string][]string{
		catalog.TypeLabel: hostileLabels,
		catalog.TypeHost: {
			"localhost", "127.0.0.1", "[::1]", "2130706433", "0x7f.1", "1.1.1.0x1", "a.b:443", "user@a.com", "a.com/x", "a.com.", ".a.com", "a..com", "a_b.com", "-a.com", "bücher.de",
			strings.Repeat("a.", 130) + "com",
		},
		catalog.TypeURL: {
			"api.acme.net", "http://api.example.com", "ftp://api.example.com", "https:api.example.com", "https:///x", "https://", "//api.example.com",
			"https://user:pw@api.example.com", "https://user@api.example.com", "https://@api.example.com",
			"https://api.example.com:8443", "https://api.example.com:", "https://127.0.0.1", "https://[::1]/", "https://2130706433/", "https://0x7f.1/", "https://localhost",
			"https://api.example.com?x=1", "https://api.example.com/?", "https://api.example.com/#a", "https://api.example.com#",
			"https://api.example.com/../x", "https://api.example.com/a/./b", "https://api.example.com/%2e%2e/x", "https://api.example.com/a%2fb", "https://api.example.com//x",
			`https://api.example.com\@evil.com`, `https://api.example.com/a\b`, "https://api.example.com/a b", "https://api.ex\tample.com", "https://api.example.com/a\nb",
			"https://api.example.com/{{.Secret}}", "https://{{.Secret}}.example.com", "javascript:alert(1)", "https://example.com/" + strings.Repeat("a", 2048),
		},
		catalog.TypeSegment: {".", "..", "a\nb", "a\x00b", strings.Repeat("a", 257), "a\xff"},
		catalog.TypeText:    {"a\nb", "a\x1bb", "a\u0085b", strings.Repeat("a", 1025), "\xff"},
		catalog.TypeEnum:    {"three", "One", "one\n two"},
		"undreamt-of":       {"a"},
	}
	for kind, values := range refused {
		for _, value := range values {
			inputs := []catalog.Input{{Name: "value", Type: kind, Enum: []string{"one", "two"}}}
			_, err := catalog.CheckInputs(inputs, map[string]string{"value": value}, false)
			problem := requireInvalid(t, err)
			if len(problem.Fields) != 1 || problem.Fields[0].Pointer != "/inputs/value" || problem.Fields[0].Detail == "" {
				t.Errorf("%s %q: fields %+v", kind, value, problem.Fields)
			}
			if len(value) > len("https://") && strings.Contains(err.Error()+problem.Fields[0].Detail, value) {
				t.Errorf("%s %q: the problem repeats the value", kind, value)
			}
		}
	}
}

func TestCheckInputsKeeps(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ kind, given, want string }{
		{catalog.TypeLabel, "  acme-1\n", "acme-1"},
		{catalog.TypeLabel, strings.Repeat("a", 63), strings.Repeat("a", 63)},
		{catalog.TypeHost, "Login.Example.COM", "login.example.com"},
		{catalog.TypeURL, "https://API.example.com", "https://api.example.com"},
		{catalog.TypeURL, "https://api.example.com:443/v1/", "https://api.example.com/v1"},
		{catalog.TypeURL, "HTTPS://api.example.com/V1/a~b", "https://api.example.com/V1/a~b"},
		{catalog.TypeSegment, "a/b?;x %2f", "a/b?;x %2f"},
		{catalog.TypeEnum, "two", "two"},
		{catalog.TypeText, "{{.Secret}} ${env} %s%n", "{{.Secret}} ${env} %s%n"},
	} {
		inputs := []catalog.Input{{Name: "value", Type: tt.kind, Enum: []string{"one", "two"}}}
		got, err := catalog.CheckInputs(inputs, map[string]string{"value": tt.given}, false)
		if err != nil || got["value"] != tt.want {
			t.Errorf("%s %q: got %q, %v; want %q", tt.kind, tt.given, got["value"], err, tt.want)
		}
	}
}

// A credential that the secret store would not take is refused before the system
// is asked.
func TestCheckFieldsTakesWhatCanBeStored(t *testing.T) {
	t.Parallel()
	file := secret.FromString(strings.Repeat("x", 16<<10))
	inputs, given := []catalog.Input{}, map[string]secret.Bytes{}
	for i, name := range []string{"ca", "certificate", "key", "bundle"} {
		inputs, given[name] = append(inputs, catalog.Input{Name: name, Type: catalog.TypeFile, Optional: true}), file
		err := catalog.CheckFields(append(inputs, catalog.Input{Name: "other", Type: catalog.TypeFile, Optional: true}), given)
		if fits := i < 3; (err == nil) != fits {
			t.Errorf("%d files: %v", i+1, err)
		}
	}
}

func TestLocalURLs(t *testing.T) {
	t.Parallel()
	inputs := []catalog.Input{{Name: "baseUrl", Type: catalog.TypeURL}}
	for given, allowed := range map[string]bool{
		"http://127.0.0.1:8787/dev/crm": true, "http://localhost:3000": true, "https://[::1]:9443/x": true,
		"http://169.254.169.254/latest": false, "http://10.0.0.1": false, "http://api.example.com": false, "http://user:pw@127.0.0.1": false,
	} {
		if _, err := catalog.CheckInputs(inputs, map[string]string{"baseUrl": given}, true); (err == nil) != allowed {
			t.Errorf("local %s: %v", given, err)
		}
		if _, err := catalog.CheckInputs(inputs, map[string]string{"baseUrl": given}, false); err == nil {
			t.Errorf("deployed %s: accepted", given)
		}
	}
}

func TestCheckInputsTellsEverythingAtOnce(t *testing.T) {
	t.Parallel()
	inputs := []catalog.Input{
		{Name: "shop", Type: catalog.TypeLabel},
		{Name: "region", Type: catalog.TypeEnum, Enum: []string{"eu"}, Default: "eu"},
		{Name: "account", Type: catalog.TypeText, Pattern: "a|b"},
		{Name: "note", Type: catalog.TypeText, Optional: true},
		{Name: "host", Type: catalog.TypeHost},
	}
	given := map[string]string{"shop": "A.B", "account": "ab", "host": " ", "colour": "red", "not a name, perhaps a secret": "x"}
	_, err := catalog.CheckInputs(inputs, given, false)
	problem := requireInvalid(t, err)
	var pointers []string
	for _, field := range problem.Fields {
		pointers = append(pointers, field.Pointer)
	}
	want := []string{"/inputs", "/inputs/account", "/inputs/colour", "/inputs/host", "/inputs/shop"}
	slices.Sort(pointers)
	if diff := cmp.Diff(want, pointers); diff != "" {
		t.Error(diff)
	}
	kept, err := catalog.CheckInputs(inputs, map[string]string{"shop": "acme", "account": "b", "host": "a.example.com"}, false)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]string{"shop": "acme", "account": "b", "host": "a.example.com", "region": "eu"}, kept); diff != "" {
		t.Error(diff)
	}
	partial, err := catalog.CheckPartialInputs(inputs, map[string]string{"shop": "acme"}, false)
	if err != nil || !maps.Equal(partial, map[string]string{"shop": "acme"}) {
		t.Errorf("partial: %v, %v", partial, err)
	}
	if _, err := catalog.CheckPartialInputs(inputs, map[string]string{"shop": "A"}, false); err == nil {
		t.Error("partial: a wrong value was accepted")
	}
}

func TestCheckFields(t *testing.T) {
	t.Parallel()
	fields := []catalog.Input{
		{Name: "user", Type: catalog.TypeText, Pattern: "[^:]+"},
		{Name: "key", Type: catalog.TypeSecret},
		{Name: "hint", Type: catalog.TypeText, Optional: true},
	}
	if err := catalog.CheckFields(fields, map[string]secret.Bytes{"user": secret.FromString("a b"), "key": secret.FromString("pä55 word: x")}); err != nil {
		t.Error(err)
	}
	for name, key := range map[string]string{
		"CRLF": "hunter2\r\nX-Admin: 1", "LF": "hunter2\nx", "NUL": "hunter2\x00", "tab": "hunter2\tx", "DEL": "hunter2\x7f", "C1": "hunter2\u0085",
		"leading space": " hunter2", "trailing line break": "hunter2\n", "16 KiB": strings.Repeat("hunter2", 2341), "no UTF-8": "hunter2\xff", "empty": "",
	} {
		err := catalog.CheckFields(fields, map[string]secret.Bytes{"user": secret.FromString("a"), "key": secret.FromString(key)})
		problem := requireInvalid(t, err)
		if len(problem.Fields) != 1 || problem.Fields[0].Pointer != "/credential/key" {
			t.Errorf("%s: fields %+v", name, problem.Fields)
		}
		if strings.Contains(err.Error()+problem.Fields[0].Detail, "hunter2") {
			t.Errorf("%s: the problem repeats the secret", name)
		}
	}
	err := catalog.CheckFields(fields, map[string]secret.Bytes{"user": secret.FromString("a:b"), "pin": secret.FromString("1")})
	if got := requireInvalid(t, err).Fields; len(got) != 3 {
		t.Errorf("want a problem each for user, key and pin: %+v", got)
	}
}

func TestDefaultsOfFields(t *testing.T) {
	t.Parallel()
	fields := []catalog.Input{{Name: "user", Type: catalog.TypeText, Default: "api"}, {Name: "key", Type: catalog.TypeSecret}}
	key := map[string]secret.Bytes{"key": secret.FromString("k")}
	if err := catalog.CheckFields(fields, key); err != nil {
		t.Error(err)
	}
	whole := catalog.WithDefaults(fields, key)
	if whole["user"].Reveal() != "api" || whole["key"].Reveal() != "k" || len(key) != 1 {
		t.Errorf("got %d members, %d are given", len(whole), len(key))
	}
	if got := catalog.WithDefaults(fields, map[string]secret.Bytes{"user": secret.FromString("other")}); got["user"].Reveal() != "other" {
		t.Error("a default replaces what was given")
	}
	if got := catalog.WithDefaults(fields, nil); len(got) != 0 {
		t.Error("no credential becomes one")
	}
}

func TestKeysWithHeadersInThem(t *testing.T) {
	t.Parallel()
	for _, id := range []string{"hubspot", "shopify", "stripe", "sendgrid", "mailchimp", "demo-crm"} {
		scheme, _ := load(t, id).Scheme("api_key")
		given := map[string]secret.Bytes{scheme.Fields[0].Name: secret.FromString("Authorization: Bearer abc")}
		requireInvalid(t, catalog.CheckFields(scheme.Fields, given))
	}
	scheme, _ := load(t, "custom-rest").Scheme("api_key_header")
	for key, ok := range map[string]bool{"abc": true, "Bearer abc": true, "Authorization: Bearer abc": false, "Bearer  abc": false} {
		if err := catalog.CheckFields(scheme.Fields, map[string]secret.Bytes{"headerValue": secret.FromString(key)}); (err == nil) != ok {
			t.Errorf("custom-rest %q: %v", key, err)
		}
	}
}

func TestCheckCapture(t *testing.T) {
	t.Parallel()
	instance := catalog.Capture{Name: "instanceUrl", Type: catalog.TypeURL, Host: "*.salesforce.com"}
	if got, err := catalog.CheckCapture(instance, "https://acme.my.salesforce.com/", false); err != nil || got.Text != "https://acme.my.salesforce.com" {
		t.Errorf("got %q, %v", got.Text, err)
	}
	dc := catalog.Capture{Name: "dc", Type: catalog.TypeLabel}
	for _, tt := range []struct {
		capture catalog.Capture
		text    string
	}{
		{instance, ""},
		{instance, "https://evil.com"},
		{instance, "https://evilsalesforce.com"},
		{instance, "https://salesforce.com"},
		{instance, "https://acme.my.salesforce.com.evil.com"},
		{instance, "https://acme.my.salesforce.com@evil.com"},
		{instance, "https://acme.my.salesforce.com:8443"},
		{instance, "http://acme.my.salesforce.com"},
		{dc, "us6.evil.com/"},
		{dc, "us6 "},
	} {
		if _, err := catalog.CheckCapture(tt.capture, tt.text, true); !fault.Has(err, fault.CodeProviderError) || (tt.text != "" && strings.Contains(err.Error(), tt.text)) {
			t.Errorf("%q: %v", tt.text, err)
		}
	}
}

func requireInvalid(t *testing.T, err error) *fault.Error {
	t.Helper()
	var problem *fault.Error
	if !errors.As(err, &problem) || problem.Kind != fault.Invalid || problem.Code != fault.CodeValidationFailed {
		t.Fatalf("got %v, want validation_failed", err)
	}
	return problem
}
