package catalogtest

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/tenonhq/tenon/shared/catalog"
)

// Endpoint is one of the requests an entry speaks of.
type Endpoint string

// The endpoints.
const (
	Token     Endpoint = "token"
	Revoke    Endpoint = "revoke"
	Device    Endpoint = "device"
	Metadata  Endpoint = "metadata"  // The entry's call after the handoff.
	Discovery Endpoint = "discovery" // The issuer's metadata.
	Verify    Endpoint = "verify"
	Accounts  Endpoint = "accounts" // The list that a person chooses from.
)

// Fault is what becomes of one request instead of its answer.
type Fault struct {
	Status    int            // This is answered…
	Body      map[string]any // …with this, and nothing is carried out.
	Slow      bool           // No answer comes: the request ends with its context.
	Lost      bool           // The request never arrives, and its sender cannot tell.
	Forgotten bool           // It is carried out, and the answer never arrives.
}

// Next queues what becomes of the next requests to an endpoint.
func (p *Provider) Next(e Endpoint, faults ...Fault) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.faults[e] = append(p.faults[e], faults...)
}

// errCut is how a connection that broke looks to the sender.
var errCut = &net.OpError{Op: "read", Net: "tcp", Err: errors.New("connection reset by peer")}

// Do implements method.Doer.
func (p *Provider) Do(req *http.Request) (*http.Response, error) {
	if p.Scheme.Type == "client_certificate" {
		p.mu.Lock()
		p.complain("%s %s: no certificate is shown", req.Method, req.URL.Host+req.URL.Path)
		p.mu.Unlock()
	}
	return p.exchange(req)
}

// exchange answers a request, from whomever.
func (p *Provider) exchange(req *http.Request) (*http.Response, error) {
	var body []byte
	if req.Body != nil {
		var err error
		if body, err = io.ReadAll(req.Body); err != nil {
			return nil, err
		}
	}
	if err := req.Context().Err(); err != nil {
		return nil, &url.Error{Op: req.Method, URL: req.URL.String(), Err: err}
	}
	status, answer, fault := p.handle(req, string(body))
	if fault.Slow {
		<-req.Context().Done()
		return nil, &url.Error{Op: req.Method, URL: req.URL.String(), Err: req.Context().Err()}
	}
	if fault.Lost || fault.Forgotten {
		return nil, &url.Error{Op: req.Method, URL: req.URL.String(), Err: errCut}
	}
	text, ok := answer.(plain)
	if !ok {
		encoded, err := json.Marshal(answer)
		if err != nil {
			return nil, err
		}
		text = plain{http.Header{"Content-Type": {"application/json"}}, string(encoded)}
	}
	return &http.Response{StatusCode: status, Header: text.header, Body: io.NopCloser(strings.NewReader(text.body)), Request: req}, nil
}

// handle watches and routes one request, and carries it out unless a fault
// keeps it from that.
func (p *Provider) handle(req *http.Request, body string) (int, any, Fault) {
	p.mu.Lock()
	defer p.mu.Unlock()
	found := p.route(req, body)
	e := slices.Concat(found, []Endpoint{""})[0]
	p.watch(req, e)
	p.notRepeated(req, e)
	p.calls[e]++
	var f Fault
	if queued := p.faults[e]; len(queued) > 0 {
		f, p.faults[e] = queued[0], queued[1:]
	}
	if f.Slow || f.Lost || f.Status != 0 {
		return f.Status, f.Body, f
	}
	status, answer := p.answer(found, req, body)
	return status, answer, f
}

func (p *Provider) answer(found []Endpoint, req *http.Request, body string) (int, any) {
	if len(found) == 0 {
		p.complain("%s %s: the entry does not speak of this", req.Method, req.URL.Host+req.URL.Path)
		return http.StatusNotFound, nil
	}
	switch e := found[0]; e {
	case Temporary:
		return p.askTemporary(req, body)
	case Token:
		switch {
		case p.Scheme.OAuth1 != nil:
			return p.redeemPair(req, body)
		case p.Scheme.Login != nil:
			return p.logIn(req, body)
		}
		return p.grantToken(req, body)
	case Revoke:
		if p.Scheme.Login != nil {
			return p.logOut(req, body)
		}
		return p.forget(req, body)
	case Device:
		return p.authorizeDevice(req, body)
	case Discovery:
		return http.StatusOK, p.discovered()
	case Accounts:
		return p.api(p.requests()[e], req, body, p.listed())
	default:
		return p.api(p.requests()[e], req, body, p.members(found))
	}
}

// route finds the endpoints by method and address. Where several share those,
// the request tells them apart, or is meant for all.
func (p *Provider) route(req *http.Request, body string) []Endpoint {
	var found, fit []Endpoint
	for e, r := range p.requests() {
		address, err := p.address(r.URL)
		if err == nil && r.Method == req.Method && address.Scheme == req.URL.Scheme && address.Host == req.URL.Host && address.EscapedPath() == req.URL.EscapedPath() {
			found = append(found, e)
			if _, ok := p.presented(r, req, body); ok {
				fit = append(fit, e)
			}
		}
	}
	if len(fit) > 0 {
		found = fit
	}
	if a := p.Scheme.Accounts; a != nil && slices.Contains(found, Accounts) && slices.Contains(found, Verify) {
		drop := Verify // The list is asked for before there is a choice, and else stands in for itself.
		for name, template := range p.Scheme.Apply.Headers {
			if strings.Contains(template, "{"+a.Capture[0].Name+"}") && req.Header.Get(name) != "" {
				drop = Accounts
			}
		}
		found = slices.DeleteFunc(found, func(e Endpoint) bool { return e == drop })
	}
	slices.Sort(found)
	return found
}

