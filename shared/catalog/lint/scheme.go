package lint

import (
	"maps"
	"slices"

	"github.com/tenonhq/tenon/shared/catalog"
)

// assertion checks that there is one where it is needed and nowhere else, and what
// it and a token exchange name.
func (l *linter) assertion() {
	known := l.samples(true)
	known["clientId"] = catalog.Value{Type: catalog.TypeText, Text: "client"}
	for _, in := range l.scheme.Fields {
		if !concealed(in) {
			known[in.Name] = catalog.Value{Type: in.Type, Text: "sample"}
		}
	}
	if o := l.scheme.OAuth; o != nil && o.Exchange != nil {
		l.named(l.at+"/oauth/exchange", o.Exchange.Audience+o.Exchange.Resource, known)
	}
	client := l.scheme.OAuth != nil && l.scheme.OAuth.ClientAuth == "private_key_jwt"
	a := l.scheme.Assertion
	if a == nil {
		given := l.scheme.Type == "oauth2_token_exchange" && l.field("subjectToken")
		l.add(client || l.scheme.Type == "oauth2_jwt_bearer" || l.scheme.Type == "oauth2_token_exchange" && !given, l.at, "needs the member assertion, which says what is signed.")
		return
	}
	l.add(!client && slices.Contains([]string{"oauth2_authorization_code", "oauth2_client_credentials", "oauth2_device_code"}, l.scheme.Type),
		l.at+"/assertion", "is shown by nobody: clientAuth is not private_key_jwt.")
	l.add(l.scheme.Type == "oauth2_jwt_bearer" && a.Subject == "", l.at+"/assertion/subject", "is missing: say for whom the token is (RFC 7523 3).")
	_, account := known["serviceAccount"]
	l.add(l.scheme.Type == "service_account_key" && a.Issuer == "" && !account && !l.field("key"), l.at+"/assertion/issuer",
		"is missing: there is neither a field key nor an input serviceAccount that names the account.")
	for _, template := range slices.Concat([]string{a.Issuer, a.Subject, a.Audience, a.KeyID}, slices.Sorted(maps.Values(a.Claims))) {
		for _, name := range catalog.Names(template) {
			if l.scheme.Type == "service_account_key" && l.field("key") && (name == "serviceAccount" || name == "keyId") {
				known[name] = catalog.Value{Type: catalog.TypeText, Text: "sample"} // The key file says it.
			}
		}
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
