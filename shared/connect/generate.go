package connect

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/lease"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/vault"
)

// GenerateCredential makes a credential whose secret half no person ever sees,
// and saves it as the pending one. Its public half is on the record, to be
// registered at the system before Promote verifies it: the system, which does
// not know it yet, is not asked. A connection that has no credential becomes
// active by that promotion, and waits for it.
func (s *Service) GenerateCredential(ctx context.Context, caller auth.Caller, connectionID, ifMatch string) (connection.Connection, error) {
	c, err := s.rotatable(ctx, caller, audit.CredentialPut, connectionID, ifMatch, map[string]string{"mode": "staged", "generate": "true"})
	if err != nil {
		return connection.Connection{}, err
	}
	if !c.Provisioning.IsZero() {
		return connection.Connection{}, errProvisioning
	}
	target, err := s.Templates.Address(ctx, c)
	if err != nil {
		return connection.Connection{}, err
	}
	m, _ := method.For(target.Scheme.Type)
	generator, ok := m.(method.Generator)
	if !ok {
		return connection.Connection{}, fault.New(fault.Unprocessable, fault.CodeSchemeMismatch, "Credentials of this auth scheme come from the system.").WithRemedy("fix_input")
	}
	now := s.Now().UTC()
	fields, err := generator.Generate(s.randomness(), target, now)
	if err != nil {
		return connection.Connection{}, err
	}
	if err := s.carry(ctx, c, target, fields); err != nil {
		return connection.Connection{}, err
	}
	e := established{Fields: fields, Description: describe(m, fields)}
	at, err := s.stage(ctx, c, e, now)
	if err != nil {
		return connection.Connection{}, err
	}
	secretName, first := c.SecretName, c.Credential == nil
	staged, err := s.amend(ctx, c, at, func(c *connection.Connection) error {
		if first && c.Credential != nil {
			return errChanged // It was made the current version beside another.
		}
		c.Stage(e.kept(at, caller, now), now)
		c.Handoff, c.Due.Pending = nil, time.Time{} // It waits for as long as the registration takes.
		return revise(c, ifMatch)
	})
	if fault.Has(err, fault.CodeNotFound) {
		// Disconnected meanwhile: its secret was destroyed and must stay so.
		err = errors.Join(err, s.Secrets.Delete(ctx, secretName))
	}
	if err != nil {
		return connection.Connection{}, err
	}
	return s.retire(ctx, staged), nil
}

// carry adds to a credential that is made what is no secret of the current one,
// such as the user whose key it is. What is required and not there is a fault.
func (s *Service) carry(ctx context.Context, c connection.Connection, target method.Target, fields map[string]secret.Bytes) error {
	material, err := lease.Material(ctx, s.Secrets, c)
	if err != nil {
		return err
	}
	var missing []fault.Field
	for _, in := range target.Scheme.Fields {
		if in.Type == catalog.TypeSecret || in.Type == catalog.TypeFile {
			continue
		}
		switch current := material.Fields[in.Name]; {
		case !current.IsZero():
			fields[in.Name] = current
		case !in.Optional && in.Default == "":
			missing = append(missing, fault.Field{Pointer: "/credential/" + in.Name, Detail: "Is required: save a credential with it first."})
		}
	}
	if len(missing) == 0 {
		return nil
	}
	return &fault.Error{Kind: fault.Invalid, Code: fault.CodeValidationFailed, Detail: "The credential is not valid.", Remedy: "fix_input", Fields: missing}
}

// stage writes the material as a version beside the current one, or as the first
// of a secret that is not there yet.
func (s *Service) stage(ctx context.Context, c connection.Connection, e established, now time.Time) (vault.Locator, error) {
	encoded, err := e.material(c, now).Encode()
	if err != nil {
		return vault.Locator{}, err
	}
	token := vault.Token(c.SecretName, "pending", strconv.FormatInt(now.UnixNano(), 10))
	if c.Credential != nil && c.Credential.At.Secret != "" {
		version, err := s.Secrets.Put(ctx, c.SecretName, token, encoded)
		return vault.Locator{Secret: c.SecretName, Version: version}, err
	}
	key, err := s.Keys.DataKey(ctx, c.Tenant)
	if err != nil {
		return vault.Locator{}, err
	}
	version, err := s.Secrets.Create(ctx, c.SecretName, key.KeyARN, token, encoded)
	return vault.Locator{Secret: c.SecretName, Version: version}, err
}

// kept is the credential as the record knows it while it is not in use.
func (e established) kept(at vault.Locator, caller auth.Caller, now time.Time) connection.Kept {
	return connection.Kept{
		At: at, SetAt: now, SetBy: caller.Actor(), Outcome: e.Probe.Outcome,
		Last4: e.Description.Last4, User: e.Description.User, PublicKey: e.Description.PublicKey,
		EndsAt: e.ends(e.EndsAt),
	}
}
