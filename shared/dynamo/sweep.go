package dynamo

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/expression"

	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/due"
)

// Sweeps is the due.Source and the due.Memory. It reads entries of every kind of
// record that has the attributes of an index.
type Sweeps struct{ Table }

// Due implements due.Source. The indexes hold the keys and the connector.
func (s Sweeps) Due(ctx context.Context, index due.Index, shard int, after, until time.Time, limit int) ([]due.Item, error) {
	job := strings.TrimSuffix(string(index), "-due")
	span := expression.Key(job + "Due").LessThanEqual(expression.Value(stamp(until)))
	if !after.IsZero() {
		span = expression.Key(job+"Due").Between(expression.Value(stamp(after.Add(time.Nanosecond))), expression.Value(stamp(until)))
	}
	q := query{index: string(index), key: expression.Key(job + "Shard").Equal(expression.Value(strconv.Itoa(shard))).And(span)}
	var found []due.Item
	for item, err := range s.items(ctx, q, limit) {
		if err != nil {
			return nil, err
		}
		at, err := time.Parse(time.RFC3339Nano, text(item, job+"Due"))
		if err != nil {
			return nil, err
		}
		tenant, kind, _ := strings.Cut(text(item, "pk"), "#")
		found = append(found, due.Item{Tenant: tenant, Kind: kind, ID: text(item, "sk"), Connector: text(item, "connector"), At: at})
		if len(found) == limit {
			break
		}
	}
	return found, nil
}

// progressItem is how far the sweeps of an index have come, as it is stored.
type progressItem struct {
	key
	Until   time.Time            `dynamodbav:"until,omitempty"`
	Owner   string               `dynamodbav:"owner,omitempty"`
	Reached []time.Time          `dynamodbav:"reached,omitempty"`
	LooseAt time.Time            `dynamodbav:"looseAt,omitempty"`
	Seen    []time.Time          `dynamodbav:"seen,omitempty"`
	Loose   []time.Time          `dynamodbav:"loose,omitempty"`
	Booked  map[string]time.Time `dynamodbav:"booked,omitempty"`
	SweptAt time.Time            `dynamodbav:"sweptAt,omitempty"`
	Version int64                `dynamodbav:"v"`
}

func progressKey(index due.Index) key {
	return key{PK: auth.Organization + "#sweep", SK: string(index)}
}

func (item progressItem) record() due.Progress {
	p := due.Progress{
		Index: due.Index(item.SK), Until: item.Until, Owner: item.Owner, LooseAt: item.LooseAt,
		Booked: item.Booked, SweptAt: item.SweptAt, Version: item.Version,
	}
	copy(p.Reached[:], item.Reached)
	copy(p.Seen[:], item.Seen)
	copy(p.Loose[:], item.Loose)
	return p
}

// Update implements due.Memory.
func (s Sweeps) Update(ctx context.Context, index due.Index, change func(*due.Progress) error) (due.Progress, error) {
	return amend(ctx, s.Table,
		func() (due.Progress, error) {
			item := progressItem{key: progressKey(index)}
			_, err := s.get(ctx, item.key, &item)
			return item.record(), err
		},
		func(p *due.Progress) *int64 { return &p.Version },
		change,
		func(p due.Progress) any {
			return progressItem{
				key: progressKey(p.Index), Until: p.Until, Owner: p.Owner, Reached: p.Reached[:], LooseAt: p.LooseAt,
				Seen: p.Seen[:], Loose: p.Loose[:], Booked: p.Booked, SweptAt: p.SweptAt, Version: p.Version,
			}
		})
}
