package cloudtest

import (
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

const workers = 16

// inParallel runs work in every worker and waits for all.
func inParallel(work func(worker int)) {
	var group sync.WaitGroup
	for worker := range workers {
		group.Go(func() { work(worker) })
	}
	group.Wait()
}

var concurrentProbes = []probe{
	{"concurrent: no increment is lost", func(s *suite) {
		d := s.database()
		var failures atomic.Int32
		inParallel(func(int) {
			for range 20 {
				if _, err := d.update(change{key: key(1), update: "ADD cnt :one", values: attributes{":one": 1}}); err != nil {
					failures.Add(1)
				}
			}
		})
		s.equal("failures", failures.Load(), int32(0))
		s.equal("count", d.get(key(1))["cnt"], float64(20*workers))
	}},
	{"concurrent: every lock has exactly one winner", func(s *suite) {
		d := s.database()
		var won atomic.Int32
		inParallel(func(worker int) {
			for n := range 20 {
				item := key(n)
				item["owner"] = worker
				if _, err := d.put(change{item: item, condition: "attribute_not_exists(pk)"}); err == nil {
					won.Add(1)
				}
			}
		})
		s.equal("winners", won.Load(), int32(20))
	}},
	{"concurrent: versioned transactions are isolated", func(s *suite) {
		d := s.database()
		d.store(attributes{"pk": "counter", "sk": "c", "v": 0})
		var won atomic.Int32
		inParallel(func(int) {
			for range 10 {
				if d.advance() == nil {
					won.Add(1)
				}
			}
		})
		s.expect("some transaction succeeded", won.Load() > 0)
		s.equal("version", d.get(attributes{"pk": "counter", "sk": "c"})["v"], float64(won.Load()))
		logged, err := d.query(inTable("pk = :p", attributes{":p": "log"}))
		s.ok(err)
		s.equal("log entries", logged.Count, won.Load())
	}},
}

// advance moves the counter one version on and logs it, in one transaction.
func (d *database) advance() error {
	counter := marshal(attributes{"pk": "counter", "sk": "c"})
	read, err := d.client.GetItem(d.ctx, &dynamodb.GetItemInput{TableName: &d.table, Key: counter})
	if err != nil {
		return err
	}
	version := read.Item["v"]
	entry := d.putIn(attributes{"pk": "log", "sk": fmt.Sprint(unmarshal(read.Item)["v"])}, "attribute_not_exists(pk)")
	return d.transact("", entry, types.TransactWriteItem{Update: &types.Update{
		TableName: &d.table, Key: counter,
		UpdateExpression:    aws.String("SET v = v + :one"),
		ConditionExpression: aws.String("v = :v"),
		ExpressionAttributeValues: map[string]types.AttributeValue{
			":one": &types.AttributeValueMemberN{Value: "1"}, ":v": version,
		},
	}})
}
