package offboarding

import (
	"context"
	"errors"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/flow"
)

// StoredFlows removes flows from their store, with what they bind.
type StoredFlows struct {
	Store flow.Store
	Audit *audit.Log
}

// Remove implements Flows.
func (f StoredFlows) Remove(ctx context.Context, caller auth.Caller) (left bool, err error) {
	for start := ""; ; {
		page, next, err := f.Store.List(ctx, caller.Tenant, start, pageSize)
		if err != nil {
			return false, err
		}
		for _, x := range page {
			if err := f.Audit.Check(ctx, caller, audit.FlowDelete, x.ID); err != nil {
				return false, err
			}
			err := f.Store.Delete(ctx, caller.Tenant, x.ID, func(flow.Flow) error { return nil })
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
