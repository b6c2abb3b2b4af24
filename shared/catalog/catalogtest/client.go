package catalogtest

import (
	"slices"
	"strings"

	"github.com/tenonhq/tenon/shared/catalog"
)

// Client returns the client that a template of the scheme names, with its secret
// where it has one; nothing where the scheme has none, or each connection its own.
func (p *Provider) Client() (id, secret string) {
	own := func(name string) bool {
		return slices.ContainsFunc(p.Scheme.Fields, func(in catalog.Input) bool { return in.Name == name })
	}
	switch {
	case p.Scheme.OAuth1 != nil && !own("consumerKey"):
		return p.ClientID, p.Secret
	case !p.Scheme.NamesClient(), own("clientId"):
		return "", ""
	case strings.HasPrefix(p.Scheme.OAuth.ClientAuth, "client_secret"):
		return p.ClientID, p.Secret
	}
	return p.ClientID, ""
}

// Filled fills a template of the entry that names inputs alone.
func (p *Provider) Filled(template string) string { return fill(template, p.vars) }
