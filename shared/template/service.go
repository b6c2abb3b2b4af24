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
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/vault"
)

// Service manages templates. Secrets may be nil in functions that neither set
// nor use a client secret, HTTP in those that never discover.
type Service struct {
	Store       Store
	Catalog     catalog.Catalog
	Secrets     vault.Secrets
	Keys        vault.DataKeys
	Idempotency *idempotency.Keys
	Audit       *audit.Log
	IDs         id.Maker
	HTTP        method.Doer
	PublicURL   string
	Stage       string
	Now         func() time.Time
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
	Scopes       []string
	Inputs       map[string]string
	ClientID     string
	ClientSecret secret.Bytes
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
	connector, err := s.Catalog.Load(d.Connector)
	if err != nil {
		return Template{}, wrongField("/connector", "Is not in the catalog.")
	}
	scheme, ok := connector.Scheme(d.Scheme)
	if !ok {
		return Template{}, wrongField("/authScheme", "Choose one of the connector's auth schemes.")
	}
	now := s.Now().UTC()
	t := Template{
		Owner: caller.Tenant, ID: templateID, Connector: connector.ID, Name: d.Name, StableKey: d.StableKey, Scheme: scheme.ID,
		Embedded: d.Embedded, Scopes: d.Scopes, ClientID: d.ClientID, Revision: 1, CreatedAt: now, UpdatedAt: now,
	}
	if t.StableKey == "" {
		t.StableKey = connector.ID
	}
	if err := s.check(&t, connector, scheme, d.Inputs); err != nil {
		return Template{}, err
	}
	if err := checkClient(scheme, t.ClientID, !d.ClientSecret.IsZero()); err != nil {
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
	if err := s.Store.Create(ctx, t); err != nil {
		s.forgetIfRefused(ctx, t.Secret, err)
		return Template{}, err
	}
	return t, nil
}

// Change is what Update changes; nil members stay.
type Change struct {
	Name         *string
	Embedded     *bool
	Scopes       []string
	Inputs       map[string]string
	ClientID     *string
	ClientSecret *secret.Bytes
}

// Update changes the version of the caller's own template named by ifMatch.
// A new client secret is stored before the record points to it.
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
	old := t.Secret
	if err := s.apply(ctx, caller, &t, change); err != nil {
		return Template{}, err
	}
	updated, err := s.Store.Update(ctx, caller.Tenant, templateID, func(stored *Template) error {
		if stored.Deleting {
			return ErrNotFound // It must stay hidden until it is gone.
		}
		if err := connection.MatchRevision(ifMatch, stored.Revision); err != nil {
			return err
		}
		version := stored.Version
		*stored = t
		stored.Version, stored.Revision, stored.UpdatedAt = version, t.Revision+1, s.Now().UTC()
		return nil
	})
	switch {
	case t.Secret == old:
	case err != nil:
		s.forgetIfRefused(ctx, t.Secret, err)
	default:
		s.forget(ctx, old)
	}
	return updated, err
}

func (s *Service) apply(ctx context.Context, caller auth.Caller, t *Template, change Change) error {
	connector, err := s.Catalog.Load(t.Connector)
	if err != nil {
		return err
	}
	scheme, _ := connector.Scheme(t.Scheme)
	if change.Name != nil {
		t.Name = *change.Name
	}
	if change.Embedded != nil {
		t.Embedded = *change.Embedded
	}
	if change.Scopes != nil {
		t.Scopes = change.Scopes
	}
	if change.ClientID != nil {
		t.ClientID = *change.ClientID
	}
	hasSecret := t.Secret != nil
	if change.ClientSecret != nil {
		hasSecret = !change.ClientSecret.IsZero()
	}
	if err := checkClient(scheme, t.ClientID, hasSecret); err != nil {
		return err
	}
	inputs := t.Inputs
	if change.Inputs != nil {
		inputs = change.Inputs
	}
	if err := s.check(t, connector, scheme, inputs); err != nil {
		return err
	}
	if change.Inputs != nil {
		if err := s.discover(ctx, t, scheme); err != nil {
			return err
		}
	}
	switch {
	case change.ClientSecret == nil:
	case hasSecret:
		t.Secret, err = s.saveSecret(ctx, caller, *t, *change.ClientSecret)
	default:
		t.Secret = nil
	}
	return err
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
	if t.Secret != nil {
		if err := s.Secrets.Delete(ctx, t.Secret.At.Secret); err != nil {
			return err
		}
	}
	return s.Store.Delete(ctx, t)
}

// forget destroys a client secret that no record points to.
func (s *Service) forget(ctx context.Context, unused *ClientSecret) {
	if unused == nil {
		return
	}
	if err := s.Secrets.Delete(ctx, unused.At.Secret); err != nil {
		slog.WarnContext(ctx, "delete unused client secret", "secret", unused.At.Secret, "error", err)
	}
}

// forgetIfRefused destroys a client secret when the store refused the record
// that was to point to it. After any other failure the record may be there.
func (s *Service) forgetIfRefused(ctx context.Context, unused *ClientSecret, err error) {
	switch fault.From(err).Kind {
	case fault.Conflict, fault.NotFound, fault.PreconditionNeeded, fault.PreconditionFailed:
		s.forget(ctx, unused)
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
