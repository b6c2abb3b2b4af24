package template

import (
	"slices"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/method"
)

// hosts returns, by input, what a credential is bound to that is given or issued
// now. What a person consented to belongs to the server that issued it: to every
// host that an input names, and to what else stands in the addresses of that server,
// such as a directory or a realm. A key goes wherever it may be read by nobody but
// the system: it is bound by the inputs that can name a host of anyone.
func (s *Service) hosts(connector catalog.Connector, scheme catalog.Scheme, values map[string]catalog.Value) map[string]string {
	issued := issuedAt(scheme)
	var bound map[string]string
	for _, in := range connector.InputsFor(scheme) {
		text := values[in.Name].Text
		host := catalog.Host(in, text)
		switch {
		case issued == nil && !free(in, s.Catalog.Local):
			continue
		case issued != nil && slices.Contains(issued, in.Name) && (host == "" || in.Name == "issuer"):
			host = text
		}
		if host != "" {
			if bound == nil {
				bound = map[string]string{}
			}
			bound[in.Name] = host
		}
	}
	return bound
}

// issuedAt names the inputs in the addresses of the server at which a person
// consents; nil where nobody does.
func issuedAt(scheme catalog.Scheme) []string {
	m, _ := method.For(scheme.Type)
	_, browser := m.(method.Authorizer)
	_, device := m.(method.DeviceAuthorizer)
	if !browser && !device || scheme.OAuth1 != nil && scheme.OAuth1.RequestURL == "" {
		return nil
	}
	named := []string{"issuer"}
	for _, address := range shownAt(scheme) {
		named = append(named, catalog.Names(address)...)
	}
	if scheme.OAuth != nil {
		named = append(named, catalog.Names(scheme.OAuth.AuthorizeURL)...)
	}
	return named
}
