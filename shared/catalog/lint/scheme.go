package lint

import (
	"maps"
	"slices"

	"github.com/tenonhq/tenon/shared/catalog"
)

// placement checks that a request carries the whole credential and nothing else.
// What a type puts there by names of its own is the type's to say.
func (l *linter) placement() {
	var used []string
	for _, templates := range []map[string]string{l.scheme.Apply.Headers, l.scheme.Apply.Query, l.scheme.Apply.Values} {
		for name, template := range templates {
			used = append(used, catalog.Names(name)...)
			used = append(used, catalog.Names(template)...)
		}
	}
	slices.Sort(used)
	needed, known := l.credential(used)
	if !known {
		return
	}
	allowed := slices.Concat(needed, slices.Collect(maps.Keys(l.samples(true))))
	if l.scheme.Type == "basic" {
		allowed = append(allowed, "username", "password")
	}
	for _, name := range needed {
		l.add(!slices.Contains(used, name), l.at+"/apply", "puts {%s} nowhere; a request needs it in a header or in the query.", name)
	}
	for _, name := range used {
		l.add(!slices.Contains(allowed, name), l.at+"/apply", "names {%s}, which is not declared.", name)
	}
}

// credential names what the placement has to carry, where the scheme's type lets
// the entry place it. A user name and password may stand each for itself, as in
// the header of a SOAP message.
func (l *linter) credential(used []string) (needed []string, known bool) {
	switch l.scheme.Type {
	case "basic":
		if slices.Contains(used, "password") && !slices.Contains(used, "basic") {
			return []string{"username", "password"}, true
		}
		return []string{"basic"}, true
	case "api_key":
		if len(l.scheme.Fields) == 1 && slices.Contains(used, "basic") {
			return []string{"basic"}, true
		}
		for _, in := range l.scheme.Fields {
			needed = append(needed, in.Name)
		}
		return needed, true
	case "oauth2_authorization_code", "oauth2_client_credentials", "oauth2_jwt_bearer", "oauth2_token_exchange", "oauth2_device_code":
		return []string{"accessToken"}, true
	}
	return nil, false
}

// assertion checks that there is one where it is needed, and what it names.
func (l *linter) assertion() {
	client := l.scheme.OAuth != nil && l.scheme.OAuth.ClientAuth == "private_key_jwt"
	a := l.scheme.Assertion
	if a == nil {
		l.add(client || l.scheme.Type == "oauth2_jwt_bearer", l.at, "needs the member assertion, which says what is signed.")
		return
	}
	known := l.samples(true)
	known["clientId"] = catalog.Value{Type: catalog.TypeText, Text: "client"}
	for _, in := range l.scheme.Fields {
		if !concealed(in) {
			known[in.Name] = catalog.Value{Type: in.Type, Text: "sample"}
		}
	}
	for _, template := range slices.Concat([]string{a.Issuer, a.Subject, a.Audience, a.KeyID}, slices.Sorted(maps.Values(a.Claims))) {
		l.named(l.at+"/assertion", template, known)
	}
}

// server checks that host and port are each one value, or fixed.
func (l *linter) server() {
	s := l.scheme.Server
	if s == nil {
		return
	}
	known := l.samples(false)
	for at, template := range map[string]string{l.at + "/server/host": s.Host, l.at + "/server/port": s.Port} {
		names := catalog.Names(template)
		l.add(len(names) > 1 || len(names) == 1 && template != "{"+names[0]+"}", at, "must be fixed, or one input in braces.")
		l.named(at, template, known)
	}
}

// accounts checks the request that lists accounts, and what the choice fills.
func (l *linter) accounts() {
	a := l.scheme.Accounts
	if a == nil {
		return
	}
	at := l.at + "/accounts"
	l.request(at+"/request", &a.Request)
	_, ok := l.samples(true)[a.Input]
	l.add(!ok, at+"/input", "names {%s}, which is neither an input nor a capture.", a.Input)
}
