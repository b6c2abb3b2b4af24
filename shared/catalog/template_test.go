package catalog_test

import (
	"errors"
	"net/url"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/tenonhq/tenon/shared/catalog"
)

func TestExpand(t *testing.T) {
	t.Parallel()
	vars := map[string]catalog.Value{
		"shop":   {Type: catalog.TypeLabel, Text: "acme"},
		"host":   {Type: catalog.TypeHost, Text: "login.example.com"},
		"region": {Type: catalog.TypeEnum, Text: "api.eu.example.com"},
		"dc":     {Type: catalog.TypeEnum, Text: "us6"},
		"base":   {Type: catalog.TypeURL, Text: "https://api.example.com/v1"},
		"local":  {Type: catalog.TypeURL, Text: "http://127.0.0.1:8787/dev/crm"},
		"id":     {Type: catalog.TypeSegment, Text: "a/../b?x=1;y#%2f c"},
		"path":   {Type: catalog.TypeText, Text: "/me/a b"},
		"braces": {Type: catalog.TypeSegment, Text: "{shop} {{.Secret}} ${env} %s%n"},
	}
	for template, want := range map[string]string{
		"https://{shop}.example.com/a": "https://acme.example.com/a",
		"https://{host}/oauth":         "https://login.example.com/oauth",
		"https://{region}":             "https://api.eu.example.com",
		"https://x-{dc}.example.com/?": "https://x-us6.example.com/?",
		"{base}":                       "https://api.example.com/v1",
		"{base}/{path}":                "https://api.example.com/v1/me/a%20b",
		"{base}?q={id}":                "https://api.example.com/v1?q=a%2F..%2Fb%3Fx%3D1%3By%23%252f+c",
		"{local}/token":                "http://127.0.0.1:8787/dev/crm/token",
		"https://example.com/{id}/x":   "https://example.com/a%2F..%2Fb%3Fx=1%3By%23%252f%20c/x",
		"https://example.com/{braces}": "https://example.com/%7Bshop%7D%20%7B%7B.Secret%7D%7D%20$%7Benv%7D%20%25s%25n",
	} {
		if got, err := catalog.Expand(template, vars); err != nil || got != want {
			t.Errorf("Expand(%q) = %q, %v; want %q", template, got, err, want)
		}
	}
}

func TestExpandRefusesTemplates(t *testing.T) {
	t.Parallel()
	vars := map[string]catalog.Value{
		"shop":   {Type: catalog.TypeLabel, Text: "acme"},
		"base":   {Type: catalog.TypeURL, Text: "https://api.example.com"},
		"deep":   {Type: catalog.TypeURL, Text: "https://api.example.com/v1"},
		"line":   {Type: catalog.TypeText, Text: "https://api.example.com"},
		"note":   {Type: catalog.TypeText, Text: "example.com"},
		"key":    {Type: catalog.TypeSecret, Text: "hunter2"},
		"dot":    {Type: catalog.TypeSegment, Text: "a"},
		"absent": {Type: catalog.TypeLabel},
	}
	for _, template := range []string{
		"", "/x", "http://{shop}.example.com", "https://", "https:///x", "https://{shop}", "{shop}.example.com", "{note}/x", "{line}/x", "{deep}.evil/x",
		"{base}.evil.com", "{base}@evil.com", "{base}:8443/x", "https://{base}/x", "https://example.com/{base}", "https://example.com/?u={base}",
		"https://{note}/x", "https://{key}.example.com", "https://a@{shop}.example.com", "https://{shop}.example.com:8443", "https://{shop}.example.com#x",
		"https://example.com/../{shop}", "https://example.com//{shop}", "https://example.com/{shop", "https://example.com/{{shop}}", `https://example.com\@evil.com`,
	} {
		if got, err := catalog.Expand(template, vars); err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("Expand(%q) = %q, %v; want a refusal", template, got, err)
		}
	}
	for _, template := range []string{"https://{absent}.example.com", "https://{undefined}.example.com", "https://example.com/{absent}", "https://example.com/?a={absent}", "{absent}"} {
		if got, err := catalog.Expand(template, vars); !errors.Is(err, catalog.ErrMissing) || got != "" {
			t.Errorf("Expand(%q) = %q, %v; want ErrMissing", template, got, err)
		}
	}
}

