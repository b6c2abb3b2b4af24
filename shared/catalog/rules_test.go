package catalog_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/tenonhq/tenon/shared/catalog"
)

// lint returns what is wrong with a connector beyond what its schema says.
func lint(c catalog.Connector) []string {
	l := &linter{connector: c}
	l.dates()
	seen := map[string]bool{}
	for _, scheme := range c.Schemes {
		l.scheme = scheme
		l.add(seen[scheme.ID], "scheme stands twice")
		seen[scheme.ID] = true
		l.inputs()
		l.placement()
		l.requests()
		if scheme.OAuth != nil {
			l.oauth(*scheme.OAuth)
		}
	}
	return l.complaints
}

type linter struct {
	connector  catalog.Connector
	scheme     catalog.Scheme
	complaints []string
}

func (l *linter) add(wrong bool, format string, args ...any) {
	if wrong {
		l.complaints = append(l.complaints, l.connector.ID+" "+l.scheme.ID+": "+fmt.Sprintf(format, args...))
	}
}

func (l *linter) dates() {
	day, err := time.Parse(time.DateOnly, l.connector.CheckedAt)
	l.add(err != nil || day.After(reviewDay) || reviewDay.Sub(day) > maxAge, "checkedAt %s is no day, in the future or stale", l.connector.CheckedAt)
	for _, sunset := range l.connector.Sunsets {
		_, err := time.Parse(time.DateOnly, sunset.Date)
		l.add(err != nil || sunset.Source == "", "sunset %s has no day or no source", sunset.Date)
	}
}

func (l *linter) inputs() {
	inputs := l.connector.InputsFor(l.scheme)
	names := map[string]bool{}
	for _, in := range slices.Concat(inputs, l.scheme.Fields) {
		l.add(names[in.Name], "%s stands twice", in.Name)
		names[in.Name] = true
		_, err := regexp.Compile(in.Pattern)
		l.add(err != nil, "pattern of %s: %v", in.Name, err)
		if in.Default != "" {
			_, err := catalog.CheckInputs([]catalog.Input{in}, map[string]string{in.Name: in.Default}, l.connector.LocalOnly)
			l.add(err != nil, "default of %s is not valid", in.Name)
		}
	}
	for _, in := range inputs {
		l.add(in.Type == catalog.TypeSecret, "%s: a secret belongs among the fields", in.Name)
	}
}

// placement checks that a request carries the whole credential and nothing else.
func (l *linter) placement() {
	var text []string
	for _, templates := range []map[string]string{l.scheme.Apply.Headers, l.scheme.Apply.Query} {
		for name, template := range templates {
			text = append(text, catalog.Names(name)...)
			text = append(text, catalog.Names(template)...)
		}
	}
	allowed := []string{}
	for _, in := range l.connector.InputsFor(l.scheme) {
		allowed = append(allowed, in.Name)
	}
	var needed []string
	switch l.scheme.Type {
	case "basic":
		needed = []string{"basic"}
	case "api_key":
		for _, in := range l.scheme.Fields {
			needed = append(needed, in.Name)
		}
	default:
		needed = []string{"accessToken"}
	}
	for _, name := range needed {
		l.add(!slices.Contains(text, name), "%s is applied nowhere", name)
	}
	for _, name := range text {
		l.add(!slices.Contains(allowed, name) && !slices.Contains(needed, name), "%s is not declared", name)
	}
}

func (l *linter) requests() {
	l.url("baseUrl", l.connector.BaseURL, true)
	verify := l.connector.Verify
	if l.scheme.Verify != nil {
		verify = l.scheme.Verify
	}
	discovers := l.scheme.OAuth != nil && l.scheme.OAuth.Discovery
	l.add(verify == nil && !discovers, "nothing verifies the credential")
	l.request("verify", verify)
}

func (l *linter) request(what string, r *catalog.Request) {
	if r == nil {
		return
	}
	l.url(what, r.URL, false)
	if r.Body == "" {
		return
	}
	body, err := catalog.ExpandBody(r.Headers["Content-Type"], r.Body, map[string]string{"accessToken": `a"b`})
	l.add(err != nil, "%s: body: %v", what, err)
	l.add(err == nil && strings.Contains(r.Headers["Content-Type"], "json") && !json.Valid([]byte(body)), "%s: body is not JSON", what)
}

