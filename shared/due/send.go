package due

import (
	"context"
	"slices"
	"time"
)

// send sends the items in a fair order and returns those that were not taken.
func (r *run) send(ctx context.Context, items []Item) ([]Message, error) {
	if len(items) == 0 {
		return nil, nil
	}
	messages := r.spread(ctx, fair(items))
	unsent, err := r.Queue.Send(ctx, messages)
	r.found += len(messages)
	r.sent += len(messages) - len(unsent)
	r.room -= len(messages) - len(unsent)
	return unsent, err
}

// fair orders items so that tenants take turns: one with thousands due keeps
// none waiting that has a few. Within a tenant the oldest comes first.
func fair(items []Item) []Item {
	items = slices.SortedStableFunc(slices.Values(items), func(a, b Item) int { return a.At.Compare(b.At) })
	var tenants []string
	byTenant := map[string][]Item{}
	for _, item := range items {
		if byTenant[item.Tenant] == nil {
			tenants = append(tenants, item.Tenant)
		}
		byTenant[item.Tenant] = append(byTenant[item.Tenant], item)
	}
	ordered := make([]Item, 0, len(items))
	for turn := 0; len(ordered) < len(items); turn++ {
		for _, tenant := range tenants {
			if of := byTenant[tenant]; turn < len(of) {
				ordered = append(ordered, of[turn])
			}
		}
	}
	return ordered
}

// spread gives every item its delay: until it is due, and until its connector's
// turn has come where that has a pace. What would have to wait longer than a
// message may stays in the index.
func (r *run) spread(ctx context.Context, items []Item) []Message {
	paces := map[string]time.Duration{}
	booked := map[string]time.Time{}
	for connector, until := range r.progress.Booked {
		if until.After(r.now) {
			booked[connector] = until
		}
	}
	messages := make([]Message, 0, len(items))
	for _, item := range items {
		at := later(item.At, r.now)
		if pace := r.pace(ctx, paces, item.Connector); pace > 0 {
			at = later(at, booked[item.Connector])
			if at.Sub(r.now) <= longest {
				booked[item.Connector] = at.Add(pace)
			}
		}
		if delay := at.Sub(r.now); delay <= longest {
			messages = append(messages, Message{Item: item, Delay: (delay + time.Second - 1).Truncate(time.Second)})
		}
	}
	r.progress.Booked = booked
	return messages
}

func (r *run) pace(ctx context.Context, known map[string]time.Duration, connector string) time.Duration {
	if connector == "" || r.Pace == nil {
		return 0
	}
	pace, ok := known[connector]
	if !ok {
		pace = r.Pace(ctx, connector)
		known[connector] = pace
	}
	return pace
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
