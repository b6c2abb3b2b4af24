package iam

import (
	"errors"
	"fmt"
)

// Evaluate decides the request. An explicit deny wins. Within an account a
// statement of the principal's policies or one of the resource's that names the
// principal allows it; one that names the account leaves it to the principal's.
// A key, a role and a resource of another account must allow it themselves.
// Session policies limit all but what the resource allows that very session.
// What cannot be decided is not allowed.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
func Evaluate(p Policies, r Request) Decision {
	k := keysOf(r)
	var trust []Document
	if p.Resource != nil {
		trust = append(trust, *p.Resource)
	}
	identity := collect("identity policy", p.Identity, false, r, k)
	session := collect("session policy", p.Session, false, r, k)
	resource := collect("resource policy", trust, true, r, k)
	for _, f := range []finding{identity, session, resource} {
		if f.denied != "" {
			return Decision{Reason: "explicit deny", Statement: f.denied}
		}
	}
	if err := errors.Join(identity.err, session.err, resource.err); err != nil {
		return Decision{Reason: err.Error()}
	}
	own := identity.allowed
	if r.Principal.root() {
		own = "account root"
	}
	within := len(p.Session) == 0 || session.allowed != ""
	direct := !r.foreign() && (resource.grade == bySession || resource.grade == byName && within)
	must := p.Key || p.Resource != nil && (r.assumes() || r.foreign())
	switch {
	case direct:
		return Decision{Allowed: true, Reason: "the policy of the resource allows it", Statement: resource.allowed}
	case must && resource.grade == unnamed:
		return Decision{Reason: "the policy of the resource does not allow it"}
	case own == "" || r.Principal.Service != "":
		return Decision{Reason: "no statement allows it"}
	case !within:
		return Decision{Reason: "no session policy allows it"}
	}
	return Decision{Allowed: true, Reason: "a policy of the principal allows it", Statement: own}
}

// finding is what documents of one kind say about a request.
type finding struct {
	denied, allowed string // The statements that do, by name.
	grade           grade  // How closely the allowing one names the principal.
	err             error  // Why one could not be decided.
}

// collect asks the documents; ofResource says that their statements name
// principals.
func collect(kind string, documents []Document, ofResource bool, r Request, k keys) finding {
	var f finding
	for i, d := range documents {
		for j := range d.statements {
			s := &d.statements[j]
			if (s.principals != nil) != ofResource {
				f.err = fmt.Errorf("%s: a %s with principals: %t", s.name(kind, d.Name, i, j), kind, s.principals != nil)
				continue
			}
			g := byName
			if ofResource {
				g = s.principals.names(r.Principal)
			}
			applies, err := s.applies(r, k)
			if g == unnamed || !applies && err == nil {
				continue
			}
			f.add(s.deny, g, s.name(kind, d.Name, i, j), err)
		}
	}
	return f
}

func (f *finding) add(deny bool, g grade, name string, err error) {
	switch {
	case err != nil:
		f.err = fmt.Errorf("%s: %w", name, err)
	case deny:
		f.denied = name
	case g > f.grade:
		f.allowed, f.grade = name, g
	}
}

// name is the statement's Sid, or where it stands.
func (s *statement) name(kind, document string, i, j int) string {
	if s.sid != "" {
		return s.sid
	}
	if document == "" {
		document = fmt.Sprintf("%s %d", kind, i+1)
	}
	return fmt.Sprintf("%s, statement %d", document, j+1)
}
