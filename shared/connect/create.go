package connect

import (
	"context"
	"errors"
	"time"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/id"
	"github.com/tenonhq/tenon/shared/idempotency"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/template"
	"github.com/tenonhq/tenon/shared/vault"
)

// New is what a new connection says.
type New struct {
	Key         string // Idempotency-Key; empty for none.
	Fingerprint string // Of the request, without secrets.
	TemplateID  string
	Name        string
	Environment string
	Labels      map[string]string
	Inputs      map[string]string
	Credential  map[string]secret.Bytes
	EndsAt      time.Time          // When the credential ends, if the caller says so.
	Account     string             // Id of the account that is wanted, where the system lists several.
	Pinned      connection.Account // That it must turn out to be; zero for any.
	Grant       *Grant             // That another system was given; nil for none.
	Complete    bool               // Without a credential it is only made where none is needed.
	Test        bool               // It serves the test runs of the template.
}

// Create makes a connection. With a credential, or where the scheme needs none
// from a person, it is verified first and the connection is active; when the
// verification fails nothing is left, and what a run that died leaves is removed
// by Abandon. Otherwise it is pending. A request repeated with its key returns
// the connection of the first.
func (s *Service) Create(ctx context.Context, caller auth.Caller, n New) (connection.Connection, error) {
	request := idempotency.Request{Route: "connection-create", Key: n.Key, Fingerprint: n.Fingerprint, Prefix: id.Connection}
	return idempotency.Do(ctx, s.Idempotency, caller, request,
		func(connectionID string) (connection.Connection, error) {
			return s.create(ctx, caller, connectionID, n)
		},
		func(connectionID string) (connection.Connection, error) {
			if err := s.Audit.Permit(ctx, caller, audit.ConnectionCreate); err != nil {
				return connection.Connection{}, err
			}
			return s.Connections.Get(ctx, caller.Tenant, connectionID)
		})
}

func (s *Service) create(ctx context.Context, caller auth.Caller, connectionID string, n New) (connection.Connection, error) {
	if err := s.Audit.Check(ctx, caller, audit.ConnectionCreate, connectionID); err != nil {
		return connection.Connection{}, err
	}
	if err := (offer{n.Credential, n.EndsAt, n.Account}).check(s.Now()); err != nil {
		return connection.Connection{}, err
	}
	if _, err := s.Keys.DataKey(ctx, caller.Tenant); err != nil {
		return connection.Connection{}, err
	}
	c, err := s.unfinished(ctx, caller, connectionID, n)
	if errors.Is(err, connection.ErrNotFound) {
		c, err = s.record(ctx, caller, connectionID, n)
	}
	if err != nil {
		return connection.Connection{}, err
	}
	if c.Provisioning.IsZero() {
		return c, nil
	}
	connected, err := s.setCredential(ctx, caller, c, offer{n.Credential, n.EndsAt, n.Account}, "")
	if err != nil {
		return connection.Connection{}, s.discard(ctx, c, err)
	}
	return connected, nil
}

// record stores the new connection, unless its template is gone by then, or is for
// others to connect.
func (s *Service) record(ctx context.Context, caller auth.Caller, connectionID string, n New) (connection.Connection, error) {
	t, err := s.Templates.Find(ctx, caller.Tenant, n.TemplateID)
	if err != nil {
		return connection.Connection{}, s.Audit.Refuse(ctx, caller, audit.ConnectionCreate, connectionID, err)
	}
	made := connection.Connection{Tenant: caller.Tenant, ID: connectionID, TemplateOwner: t.Owner, TemplateID: t.ID}
	if err := s.admit(ctx, caller, audit.ConnectionCreate, made); err != nil {
		return made, err
	}
	c, err := s.draft(ctx, caller, connectionID, n, t)
	if err == nil {
		err = connection.Pass(ctx, s.Gate, &c)
	}
	if err != nil {
		return c, err
	}
	err = s.Connections.Create(ctx, c)
	if err == nil {
		err = s.admit(ctx, caller, audit.ConnectionCreate, c) // Whoever changed the template meanwhile may not have seen this one.
	}
	if err == nil || errors.Is(err, connection.ErrExists) { // That of another run is not ours to discard.
		return c, err
	}
	return c, s.discard(ctx, c, err)
}

