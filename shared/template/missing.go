package template

import (
	"strings"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/fault"
)

// The parts of a client that can be missing, as the API calls them.
const (
	missingClientID     = "clientId"
	missingClientSecret = "clientSecret"
)

// errIncomplete refuses to connect through a template whose client is missing.
var errIncomplete = fault.New(fault.Conflict, fault.CodeTemplateIncomplete, "The template was imported and its OAuth client is missing. Its owner has to enter it.").
	WithRemedy("contact_admin")

// Missing lists what the scheme needs of the template's client and it does not
// have: "clientId", "clientSecret". A template that was made here misses nothing;
// one that was imported does, for the client of another stage is never carried
// over. Until it is complete nobody connects through it.
func (t *Template) Missing(scheme catalog.Scheme) []string {
	return missing(scheme, t.ClientID, t.Secret != nil)
}

func missing(scheme catalog.Scheme, clientID string, hasSecret bool) []string {
	var wanted, secret bool // The template's own client; and a secret of it.
	switch {
	case scheme.OAuth1 != nil: // RFC 5849 1.1: a consumer always has a secret.
		wanted, secret = !fieldNamed(scheme, "consumerKey") || hasSecret, true
	case scheme.OAuth != nil: // With fields, each connection brings its own client.
		wanted = len(scheme.Fields) == 0 && scheme.NamesClient()
		secret = strings.HasPrefix(scheme.OAuth.ClientAuth, "client_secret")
	}
	var parts []string
	if wanted && clientID == "" {
		parts = append(parts, missingClientID)
	}
	if (wanted || clientID != "") && secret && !hasSecret {
		parts = append(parts, missingClientSecret)
	}
	return parts
}

func fieldNamed(scheme catalog.Scheme, name string) bool {
	for _, in := range scheme.Fields {
		if in.Name == name {
			return true
		}
	}
	return false
}

// complete refuses a template that misses its client.
func complete(t Template, scheme catalog.Scheme) error {
	if len(t.Missing(scheme)) > 0 {
		return errIncomplete
	}
	return nil
}
