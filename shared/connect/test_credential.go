package connect

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/id"
	"github.com/tenonhq/tenon/shared/secret"
)

// TestCredential is what is said of the credential for a template's test runs. Name
// and Inputs are those of the connection that is made for it.
type TestCredential struct {
	TemplateID string
	IfMatch    string // The version of the test connection that is replaced; empty for any.
	Name       string
	Inputs     map[string]string
	Credential map[string]secret.Bytes
	EndsAt     time.Time // When the credential ends, if the caller says so.
}

// Of a test connection: its environment, and its name where nobody gave one.
const (
	testEnvironment = "test"
	testName        = "Test credential"
)

// creationTime is how long another run that makes the test connection is waited
// for, before what it left is taken over.
const creationTime = time.Minute

// PutTestCredential gives the caller's own template the credential of its test
// runs: a connection of the owner that nothing else uses. It is made the first
// time; later its credential is replaced, after the new one was verified. Where a
// person has to consent it stays pending until it is authorized. The template names
// the connection before it is made, so a request that died is repeated.
func (s *Service) PutTestCredential(ctx context.Context, caller auth.Caller, p TestCredential) (connection.Connection, error) {
	if err := s.Audit.Check(ctx, caller, audit.TestCredentialPut, p.TemplateID); err != nil {
		return connection.Connection{}, err
	}
	t, err := s.Templates.Own(ctx, caller, p.TemplateID)
	if err != nil {
		return connection.Connection{}, s.Audit.Refuse(ctx, caller, audit.TestCredentialPut, p.TemplateID, err)
	}
	// Whoever may change the template may change this connection of it.
	caller.Scopes = append(slices.Clone(caller.Scopes), auth.ConnectionsWrite)
	for gone := ""; ; {
		reserved, err := s.Templates.ReserveTest(ctx, t, s.IDs.New(id.Connection), gone)
		if err != nil {
			return connection.Connection{}, err
		}
		c, err := s.Connections.Get(ctx, t.Owner, reserved)
		switch {
		case errors.Is(err, connection.ErrNotFound):
			c, err = s.create(ctx, caller, reserved, p.connection(""))
			if !errors.Is(err, connection.ErrExists) {
				return c, err
			}
		case err != nil:
			return connection.Connection{}, err
		case c.Lifecycle == connection.Deleting:
			gone = c.ID
		default:
			return s.replaceTest(ctx, caller, c, p)
		}
	}
}

// connection is the connection to be made. A key takes over what a run left that
// died.
func (p TestCredential) connection(key string) New {
	return New{
		Key: key, TemplateID: p.TemplateID, Name: cmp.Or(p.Name, testName), Environment: testEnvironment, Test: true,
		Inputs: p.Inputs, Credential: p.Credential, EndsAt: p.EndsAt,
	}
}

// replaceTest gives the test connection that there is its credential.
func (s *Service) replaceTest(ctx context.Context, caller auth.Caller, c connection.Connection, p TestCredential) (connection.Connection, error) {
	if err := errors.Join(connection.MatchIfGiven(p.IfMatch, c.Revision), s.sameTest(ctx, c, p)); err != nil {
		return c, err
	}
	given := offer{fields: p.Credential, endsAt: p.EndsAt}
	if err := given.check(s.Now()); err != nil {
		return c, err
	}
	target, err := s.Templates.Address(ctx, c)
	switch {
	case err != nil:
		return c, err
	case len(p.Credential) == 0 && !unattended(target.Scheme, New{}):
		return c, nil // It is for a person to authorize it.
	case c.Provisioning.IsZero():
		return s.putOffer(ctx, caller, c.ID, cmp.Or(p.IfMatch, "*"), given)
	case s.Now().Before(c.Provisioning.Add(creationTime - provisioningTime)):
		return c, errProvisioning
	}
	return s.create(ctx, caller, c.ID, p.connection("test"))
}

// sameTest refuses to rename or re-address the test connection, which is done as
// with any other.
func (s *Service) sameTest(ctx context.Context, c connection.Connection, p TestCredential) error {
	if p.Name != "" && p.Name != c.Name {
		return changed("/name")
	}
	if p.Inputs == nil {
		return nil
	}
	kept, err := s.Templates.CheckInputs(ctx, c, p.Inputs)
	if err == nil && !maps.Equal(kept, c.Inputs) {
		err = changed("/inputs")
	}
	return err
}

func changed(pointer string) error {
	return &fault.Error{
		Kind: fault.Invalid, Code: fault.CodeValidationFailed, Detail: "The test connection is there already.", Remedy: "fix_input",
		Fields: []fault.Field{{Pointer: pointer, Detail: "Is changed at the connection, or given when another is made."}},
	}
}
