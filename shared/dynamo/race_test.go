package dynamo_test

import (
	"context"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/dynamo"
	"github.com/tenonhq/tenon/shared/dynamo/dynamotest"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/idempotency"
	"github.com/tenonhq/tenon/shared/template"
	"github.com/tenonhq/tenon/shared/tenant"
	"github.com/tenonhq/tenon/shared/vault"
)

// rival gets in before a write: before returns an error to answer with, or nil
// to let the write go on to the table.
type rival struct {
	dynamo.Client
	before func(write int) error
	writes int
}

func (r *rival) PutItem(ctx context.Context, in *dynamodb.PutItemInput, options ...func(*dynamodb.Options)) (*dynamodb.PutItemOutput, error) {
	r.writes++
	if err := r.before(r.writes); err != nil {
		return nil, err
	}
	return r.Client.PutItem(ctx, in, options...)
}

func (r *rival) TransactWriteItems(ctx context.Context, in *dynamodb.TransactWriteItemsInput, options ...func(*dynamodb.Options)) (*dynamodb.TransactWriteItemsOutput, error) {
	r.writes++
	if err := r.before(r.writes); err != nil {
		return nil, err
	}
	return r.Client.TransactWriteItems(ctx, in, options...)
}

func TestTheFirstActivationStands(t *testing.T) {
	t.Parallel()
	table := dynamotest.New(t)
	first := dynamo.Tenants{Table: table}
	created(t, first.Create(t.Context(), tenant.Tenant{ID: "acme", State: tenant.Provisioning}))
	late := dynamo.Tenants{Table: dynamo.Table{Name: table.Name, DB: &rival{Client: table.DB, before: func(write int) error {
		if write == 1 {
			_, err := first.Activate(t.Context(), "acme", vault.WrappedKey{KeyARN: "first", Version: 1})
			return err
		}
		return nil
	}}}}
	got, err := late.Activate(t.Context(), "acme", vault.WrappedKey{KeyARN: "late", Version: 1})
	if err != nil || got.Key.KeyARN != "first" {
		t.Errorf("Activate: got key %q, %v; want that of the first", got.Key.KeyARN, err)
	}
	listed, _, err := first.List(t.Context(), "", 10)
	if diff := cmp.Diff([]tenant.Tenant{got}, listed); diff != "" || err != nil {
		t.Errorf("the list is not in step (-want +got), %v:\n%s", err, diff)
	}
}

func TestAKeyIsTakenOverOnce(t *testing.T) {
	t.Parallel()
	table := dynamotest.New(t)
	first := dynamo.Idempotency{Table: table}
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	record := idempotency.Record{Tenant: "acme", Key: "key", Until: now, Expires: now.Add(time.Hour)}
	_, _, err := first.Reserve(t.Context(), record, now.Add(-time.Minute))
	created(t, err)
	record.Until = now.Add(time.Minute)
	late := dynamo.Idempotency{Table: dynamo.Table{Name: table.Name, DB: &rival{Client: table.DB, before: func(write int) error {
		if write == 2 { // The first finds the record that died, the second takes it over.
			_, _, err := first.Reserve(t.Context(), record, now)
			return err
		}
		return nil
	}}}}
	if _, reserved, err := late.Reserve(t.Context(), record, now); err != nil || reserved {
		t.Errorf("Reserve: got reserved %t, %v; want the other call to hold the key", reserved, err)
	}
}

func TestACollisionIsTriedAgain(t *testing.T) {
	t.Parallel()
	table := dynamotest.New(t)
	collided := &types.TransactionCanceledException{CancellationReasons: []types.CancellationReason{
		{Code: aws.String("None")}, {Code: aws.String("TransactionConflict")},
	}}
	s := dynamo.Templates{Table: dynamo.Table{Name: table.Name, DB: &rival{Client: table.DB, before: func(write int) error {
		return []error{collided, nil, &types.TransactionConflictException{}, nil, collided, nil}[write-1]
	}}}}
	x := template.Template{Owner: "acme", ID: "tpl_1", StableKey: "crm"}
	if err := s.Create(t.Context(), x); err != nil {
		t.Errorf("Create: %v", err)
	}
	if _, err := s.Update(t.Context(), x.Owner, x.ID, func(x *template.Template) error { x.Revision++; return nil }); err != nil {
		t.Errorf("Update: %v", err)
	}
	if err := s.Delete(t.Context(), x); err != nil {
		t.Errorf("Delete: %v", err)
	}
}

// A connection whose minting client changes is written together with its use:
// it waits out a collision, and a write in between makes it start over.
func TestAMintingIsTriedAgain(t *testing.T) {
	t.Parallel()
	table := withTemplate(t, dynamotest.New(t))
	first := dynamo.Connections{Table: table}
	created(t, first.Create(t.Context(), made("con_1")))
	collided := &types.TransactionCanceledException{CancellationReasons: []types.CancellationReason{
		{Code: aws.String("TransactionConflict")}, {Code: aws.String("None")},
	}}
	late := dynamo.Connections{Table: dynamo.Table{Name: table.Name, DB: &rival{Client: table.DB, before: func(write int) error {
		if write == 2 {
			_, err := first.Update(t.Context(), "acme", "con_1", func(c *connection.Connection) error { c.Name = "Between"; return nil })
			return err
		}
		return []error{collided, nil, nil}[write-1]
	}}}}
	got, err := late.Update(t.Context(), "acme", "con_1", func(c *connection.Connection) error {
		c.Credential = &connection.Credential{MintedBy: 2}
		return nil
	})
	if err != nil || got.Name != "Between" || got.Version != 3 {
		t.Errorf("Update: got %q of version %d, %v", got.Name, got.Version, err)
	}
	uses, err := dynamo.Templates{Table: table}.Uses(t.Context(), "org", "tpl_1")
	if diff := cmp.Diff(map[int]int{2: 1}, uses); err != nil || diff != "" {
		t.Errorf("uses, %v (-want +got):\n%s", err, diff)
	}
}

func TestAThrottledTransactionIsToBeRepeatedLater(t *testing.T) {
	t.Parallel()
	s := dynamo.Templates{Table: dynamo.Table{DB: &rival{before: func(int) error {
		return &types.TransactionCanceledException{CancellationReasons: []types.CancellationReason{{Code: aws.String("None")}, {Code: aws.String("ThrottlingError")}}}
	}}}}
	if err := s.Create(t.Context(), template.Template{Owner: "acme", ID: "tpl_1", StableKey: "crm"}); !fault.Has(err, fault.CodeRetryLater) {
		t.Errorf("Create: got %v, want retry_later", err)
	}
}

func TestAnItemHoldsNoZeroValues(t *testing.T) {
	t.Parallel()
	table := withTemplate(t, dynamotest.New(t))
	created(t, dynamo.Connections{Table: table}.Create(t.Context(), made("con_1")))
	got := slices.Sorted(maps.Keys(item(t, table, "acme#connection", "con_1")))
	if diff := cmp.Diff([]string{"epoch", "pk", "sk", "templateId", "templateOwner", "v"}, got); diff != "" {
		t.Errorf("attributes differ (-want +got):\n%s", diff)
	}
}
