package e2e_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// provider is the demo CRM seen through a proxy that remembers every secret
// which passes its token and revocation endpoints. It has the proxy's origin
// in everything it says.
type provider struct {
	e    *environment
	base string // Of the CRM behind the proxy.
}

func newProvider(t *testing.T, e *environment) *provider {
	t.Helper()
	p := &provider{e: e}
	upstream, err := url.Parse(e.base)
	if err != nil {
		t.Fatal(err)
	}
	proxy := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(upstream)
			r.Out.Header.Del("Accept-Encoding")
			if r.In.Header.Get("Origin") == "http://"+r.In.Host { // A browser says which page has the form.
				r.Out.Header.Set("Origin", e.base)
			}
		},
		ModifyResponse: p.rewrite,
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.request(r)
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	p.base = server.URL + "/dev/crm"
	return p
}

// request remembers the secrets of a request to the token or the revocation
// endpoint.
func (p *provider) request(r *http.Request) {
	if r.Method != http.MethodPost || !strings.HasPrefix(r.URL.Path, "/dev/crm/oauth/") {
		return
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // The proxy will see the same error.
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	p.e.secrets.tokenRequest(string(body))
}

// rewrite remembers the tokens of an answer and puts the proxy's address where
// the CRM says its own.
func (p *provider) rewrite(res *http.Response) error {
	body, err := io.ReadAll(res.Body)
	if err != nil {
		return err
	}
	if err := res.Body.Close(); err != nil {
		return err
	}
	if strings.HasSuffix(res.Request.URL.Path, "/oauth/token") {
		p.e.secrets.tokenAnswer(body)
	}
	own := p.e.base + "/dev/crm"
	body = bytes.ReplaceAll(body, []byte(own), []byte(p.base))
	res.Body, res.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	res.Header.Del("Content-Length")
	if location := res.Header.Get("Location"); location != "" {
		res.Header.Set("Location", strings.ReplaceAll(location, url.QueryEscape(own), url.QueryEscape(p.base)))
	}
	return nil
}

// tokenRequest remembers the secrets of a form for a token endpoint.
func (c *canaries) tokenRequest(body string) {
	form, err := url.ParseQuery(body)
	if err != nil {
		return
	}
	c.add("authorization code", form.Get("code"))
	c.add("device code", form.Get("device_code"))
	c.add("PKCE verifier", form.Get("code_verifier"))
	c.add("refresh token", form.Get("refresh_token"))
	c.add("revoked token", form.Get("token"))
}

// tokenAnswer remembers the tokens of a token endpoint's answer.
func (c *canaries) tokenAnswer(body []byte) {
	var answer struct {
		AccessToken  string `json:"access_token"`
		RefreshToken string `json:"refresh_token"`
		IDToken      string `json:"id_token"`
	}
	if json.Unmarshal(body, &answer) != nil {
		return
	}
	c.add("access token", answer.AccessToken)
	c.add("refresh token", answer.RefreshToken)
	c.add("id_token", answer.IDToken)
}

// clientSecret returns the secret of the demo client, from the CRM's own page.
func (p *provider) clientSecret(t *testing.T) string {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, p.base+"/", nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	page, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	match := regexp.MustCompile(`id="client-secret">([^<]+)<`).FindSubmatch(page)
	if match == nil {
		t.Fatal("the CRM's page does not show the client secret")
	}
	return p.e.secrets.add("client secret", string(match[1]))
}

// newKey returns a new API key of the CRM.
func (p *provider) newKey(t *testing.T) string {
	t.Helper()
	var minted struct{ Key string }
	p.e.exchange(t, http.MethodPost, p.base+"/api/keys", []byte(`{}`), &minted)
	return p.e.secrets.add("API key", minted.Key)
}

// crmStats are the counters of the CRM.
type crmStats struct{ Refreshes, RefreshReuse, Revocations, CodesExchanged int }

func (p *provider) stats(t *testing.T) crmStats {
	t.Helper()
	var stats crmStats
	p.e.exchange(t, http.MethodGet, p.base+"/stats", nil, &stats)
	return stats
}

// asks sends GET with the headers of a lease and returns the status.
func asks(t *testing.T, address string, headers map[string]string) int {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range headers {
		r.Header.Set(name, value)
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	if err := res.Body.Close(); err != nil {
		t.Fatal(err)
	}
	return res.StatusCode
}
