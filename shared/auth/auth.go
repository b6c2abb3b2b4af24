// Package auth describes who is calling and what they may do. It depends on
// the standard library only.
package auth

import "slices"

// Organization is the reserved tenant of the company that runs the stage. It
// owns the templates every tenant may use.
const Organization = "org"

// Caller is the authenticated identity that every domain method requires.
type Caller struct {
	Tenant    string   // Whose data the call is about.
	Home      string   // The tenant of the token; differs from Tenant when the organization acts for a tenant.
	Subject   string   // Who, within Home.
	Scopes    []string // Of the token.
	System    bool     // A job of ours; Subject is its name.
	Session   string   // Id of the connect session in whose page an end user acts; Subject is the end user. Empty for a token.
	RequestID string
	SourceIP  string
}

// Job returns the caller that a job acts as for one tenant.
func Job(name, tenant, requestID string) Caller {
	return Caller{Tenant: tenant, Home: tenant, Subject: name, System: true, RequestID: requestID}
}

// Has reports whether the caller's token carries the scope. A job has all.
func (c Caller) Has(scope string) bool { return c.System || slices.Contains(c.Scopes, scope) }

// IsOrganization reports whether the caller belongs to the organization,
// whichever tenant it acts for.
func (c Caller) IsOrganization() bool { return c.Home == Organization }

// Actor names the caller in the audit: "acme/ann", "org/bo", "job/queue-health",
// and the end user of a connect session "acme/cst_…/user-42".
func (c Caller) Actor() string {
	if c.System {
		return "job/" + c.Subject
	}
	if c.Session != "" {
		return c.Home + "/" + c.Session + "/" + c.Subject
	}
	return c.Home + "/" + c.Subject
}
