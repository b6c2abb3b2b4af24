package lint

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"net/url"
	"strings"

	"github.com/tenonhq/tenon/shared/catalog"
)

// requests checks the calls that the scheme makes with a credential.
func (l *linter) requests() {
	l.url("/baseUrl", l.connector.BaseURL, true)
	verify, at := l.connector.Verify, "/verify"
	if l.scheme.Verify != nil {
		verify, at = l.scheme.Verify, l.at+"/verify"
	}
	l.add(verify == nil && !l.provesItself(), at, "is missing: nothing verifies the credential.")
	l.request(at, verify)
}

// provesItself reports whether the credential is verified in another way than by
// a request of the entry.
func (l *linter) provesItself() bool {
	switch l.scheme.Type {
	case "aws_assume_role", "aws_access_key", "ssh_key", "database", "none":
		return true
	}
	return l.scheme.OAuth != nil && l.scheme.OAuth.Discovery
}

func (l *linter) request(at string, r *catalog.Request) {
	if r == nil {
		return
	}
	l.url(at+"/url", r.URL, false)
	if r.Account != nil {
		known := l.samples(false)
		l.named(at+"/account/id", r.Account.ID, known)
		l.named(at+"/account/name", r.Account.Name, known)
	}
	if r.Body == "" {
		return
	}
	kind := r.Headers["Content-Type"]
	body, err := catalog.ExpandBody(kind, r.Body, l.bodyValues())
	l.add(err != nil, at+"/body", "cannot be filled in; its Content-Type must be application/json, application/x-www-form-urlencoded, text/xml or application/soap+xml, "+
		"and it may name {accessToken}, the values of the placement, and inputs that are not optional.")
	l.add(err == nil && strings.Contains(kind, "xml") && xml.Unmarshal([]byte(body), new(struct{})) != nil, at+"/body", "is not XML, which its Content-Type promises.")
	l.add(err == nil && strings.Contains(kind, "json") && !json.Valid([]byte(body)), at+"/body", "is not JSON, which its Content-Type promises.")
}

// bodyValues are samples of what a request's body may name. Those of credentials hold what has to
// be escaped.
func (l *linter) bodyValues() map[string]string {
	values := map[string]string{"accessToken": `a"b`}
	for name := range l.samples(false) {
		values[name] = "sample" // It may be the name of an element.
	}
	for name := range l.scheme.Apply.Values {
		values[name] = `a"b<c>&d`
	}
	return values
}

// url fills a template with samples and looks where it leads: only a host of
// the connector may be asked.
func (l *linter) url(at, template string, optional bool) {
	host, ok := l.expand(at, template, optional)
	l.add(ok && !l.connector.Allows(host, l.samples(optional)), at, "leads to a host that is not among the hosts; add it there.")
}

// browserURL is url for where the browser alone goes, whose host needs no leave.
func (l *linter) browserURL(at, template string) { l.expand(at, template, false) }

// expand returns the host a template leads to, if it leads anywhere.
func (l *linter) expand(at, template string, optional bool) (host string, ok bool) {
	if template == "" {
		return "", false
	}
	if strings.HasPrefix(template, "http://") && !l.connector.LocalOnly {
		l.add(true, at, "begins with http://; use https://.")
		return "", false
	}
	vars := l.samples(optional)
	if !l.named(at, template, vars) {
		return "", false
	}
	expanded, err := catalog.Expand(template, vars)
	if err != nil {
		// What wraps the reason repeats the template.
		l.add(true, at, "cannot be filled in: %v.", errors.Unwrap(err))
		return "", false
	}
	u, err := url.Parse(expanded)
	if err != nil || u.Scheme != "https" && !l.connector.LocalOnly {
		l.add(true, at, "is no https address when it is filled in.")
		return "", false
	}
	return u.Host, true
}

// named reports whether all that a template names is known.
func (l *linter) named(at, template string, known map[string]catalog.Value) bool {
	all := true
	for _, name := range catalog.Names(template) {
		if _, ok := known[name]; !ok {
			l.add(true, at, "names {%s}, which is not declared or is optional.", name)
			all = false
		}
	}
	return all
}

// samples returns a value for every input and capture.
func (l *linter) samples(optional bool) map[string]catalog.Value {
	byType := map[string]string{
		catalog.TypeLabel: "sample", catalog.TypeHost: "sample.my.salesforce.com", catalog.TypeURL: "https://sample.example.com/base",
		catalog.TypeSegment: "a b", catalog.TypeText: "a/b", catalog.TypePort: "22", catalog.TypeServer: "sample.example.com",
	}
	vars := map[string]catalog.Value{}
	for _, in := range l.connector.InputsFor(l.scheme) {
		text := byType[in.Type]
		if in.Type == catalog.TypeEnum && len(in.Enum) > 0 {
			text = in.Enum[len(in.Enum)-1]
		}
		if !in.Optional || optional {
			vars[in.Name] = catalog.Value{Type: in.Type, Text: text}
		}
	}
	for _, capture := range l.scheme.Captures() {
		text := byType[capture.Type]
		if capture.Type == catalog.TypeURL {
			text = "https://" + strings.Replace(capture.Host, "*", "sample", 1)
		}
		vars[capture.Name] = catalog.Value{Type: capture.Type, Text: text}
	}
	return vars
}
