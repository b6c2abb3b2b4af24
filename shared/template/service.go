package template

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/id"
	"github.com/tenonhq/tenon/shared/idempotency"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/notify"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/vault"
)

// ExternalIDs finds the id under which roles in a tenant's AWS accounts trust us.
type ExternalIDs interface {
	ExternalID(ctx context.Context, tenant string) (string, error)
}

// Service manages templates. Secrets may be nil in functions that neither set
// nor use a client secret, HTTP in those that never discover, Events,
// SigningKeys and ExternalIDs in those that ask no token endpoint, Connections in
// those that neither make a dry run nor show a test connection.
type Service struct {
	Store       Store
	Connections ConnectionReader
	Catalog     catalog.Catalog
	Secrets     vault.Secrets
	Keys        vault.DataKeys
	ExternalIDs ExternalIDs
	Idempotency *idempotency.Keys
	Audit       *audit.Log
	IDs         id.Maker
	HTTP        method.Doer
	Events      notify.Publisher
	SigningKeys SigningKeys
	PublicURL   string
	Stage       string
	Now         func() time.Time
}

// SigningKeys finds the key that signs for a tenant with an algorithm: the
// pinned one while it is in use, else the newest.
type SigningKeys interface {
	Find(ctx context.Context, tenant, algorithm, keyID string) (method.SigningKey, error)
}

// Get returns a template the caller may use.
func (s *Service) Get(ctx context.Context, caller auth.Caller, templateID string) (Template, error) {
	if err := s.Audit.Check(ctx, caller, audit.TemplateRead, templateID); err != nil {
		return Template{}, err
	}
	return s.Find(ctx, caller.Tenant, templateID)
}

// Find returns the template a tenant may use: its own or an embedded one of
// the organization. It is for other domain packages, which have checked their
// caller.
func (s *Service) Find(ctx context.Context, tenant, templateID string) (Template, error) {
	for _, owner := range []string{tenant, auth.Organization} {
		t, err := s.Store.Get(ctx, owner, templateID)
		if errors.Is(err, ErrNotFound) {
			continue
		}
		if err != nil {
			return Template{}, err
		}
		if t.visible(tenant) {
			return t, nil
		}
	}
	return Template{}, ErrNotFound
}

// List returns the caller's own templates, then the organization's embedded
// ones. start and the returned cursor are "<owner>/<id>".
func (s *Service) List(ctx context.Context, caller auth.Caller, connector, start string, limit int) ([]Template, string, error) {
	if err := s.Audit.Check(ctx, caller, audit.TemplateRead, ""); err != nil {
		return nil, "", err
	}
	owners := []string{caller.Tenant}
	if caller.Tenant != auth.Organization {
		owners = append(owners, auth.Organization)
	}
	return s.list(ctx, caller.Tenant, owners, connector, start, limit)
}

// Define is what a new template says.
type Define struct {
	Key          string // Idempotency-Key; empty for none.
	Fingerprint  string // Of the request, without secrets.
	Connector    string
	Name         string
	StableKey    string
	Scheme       string
	Embedded     bool
	Credentials  *Party // Nil: the customer.
	SuppliedBy   *Party // Nil: whoever the credentials are of.
	Scopes       []string
	Inputs       map[string]string
	ClientID     string
	ClientSecret secret.Bytes
	SecretEndsAt *time.Time // When the client secret ends; nil: nobody says.
}

// Create makes a template of the caller's tenant. A request repeated with its
// key returns the template of the first.
func (s *Service) Create(ctx context.Context, caller auth.Caller, d Define) (Template, error) {
	request := idempotency.Request{Route: "template-create", Key: d.Key, Fingerprint: d.Fingerprint, Prefix: id.Template}
	return idempotency.Do(ctx, s.Idempotency, caller, request,
		func(templateID string) (Template, error) { return s.create(ctx, caller, templateID, d) },
		func(templateID string) (Template, error) {
			if err := s.Audit.Permit(ctx, caller, audit.TemplateCreate); err != nil {
				return Template{}, err
			}
			return s.Find(ctx, caller.Tenant, templateID)
		})
}

