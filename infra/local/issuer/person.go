package issuer

import (
	"slices"
	"strings"

	"github.com/tenonhq/tenon/shared/routes"
)

// person is somebody a browser can sign in as.
type person struct {
	ID, Name, Email string
	Tenant          string
	May             string // What the person may do, in one line.

	scopes []string
}

// people lists who can be chosen. Their scopes are those of the route table,
// so that nobody lacks a new one.
func people() []person {
	return []person{
		{
			ID: "olive", Name: "Olive Ortega", Email: "olive@example.com", Tenant: "org",
			May:    "Organization administrator: manages templates, tenants and every connection.",
			scopes: scopes(func(access string) bool { return access != "lease" }),
		},
		{
			ID: "adam", Name: "Adam Acker", Email: "adam@example.com", Tenant: "acme",
			May:    "Administrator of the tenant acme: connects accounts and changes flows and settings.",
			scopes: scopes(func(access string) bool { return access == "read" || access == "write" }),
		},
		{
			ID: "vera", Name: "Vera Voss", Email: "vera@example.com", Tenant: "acme",
			May:    "Viewer of the tenant acme: sees everything and changes nothing.",
			scopes: scopes(func(access string) bool { return access == "read" }),
		},
	}
}

func personOf(id string) (person, bool) {
	all := people()
	n := slices.IndexFunc(all, func(p person) bool { return p.ID == id })
	if n < 0 {
		return person{}, false
	}
	return all[n], true
}

// scopes returns those scopes of the API, sorted, whose part behind the colon
// is kept.
func scopes(keep func(access string) bool) []string {
	var kept []string
	for _, r := range routes.Operations() {
		if _, access, ok := strings.Cut(r.Scope, ":"); ok && keep(access) {
			kept = append(kept, r.Scope)
		}
	}
	slices.Sort(kept)
	return slices.Compact(kept)
}