// A value that reached Expand unchecked, such as one stored by an older
// version, is refused there as well.
func TestExpandRefusesUncheckedValues(t *testing.T) {
	t.Parallel()
	for _, label := range append([]string{"evil.com"}, hostileLabels...) {
		vars := map[string]catalog.Value{"shop": {Type: catalog.TypeLabel, Text: label}}
		if got, err := catalog.Expand("https://{shop}.vendor.com/x", vars); err == nil {
			t.Errorf("label %q: %s", label, got)
		}
	}
	for _, tt := range []catalog.Value{
		{Type: catalog.TypeSegment, Text: ".."}, {Type: catalog.TypeSegment, Text: "."}, {Type: catalog.TypeText, Text: "a/../b"},
		{Type: catalog.TypeText, Text: "a//b"}, {Type: catalog.TypeSegment, Text: "a\nb"}, {Type: catalog.TypeText, Text: "."},
	} {
		if got, err := catalog.Expand("https://vendor.com/{v}", map[string]catalog.Value{"v": tt}); err == nil {
			t.Errorf("%s %q: %s", tt.Type, tt.Text, got)
		}
	}
	two := map[string]catalog.Value{"v": {Type: catalog.TypeLabel, Text: "a"}, "w": {Type: catalog.TypeURL, Text: "https://user:pw@vendor.com"}}
	if got, err := catalog.Expand("{w}/{v}", two); err == nil {
		t.Errorf("user name in a URL: %s", got)
	}
}

func TestExpandStaysOnItsHost(t *testing.T) {
	t.Parallel()
	inputs := []catalog.Input{{Name: "shop", Type: catalog.TypeLabel}}
	rapid.Check(t, func(t *rapid.T) {
		given := rapid.OneOf(rapid.StringMatching(`[a-zA-Z0-9.@:/\\?#%_-]{0,70}`), rapid.StringMatching(`[a-z0-9-]{1,64}`), rapid.String()).Draw(t, "shop")
		kept, err := catalog.CheckInputs(inputs, map[string]string{"shop": given}, false)
		if err != nil {
			return
		}
		expanded, err := catalog.Expand("https://{shop}.vendor.com/x", catalog.Values(inputs, kept))
		if err != nil {
			t.Fatalf("a checked value was refused: %v", err)
		}
		u, err := url.Parse(expanded)
		if err != nil || u.Host != kept["shop"]+".vendor.com" || expanded != "https://"+kept["shop"]+".vendor.com/x" {
			t.Fatalf("%q leads to %q, %v", given, expanded, err)
		}
	})
}

func FuzzExpand(f *testing.F) {
	for _, label := range hostileLabels {
		f.Add(label, label, label)
	}
	f.Add("acme", "../admin", "https://api.example.com/v1")
	f.Fuzz(func(t *testing.T, label, segment, base string) {
		vars := map[string]catalog.Value{
			"label":   {Type: catalog.TypeLabel, Text: label},
			"segment": {Type: catalog.TypeSegment, Text: segment},
			"path":    {Type: catalog.TypeText, Text: segment},
			"base":    {Type: catalog.TypeURL, Text: base},
		}
		if got, err := catalog.Expand("https://{label}.vendor.com/a", vars); err == nil && got != "https://"+label+".vendor.com/a" {
			t.Errorf("label %q leads to %s", label, got)
		}
		checkFuzzed(t, "https://vendor.com/a/{segment}/b?q={segment}", vars, "https://vendor.com/a/", 4)
		checkFuzzed(t, "https://vendor.com/a/{path}", vars, "https://vendor.com/a/", 0)
		kept, err := catalog.CheckInputs([]catalog.Input{{Name: "base", Type: catalog.TypeURL}}, map[string]string{"base": base}, false)
		if err != nil {
			return
		}
		vars["base"] = catalog.Value{Type: catalog.TypeURL, Text: kept["base"]}
		checkFuzzed(t, "{base}/x/{segment}", vars, kept["base"]+"/x/", 0)
	})
}

// checkFuzzed asserts that an accepted URL begins as its template does, in the
// eyes of a parser that resolves dots and backslashes too, and has as many
// slashes in its path as wanted (0 is any).
func checkFuzzed(t *testing.T, template string, vars map[string]catalog.Value, prefix string, slashes int) {
	t.Helper()
	got, err := catalog.Expand(template, vars)
	if err != nil {
		return
	}
	u, err := url.Parse(got)
	if err != nil {
		t.Fatalf("%q: %v", got, err)
	}
	resolved := (&url.URL{Scheme: "https", Host: "vendor.com"}).ResolveReference(u)
	if !strings.HasPrefix(resolved.String(), prefix) || strings.ContainsAny(got, "\\ \t\r\n") {
		t.Errorf("%q leaves %q: %s", template, prefix, resolved)
	}
	for segment := range strings.SplitSeq(strings.ToLower(u.EscapedPath()), "/") {
		if plain := strings.ReplaceAll(segment, "%2e", "."); plain == "." || plain == ".." {
			t.Errorf("%q climbs: %s", template, got)
		}
	}
	if slashes != 0 && strings.Count(u.EscapedPath(), "/") != slashes-1 {
		t.Errorf("%q has another shape: %s", template, got)
	}
}
