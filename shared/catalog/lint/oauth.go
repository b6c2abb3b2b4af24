package lint

import (
	"slices"
	"strings"

	"github.com/tenonhq/tenon/shared/catalog"
)

// oauth checks what the scheme says of its authorization server.
func (l *linter) oauth(o catalog.OAuth) {
	at := l.at + "/oauth"
	l.add(o.TokenURL == "" && !o.Discovery, at+"/tokenUrl", "is missing: say where tokens are had, or that the issuer's metadata does (discovery).")
	l.add(o.Discovery && o.Issuer == "", at+"/issuer", "is missing: its metadata cannot be discovered.")
	l.add(l.scheme.Type == "oauth2_authorization_code" && o.AuthorizeURL == "" && !o.Discovery, at+"/authorizeUrl", "is missing: say where the browser is sent.")
	l.browserURL(at+"/authorizeUrl", o.AuthorizeURL)
	l.url(at+"/tokenUrl", o.TokenURL, false)
	l.url(at+"/revokeUrl", o.RevokeURL, true)
	l.url(at+"/issuer", o.Issuer, false)
	l.url(at+"/jwksUrl", o.JWKSURL, false)
	l.request(at+"/metadata", o.Metadata)
	l.device(o)
	l.callback(o)
	l.add(o.Refresh.Supported && o.Refresh.Rotates == (o.Refresh.Reuse == "non_rotating"), at+"/refresh",
		"contradicts itself: reuse is non_rotating where rotates is not set, and only there.")
	for _, template := range o.TokenForm {
		l.named(at+"/tokenForm", template, l.samples(true))
	}
	known := l.samples(false)
	known["redirectUri"] = catalog.Value{Type: catalog.TypeText, Text: "https://sample.example.com/callback"}
	for _, template := range o.RefreshForm {
		l.named(at+"/refreshForm", template, known)
	}
	l.scopes(o)
}

func (l *linter) scopes(o catalog.OAuth) {
	var known []string
	for _, scope := range o.Scopes {
		known = append(known, scope.Name)
		l.add(slices.Contains(scope.ImpliedBy, scope.Name), l.at+"/oauth/scopes", "says that %s implies itself.", scope.Name)
		l.add(scope.Required && !slices.Contains(o.DefaultScopes, scope.Name), l.at+"/oauth/defaultScopes", "lacks the required scope %s.", scope.Name)
	}
	for _, scope := range o.DefaultScopes {
		l.add(!slices.Contains(known, scope), l.at+"/oauth/defaultScopes", "has a scope that is not among the scopes.")
	}
}

// device checks that the device grant has its endpoint, and nothing else one
// (RFC 8628 3.1).
func (l *linter) device(o catalog.OAuth) {
	at, grant := l.at+"/oauth", l.scheme.Type == "oauth2_device_code"
	l.add(grant && o.DeviceURL == "", at+"/deviceUrl", "is missing: say where a device asks for a code.")
	l.add(!grant && o.DeviceURL != "", at+"/deviceUrl", "has no place here: the scheme is not of type oauth2_device_code.")
	l.add(!grant && o.DeviceHost != "", at+"/deviceHost", "has no place here: the scheme is not of type oauth2_device_code.")
	l.url(at+"/deviceUrl", o.DeviceURL, false)
	if o.DeviceHost == "" {
		return
	}
	host := strings.TrimPrefix(o.DeviceHost, "*.")
	_, err := catalog.Expand("https://"+host, nil)
	l.add(err != nil || !strings.Contains(host, "."), at+"/deviceHost", "is no host name.")
}

// callback checks that what a signed callback is compared with is known, and
// that there is a secret it can be signed with.
func (l *linter) callback(o catalog.OAuth) {
	if o.CallbackHMAC == nil {
		return
	}
	at := l.at + "/oauth/callbackHmac"
	l.add(o.ClientAuth == "none", at, "needs a client with a secret: clientAuth is none.")
	known := l.samples(false)
	for _, template := range o.CallbackHMAC.Values {
		l.named(at, template, known)
	}
}
