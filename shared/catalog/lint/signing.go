package lint

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/tenonhq/tenon/shared/catalog"
)

// oauth1 checks the endpoints, and that the credential can sign.
func (l *linter) oauth1(o catalog.OAuth1) {
	at := l.at + "/oauth1"
	l.url(at+"/requestUrl", o.RequestURL, false)
	l.browserURL(at+"/authorizeUrl", o.AuthorizeURL)
	l.url(at+"/accessUrl", o.AccessURL, false)
	l.named(at+"/realm", o.Realm, l.samples(true))
	l.add(o.RequestURL == "" && !(l.field("token") && l.field("tokenSecret")), l.at+"/fields",
		"needs the fields token and tokenSecret: there is no requestUrl where a token is had.")
	l.add(l.field("token") != l.field("tokenSecret"), l.at+"/fields", "has one of token and tokenSecret without the other.")
	l.add(l.field("consumerKey") != l.field("consumerSecret"), l.at+"/fields", "has one of consumerKey and consumerSecret without the other.")
}

// login checks the calls, and that the token stands in one place.
func (l *linter) login(o catalog.Login) {
	at := l.at + "/login"
	l.url(at+"/request/url", o.Request.URL, false)
	l.request(at+"/logout", o.Logout)
	places := slices.DeleteFunc([]string{o.Token, o.Header, o.Cookie}, func(s string) bool { return s == "" })
	l.add(len(places) > 1, at, "finds the token in several places; name one of token, header and cookie.")
	known := l.samples(true)
	known["basic"] = catalog.Value{}
	texts := map[string]string{"basic": "x"}
	for _, in := range l.scheme.Fields {
		known[in.Name] = catalog.Value{}
	}
	for name := range known {
		texts[name] = `a"b`
	}
	for _, template := range slices.Sorted(maps.Values(o.Request.Headers)) {
		l.named(at+"/request/headers", template, known)
	}
	if !l.named(at+"/request/body", o.Request.Body, known) || o.Request.Body == "" {
		return
	}
	kind := o.Request.Headers["Content-Type"]
	body, err := catalog.ExpandBody(kind, o.Request.Body, texts)
	l.add(err != nil, at+"/request/body", "cannot be filled in; its Content-Type must be application/json or application/x-www-form-urlencoded.")
	l.add(err == nil && strings.Contains(kind, "json") && !json.Valid([]byte(body)), at+"/request/body", "is not JSON, which its Content-Type promises.")
}
