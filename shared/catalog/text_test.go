package catalog_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/catalog"
)

func TestExpandText(t *testing.T) {
	t.Parallel()
	vars := map[string]string{"apiKey": "hunter2", "other": "{apiKey} {{.Secret}} ${env} %s%n"}
	for template, want := range map[string]string{
		"Bearer {apiKey}":                  "Bearer hunter2",
		"{other}":                          "{apiKey} {{.Secret}} ${env} %s%n",
		"{ shop { id } } {} { apiKey } {a": "{ shop { id } } {} { apiKey } {a",
	} {
		if got, err := catalog.ExpandText(template, vars); err != nil || got != want {
			t.Errorf("ExpandText(%q) = %q, %v; want %q", template, got, err, want)
		}
	}
	for _, template := range []string{"Bearer {accessToken}", "{undefined}"} {
		if got, err := catalog.ExpandText(template, vars); !errors.Is(err, catalog.ErrMissing) || got != "" {
			t.Errorf("ExpandText(%q) = %q, %v", template, got, err)
		}
	}
	for _, key := range []string{"hunter2\r\nX-Admin: 1", "hunter2\n", "hunter2\x00", "hunter2 ", " hunter2", "hunter2\xff"} {
		got, err := catalog.ExpandText("{apiKey}", map[string]string{"apiKey": key})
		if err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%q: got %q, %v", key, got, err)
		}
	}
}

func TestExpandBody(t *testing.T) {
	t.Parallel()
	vars := map[string]string{"token": "a\"b\\c&d=e\n"}
	for _, tt := range []struct{ contentType, template, want string }{
		{"application/json", `{"query":"{ shop { id } }","token":"{token}"}`, `{"query":"{ shop { id } }","token":"a\"b\\c\u0026d=e\n"}`},
		{"application/x-www-form-urlencoded; charset=utf-8", "token={token}&hint=x", "token=a%22b%5Cc%26d%3De%0A&hint=x"},
	} {
		if got, err := catalog.ExpandBody(tt.contentType, tt.template, vars); err != nil || got != tt.want {
			t.Errorf("%s: got %q, %v; want %q", tt.contentType, got, err, tt.want)
		}
	}
	for _, contentType := range []string{"", "text/plain"} {
		if _, err := catalog.ExpandBody(contentType, "x", vars); err == nil {
			t.Errorf("%q: accepted", contentType)
		}
	}
}

func TestPlacement(t *testing.T) {
	t.Parallel()
	header, _ := load(t, "custom-rest").Scheme("api_key_header")
	headers, query, err := header.Apply.Expand(map[string]string{"headerName": "X-Key", "headerValue": "abc"})
	if err != nil || len(query) != 0 || !cmp.Equal(headers, map[string]string{"X-Key": "abc"}) {
		t.Errorf("header: %v, %v, %v", headers, query, err)
	}
	parameter, _ := load(t, "custom-rest").Scheme("api_key_query")
	headers, query, err = parameter.Apply.Expand(map[string]string{"parameterName": "key", "apiKey": "abc"})
	if err != nil || len(headers) != 0 || !cmp.Equal(query, map[string]string{"key": "abc"}) {
		t.Errorf("query: %v, %v, %v", headers, query, err)
	}
	for _, name := range []string{"host", "Content-Length", "transfer-encoding", "Connection", "X Key", "X-Key:", "X-Kéy", ""} {
		if got, _, err := header.Apply.Expand(map[string]string{"headerName": name, "headerValue": "abc"}); err == nil {
			t.Errorf("header name %q: %v", name, got)
		}
	}
}

func TestAllows(t *testing.T) {
	t.Parallel()
	vars := map[string]catalog.Value{
		"shop":    {Type: catalog.TypeLabel, Text: "acme"},
		"baseUrl": {Type: catalog.TypeURL, Text: "https://api.example.com/v1"},
	}
	local := map[string]catalog.Value{"baseUrl": {Type: catalog.TypeURL, Text: "http://127.0.0.1:8787/dev/crm"}}
	for _, tt := range []struct {
		connector, host string
		vars            map[string]catalog.Value
		want            bool
	}{
		{"shopify", "acme.myshopify.com", vars, true},
		{"shopify", "ACME.myshopify.com:443", vars, true},
		{"shopify", "other.myshopify.com", vars, false},
		{"shopify", "acme.myshopify.com.evil.com", vars, false},
		{"shopify", "acme.myshopify.com:8443", vars, false},
		{"shopify", "acme.myshopify.com", nil, false},
		{"salesforce", "acme--dev.sandbox.my.salesforce.com", nil, true},
		{"salesforce", "my.salesforce.com", nil, false},
		{"salesforce", "evilmy.salesforce.com", nil, false},
		{"salesforce", ".my.salesforce.com", nil, false},
		{"salesforce", "a@b.my.salesforce.com", nil, false},
		{"custom-rest", "api.example.com", vars, true},
		{"custom-rest", "login.example.com", vars, false},
		{"custom-rest", "", vars, false},
		{"demo-crm", "127.0.0.1:8787", local, true},
		{"demo-crm", "127.0.0.1:8788", local, false},
		{"demo-crm", "127.0.0.1", local, false},
	} {
		if got := load(t, tt.connector).Allows(tt.host, tt.vars); got != tt.want {
			t.Errorf("%s allows %q: %v", tt.connector, tt.host, got)
		}
	}
}
