package flow

import (
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
)

// atOnce is how many flows are read at once, mostNamed how many a refusal names.
const atOnce, mostNamed = 16, 100

// check returns which flows refuse the second connection, and the fault of that.
func (r *rebinding) check(ctx context.Context) (map[place]bool, error, error) {
	flows, err := r.read(ctx)
	if err != nil {
		return nil, nil, err
	}
	refusing, said := map[place]bool{}, map[string]bool{}
	var why refusals
	var names []string
	for i := range flows {
		f := &flows[i]
		p := place{f.Tenant, f.ID}
		to, err := r.target(ctx, p.tenant)
		if err != nil {
			return nil, nil, err
		}
		refusal := r.refusal(f, to)
		if refusal == nil {
			continue
		}
		refusing[p] = true
		if !said[refusal.Detail] {
			said[refusal.Detail] = true
			why.add("/to", refusal.Detail, refusal.Remedy)
		}
		if len(names) < mostNamed {
			names = append(names, r.name(p))
		}
	}
	if len(names) == 0 {
		return nil, nil, nil
	}
	refused := fault.From(why.fault())
	refused.Detail, refused.Flows = "Not every flow accepts the connection; none was changed.", names
	return refusing, refused, nil
}

// read reads the flows, without those that are gone.
func (r *rebinding) read(ctx context.Context) ([]Flow, error) {
	flows, errs := make([]Flow, len(r.places)), make([]error, len(r.places))
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(atOnce, len(r.places)) {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(r.places); i = int(next.Add(1)) - 1 {
				flows[i], errs[i] = r.Store.Get(ctx, r.places[i].tenant, r.places[i].flow)
				if errors.Is(errs[i], ErrNotFound) {
					errs[i] = nil
				}
			}
		})
	}
	wg.Wait()
	return slices.DeleteFunc(flows, func(f Flow) bool { return f.ID == "" }), errors.Join(errs...)
}

// target returns what the second connection is for the flows of a tenant; nil
// where they may not use it.
func (r *rebinding) target(ctx context.Context, tenant string) (*candidate, error) {
	if to, ok := r.targets[tenant]; ok {
		return to, nil
	}
	to, err := r.find(ctx, tenant, r.To)
	if err != nil && !errors.Is(err, connection.ErrNotFound) {
		return nil, err
	}
	r.targets[tenant] = to
	return to, nil
}
