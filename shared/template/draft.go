package template

import (
	"context"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/connection"
)

// draft is the new template that d describes, but for its client's secret, which is
// not looked at, and what discovery finds.
func (s *Service) draft(ctx context.Context, owner, templateID string, d Define) (Template, catalog.Scheme, error) {
	connector, err := s.Catalog.Offered(ctx, d.Connector)
	if err != nil {
		return Template{}, catalog.Scheme{}, wrongField("/connector", "Is not in the catalog.")
	}
	scheme, ok := connector.Scheme(d.Scheme)
	if !ok {
		return Template{}, catalog.Scheme{}, wrongField("/authScheme", "Choose one of the connector's auth schemes.")
	}
	now := s.Now().UTC()
	t := Template{
		Owner: owner, ID: templateID, Connector: connector.ID, Name: d.Name, StableKey: d.StableKey, Scheme: scheme.ID,
		Embedded: d.Embedded, Scopes: d.Scopes, Revision: 1, CreatedAt: now, UpdatedAt: now,
	}
	if t.StableKey == "" {
		t.StableKey = connector.ID
	}
	if d.ClientID != "" {
		t.Client = Client{ClientKey: 1, ClientID: d.ClientID}
	}
	if err := t.setParties(d.Credentials, d.SuppliedBy); err != nil {
		return Template{}, scheme, err
	}
	return t, scheme, s.check(&t, connector, scheme, d.Inputs)
}

// replace stores what became of the version before, which ifMatch names, and has
// its connections inherit it.
func (s *Service) replace(ctx context.Context, ifMatch string, before, t Template, scheme catalog.Scheme) (Template, error) {
	updated, err := s.Store.Update(ctx, t.Owner, t.ID, func(stored *Template) error {
		if stored.Deleting {
			return ErrNotFound // It must stay hidden until it is gone.
		}
		if err := connection.MatchRevision(ifMatch, stored.Revision); err != nil {
			return err
		}
		standing := *stored
		*stored = t
		stored.keepNoted(standing)
		stored.Version, stored.Revision, stored.UpdatedAt = standing.Version, t.Revision+1, s.Now().UTC()
		stored.watch(standing, stored.UpdatedAt)
		stored.inherit(standing, scheme, stored.UpdatedAt)
		return nil
	})
	if err != nil {
		return Template{}, err
	}
	return updated, s.confirmOwners(ctx, before, updated, scheme)
}
