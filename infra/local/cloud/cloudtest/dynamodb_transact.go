package cloudtest

import (
	"errors"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// Elements of a transaction.

func (d *database) putIn(item attributes, condition string) types.TransactWriteItem {
	return types.TransactWriteItem{Put: &types.Put{
		TableName: &d.table, Item: marshal(item), ConditionExpression: text(condition),
		ReturnValuesOnConditionCheckFailure: "ALL_OLD",
	}}
}

func (d *database) addIn(key attributes) types.TransactWriteItem {
	return types.TransactWriteItem{Update: &types.Update{
		TableName: &d.table, Key: marshal(key), UpdateExpression: aws.String("ADD cnt :one"),
		ExpressionAttributeValues: marshal(attributes{":one": 1}),
	}}
}

func (d *database) deleteIn(key attributes) types.TransactWriteItem {
	return types.TransactWriteItem{Delete: &types.Delete{TableName: &d.table, Key: marshal(key)}}
}

func (d *database) checkIn(key attributes, version int) types.TransactWriteItem {
	return types.TransactWriteItem{ConditionCheck: &types.ConditionCheck{
		TableName: &d.table, Key: marshal(key), ConditionExpression: aws.String("v = :v"),
		ExpressionAttributeValues:           marshal(attributes{":v": version}),
		ReturnValuesOnConditionCheckFailure: "ALL_OLD",
	}}
}

func (d *database) transact(token string, items ...types.TransactWriteItem) error {
	_, err := d.client.TransactWriteItems(d.ctx, &dynamodb.TransactWriteItemsInput{TransactItems: items, ClientRequestToken: text(token)})
	return err
}

var transactionProbes = []probe{
	{"transaction: put, check, update and delete together", func(s *suite) {
		d := s.database()
		d.storeSamples(1, 3)
		err := d.transact("", d.putIn(sample(4), "attribute_not_exists(pk)"), d.checkIn(key(1), 1), d.addIn(key(2)), d.deleteIn(key(3)))
		s.ok(err)
		s.equal("put", d.get(key(4))["name"], "n4")
		s.equal("updated", d.get(key(2))["cnt"], 1.0)
		s.equal("deleted", d.get(key(3)), attributes(nil))
	}},
	{"transaction: the same request token executes once", func(s *suite) {
		d := s.database()
		token := unique("token")
		s.ok(d.transact(token, d.addIn(key(1))))
		s.ok(d.transact(token, d.addIn(key(1))))
		s.equal("count", d.get(key(1))["cnt"], 1.0)
	}},
	{"transaction: a request token with other items is refused", func(s *suite) {
		d := s.database()
		token := unique("token")
		s.ok(d.transact(token, d.addIn(key(1))))
		s.code(d.transact(token, d.addIn(key(2))), "IdempotentParameterMismatchException")
	}},
	{"transaction: cancellation reasons are in request order, with items", func(s *suite) {
		d := s.database()
		d.storeSamples(1, 3)
		err := d.transact("", d.putIn(sample(4), ""), d.checkIn(key(1), 99), d.addIn(key(2)), d.putIn(sample(3), "attribute_not_exists(pk)"))
		canceled, ok := errors.AsType[*types.TransactionCanceledException](err)
		if !ok {
			s.errorf("got %v, want a TransactionCanceledException", err)
			return
		}
		var codes, names []any
		for _, reason := range canceled.CancellationReasons {
			codes = append(codes, aws.ToString(reason.Code))
			names = append(names, unmarshal(reason.Item)["name"])
		}
		s.equal("codes", codes, []any{"None", "ConditionalCheckFailed", "None", "ConditionalCheckFailed"})
		s.equal("items", names, []any{nil, "n1", nil, "n3"})
	}},
	{"transaction: a cancelled one changes nothing", func(s *suite) {
		d := s.database()
		d.store(sample(1))
		err := d.transact("", d.putIn(sample(4), ""), d.addIn(key(2)), d.checkIn(key(1), 99))
		s.code(err, "TransactionCanceledException")
		s.equal("put", d.get(key(4)), attributes(nil))
		s.equal("updated", d.get(key(2)), attributes(nil))
	}},
	{"transaction: one item twice is invalid", func(s *suite) {
		d := s.database()
		d.store(sample(1))
		s.code(d.transact("", d.addIn(key(1)), d.checkIn(key(1), 1)), invalidRequest)
	}},
	{"transaction: more than 100 items are invalid", func(s *suite) {
		d := s.database()
		var items []types.TransactWriteItem
		for n := range 101 {
			items = append(items, d.putIn(key(n), ""))
		}
		s.code(d.transact("", items...), invalidRequest)
	}},
	{"transaction: reads are answered in request order", func(s *suite) {
		d := s.database()
		d.store(sample(1))
		get := func(n int) types.TransactGetItem {
			return types.TransactGetItem{Get: &types.Get{TableName: &d.table, Key: marshal(key(n))}}
		}
		answer, err := d.client.TransactGetItems(s.ctx, &dynamodb.TransactGetItemsInput{TransactItems: []types.TransactGetItem{get(9), get(1)}})
		s.ok(err)
		var names []any
		for _, response := range answer.Responses {
			names = append(names, unmarshal(response.Item)["name"])
		}
		s.equal("names", names, []any{nil, "n1"})
	}},
}