func (s *Service) create(ctx context.Context, caller auth.Caller, templateID string, d Define) (Template, error) {
	if err := s.Audit.Check(ctx, caller, audit.TemplateCreate, templateID); err != nil {
		return Template{}, err
	}
	t, scheme, err := s.draft(ctx, caller.Tenant, templateID, d)
	if err != nil {
		return Template{}, err
	}
	if err := checkClient(scheme, t.ClientID, !d.ClientSecret.IsZero()); err != nil {
		return Template{}, err
	}
	if err := checkEnd(d.SecretEndsAt, !d.ClientSecret.IsZero(), t.CreatedAt); err != nil {
		return Template{}, err
	}
	if err := s.discover(ctx, &t, scheme); err != nil {
		return Template{}, err
	}
	if !d.ClientSecret.IsZero() {
		if t.Secret, err = s.saveSecret(ctx, caller, t, d.ClientSecret); err != nil {
			return Template{}, err
		}
	}
	t.state(d.SecretEndsAt)
	t.watch(Template{}, t.CreatedAt)
	if err := s.Store.Create(ctx, t); err != nil {
		s.forgetIfRefused(ctx, err, t.secrets()...)
		return Template{}, err
	}
	return t, nil
}

// Change is what Update changes; nil members stay.
type Change struct {
	Name         *string
	Embedded     *bool
	Credentials  *Party
	SuppliedBy   *Party
	Scopes       []string
	Inputs       map[string]string
	ClientID     *string
	ClientSecret *secret.Bytes
	SecretEndsAt *time.Time // Of the new client secret, or of the one that stays.
	KeepPrevious bool       // A new client makes the one before it the secondary.
	DropPrevious bool       // Ends the rotation: the secondary is forgotten.
	Force        bool       // Forgets it although connections depend on it.
	imported     bool       // Says nothing of the client, which may be missing.
}

// Update changes the version of the caller's own template named by ifMatch.
// A new client secret is stored before the record points to it, and one that no
// client has any more is destroyed after the record forgot it. Faults beside
// those of the request: conflict when there would be a third client, and
// client_in_use.
func (s *Service) Update(ctx context.Context, caller auth.Caller, templateID, ifMatch string, change Change) (Template, error) {
	if err := s.Audit.Check(ctx, caller, audit.TemplateUpdate, templateID); err != nil {
		return Template{}, err
	}
	t, err := s.own(ctx, caller, templateID)
	if err != nil {
		return Template{}, s.Audit.Refuse(ctx, caller, audit.TemplateUpdate, templateID, err)
	}
	if err := connection.MatchRevision(ifMatch, t.Revision); err != nil {
		return Template{}, err
	}
	named := t.secrets()
	before := t
	scheme, err := s.apply(ctx, &t, change)
	if err == nil {
		err = s.checkUsed(ctx, before, t)
	}
	if err == nil {
		err = s.applySecret(ctx, caller, &t, change)
	}
	if err != nil {
		return Template{}, err
	}
	updated, err := s.replace(ctx, ifMatch, before, t, scheme)
	if err != nil {
		s.forgetIfRefused(ctx, err, without(t.secrets(), named)...)
		return Template{}, err
	}
	s.forget(ctx, without(named, t.secrets())...)
	return updated, nil
}

// apply makes the change, but for a new secret.
func (s *Service) apply(ctx context.Context, t *Template, change Change) (catalog.Scheme, error) {
	connector, err := s.Catalog.Find(ctx, t.Connector)
	if err != nil {
		return catalog.Scheme{}, err
	}
	scheme, _ := connector.Scheme(t.Scheme)
	if change.Name != nil {
		t.Name = *change.Name
	}
	if change.Embedded != nil {
		t.Embedded = *change.Embedded
	}
	if err := t.setParties(change.Credentials, change.SuppliedBy); err != nil {
		return scheme, err
	}
	if change.Scopes != nil {
		t.Scopes = change.Scopes
	}
	newSecret := change.newSecret()
	if err := s.applyClient(ctx, t, scheme, change, newSecret); err != nil {
		return scheme, err
	}
	if err := checkEnd(change.SecretEndsAt, newSecret || t.Secret != nil, s.Now()); err != nil {
		return scheme, err
	}
	inputs := t.Inputs
	if change.Inputs != nil {
		inputs = change.Inputs
	}
	if err := s.check(t, connector, scheme, inputs); err != nil {
		return scheme, err
	}
	if change.Inputs != nil {
		if err := s.discover(ctx, t, scheme); err != nil {
			return scheme, err
		}
	}
	return scheme, nil
}

