package cloud

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/tenonhq/tenon/infra/local/cloud/expression"
)

const (
	// shardID is the only shard of every stream.
	shardID = "shardId-00000000000000000001-00000001"

	streamRetention = 24 * time.Hour
	maxRecords      = 1000
)

// streamRecord is one change of an item.
type streamRecord struct {
	Sequence int
	Event    string // INSERT, MODIFY or REMOVE.
	At       time.Time
	Keys     expression.Item
	Old, New expression.Item
	ByTTL    bool // Whether the service deleted the expired item.
}

type streamRequest struct {
	StreamArn         string
	ShardIteratorType string
	SequenceNumber    string
	ShardIterator     string
	Limit             int
}

func (r *streamRequest) resource() string {
	arn, _, _ := strings.Cut(r.StreamArn+r.ShardIterator, "|")
	return arn
}

func (d *dynamo) handleStreams(read sync.Locker) {
	handle(d.cloud, streamsAPI, "DescribeStream", locked(read, d.describeStream))
	handle(d.cloud, streamsAPI, "GetShardIterator", locked(read, d.shardIterator))
	handle(d.cloud, streamsAPI, "GetRecords", locked(read, d.streamRecords))
}

// record appends a change to the table's stream. A write that changes nothing
// leaves no record.
func (d *dynamo) record(t *table, old, new expression.Item, byTTL bool) {
	if t.Stream == nil || !t.Stream.StreamEnabled {
		return
	}
	r := streamRecord{Event: "MODIFY", At: d.cloud.Now(), Old: old, New: new, ByTTL: byTTL}
	keys := new
	switch {
	case old == nil:
		r.Event = "INSERT"
	case new == nil:
		r.Event = "REMOVE"
		keys = old
	case old.Equal(new):
		return
	}
	d.sequence++
	r.Sequence = d.sequence
	r.Keys = keys.Pick(t.primary.keys)
	t.records = append(t.records, r)
}

// trim forgets the records older than a stream keeps them.
func (t *table) trim(now time.Time) {
	keep, _ := slices.BinarySearchFunc(t.records, now.Add(-streamRetention), func(r streamRecord, oldest time.Time) int {
		return r.At.Compare(oldest)
	})
	t.records = slices.Delete(t.records, 0, keep)
}

func (d *dynamo) stream(arn string) (*table, error) {
	for _, t := range d.tables {
		if t.Stream != nil && t.StreamARN != "" && t.StreamARN == arn {
			return t, nil
		}
	}
	return nil, errorf("ResourceNotFoundException", "Requested resource not found: Stream: %s not found", arn)
}

func (d *dynamo) describeStream(in *streamRequest) (object, error) {
	t, err := d.stream(in.StreamArn)
	if err != nil {
		return nil, err
	}
	return object{"StreamDescription": object{
		"StreamArn":      t.StreamARN,
		"StreamLabel":    t.StreamLabel,
		"StreamStatus":   "ENABLED",
		"StreamViewType": t.Stream.StreamViewType,
		"TableName":      t.Name,
		"KeySchema":      t.Keys,
		"Shards": []object{{
			"ShardId":             shardID,
			"SequenceNumberRange": object{"StartingSequenceNumber": sequenceNumber(1)},
		}},
	}}, nil
}

// shardIterator answers an iterator: the stream's ARN and the sequence number
// to read from.
func (d *dynamo) shardIterator(in *streamRequest) (object, error) {
	t, err := d.stream(in.StreamArn)
	if err != nil {
		return nil, err
	}
	from := 0
	switch in.ShardIteratorType {
	case "TRIM_HORIZON":
	case "LATEST":
		from = d.sequence + 1
	case "AT_SEQUENCE_NUMBER", "AFTER_SEQUENCE_NUMBER":
		from, err = strconv.Atoi(in.SequenceNumber)
		if err != nil {
			return nil, invalid("Invalid SequenceNumber")
		}
		if in.ShardIteratorType == "AFTER_SEQUENCE_NUMBER" {
			from++
		}
	default:
		return nil, invalid("Invalid ShardIteratorType")
	}
	return object{"ShardIterator": iterator(t, from)}, nil
}

func iterator(t *table, from int) string {
	return t.StreamARN + "|" + strconv.Itoa(from)
}

func sequenceNumber(n int) string {
	return fmt.Sprintf("%021d", n)
}

func (d *dynamo) streamRecords(in *streamRequest) (object, error) {
	arn, position, _ := strings.Cut(in.ShardIterator, "|")
	from, err := strconv.Atoi(position)
	if err != nil {
		return nil, invalid("Invalid ShardIterator")
	}
	t, err := d.stream(arn)
	if err != nil {
		return nil, err
	}
	limit := maxRecords
	if in.Limit > 0 {
		limit = min(in.Limit, maxRecords)
	}
	first, _ := slices.BinarySearchFunc(t.records, from, func(r streamRecord, from int) int {
		return cmp.Compare(r.Sequence, from)
	})
	records := []object{}
	for _, r := range t.records[first:min(first+limit, len(t.records))] {
		records = append(records, d.streamEvent(t, r))
		from = r.Sequence + 1
	}
	return object{"Records": records, "NextShardIterator": iterator(t, from)}, nil
}

// streamEvent is a record in the form Lambda functions receive too.
func (d *dynamo) streamEvent(t *table, r streamRecord) object {
	view := t.Stream.StreamViewType
	change := object{
		"ApproximateCreationDateTime": r.At.Unix(),
		"Keys":                        r.Keys,
		"SequenceNumber":              sequenceNumber(r.Sequence),
		"SizeBytes":                   r.Old.Size() + r.New.Size(),
		"StreamViewType":              view,
	}
	if r.New != nil && strings.HasPrefix(view, "NEW_") {
		change["NewImage"] = r.New
	}
	if r.Old != nil && (view == "OLD_IMAGE" || view == "NEW_AND_OLD_IMAGES") {
		change["OldImage"] = r.Old
	}
	event := object{
		"eventID":      fmt.Sprintf("%032x", r.Sequence),
		"eventName":    r.Event,
		"eventVersion": "1.1",
		"eventSource":  "aws:dynamodb",
		"awsRegion":    d.cloud.Region,
		"dynamodb":     change,
	}
	if r.ByTTL {
		event["userIdentity"] = object{"Type": "Service", "PrincipalId": "dynamodb.amazonaws.com"}
	}
	return event
}