// draft validates what the caller gave and returns the record to store.
func (s *Service) draft(ctx context.Context, caller auth.Caller, connectionID string, n New, t template.Template) (connection.Connection, error) {
	now := s.Now().UTC()
	c := connection.Connection{
		Tenant: caller.Tenant, ID: connectionID, Connector: t.Connector, TemplateID: t.ID, TemplateOwner: t.Owner,
		Name: n.Name, Environment: n.Environment, Scheme: t.Scheme, Labels: n.Labels,
		Lifecycle: connection.Pending, Since: now, Revision: 1, TestCredential: n.Test,
		SecretName: vault.SecretName(s.Stage, caller.Tenant, connectionID, s.IDs.New(id.Secret)),
		CreatedAt:  now, CreatedBy: caller.Actor(), UpdatedAt: now, Account: n.Pinned,
	}
	if c.Environment == "" {
		c.Environment = "production"
	}
	var err error
	if c.Inputs, err = s.Templates.CheckInputs(ctx, c, n.Inputs); err != nil {
		return c, err
	}
	target, err := s.Templates.Address(ctx, c)
	if err != nil {
		return c, err
	}
	c.SchemeType = target.Scheme.Type
	switch {
	case unattended(target.Scheme, n):
		s.provision(&c)
	case n.Complete:
		return c, errIncomplete
	default:
		c.Due.Pending = now.Add(handoffTime)
	}
	if n.Grant != nil {
		c.Captured, err = s.checkGrant(target, *n.Grant)
		return c, err
	}
	if n.Account != "" && !unattended(target.Scheme, n) {
		return c, wrong("/account", "Name it when you authorize: there is no credential to list accounts with yet.")
	}
	return c, errors.Join(checkWanted(target.Scheme, n.Account), checkCredential(target, n.Credential))
}

// checkCredential validates a given credential against the scheme.
func checkCredential(target method.Target, given map[string]secret.Bytes) error {
	if len(given) == 0 {
		return nil
	}
	if len(target.Scheme.Fields) == 0 {
		detail := "This auth scheme takes no credential."
		if _, ok := authorizer(target.Scheme); ok {
			detail = "This auth scheme takes no credential; authorize instead."
		}
		return fault.New(fault.Unprocessable, fault.CodeSchemeMismatch, detail).WithRemedy("fix_input")
	}
	if err := catalog.CheckFields(target.Scheme.Fields, given); err != nil {
		return err
	}
	if m, _ := method.For(target.Scheme.Type); m != nil {
		if checker, ok := m.(method.Checker); ok {
			return checker.Check(target, given)
		}
	}
	return nil
}

// setCredential verifies a static credential and makes it current, if the
// record is still the one ifMatch names.
func (s *Service) setCredential(ctx context.Context, caller auth.Caller, c connection.Connection, given offer, ifMatch string) (connection.Connection, error) {
	target, candidate, err := s.verifiedAs(ctx, c, established{Fields: given.fields, Wanted: given.account})
	if err != nil {
		return c, err
	}
	candidate.IfMatch, candidate.EndsAt = ifMatch, given.endsAt
	return s.establish(ctx, caller, c, target, candidate)
}

// discard removes a connection that could not be made, and returns why it could
// not.
func (s *Service) discard(ctx context.Context, c connection.Connection, cause error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	err := s.Secrets.Delete(ctx, c.SecretName)
	if err == nil {
		err = s.Connections.Delete(ctx, c.Tenant, c.ID)
	}
	if err != nil {
		return errors.Join(cause, idempotency.ErrLeft, err)
	}
	return cause
}
