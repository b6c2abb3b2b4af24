package functionstest

import (
	"context"
	"slices"
	"time"

	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/connection/connectiontest"
	"github.com/tenonhq/tenon/shared/due"
	"github.com/tenonhq/tenon/shared/due/duetest"
)

// Sweeper returns what sends the due connections of the world to queues, and
// those.
func (w *World) Sweeper() (*due.Sweeper, map[due.Index]*duetest.Queue) {
	s := &due.Sweeper{Source: entries{w.connections}, Memory: new(duetest.Memory), Now: w.Now}
	queues := map[due.Index]*duetest.Queue{}
	for _, index := range []due.Index{due.Refresh, due.Health, due.Expiry, due.Reconcile} {
		queues[index] = &duetest.Queue{Now: w.Now}
		s.Lanes = append(s.Lanes, due.Lane{Index: index, Queue: queues[index], Capacity: 100})
	}
	return s, queues
}

// entries is the due.Source of connections in memory.
type entries struct{ store *connectiontest.Memory }

// Due implements due.Source.
func (e entries) Due(ctx context.Context, index due.Index, shard int, after, until time.Time, limit int) ([]due.Item, error) {
	refs, err := e.store.Due(ctx, connection.Index(index), until, 1000)
	if err != nil {
		return nil, err
	}
	var found []due.Item
	for _, ref := range refs {
		c, err := e.store.Get(ctx, ref.Tenant, ref.ID)
		if err != nil {
			return nil, err
		}
		at := map[due.Index]time.Time{due.Refresh: c.Due.Refresh, due.Health: c.Due.Health, due.Expiry: c.Due.Expiry, due.Reconcile: c.Due.Reconcile}[index]
		if due.Shard(ref.ID) == shard && at.After(after) {
			found = append(found, due.Item{Tenant: ref.Tenant, Kind: "connection", ID: ref.ID, Connector: c.Connector, At: at})
		}
	}
	slices.SortFunc(found, func(a, b due.Item) int { return a.At.Compare(b.At) })
	return found[:min(len(found), limit)], nil
}
