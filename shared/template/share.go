package template

import "github.com/tenonhq/tenon/shared/auth"

// Shared reports whether flows of every tenant may use the organization's own
// connections that are made from the template.
func (t Template) Shared() bool {
	return t.Owner == auth.Organization && t.Credentials == Organization && t.Embedded && !t.Deleting
}

// Usable reports whether a tenant may connect through the template: it is its own,
// or an embedded one of the organization.
func (t Template) Usable(tenant string) bool { return t.visible(tenant) }
