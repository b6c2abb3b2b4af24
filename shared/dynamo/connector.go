package dynamo

import (
	"context"
	"time"

	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/connector"
)

// Connectors is the connector.Store: the definitions are the organization's.
type Connectors struct{ Table }

// connectorItem is a definition as it is stored.
type connectorItem struct {
	key
	Definition []byte    `dynamodbav:"definition,omitempty"`
	Retired    bool      `dynamodbav:"retired,omitempty"`
	Revision   int       `dynamodbav:"revision,omitempty"`
	UpdatedAt  time.Time `dynamodbav:"updatedAt,omitempty"`
	UpdatedBy  string    `dynamodbav:"updatedBy,omitempty"`
	Version    int64     `dynamodbav:"v"`
}

func connectorKey(id string) key { return key{PK: auth.Organization + "#connector", SK: id} }

func newConnectorItem(r connector.Record) connectorItem {
	return connectorItem{
		key: connectorKey(r.ID), Definition: r.Definition, Retired: r.Retired, Revision: r.Revision,
		UpdatedAt: r.UpdatedAt, UpdatedBy: r.UpdatedBy, Version: r.Version,
	}
}

func (item connectorItem) record() connector.Record {
	return connector.Record{
		ID: item.SK, Definition: item.Definition, Retired: item.Retired, Revision: item.Revision,
		UpdatedAt: item.UpdatedAt, UpdatedBy: item.UpdatedBy, Version: item.Version,
	}
}

// Record implements connector.Store.
func (s Connectors) Record(ctx context.Context, id string) (connector.Record, error) {
	item := connectorItem{key: connectorKey(id)}
	_, err := s.get(ctx, item.key, &item)
	return item.record(), err
}

// Definition implements catalog.Own.
func (s Connectors) Definition(ctx context.Context, id string) ([]byte, error) {
	r, err := s.Record(ctx, id)
	if err != nil {
		return nil, err
	}
	if r.Revision == 0 {
		return nil, connector.ErrNotFound
	}
	return r.Definition, nil
}

// Definitions implements catalog.Own.
func (s Connectors) Definitions(ctx context.Context) ([][]byte, error) {
	var all [][]byte
	for attributes, err := range s.items(ctx, partition(connectorKey("").PK, ""), 100) {
		if err != nil {
			return nil, err
		}
		var item connectorItem
		if err := decode(attributes, &item); err != nil {
			return nil, err
		}
		if !item.Retired {
			all = append(all, item.Definition)
		}
	}
	return all, nil
}

// Update implements connector.Store.
func (s Connectors) Update(ctx context.Context, id string, change func(*connector.Record) error) (connector.Record, error) {
	return amend(ctx, s.Table,
		func() (connector.Record, error) { return s.Record(ctx, id) },
		func(r *connector.Record) *int64 { return &r.Version },
		func(r *connector.Record) error {
			err := change(r)
			r.ID = id
			return err
		},
		func(r connector.Record) any { return newConnectorItem(r) })
}