func (l *linter) oauth(o catalog.OAuth) {
	l.add(o.TokenURL == "" && !o.Discovery, "has no token URL")
	l.add(o.Discovery && o.Issuer == "", "discovers without an issuer")
	l.add(l.scheme.Type == "oauth2_authorization_code" && o.AuthorizeURL == "" && !o.Discovery, "has no authorize URL")
	l.add((l.scheme.Type == "oauth2_device_code") != (o.DeviceURL != ""), "a device URL and the device grant go together")
	l.url("authorizeUrl", o.AuthorizeURL, false)
	l.url("deviceUrl", o.DeviceURL, false)
	l.url("tokenUrl", o.TokenURL, false)
	l.url("revokeUrl", o.RevokeURL, true)
	l.url("issuer", o.Issuer, false)
	l.url("jwksUrl", o.JWKSURL, false)
	l.request("metadata", o.Metadata)
	l.callback(o)
	l.add(o.Refresh.Supported && o.Refresh.Rotates == (o.Refresh.Reuse == "non_rotating"), "rotates and reuse contradict each other")
	var scopes []string
	for _, scope := range o.Scopes {
		scopes = append(scopes, scope.Name)
		l.add(scope.Required && !slices.Contains(o.DefaultScopes, scope.Name), "required scope %s is no default", scope.Name)
	}
	for _, scope := range o.DefaultScopes {
		l.add(!slices.Contains(scopes, scope), "default scope %s is not declared", scope)
	}
}

// callback checks that what a signed callback is compared with is known, and
// that there is a secret it can be signed with.
func (l *linter) callback(o catalog.OAuth) {
	if o.CallbackHMAC == nil {
		return
	}
	l.add(o.ClientAuth == "none", "callbackHmac: the client has no secret")
	for _, template := range o.CallbackHMAC.Values {
		for _, name := range catalog.Names(template) {
			_, ok := l.samples(false)[name]
			l.add(!ok, "callbackHmac: %s is not declared or is optional", name)
		}
	}
}

// url fills a template with samples and looks where it leads. The browser
// alone goes to the authorize URL, so its host needs no leave.
func (l *linter) url(what, template string, optional bool) {
	if template == "" {
		return
	}
	vars := l.samples(optional)
	for _, name := range catalog.Names(template) {
		_, ok := vars[name]
		l.add(!ok, "%s: %s is not declared or is optional", what, name)
	}
	expanded, err := catalog.Expand(template, vars)
	if err != nil {
		l.add(true, "%s: %v", what, err)
		return
	}
	u, err := url.Parse(expanded)
	l.add(err != nil || (u.Scheme != "https" && !l.connector.LocalOnly), "%s: is not https", what)
	l.add(what != "authorizeUrl" && !l.connector.Allows(u.Host, vars), "%s: %s is not among the hosts", what, u.Host)
}

func (l *linter) samples(optional bool) map[string]catalog.Value {
	byType := map[string]string{
		catalog.TypeLabel: "sample", catalog.TypeHost: "sample.my.salesforce.com", catalog.TypeURL: "https://sample.example.com/base",
		catalog.TypeSegment: "a b", catalog.TypeText: "a/b",
	}
	vars := map[string]catalog.Value{}
	for _, in := range l.connector.InputsFor(l.scheme) {
		text := byType[in.Type]
		if in.Type == catalog.TypeEnum {
			text = in.Enum[len(in.Enum)-1]
		}
		if !in.Optional || optional {
			vars[in.Name] = catalog.Value{Type: in.Type, Text: text}
		}
	}
	if l.scheme.OAuth == nil {
		return vars
	}
	for _, capture := range l.scheme.OAuth.Capture {
		text := byType[capture.Type]
		if capture.Type == catalog.TypeURL {
			text = "https://" + strings.Replace(capture.Host, "*", "sample", 1)
		}
		vars[capture.Name] = catalog.Value{Type: capture.Type, Text: text}
	}
	return vars
}
