package client

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// target returns the URL that a request goes to with the credential, nil where it
// follows a redirect to somewhere the credential may not go, and an error where
// the program itself asks for such a place.
func (t *Transport) target(h *held, r *http.Request) (*url.URL, error) {
	base, err := url.Parse(h.lease.BaseURL)
	if err != nil {
		return nil, fmt.Errorf("the base URL of connection %s is none", h.lease.ConnectionID)
	}
	if r.URL.Host == "" && r.URL.Scheme == "" && base.Host != "" {
		below := base.JoinPath(r.URL.EscapedPath())
		below.RawQuery = r.URL.RawQuery
		if !strings.HasPrefix(below.Path, "/") { // The base URL has no path.
			below.Path, below.RawPath = "/"+below.Path, "/"+below.EscapedPath()
		}
		return below, nil
	}
	if base.Host != "" && origin(r.URL) == origin(base) || t.names(r.URL) {
		u := *r.URL
		return &u, nil
	}
	if r.Response != nil {
		return nil, nil
	}
	return nil, fmt.Errorf("the credential of connection %s is not sent to the host %q: name it in Hosts if it is the system's", h.lease.ConnectionID, r.URL.Host)
}

// names reports whether the program has named the host.
func (t *Transport) names(u *url.URL) bool {
	return strings.EqualFold(u.Scheme, "https") && (u.Port() == "" || u.Port() == "443") &&
		slices.ContainsFunc(t.Hosts, func(name string) bool { return strings.EqualFold(name, u.Hostname()) })
}

// origin is scheme, host and port, which is what a credential is given for.
func origin(u *url.URL) string {
	scheme, port := strings.ToLower(u.Scheme), u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[scheme]
	}
	return scheme + "://" + strings.ToLower(u.Hostname()) + ":" + port
}

// answered returns the answer as one to the request of the program, which does not
// hold the credential. Where that has no host, a redirect is made absolute.
func answered(r *http.Request, target *url.URL, res *http.Response) *http.Response {
	res.Request = r
	if location := res.Header.Get("Location"); location != "" && r.URL.Host == "" {
		if u, err := target.Parse(location); err == nil {
			res.Header.Set("Location", u.String())
		}
	}
	return res
}
