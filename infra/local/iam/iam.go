// Package iam decides requests by AWS policies, the way IAM does: for the local
// AWS, which enforces what the templates allow, and for tests of templates. It
// knows the part of the policy language that these use and refuses documents
// with anything else, so that nothing is decided by guessing. It depends on the
// standard library only and calls nobody.
package iam

import "strings"

// Principal is who asks.
type Principal struct {
	ARN     string            // ARN of the role, arn:aws:iam::123456789012:role/x, or of the root. The role's also for its sessions.
	Session string            // ARN of the session, arn:aws:sts::123456789012:assumed-role/x/session; empty for none.
	Account string            // Account is the number of the principal's account.
	Tags    map[string]string // Tags are of the role and its session: aws:PrincipalTag/….
	Service string            // Service is the name of a service principal, events.amazonaws.com; empty for roles.
}

// Request is one call that somebody wants to make.
type Request struct {
	Principal Principal
	Action    string              // Action is service and operation: dynamodb:GetItem.
	Resource  string              // Resource is an ARN, or * where the action knows none.
	Context   map[string][]string // Context has the condition keys, in any case. A key that is absent is not in the request.
}

// Decision is what becomes of a request.
type Decision struct {
	Allowed   bool
	Reason    string // Reason is what decided, in words.
	Statement string // Statement is the one that decided, by its Sid or its place; empty if none did.
}

// Policies are the policies that a request is decided by.
type Policies struct {
	Identity []Document // Identity are the policies of the principal.
	Resource *Document  // Resource is the policy of the resource: of a key, a queue or the trust of a role; nil for none.
	Key      bool       // Key says that the resource is a KMS key, whose policy must allow: the principal, or its account.
	Session  []Document // Session limits a session to what one of these allows; none is no limit.
}

func (p Principal) root() bool { return p.Service == "" && strings.HasSuffix(p.ARN, ":root") }

// assumes reports whether the request is for a role, whose trust policy must allow it.
func (r Request) assumes() bool {
	return strings.HasPrefix(strings.ToLower(r.Action), "sts:assumerole")
}

// foreign reports whether the resource is another account's. The ARN of some
// resources, as buckets, names no account; these count as the principal's.
func (r Request) foreign() bool {
	parts := strings.SplitN(r.Resource, ":", 6)
	return len(parts) == 6 && parts[4] != "" && r.Principal.Account != "" && parts[4] != r.Principal.Account
}
