package gateway

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

// sqsRecord is one message of an SQS event.
// https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
type sqsRecord struct {
	MessageID         string                  `json:"messageId"`
	ReceiptHandle     string                  `json:"receiptHandle"`
	Body              string                  `json:"body"`
	Attributes        map[string]string       `json:"attributes"`
	MessageAttributes map[string]sqsAttribute `json:"messageAttributes"`
	MD5OfBody         string                  `json:"md5OfBody"`
	EventSource       string                  `json:"eventSource"`
	EventSourceARN    string                  `json:"eventSourceARN"`
	AWSRegion         string                  `json:"awsRegion"`
}

type sqsAttribute struct {
	StringValue      *string  `json:"stringValue,omitempty"`
	BinaryValue      []byte   `json:"binaryValue,omitempty"`
	StringListValues []string `json:"stringListValues"`
	BinaryListValues [][]byte `json:"binaryListValues"`
	DataType         string   `json:"dataType"`
}

func sqsEvent(url, region string, messages []types.Message) ([]byte, error) {
	records := make([]sqsRecord, 0, len(messages))
	for _, m := range messages {
		records = append(records, sqsRecord{
			MessageID:         aws.ToString(m.MessageId),
			ReceiptHandle:     aws.ToString(m.ReceiptHandle),
			Body:              aws.ToString(m.Body),
			Attributes:        m.Attributes,
			MessageAttributes: sqsAttributes(m.MessageAttributes),
			MD5OfBody:         aws.ToString(m.MD5OfBody),
			EventSource:       "aws:sqs",
			EventSourceARN:    queueARN(url, region),
			AWSRegion:         region,
		})
	}
	out, err := json.Marshal(map[string]any{"Records": records})
	if err != nil {
		return nil, fmt.Errorf("encode SQS event: %w", err)
	}
	return out, nil
}

func sqsAttributes(in map[string]types.MessageAttributeValue) map[string]sqsAttribute {
	out := map[string]sqsAttribute{}
	for name, v := range in {
		out[name] = sqsAttribute{
			StringValue: v.StringValue, BinaryValue: v.BinaryValue,
			StringListValues: []string{}, BinaryListValues: [][]byte{},
			DataType: aws.ToString(v.DataType),
		}
	}
	return out
}

// queueARN derives the ARN from a queue URL, which ends in /account/name.
func queueARN(url, region string) string {
	parts := strings.Split(url, "/")
	if len(parts) < 2 {
		return ""
	}
	return fmt.Sprintf("arn:aws:sqs:%s:%s:%s", region, parts[len(parts)-2], parts[len(parts)-1])
}