func (p *Provider) requests() map[Endpoint]catalog.Request {
	requests := map[Endpoint]catalog.Request{}
	if r := p.Verification(); r != nil {
		requests[Verify] = *r
	}
	if a := p.Scheme.Accounts; a != nil {
		requests[Accounts] = a.Request
	}
	if o := p.Scheme.OAuth1; o != nil && o.RequestURL != "" {
		requests[Temporary] = catalog.Request{Method: http.MethodPost, URL: o.RequestURL}
		requests[Token] = catalog.Request{Method: http.MethodPost, URL: o.AccessURL}
	}
	if l := p.Scheme.Login; l != nil {
		requests[Token] = l.Request
		if l.Logout != nil {
			requests[Revoke] = *l.Logout
		}
	}
	if p.Scheme.OAuth == nil {
		return requests
	}
	requests[Token] = catalog.Request{Method: http.MethodPost, URL: p.oauth.TokenURL}
	if p.oauth.RevokeURL != "" {
		requests[Revoke] = catalog.Request{Method: http.MethodPost, URL: p.oauth.RevokeURL}
	}
	if p.oauth.DeviceURL != "" {
		requests[Device] = catalog.Request{Method: http.MethodPost, URL: p.oauth.DeviceURL}
	}
	if p.oauth.Metadata != nil {
		requests[Metadata] = *p.oauth.Metadata
	}
	if p.oauth.Discovery {
		requests[Discovery] = catalog.Request{Method: http.MethodGet, URL: "{issuer}/.well-known/openid-configuration"}
	}
	return requests
}

var unfilled = regexp.MustCompile(`\{[A-Za-z][A-Za-z0-9]*\}`)

// address fills a URL template of the entry.
func (p *Provider) address(template string) (*url.URL, error) {
	text := fill(template, p.vars)
	if name := unfilled.FindString(text); name != "" {
		return nil, fmt.Errorf("%s: %s is not given", template, name)
	}
	return url.Parse(text)
}

// watch complains of a request that goes where none may go, or that shows a
// secret in its address although the entry does not put it there.
func (p *Provider) watch(req *http.Request, e Endpoint) {
	if req.URL.Scheme != "https" {
		p.complain("%s: asked without TLS", e)
	}
	if !p.Connector.Allows(req.URL.Host, p.values()) {
		p.complain("%s: the entry does not allow the host %s", e, req.URL.Host)
	}
	shown := *req.URL
	if r := p.requests()[e]; (e == Verify || e == Revoke && p.Scheme.Login != nil) && !r.Bare {
		query := shown.Query()
		for name := range fillAll(p.Scheme.Apply.Query, p.vars) {
			query.Del(name)
		}
		shown.RawQuery = query.Encode()
	}
	if p.shows(&shown) {
		p.complain("%s: a secret stands in the URL", e)
	}
}

// notRepeated complains of a signed request whose nonce was there before (RFC 5849
// 3.3).
func (p *Provider) notRepeated(req *http.Request, e Endpoint) {
	nonce := protocol(req)["oauth_nonce"]
	if nonce == "" {
		return
	}
	if slices.Contains(p.once, nonce) {
		p.complain("%s: the nonce was used before", e)
	}
	p.once = append(p.once, nonce)
}

// shows reports whether a URL holds a secret.
func (p *Provider) shows(u *url.URL) bool {
	text, err := url.QueryUnescape(u.String())
	if err != nil {
		text = u.String()
	}
	return slices.ContainsFunc(p.secrets, func(s string) bool {
		return s != "" && (strings.Contains(text, s) || strings.Contains(u.String(), s))
	})
}

// values types what templates may name, for the entry's own rules.
func (p *Provider) values() map[string]catalog.Value {
	values := catalog.Values(p.Connector.InputsFor(p.Scheme), p.Inputs)
	for _, c := range p.Scheme.Captures() {
		values[c.Name] = catalog.Value{Type: c.Type, Text: p.Captured[c.Name]}
	}
	return values
}

func (p *Provider) variables(access string, fields map[string]string) map[string]string {
	vars := maps.Clone(p.vars)
	for _, in := range p.Scheme.Fields {
		if in.Default != "" && len(fields) > 0 {
			vars[in.Name] = in.Default
		}
	}
	maps.Copy(vars, fields)
	if access != "" {
		vars["accessToken"] = access
	}
	if p.Scheme.Type == "basic" || p.Scheme.Login != nil {
		vars["basic"] = basic(fields["username"], fields["password"])
	}
	for _, key := range fields {
		if p.Scheme.Type == "api_key" && len(fields) == 1 {
			vars["basic"] = basic(key, "x")
		}
	}
	return vars
}
