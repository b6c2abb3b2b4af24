package cloud

import (
	"fmt"
	"strings"

	"github.com/tenonhq/tenon/infra/local/iam"
)

// Role is a role of any account.
type Role struct {
	ARN        string   // arn:aws:iam::210987654321:role/access
	ExternalID string   // What a role of another account wants of who assumes it; empty for none.
	Regions    []string // Where its account may be used; nil means everywhere.

	// Policies and Tags are what sessions of the role are decided by: without a
	// policy they may do nothing. Trust says who may assume it; without one that is
	// the root and, in another account, everybody who is allowed to try.
	Policies []iam.Document
	Trust    *iam.Document
	Tags     map[string]string
}

// Credentials are those of one session.
type Credentials struct {
	AccessKeyID, SecretAccessKey, SessionToken string
}

// AddRole registers a role, or replaces it.
func (c *Cloud) AddRole(r Role) {
	c.identities.mu.Lock()
	defer c.identities.mu.Unlock()
	c.identities.roles[r.ARN] = r
}

// RemoveRole ends a role. Its sessions last until they expire.
func (c *Cloud) RemoveRole(arn string) {
	c.identities.mu.Lock()
	defer c.identities.mu.Unlock()
	delete(c.identities.roles, arn)
}

// Session returns the credentials that a service gets for work with a role, as
// Lambda does for the function of the session's name. They do not expire.
func (c *Cloud) Session(roleARN, session string) (Credentials, error) {
	s := c.identities
	s.mu.Lock()
	defer s.mu.Unlock()
	role, known := s.roles[roleARN]
	if !known {
		return Credentials{}, fmt.Errorf("start a session of %s: there is no such role", roleARN)
	}
	id, issued := s.issue(role, session)
	s.keys[id] = issued
	return Credentials{id, issued.secret, issued.token}, nil
}

// issue makes the credentials of a session; they are not registered yet.
func (s *identityStore) issue(role Role, session string) (string, signer) {
	name := lastElement(role.ARN, "/")
	return "ASIA" + strings.ToUpper(randomText(16)), signer{
		arn:  "arn:aws:sts::" + accountOf(role.ARN) + ":assumed-role/" + name + "/" + session,
		id:   "AROA" + strings.ToUpper(name) + ":" + session,
		role: role.ARN, secret: randomText(40), token: randomText(120), regions: role.Regions,
	}
}

// role returns a role, and one that may do nothing where there is none.
func (s *identityStore) role(arn string) Role {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.roles[arn]
}