// applySecret stores the new secret, if there is one, and notes when it ends.
func (s *Service) applySecret(ctx context.Context, caller auth.Caller, t *Template, change Change) (err error) {
	if change.newSecret() {
		if t.Secret, err = s.saveSecret(ctx, caller, *t, *change.ClientSecret); err != nil {
			return err
		}
	}
	t.state(change.SecretEndsAt)
	return nil
}

// newSecret reports whether the change brings a client secret.
func (c Change) newSecret() bool { return c.ClientSecret != nil && !c.ClientSecret.IsZero() }

// applyClient changes the clients, but for the new secret.
func (s *Service) applyClient(ctx context.Context, t *Template, scheme catalog.Scheme, change Change, newSecret bool) error {
	if change.imported {
		return nil
	}
	dropped := t.Previous
	if change.DropPrevious {
		t.Previous = nil
	}
	if err := t.replaceClient(change); err != nil {
		return err
	}
	if err := checkClient(scheme, t.ClientID, newSecret || t.Secret != nil); err != nil {
		return err
	}
	if dropped == nil || !change.DropPrevious || change.Force {
		return nil
	}
	return s.droppable(ctx, *t, *dropped)
}

// Delete removes the caller's own template when no connection uses it. Calling
// it again finishes what a crash left.
func (s *Service) Delete(ctx context.Context, caller auth.Caller, templateID, ifMatch string) error {
	if err := s.Audit.Check(ctx, caller, audit.TemplateDelete, templateID); err != nil {
		return err
	}
	t, err := s.own(ctx, caller, templateID)
	if err != nil {
		return s.Audit.Refuse(ctx, caller, audit.TemplateDelete, templateID, err)
	}
	if err := connection.MatchIfGiven(ifMatch, t.Revision); err != nil {
		return err
	}
	if err := s.retire(ctx, t); err != nil {
		return err
	}
	for _, secret := range t.secrets() {
		if err := s.Secrets.Delete(ctx, secret.At.Secret); err != nil {
			return err
		}
	}
	return s.Store.Delete(ctx, t)
}

// forget destroys client secrets that no record points to.
func (s *Service) forget(ctx context.Context, unused ...*ClientSecret) {
	for _, secret := range unused {
		if err := s.Secrets.Delete(ctx, secret.At.Secret); err != nil {
			slog.WarnContext(ctx, "delete unused client secret", "secret", secret.At.Secret, "error", err)
		}
	}
}

// forgetIfRefused destroys client secrets when the store refused the record
// that was to point to them. After any other failure the record may be there.
func (s *Service) forgetIfRefused(ctx context.Context, err error, unused ...*ClientSecret) {
	switch fault.From(err).Kind {
	case fault.Conflict, fault.NotFound, fault.PreconditionNeeded, fault.PreconditionFailed:
		s.forget(ctx, unused...)
	}
}

// own returns the template if the caller's tenant made it, one that is being
// deleted included. One that the caller can see but did not make is forbidden;
// any other does not exist for it.
func (s *Service) own(ctx context.Context, caller auth.Caller, templateID string) (Template, error) {
	t, err := s.Store.Get(ctx, caller.Tenant, templateID)
	if !errors.Is(err, ErrNotFound) {
		return t, err
	}
	if _, err := s.Find(ctx, caller.Tenant, templateID); err != nil {
		return Template{}, err
	}
	return Template{}, fault.New(fault.Denied, fault.CodeForbidden, "The template belongs to the organization.")
}
