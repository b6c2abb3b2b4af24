package dynamo

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/expression"

	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/due"
)

func shard(id string) string { return strconv.Itoa(due.Shard(id)) }

// dueTimes are the index attributes of a connection. An item is in an index only
// while it has both of its attributes.
type dueTimes struct {
	RefreshShard   string    `dynamodbav:"refreshShard,omitempty"`
	RefreshDue     time.Time `dynamodbav:"refreshDue,omitempty"`
	HealthShard    string    `dynamodbav:"healthShard,omitempty"`
	HealthDue      time.Time `dynamodbav:"healthDue,omitempty"`
	ExpiryShard    string    `dynamodbav:"expiryShard,omitempty"`
	ExpiryDue      time.Time `dynamodbav:"expiryDue,omitempty"`
	PendingShard   string    `dynamodbav:"pendingShard,omitempty"`
	PendingDue     time.Time `dynamodbav:"pendingDue,omitempty"`
	DeviceShard    string    `dynamodbav:"deviceShard,omitempty"`
	DeviceDue      time.Time `dynamodbav:"deviceDue,omitempty"`
	ReconcileShard string    `dynamodbav:"reconcileShard,omitempty"`
	ReconcileDue   time.Time `dynamodbav:"reconcileDue,omitempty"`
}

func newDue(id string, d connection.Due) dueTimes {
	out := dueTimes{RefreshDue: d.Refresh, HealthDue: d.Health, ExpiryDue: d.Expiry, PendingDue: d.Pending, DeviceDue: d.Device, ReconcileDue: d.Reconcile}
	for _, index := range []struct {
		at    time.Time
		shard *string
	}{
		{d.Refresh, &out.RefreshShard},
		{d.Health, &out.HealthShard},
		{d.Expiry, &out.ExpiryShard},
		{d.Pending, &out.PendingShard},
		{d.Device, &out.DeviceShard},
		{d.Reconcile, &out.ReconcileShard},
	} {
		if !index.at.IsZero() {
			*index.shard = shard(id)
		}
	}
	return out
}

func (d dueTimes) record() connection.Due {
	return connection.Due{Refresh: d.RefreshDue, Health: d.HealthDue, Expiry: d.ExpiryDue, Pending: d.PendingDue, Device: d.DeviceDue, Reconcile: d.ReconcileDue}
}

// Due implements connection.Store. Every shard gets its turn, so that a full one
// does not keep the others waiting. The indexes are eventually consistent: a
// connection may be named for a moment after it was dealt with.
func (s Connections) Due(ctx context.Context, index connection.Index, t time.Time, limit int) ([]connection.Ref, error) {
	var found [due.Shards][]connection.Ref
	for i := range found {
		var err error
		if found[i], err = s.dueIn(ctx, index, strconv.Itoa(i), t, limit); err != nil {
			return nil, err
		}
	}
	var refs []connection.Ref
	for place := range limit {
		for _, of := range found {
			if place < len(of) && len(refs) < limit {
				refs = append(refs, of[place])
			}
		}
	}
	return refs, nil
}

func (s Connections) dueIn(ctx context.Context, index connection.Index, shard string, t time.Time, limit int) ([]connection.Ref, error) {
	job := strings.TrimSuffix(string(index), "-due")
	q := query{index: string(index), key: expression.Key(job + "Shard").Equal(expression.Value(shard)).
		And(expression.Key(job + "Due").LessThanEqual(expression.Value(stamp(t))))}
	var refs []connection.Ref
	for item, err := range s.items(ctx, q, limit) {
		if err != nil {
			return nil, err
		}
		tenant, _, _ := strings.Cut(text(item, "pk"), "#")
		refs = append(refs, connection.Ref{Tenant: tenant, ID: text(item, "sk")})
		if len(refs) == limit {
			break
		}
	}
	return refs, nil
}
