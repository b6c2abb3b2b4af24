package catalog

import (
	"slices"

	"github.com/tenonhq/tenon/shared/api"
)

// Scope is one permission the system grants.
type Scope struct {
	Name        string `json:"name"`
	Description string `json:"description,omitempty"`
	Required    bool   `json:"required,omitempty"` // The connector cannot work without it: every request asks for it.
	// ImpliedBy lists what the system may name in its place when it says what it
	// granted: a wider scope, or another name of the same one.
	ImpliedBy []string `json:"impliedBy,omitempty"`
}

// API returns what the API shows of the scope.
func (s Scope) API() api.Scope {
	return api.Scope{Name: s.Name, Description: s.Description, Required: s.Required}
}

// RequiredScopes returns the scopes that the connector cannot work without, in
// order of name.
func (s Scheme) RequiredScopes() []string {
	if s.OAuth == nil {
		return nil
	}
	var names []string
	for _, scope := range s.OAuth.Scopes {
		if scope.Required {
			names = append(names, scope.Name)
		}
	}
	slices.Sort(names)
	return names
}

// Lacks returns those of the wanted scopes, in order of name, that are not among
// the granted ones, nor implied by one of them. What asks for a refresh token
// (offline_access of OpenID Connect Core 11, and Salesforce's refresh_token) was
// granted where one was given: not every system lists it.
func (s Scheme) Lacks(granted []string, refreshable bool, wanted []string) []string {
	var lacking []string
	for _, name := range wanted {
		if refreshable && (name == "offline_access" || name == "refresh_token") || s.implied(granted, name) {
			continue
		}
		lacking = append(lacking, name)
	}
	slices.Sort(lacking)
	return slices.Compact(lacking)
}

func (s Scheme) implied(granted []string, name string) bool {
	if slices.Contains(granted, name) {
		return true
	}
	if s.OAuth == nil {
		return false
	}
	for _, scope := range s.OAuth.Scopes {
		if scope.Name == name {
			return slices.ContainsFunc(scope.ImpliedBy, func(other string) bool { return slices.Contains(granted, other) })
		}
	}
	return false
}
