package dynamo

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/expression"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/tenonhq/tenon/shared/audit"
)

// The heads and inspections are in the index seal-due, under the name of their
// tenant so that they spread over its shards.
func headKey(tenant string) key { return key{PK: tenant + "#" + audit.HeadKind, SK: tenant} }

func inspectionKey(tenant string) key {
	return key{PK: tenant + "#" + audit.InspectionKind, SK: tenant}
}

// sealKey has the number in a fixed width, so that seals sort by it.
func sealKey(tenant string, seq int64) key {
	const width = 12
	digits := strconv.FormatInt(seq, 10)
	for len(digits) < width {
		digits = "0" + digits
	}
	return key{PK: tenant + "#audit-seal", SK: digits}
}

// sealDue are the attributes of the index; both stand or neither.
type sealDue struct {
	Shard string    `dynamodbav:"sealShard,omitempty"`
	Due   time.Time `dynamodbav:"sealDue,omitempty"`
}

func newSealDue(tenant string, at time.Time) sealDue {
	if at.IsZero() {
		return sealDue{}
	}
	return sealDue{Shard: shard(tenant), Due: at}
}

// headItem is the head of a chain as it is stored.
type headItem struct {
	key
	sealDue
	Seq     int64                  `dynamodbav:"seq,omitempty"`
	Hash    string                 `dynamodbav:"hash,omitempty"`
	To      string                 `dynamodbav:"to,omitempty"`
	Since   time.Time              `dynamodbav:"since,omitempty"`
	Until   time.Time              `dynamodbav:"until,omitempty"`
	Told    string                 `dynamodbav:"told,omitempty"`
	Leasing map[string]leasingItem `dynamodbav:"leasing,omitempty"`
	Version int64                  `dynamodbav:"v"`
}

// leasingItem is what one actor leases, as it is stored.
type leasingItem struct {
	Hour   time.Time `dynamodbav:"hour,omitempty"`
	Marks  []byte    `dynamodbav:"marks,omitempty"`
	Leases int       `dynamodbav:"leases,omitempty"`
	Mean   float64   `dynamodbav:"mean,omitempty"`
	Told   bool      `dynamodbav:"told,omitempty"`
}

// sealItem is a seal as it is stored.
type sealItem struct {
	key
	From    string    `dynamodbav:"from,omitempty"`
	To      string    `dynamodbav:"to,omitempty"`
	First   string    `dynamodbav:"first,omitempty"`
	Last    string    `dynamodbav:"last,omitempty"`
	Count   int       `dynamodbav:"count,omitempty"`
	At      time.Time `dynamodbav:"at,omitempty"`
	Leaves  []byte    `dynamodbav:"leaves,omitempty"`
	Entries string    `dynamodbav:"entries,omitempty"`
	Prev    string    `dynamodbav:"prev,omitempty"`
	Hash    string    `dynamodbav:"hash,omitempty"`
}

// inspectionItem is an inspection as it is stored.
type inspectionItem struct {
	key
	sealDue
	Begun   time.Time `dynamodbav:"begun,omitempty"`
	Next    int64     `dynamodbav:"next,omitempty"`
	Seals   int       `dynamodbav:"seals,omitempty"`
	Entries int       `dynamodbav:"entries,omitempty"`
	Breaks  int       `dynamodbav:"breaks,omitempty"`
	Version int64     `dynamodbav:"v"`
}

// Enrol implements audit.Store: one conditional update, which counts the
// version so that no seal that is being made ends the promise.
func (s Audit) Enrol(ctx context.Context, tenant string, at time.Time) error {
	least, until, due := audit.Enrolment(at)
	e, err := build(expression.NewBuilder().
		WithCondition(expression.Name("sealDue").AttributeNotExists().Or(expression.Name("until").LessThan(expression.Value(stamp(least))))).
		WithUpdate(expression.Set(expression.Name("until"), expression.Value(stamp(until))).
			Set(expression.Name("sealDue"), expression.Name("sealDue").IfNotExists(expression.Value(stamp(due)))).
			Set(expression.Name("sealShard"), expression.Value(shard(tenant))).
			Add(expression.Name("v"), expression.Value(1))))
	if err != nil {
		return err
	}
	return again(ctx, func() error {
		_, err := s.DB.UpdateItem(ctx, &dynamodb.UpdateItemInput{
			TableName: &s.Name, Key: headKey(tenant).attributes(), UpdateExpression: e.Update(), ConditionExpression: e.Condition(),
			ExpressionAttributeNames: e.Names(), ExpressionAttributeValues: e.Values(),
		})
		var promised *types.ConditionalCheckFailedException
		var collided *types.TransactionConflictException
		switch {
		case err == nil, errors.As(err, &promised):
			return nil
		case errors.As(err, &collided):
			return errRefused
		}
		return failure(ctx, "enrol audit", err)
	})
}

