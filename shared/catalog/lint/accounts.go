package lint

import (
	"fmt"
	"slices"

	"github.com/tenonhq/tenon/shared/catalog"
)

// accounts checks the request that lists accounts, and what the choice sets: it
// is not known before there is a choice, so neither the list nor a server of
// tokens may depend on it.
func (l *linter) accounts() {
	a := l.scheme.Accounts
	if a == nil {
		return
	}
	at := l.at + "/accounts"
	l.request(at+"/request", &a.Request)
	l.before(at+"/request", a.Request.URL, a.Request.Body)
	for _, template := range a.Request.Headers {
		l.before(at+"/request", template)
	}
	l.add(a.Request.Bare, at+"/request/bare", "has no place here: the list is asked for with the credential.")
	for i, c := range a.Capture {
		l.add(c.From != "account", fmt.Sprintf("%s/capture/%d/from", at, i), "must be account.")
	}
	verify, pointer := l.connector.Verify, "/verify"
	if l.scheme.Verify != nil {
		verify, pointer = l.scheme.Verify, l.at+"/verify"
	}
	l.add(verify != nil && verify.Account != nil, pointer+"/account", "has no place here: the account is the one that is chosen.")
	if o := l.scheme.OAuth; o != nil {
		l.before(l.at+"/oauth", o.AuthorizeURL, o.TokenURL, o.RevokeURL, o.DeviceURL, o.Issuer)
		if o.Metadata != nil {
			l.before(l.at+"/oauth/metadata", o.Metadata.URL)
		}
	}
	if l.scheme.Login != nil {
		l.before(l.at+"/login", l.scheme.Login.Request.URL)
	}
}

// before complains of what names a value that only the choice of an account sets.
func (l *linter) before(at string, templates ...string) {
	for _, template := range templates {
		for _, name := range catalog.Names(template) {
			set := slices.ContainsFunc(l.scheme.Accounts.Capture, func(c catalog.Capture) bool { return c.Name == name })
			l.add(set, at, "names {%s}, which is not known before an account is chosen.", name)
		}
	}
}
