package simulate

import (
	"context"
	"sync"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/dynamo"
)

// sizes knows how large records are as items. Each shape of a record, that is
// which attributes it has and how long the sealed ones are, is encoded once by
// the real adapter; records of one shape differ by a few bytes at most.
type sizes struct {
	known sync.Map // int by shape.
}

type shape struct {
	scheme               string
	lease, answer, token int
	ring, failed         int
	set                  uint16
}

func shapeOf(c *connection.Connection) shape {
	s := shape{
		scheme: c.SchemeType, lease: len(c.Lease), answer: len(c.Refresh.Answer), token: len(c.Refresh.Token),
		ring: len(c.Health.Ring), failed: min(c.Refresh.FailedCount, 1),
	}
	for i, set := range []bool{
		!c.Due.Refresh.IsZero(), !c.Due.Health.IsZero(), !c.Due.Expiry.IsZero(), !c.Due.Reconcile.IsZero(),
		c.Refresh.Owner != "", !c.Refresh.Until.IsZero(), c.Refresh.Intent != nil, !c.Refresh.PromoteAt.IsZero(),
		!c.Refresh.NotBefore.IsZero(), !c.Refresh.HeldSince.IsZero(), c.Health.Reason != "", !c.Health.CalledAt.IsZero(),
		c.Credential != nil && !c.Credential.ExpiresAt.IsZero(), c.Refresh.AnswerEpoch != 0, !c.UpdatedAt.IsZero(),
	} {
		if set {
			s.set |= 1 << i
		}
	}
	return s
}

// of returns the bytes of a record as DynamoDB counts them.
func (z *sizes) of(c *connection.Connection) int {
	s := shapeOf(c)
	if known, ok := z.known.Load(s); ok {
		return known.(int)
	}
	r := new(recorder)
	if err := (dynamo.Connections{Table: dynamo.Table{DB: r, Name: "t"}}).Create(context.Background(), *c); err != nil {
		return 0
	}
	const mark = len("w") + 26 // The mark of the last write, which a creation has not.
	size := r.bytes + mark
	z.known.Store(s, size)
	return size
}

// recorder takes what would be written. Nothing else is called of it.
type recorder struct {
	dynamo.Client
	bytes int
}

// TransactWriteItems notes the size of the first item.
func (r *recorder) TransactWriteItems(_ context.Context, in *dynamodb.TransactWriteItemsInput, _ ...func(*dynamodb.Options)) (*dynamodb.TransactWriteItemsOutput, error) {
	r.bytes = itemSize(in.TransactItems[0].Put.Item)
	return &dynamodb.TransactWriteItemsOutput{}, nil
}

// itemSize is the size of an item by the rules of DynamoDB.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
func itemSize(item map[string]types.AttributeValue) (n int) {
	for name, value := range item {
		n += len(name) + valueSize(value)
	}
	return n
}

func valueSize(v types.AttributeValue) int {
	switch v := v.(type) {
	case *types.AttributeValueMemberS:
		return len(v.Value)
	case *types.AttributeValueMemberB:
		return len(v.Value)
	case *types.AttributeValueMemberN:
		return (len(v.Value)+1)/2 + 1
	case *types.AttributeValueMemberM:
		return 3 + len(v.Value) + itemSize(v.Value)
	case *types.AttributeValueMemberL:
		n := 3
		for _, element := range v.Value {
			n += 1 + valueSize(element)
		}
		return n
	default:
		return 1
	}
}