// Head implements audit.Chain.
func (s Audit) Head(ctx context.Context, tenant string) (audit.Head, error) {
	var item headItem
	if _, err := s.get(ctx, headKey(tenant), &item); err != nil {
		return audit.Head{}, err
	}
	h := audit.Head{
		Tenant: tenant, Seq: item.Seq, Hash: item.Hash, To: item.To, Since: item.Since, Until: item.Until, Due: item.Due,
		Told: item.Told, Version: item.Version,
	}
	for actor, l := range item.Leasing {
		if h.Leasing == nil {
			h.Leasing = map[string]audit.Leasing{}
		}
		h.Leasing[actor] = audit.Leasing(l)
	}
	return h, nil
}

// Advance implements audit.Chain.
func (s Audit) Advance(ctx context.Context, h audit.Head, seal *audit.Seal) error {
	item := headItem{
		key: headKey(h.Tenant), sealDue: newSealDue(h.Tenant, h.Due), Seq: h.Seq, Hash: h.Hash, To: h.To, Since: h.Since,
		Until: h.Until, Told: h.Told, Version: h.Version + 1, Leasing: map[string]leasingItem{},
	}
	for actor, l := range h.Leasing {
		item.Leasing[actor] = leasingItem(l)
	}
	if seal == nil {
		_, err := s.put(ctx, item, unchanged(h.Version))
		return raced(err)
	}
	head, err := s.putStep(item, unchanged(h.Version), audit.ErrRaced)
	if err != nil {
		return err
	}
	added, err := s.putStep(newSealItem(*seal), absent(), audit.ErrRaced)
	if err != nil {
		return err
	}
	return raced(s.transact(ctx, head, added))
}

func newSealItem(s audit.Seal) sealItem {
	return sealItem{
		key: sealKey(s.Tenant, s.Seq), From: s.From, To: s.To, First: s.First, Last: s.Last, Count: s.Count, At: s.At,
		Leaves: s.Leaves, Entries: s.Entries, Prev: s.Prev, Hash: s.Hash,
	}
}

// Seals implements audit.Chain.
func (s Audit) Seals(ctx context.Context, tenant string, from int64, limit int) ([]audit.Seal, error) {
	record := func(item sealItem) audit.Seal {
		seq, _ := strconv.ParseInt(item.SK, 10, 64) // A key that is none is of no seal.
		return audit.Seal{
			Tenant: tenant, Seq: seq, From: item.From, To: item.To, First: item.First, Last: item.Last, Count: item.Count,
			At: item.At, Leaves: item.Leaves, Entries: item.Entries, Prev: item.Prev, Hash: item.Hash,
		}
	}
	found, _, err := list(ctx, s.Table, partition(sealKey(tenant, 0).PK, sealKey(tenant, from-1).SK), limit, record)
	return found, err
}

// Inspection implements audit.Chain.
func (s Audit) Inspection(ctx context.Context, tenant string) (audit.Inspection, error) {
	var item inspectionItem
	_, err := s.get(ctx, inspectionKey(tenant), &item)
	return audit.Inspection{
		Tenant: tenant, Begun: item.Begun, Next: item.Next, Seals: item.Seals, Entries: item.Entries, Breaks: item.Breaks,
		Due: item.Due, Version: item.Version,
	}, err
}

// PutInspection implements audit.Chain.
func (s Audit) PutInspection(ctx context.Context, i audit.Inspection) error {
	condition := unchanged(i.Version)
	if i.Version == 0 {
		condition = absent()
	}
	_, err := s.put(ctx, inspectionItem{
		key: inspectionKey(i.Tenant), sealDue: newSealDue(i.Tenant, i.Due), Begun: i.Begun, Next: i.Next, Seals: i.Seals,
		Entries: i.Entries, Breaks: i.Breaks, Version: i.Version + 1,
	}, condition)
	return raced(err)
}

func raced(err error) error {
	if errors.Is(err, errRefused) {
		return audit.ErrRaced
	}
	return err
}
