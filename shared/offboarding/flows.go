package offboarding

import (
	"context"
	"errors"

	"github.com/tenonhq/tenon/shared/flow"
)

// StoredFlows removes flows from their store, with what they bind.
type StoredFlows struct{ Store flow.Store }

// Remove implements Flows.
func (f StoredFlows) Remove(ctx context.Context, tenant string) (left bool, err error) {
	for start := ""; ; {
		page, next, err := f.Store.List(ctx, tenant, start, pageSize)
		if err != nil {
			return false, err
		}
		for _, x := range page {
			err := f.Store.Delete(ctx, tenant, x.ID, func(flow.Flow) error { return nil })
			if err != nil && !errors.Is(err, flow.ErrNotFound) {
				return false, err
			}
			if pressed(ctx) {
				return true, nil
			}
		}
		if start = next; next == "" {
			return false, nil
		}
	}
}
