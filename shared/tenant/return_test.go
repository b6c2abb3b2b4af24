package tenant_test

import (
	"strings"
	"testing"

	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/tenant"
)

var listed = tenant.Settings{ReturnURLs: []string{
	"https://app.example.com/connected", "https://app.example.com:8443/cb", "https://root.example.com", "http://localhost:3000/done",
}}

func TestAllowsReturn(t *testing.T) {
	t.Parallel()
	for _, page := range append([]string{"HTTPS://app.example.com/connected"}, listed.ReturnURLs...) {
		if !listed.AllowsReturn(page) {
			t.Errorf("%s is refused", page)
		}
	}
	if (tenant.Settings{}).AllowsReturn(listed.ReturnURLs[0]) || listed.AllowsReturn("") {
		t.Error("what is not listed is allowed")
	}
}

// elsewhere are pages that no listed one allows, however much they look like it
// (RED-01, RED-02).
var elsewhere = []string{
	"https://evil.example", "https://evil.example/connected", "https://evil.example/app.example.com/connected",
	"https://evil.example/?https://app.example.com/connected", "https://evil.example/#https://app.example.com/connected",
	"http://app.example.com/connected", "ftp://app.example.com/connected", "javascript:alert(1)", "javascript://app.example.com/connected",
	"data:text/html,app.example.com", "vbscript:x", "blob:https://app.example.com/connected", "file:///connected",
	"https://app.example.com", "https://app.example.com/", "https://app.example.com/connected/", "https://app.example.com/connected/more",
	"https://app.example.com/connectedmore", "https://app.example.com/Connected", "https://app.example.com//connected",
	"https://app.example.com/evil", "https://app.example.com/%63onnected", "https://app.example.com/connected%2f",
	"https://app.example.com:443/connected", "https://app.example.com:80/connected", "https://app.example.com:8444/cb",
	"https://app.example.com:08443/cb", "https://app.example.com/cb", "https://app.example.com:8443/connected",
	"https://app.example.com.evil.example/connected", "https://app.example.com-evil.example/connected",
	"https://evilapp.example.com/connected", "https://evil-app.example.com/connected", "https://x.app.example.com/connected",
	"https://example.com/connected", "https://app.example.co/connected", "https://app.example.comm/connected",
	"https://app.example.com./connected", "https://.app.example.com/connected", "https://app..example.com/connected",
	"https://app-example.com/connected", "https://appXexample.com/connected", "https://root.example.com/", "https://root.example.com/x",
	"http://localhost:3000/", "http://localhost/done", "http://127.0.0.1:3000/done", "https://localhost:3000/done", "http://localhost.evil.example:3000/done",
}

// ambiguous are texts that two parsers read in two ways, or that carry more
// than a page: no one may list them either (RED-02, RED-04).
var ambiguous = []string{
	"//app.example.com/connected", "///app.example.com/connected", "////evil.example", "/connected", "connected", "app.example.com/connected",
	`/\evil.example`, `\\evil.example`, `https:\\app.example.com\connected`, `https://app.example.com\connected`, `https://evil.example\@app.example.com/connected`,
	`https://app.example.com\.evil.example/connected`, `https:/\app.example.com/connected`, `https://app.example.com/\evil`,
	"https:/app.example.com/connected", "https:app.example.com/connected", "https:///app.example.com/connected", "https:", "https://", "https:///",
	"https://user@app.example.com/connected", "https://user:pass@app.example.com/connected", "https://@app.example.com/connected",
	"https://app.example.com@evil.example/connected", "https://app.example.com%40evil.example/connected", "https://app.example.com:443@evil.example/",
	"https://app.example.com/connected?x=1", "https://app.example.com/connected?", "https://app.example.com/connected#", "https://app.example.com/connected#x",
	"https://app.example.com/../connected", "https://app.example.com/app/../connected", "https://app.example.com/connected/..", "https://app.example.com/./connected",
	"https://app.example.com/%2e%2e/connected", "https://app.example.com/x/%2E%2e/connected", "https://app.example.com/.%2e/connected", "https://app.example.com/%2e/connected",
	"https://app.example.com/connected\r\nSet-Cookie: a=b", "https://app.example.com/connected\n", "https://app.example.com/connected\x00", "\thttps://app.example.com/connected",
	"https://app.example.com/conn\tected", "ht\ntps://app.example.com/connected", " https://app.example.com/connected", "https://app.example.com/connected ",
	"https://app.example.com\u2028/connected", "https://app.example.com\u3002evil.example/connected", "https://app\u2024example.com/connected",
	"https://app.example.com\uff0fevil.example/connected", "https://\uff41pp.example.com/connected", "https://app.\u0435xample.com/connected",
	"https://app.example.com\u200b/connected", "\u202ehttps://app.example.com/connected", "https://app.example.com\x7f/connected", "https://app.example.com/\xff",
	"https://APP.example.com/connected", "https://App.Example.Com/connected", "https://app%2eexample.com/connected", "https://app.example.com%00/connected",
	"https://app.example.com%2f@evil.example/", "https://app.example.com:port/connected", "https://app.example.com:-1/connected", "https://:443/connected",
	"https://[::1", "https://app.example.com/%zz", "http%3A%2F%2Fevil.example", "https://app.example.com/" + strings.Repeat("a", 2048),
}

func TestAllowsReturnRefuses(t *testing.T) {
	t.Parallel()
	for _, page := range append(elsewhere, ambiguous...) {
		if listed.AllowsReturn(page) {
			t.Errorf("%q is allowed", page)
		}
	}
}

// Even listed, an ambiguous text allows nothing: not itself, and no other.
func TestSettingsRefuseAmbiguousPages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Local = true
	for _, page := range ambiguous {
		_, err := w.PutSettings(t.Context(), caller("acme"), `"0"`, tenant.Settings{ReturnURLs: []string{page}})
		if !fault.Has(err, fault.CodeValidationFailed) {
			t.Errorf("%q may be listed: %v", page, err)
		}
		s := tenant.Settings{ReturnURLs: []string{page}}
		if s.AllowsReturn(page) || s.AllowsReturn("https://app.example.com/connected") {
			t.Errorf("%q allows a page", page)
		}
	}
}
