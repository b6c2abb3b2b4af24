package offboarding

import (
	"context"
	"slices"

	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/tenant"
)

// The kinds of counts.
const (
	Connections = "connections"
	Templates   = "templates"
	Webhooks    = "webhookEndpoints"
	SigningKeys = "signingKeys"
	Revoked     = "revoked"     // By the provider.
	Irrevocable = "irrevocable" // The provider cannot be told, or refused.
)

const pageSize = 100

// count returns what a tenant has, by kind.
func (p Property) count(ctx context.Context, id string) (map[string]int, error) {
	counts := map[string]int{}
	err := p.eachConnection(ctx, id, func(connection.Connection) { counts[Connections]++ })
	if err != nil {
		return nil, err
	}
	for start := ""; ; {
		page, next, err := p.Templates.List(ctx, id, start, pageSize)
		if err != nil {
			return nil, err
		}
		counts[Templates] += len(page)
		if start = next; next == "" {
			break
		}
	}
	endpoints, err := p.Endpoints.List(ctx, id)
	if err != nil {
		return nil, err
	}
	keys, err := p.SigningKeys.List(ctx, id)
	counts[Webhooks], counts[SigningKeys] = len(endpoints), len(keys)
	return counts, err
}

// tally counts the connections by what the providers said, and names those whose
// credentials live on there.
func (p Property) tally(ctx context.Context, id string) (counts map[string]int, irrevocable []string, err error) {
	counts = map[string]int{Connections: 0, Revoked: 0, Irrevocable: 0}
	err = p.eachConnection(ctx, id, func(c connection.Connection) {
		counts[Connections]++
		said := c.Deletion.Revocation
		if said == "" && c.Cutoff != nil {
			said = c.Cutoff.Revocation
		}
		switch method.Revocation(said) {
		case method.Revoked:
			counts[Revoked]++
		case method.NotSupported, method.RevokeFailed:
			counts[Irrevocable]++
			if len(irrevocable) < tenant.MostIrrevocable {
				irrevocable = append(irrevocable, c.ID)
			}
		}
	})
	slices.Sort(irrevocable)
	return counts, irrevocable, err
}

func (p Property) eachConnection(ctx context.Context, id string, visit func(connection.Connection)) error {
	for start := ""; ; {
		page, next, err := p.Connections.List(ctx, id, connection.Filter{}, start, pageSize)
		if err != nil {
			return err
		}
		for _, c := range page {
			visit(c)
		}
		if start = next; next == "" {
			return nil
		}
	}
}
