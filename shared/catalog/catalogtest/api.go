package catalogtest

import (
	"encoding/base64"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/tenonhq/tenon/shared/catalog"
)

// api answers a request of the entry that carries a credential: as the entry
// classifies a refusal where the credential is dead or wrong. A request in
// another form than the entry's, with whatever credential, is complained of.
func (p *Provider) api(r catalog.Request, req *http.Request, body string, answer any) (int, any) {
	accepted, ok := p.presented(r, req, body)
	if !ok {
		p.complain("%s %s: the headers, query or body are not those of the entry", req.Method, req.URL.Host+req.URL.Path)
	}
	if !accepted {
		return Refusal(r)
	}
	if len(r.Expect) > 0 {
		return r.Expect[0], answer
	}
	return http.StatusOK, answer
}

// presented finds the credential that the request carries as the entry says, and
// whether it is accepted.
func (p *Provider) presented(r catalog.Request, req *http.Request, body string) (accepted, ok bool) {
	if p.signs() && !r.Bare {
		return p.presentedSigned(r, req, body)
	}
	for access := range p.access {
		if p.carries(r, req, body, access, nil) {
			return p.alive(access), true
		}
	}
	if p.Scheme.OAuth != nil {
		return false, false
	}
	if p.carries(r, req, body, "", p.Fields) {
		return true, true
	}
	return false, p.carries(r, req, body, "", p.Wrong)
}

// carries reports whether the request is exactly the entry's with this
// credential.
func (p *Provider) carries(r catalog.Request, req *http.Request, body, access string, fields map[string]string) bool {
	vars := p.variables(access, fields)
	headers := header(fillAll(r.Headers, vars))
	address, err := p.address(r.URL)
	if err != nil || body != fill(r.Body, vars) {
		return false
	}
	query := address.Query()
	if !r.Bare {
		placed, parameters := p.Placed(access, fields)
		maps.Copy(headers, header(placed))
		for name, value := range parameters {
			query.Set(name, value)
		}
	}
	for name := range req.Header {
		if _, ok := headers[name]; !ok && name != "Accept" && name != "User-Agent" {
			return false
		}
	}
	query = p.beforeChoice(r, req, headers, query)
	for name := range headers {
		if !slices.Equal(headers[name], req.Header[name]) {
			return false
		}
	}
	return maps.EqualFunc(query, req.URL.Query(), func(a, b []string) bool { return slices.Equal(a, b) })
}

// members is the answer that holds what the entry looks for at the endpoints.
func (p *Provider) members(found []Endpoint) any {
	var members any = map[string]any{}
	set := func(path string, value any) {
		if path != "" && !unfilled.MatchString(path) {
			members = place(members, strings.Split(path, "."), value)
		}
	}
	if r := p.Verification(); slices.Contains(found, Verify) && r.Account != nil {
		set(r.Account.ID, p.AccountID)
		set(r.Account.Name, p.AccountName)
	}
	if r := p.Verification(); slices.Contains(found, Verify) && r.Scopes != "" {
		set(r.Scopes, p.Permissions)
	}
	for _, c := range p.oauth.Capture {
		if slices.Contains(found, Metadata) && c.From == "metadata" {
			set(c.Path, p.Captured[c.Name])
		}
	}
	return members
}

// discovered is the metadata of an issuer (RFC 8414 2).
func (p *Provider) discovered() map[string]any {
	member := func(template string) string { return fill(template, p.vars) }
	return map[string]any{
		"issuer": member("{issuer}"), "authorization_endpoint": member(p.oauth.AuthorizeURL), "token_endpoint": member(p.oauth.TokenURL),
		"revocation_endpoint": member(p.oauth.RevokeURL), "jwks_uri": member(p.oauth.JWKSURL), "authorization_response_iss_parameter_supported": true,
	}
}

// Refusal is how the system refuses a credential: by the first rule of the entry
// that speaks of it, else with 401.
func Refusal(r catalog.Request) (int, any) {
	for _, rule := range r.Errors {
		if rule.Outcome == string(catalog.AuthError) {
			f := Example(rule)
			return f.Status, f.Body
		}
	}
	return http.StatusUnauthorized, map[string]any{"message": "not authorized"}
}

// Example is an answer that a rule of the entry speaks of. A value that looks
// like a truth value or a number is one, as systems send it.
func Example(rule catalog.ErrorRule) Fault {
	f := Fault{Status: rule.Status, Body: map[string]any{"message": "refused"}}
	if f.Status == 0 {
		f.Status = http.StatusOK
	}
	if rule.Text != "" {
		f.Body["message"] = rule.Text
	}
	if rule.Path == "" {
		return f
	}
	var value any = "sample"
	if truth, err := strconv.ParseBool(rule.Equals); err == nil && len(rule.Equals) > 1 {
		value = truth
	} else if number, err := strconv.Atoi(rule.Equals); err == nil {
		value = number
	} else if rule.Equals != "" {
		value = rule.Equals
	}
	f.Body, _ = place(map[string]any{}, strings.Split(rule.Path, "."), value).(map[string]any)
	return f
}

// place puts a value at a dotted path; a number in it is a place in a list.
func place(at any, path []string, value any) any {
	if len(path) == 0 {
		return value
	}
	if i, err := strconv.Atoi(path[0]); err == nil {
		list, _ := at.([]any)
		for len(list) <= i {
			list = append(list, nil)
		}
		list[i] = place(list[i], path[1:], value)
		return list
	}
	members, ok := at.(map[string]any)
	if !ok {
		members = map[string]any{}
	}
	members[path[0]] = place(members[path[0]], path[1:], value)
	return members
}

// basic is the credential of RFC 7617.
func basic(user, password string) string {
	return base64.StdEncoding.EncodeToString([]byte(user + ":" + password))
}
