package dynamo

import (
	"context"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/expression"

	"github.com/tenonhq/tenon/shared/health"
)

// Histories is the health.Histories.
type Histories struct{ Table }

// historyMemory is how long after the last report a history is kept.
const historyMemory = 90 * 24 * time.Hour

// historyItem is a history as it is stored. The connector has no place in the
// index: nothing is asked of it, so its pace does not count.
type historyItem struct {
	key
	StatusShard  string    `dynamodbav:"statusShard,omitempty"`
	StatusDue    time.Time `dynamodbav:"statusDue,omitempty"`
	System       string    `dynamodbav:"system,omitempty"`
	Credential   int       `dynamodbav:"credentialVersion,omitempty"`
	Ring         string    `dynamodbav:"ring,omitempty"`
	Reported     int64     `dynamodbav:"reported,omitempty"`
	CalledAt     time.Time `dynamodbav:"calledAt,omitempty"`
	FailingSince time.Time `dynamodbav:"failingSince,omitempty"`
	Version      int64     `dynamodbav:"v"`
	TTL          int64     `dynamodbav:"ttl,omitempty"`
}

func historyKey(tenant, connectionID string) key {
	return key{PK: tenant + "#history", SK: connectionID}
}

func newHistoryItem(h health.History) historyItem {
	item := historyItem{
		key: historyKey(h.Tenant, h.Connection), StatusDue: h.DeriveAt, System: h.Connector, Credential: h.Credential, Ring: h.Ring,
		Reported: h.Reported, CalledAt: h.CalledAt, FailingSince: h.FailingSince, Version: h.Version,
	}
	if !h.DeriveAt.IsZero() {
		item.StatusShard = shard(h.Connection)
	}
	if !h.CalledAt.IsZero() {
		item.TTL = h.CalledAt.Add(historyMemory).Unix()
	}
	return item
}

func (item historyItem) record() health.History {
	tenant, _, _ := strings.Cut(item.PK, "#")
	return health.History{
		Tenant: tenant, Connection: item.SK, Connector: item.System, Credential: item.Credential, Ring: item.Ring, Reported: item.Reported,
		CalledAt: item.CalledAt, FailingSince: item.FailingSince, DeriveAt: item.StatusDue, Version: item.Version,
	}
}

// Get implements health.Histories.
func (s Histories) Get(ctx context.Context, tenant, connectionID string) (health.History, error) {
	item := historyItem{key: historyKey(tenant, connectionID)}
	_, err := s.get(ctx, item.key, &item)
	return item.record(), err
}

// Update implements health.Histories.
func (s Histories) Update(ctx context.Context, tenant, connectionID string, change func(*health.History) error) (health.History, error) {
	return amend(ctx, s.Table,
		func() (health.History, error) { return s.Get(ctx, tenant, connectionID) },
		func(h *health.History) *int64 { return &h.Version },
		func(h *health.History) error {
			err := change(h)
			h.Tenant, h.Connection = tenant, connectionID
			return err
		},
		func(h health.History) any { return newHistoryItem(h) })
}

// Changed implements health.Histories.
func (s Histories) Changed(ctx context.Context, tenant string, limit int) ([]string, error) {
	q := partition(historyKey(tenant, "").PK, "")
	q.filter = expression.Name("statusDue").AttributeExists()
	var ids []string
	for item, err := range s.items(ctx, q, limit) {
		if err != nil {
			return nil, err
		}
		if ids = append(ids, text(item, "sk")); len(ids) == limit {
			break
		}
	}
	return ids, nil
}
