package connector

import (
	"context"
	"strings"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/catalog"
)

// Reader shows connectors, whoever defined them.
type Reader struct {
	Catalog catalog.Catalog
	Store   Store
}

// Get returns the connector as the API shows it to the caller: to the
// organization with the definition, if it is its own.
func (r Reader) Get(ctx context.Context, caller auth.Caller, id string) (api.Connector, error) {
	if strings.HasPrefix(id, catalog.OwnPrefix) && caller.IsOrganization() {
		record, err := r.Store.Record(ctx, id)
		if err != nil {
			return api.Connector{}, err
		}
		if record.Revision == 0 {
			return api.Connector{}, ErrNotFound
		}
		return record.API()
	}
	c, err := r.Catalog.Find(ctx, id)
	if err != nil {
		return api.Connector{}, err
	}
	return c.API(), nil
}
