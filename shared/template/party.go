package template

import (
	"context"
	"fmt"

	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
)

// Refusals of whoever may not bring a connection its credential.
var (
	errOrganizationSupplies = fault.New(fault.Denied, fault.CodeForbidden, "The organization supplies the credentials of this template. Ask it to connect the account.").
				WithRemedy("contact_admin")
	errOrganizationConnects = fault.New(fault.Denied, fault.CodeForbidden, "Connections of this template are the organization's own. Flows use them by a binding; a tenant makes none.").
				WithRemedy("contact_admin")
	errPartiesInUse = fault.New(fault.Conflict, fault.CodeTemplateInUse, "Connections were made from this template. Whose credentials they hold can only be changed while there are none.")
)

// named is the party, the customer where none is stored.
func (p Party) named() Party {
	if p == "" {
		return Customer
	}
	return p
}

// Parties returns whose accounts are connected and who supplies their credentials.
func (t *Template) Parties() (credentials, suppliedBy Party) {
	return t.Credentials.named(), t.SuppliedBy.named()
}

// setParties sets those that are given, and holds them to the rules: the
// organization supplies what is its own, and a tenant's template is about the
// tenant's accounts alone.
func (t *Template) setParties(credentials, suppliedBy *Party) error {
	if credentials != nil {
		t.Credentials = *credentials
	}
	if suppliedBy != nil {
		t.SuppliedBy = *suppliedBy
	}
	switch whose, who := t.Parties(); {
	case t.Owner != auth.Organization && whose == Organization:
		return wrongField("/credentials", "A tenant's own template is for the tenant's credentials.")
	case t.Owner != auth.Organization && who == Organization:
		return wrongField("/suppliedBy", "The credentials of a tenant's own template are supplied by the tenant.")
	case whose == Organization && who == Customer && suppliedBy != nil:
		return wrongField("/suppliedBy", "The organization supplies its own credentials.")
	case whose == Organization:
		who = Organization
		fallthrough
	default:
		t.Credentials, t.SuppliedBy = whose, who
	}
	return nil
}

// Admit refuses a caller who may not bring the connection a credential: the
// organization alone supplies what it said it would, its own connections are made
// in its own tenant, and nobody connects through a template that misses its client
// (template_incomplete).
func (s *Service) Admit(ctx context.Context, caller auth.Caller, c connection.Connection) error {
	t, err := s.Store.Get(ctx, c.TemplateOwner, c.TemplateID)
	if err != nil {
		return err
	}
	switch whose, who := t.Parties(); {
	case whose == Organization && c.Tenant != auth.Organization:
		return errOrganizationConnects
	case who == Organization && !caller.IsOrganization():
		return errOrganizationSupplies
	}
	connector, err := s.Catalog.Find(ctx, t.Connector)
	if err != nil {
		return err
	}
	scheme, _ := connector.Scheme(t.Scheme)
	return complete(t, scheme)
}

// checkOwners refuses to change whose credentials connections hold that there are.
func (s *Service) checkOwners(ctx context.Context, before, t Template) error {
	if before.Credentials.named() == t.Credentials.named() {
		return nil
	}
	used, err := s.Store.InUse(ctx, t.Owner, t.ID)
	if err == nil && used {
		err = errPartiesInUse
	}
	return err
}

// confirmOwners is checkOwners after the change was stored, and takes it back where
// a connection was made at the same time: whoever makes one looks again once it is
// stored, so that one of the two sees the other.
func (s *Service) confirmOwners(ctx context.Context, before, changed Template, scheme catalog.Scheme) error {
	refused := s.checkOwners(ctx, before, changed)
	if refused == nil {
		return nil
	}
	_, err := s.Store.Update(ctx, changed.Owner, changed.ID, func(stored *Template) error {
		standing := *stored
		*stored = before
		stored.keepNoted(standing)
		stored.Version, stored.Revision, stored.UpdatedAt = standing.Version, standing.Revision+1, s.Now().UTC()
		stored.watch(standing, stored.UpdatedAt)
		stored.inherit(standing, scheme, stored.UpdatedAt)
		return nil
	})
	if err != nil {
		return fmt.Errorf("take back the change of template %s: %w", changed.ID, err)
	}
	return refused
}
