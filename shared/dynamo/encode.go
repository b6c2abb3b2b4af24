package dynamo

import (
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// attributes are an item as DynamoDB knows it.
type attributes = map[string]types.AttributeValue

// stampLayout has a fixed width, so that stamps compare as strings like the
// times they are.
const stampLayout = "2006-01-02T15:04:05.000000000Z"

// stamp writes a time the way it is stored.
func stamp(t time.Time) string { return t.UTC().Format(stampLayout) }

func encode(item any) (attributes, error) {
	encoded, err := attributevalue.MarshalMapWithOptions(item, func(o *attributevalue.EncoderOptions) {
		o.OmitEmptyTime = true
		o.EncodeTime = func(t time.Time) (types.AttributeValue, error) {
			return &types.AttributeValueMemberS{Value: stamp(t)}, nil
		}
	})
	if err != nil {
		return nil, fmt.Errorf("encode item: %w", err)
	}
	return encoded, nil
}
