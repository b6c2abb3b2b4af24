package e2e_test

import (
	"html"
	"io"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// browser is a person's browser: it keeps cookies by origin and follows no
// redirect by itself.
type browser struct {
	e       *environment
	cookies map[string]map[string]string // By host and name.
	http    *http.Client
}

func newBrowser(e *environment) *browser {
	return &browser{e: e, cookies: map[string]map[string]string{}, http: &http.Client{
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// copy returns another browser with the same cookies, as if they were stolen.
func (b *browser) copy() *browser {
	twin := newBrowser(b.e)
	for host, cookies := range b.cookies {
		twin.cookies[host] = maps.Clone(cookies)
	}
	return twin
}

// page is what the browser shows.
type page struct {
	raw
	address *url.URL
}

// location is where a redirect leads, absolute.
func (p page) location(t *testing.T) string {
	t.Helper()
	target, err := p.address.Parse(p.header.Get("Location"))
	if err != nil || p.header.Get("Location") == "" {
		t.Fatalf("%s answered %d without a redirect: %s", p.address.Path, p.status, text(p.body))
	}
	return target.String()
}

// open requests a page; a form that is not nil is posted.
func (b *browser) open(t *testing.T, address string, form url.Values) page {
	t.Helper()
	method, body := http.MethodGet, io.Reader(nil)
	if form != nil {
		method, body = http.MethodPost, strings.NewReader(form.Encode())
	}
	r, err := http.NewRequestWithContext(t.Context(), method, address, body)
	if err != nil {
		t.Fatal(err)
	}
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for name, value := range b.cookies[r.URL.Host] {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	res, err := b.http.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	content, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	b.keep(res)
	if b.ours(r.URL) {
		b.e.evidence.answer(res, content, b.handedOut(res, content)...)
	}
	return page{raw{res.StatusCode, res.Header, string(content)}, r.URL}
}

func (b *browser) keep(res *http.Response) {
	host := res.Request.URL.Host
	for _, cookie := range res.Cookies() {
		if b.cookies[host] == nil {
			b.cookies[host] = map[string]string{}
		}
		b.cookies[host][cookie.Name] = cookie.Value
		if cookie.MaxAge < 0 {
			delete(b.cookies[host], cookie.Name)
		}
	}
}

// ours reports whether a page belongs to the product.
func (b *browser) ours(u *url.URL) bool {
	return "http://"+u.Host == b.e.base && (strings.HasPrefix(u.Path, "/v1/") || strings.HasPrefix(u.Path, "/connect/"))
}

// handedOut remembers the one-time values in an answer of ours, and returns
// them: the browser must get them, nobody else.
func (b *browser) handedOut(res *http.Response, content []byte) []string {
	var values []string
	hand := func(kind, value string) { values = append(values, b.e.secrets.add(kind, value)) }
	for _, cookie := range res.Cookies() {
		hand("handoff cookie", cookie.Value)
	}
	hand("form value", hidden(string(content))["form"])
	target, err := url.Parse(res.Header.Get("Location"))
	if err != nil {
		return values
	}
	hand("state", target.Query().Get("state"))
	hand("nonce", target.Query().Get("nonce"))
	return append(values, target.Query().Get("code_challenge"))
}

var hiddenField = regexp.MustCompile(`type="hidden" name="([^"]+)" value="([^"]*)"`)

// hidden returns the hidden fields of a page's form.
func hidden(content string) map[string]string {
	fields := map[string]string{}
	for _, match := range hiddenField.FindAllStringSubmatch(content, -1) {
		fields[match[1]] = html.UnescapeString(match[2])
	}
	return fields
}

var tag = regexp.MustCompile(`(?s)<style>.*?</style>|<[^>]+>`)

// text is what a person reads of a page.
func text(content string) string {
	return strings.Join(strings.Fields(html.UnescapeString(tag.ReplaceAllString(content, " "))), " ")
}
