package cloudtest

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams/types"
)

// iterator opens the only shard of the database's stream.
func (d *database) iterator(kind types.ShardIteratorType) *string {
	client := dynamodbstreams.NewFromConfig(d.cfg)
	stream, err := client.DescribeStream(d.ctx, &dynamodbstreams.DescribeStreamInput{StreamArn: &d.stream})
	d.ok(err)
	if len(stream.StreamDescription.Shards) == 0 {
		d.errorf("the stream has no shard")
		panic(errStop)
	}
	answer, err := client.GetShardIterator(d.ctx, &dynamodbstreams.GetShardIteratorInput{
		StreamArn: &d.stream, ShardId: stream.StreamDescription.Shards[0].ShardId, ShardIteratorType: kind,
	})
	d.ok(err)
	return answer.ShardIterator
}

// changes reads the records from an iterator on as "event sk".
func (d *database) changes(iterator *string) []string {
	client := dynamodbstreams.NewFromConfig(d.cfg)
	var changes []string
	for range 3 {
		answer, err := client.GetRecords(d.ctx, &dynamodbstreams.GetRecordsInput{ShardIterator: iterator})
		d.ok(err)
		for _, record := range answer.Records {
			name, _ := record.Dynamodb.Keys["sk"].(*types.AttributeValueMemberS)
			if name != nil {
				changes = append(changes, string(record.EventName)+" "+name.Value)
			}
		}
		iterator = answer.NextShardIterator
		if iterator == nil || len(answer.Records) == 0 {
			break
		}
	}
	return changes
}

var streamProbes = []probe{
	{"stream: TRIM_HORIZON reads every change in order", func(s *suite) {
		d := s.database()
		d.store(key(1), sample(1), key(2))
		_, err := d.delete(change{key: key(1)})
		s.ok(err)
		s.equal("changes", d.changes(d.iterator(types.ShardIteratorTypeTrimHorizon)),
			[]string{"INSERT item#001", "MODIFY item#001", "INSERT item#002", "REMOVE item#001"})
	}},
	{"stream: records have both images", func(s *suite) {
		d := s.database()
		d.store(key(1), sample(1))
		client := dynamodbstreams.NewFromConfig(s.cfg)
		answer, err := client.GetRecords(s.ctx, &dynamodbstreams.GetRecordsInput{ShardIterator: d.iterator(types.ShardIteratorTypeTrimHorizon)})
		s.ok(err)
		s.equal("records", len(answer.Records), 2)
		last := answer.Records[1].Dynamodb
		s.equal("old attributes", len(last.OldImage), 2)
		s.equal("new attributes", len(last.NewImage), len(sample(1)))
		s.equal("view", last.StreamViewType, types.StreamViewTypeNewAndOldImages)
		s.expect("has a sequence number", aws.ToString(last.SequenceNumber) != "")
	}},
	{"stream: LATEST sees only what follows", func(s *suite) {
		d := s.database()
		d.store(sample(1))
		iterator := d.iterator(types.ShardIteratorTypeLatest)
		d.store(sample(2))
		s.equal("changes", d.changes(iterator), []string{"INSERT item#002"})
	}},
	{"stream: a write without a change leaves no record", func(s *suite) {
		d := s.database()
		d.store(sample(1))
		iterator := d.iterator(types.ShardIteratorTypeLatest)
		d.store(sample(1))
		s.equal("changes", d.changes(iterator), []string(nil))
	}},
	{"stream: a cancelled transaction leaves no record", func(s *suite) {
		d := s.database()
		d.store(sample(1))
		iterator := d.iterator(types.ShardIteratorTypeLatest)
		err := d.transact("", d.putIn(sample(2), ""), d.checkIn(key(1), 99))
		s.code(err, "TransactionCanceledException")
		_, err = d.update(change{key: key(1), update: "SET v = :v", values: attributes{":v": 2}})
		s.ok(err)
		s.equal("changes", d.changes(iterator), []string{"MODIFY item#001"})
	}},
}
