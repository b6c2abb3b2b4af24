package crm

import (
	"slices"
	"strings"
)

const (
	scopeRead    = "crm.read"
	scopeWrite   = "crm.write"
	scopeProfile = "profile"
)

// scopeTexts says on the consent page what each scope allows, in the order the
// metadata lists them.
func scopeTexts() [][2]string {
	return [][2]string{
		{scopeRead, "Read your contacts"},
		{scopeWrite, "Create contacts"},
		{scopeProfile, "See your name and e-mail address"},
	}
}

func supportedScopes() []string {
	var names []string
	for _, text := range scopeTexts() {
		names = append(names, text[0])
	}
	return names
}

// parseScopes splits a scope parameter (RFC 6749, section 3.3). An absent one
// means crm.read; an unknown scope is an error.
func parseScopes(parameter string) ([]string, error) {
	if parameter == "" {
		return []string{scopeRead}, nil
	}
	var scopes []string
	for scope := range strings.FieldsSeq(parameter) {
		if !slices.Contains(supportedScopes(), scope) {
			return nil, oauthError{code: "invalid_scope", detail: "A scope is unknown."}
		}
		if !slices.Contains(scopes, scope) {
			scopes = append(scopes, scope)
		}
	}
	return scopes, nil
}

func joinScopes(scopes []string) string { return strings.Join(scopes, " ") }
