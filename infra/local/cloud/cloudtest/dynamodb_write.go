package cloudtest

import (
	"errors"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

const conditionFailed = "ConditionalCheckFailedException"

// failedItem returns the item that came with a failed condition.
func (s *suite) failedItem(err error) attributes {
	failed, ok := errors.AsType[*types.ConditionalCheckFailedException](err)
	if !ok {
		s.errorf("got %v, want a ConditionalCheckFailedException", err)
		return nil
	}
	return unmarshal(failed.Item)
}

var writeProbes = []probe{
	{"put: attribute_not_exists lets the first write through", func(s *suite) {
		d := s.database()
		_, err := d.put(change{item: sample(1), condition: "attribute_not_exists(pk)"})
		s.ok(err)
		s.equal("name", d.get(key(1))["name"], "n1")
	}},
	{"put: a failed condition returns the item on request", func(s *suite) {
		d := s.database()
		d.store(sample(1))
		_, err := d.put(change{item: sample(1), condition: "attribute_not_exists(pk)", onFailure: "ALL_OLD"})
		s.equal("item", s.failedItem(err)["name"], "n1")
	}},
	{"put: a failed condition returns no item unasked", func(s *suite) {
		d := s.database()
		d.store(sample(1))
		_, err := d.put(change{item: sample(1), condition: "attribute_not_exists(pk)"})
		s.equal("item", s.failedItem(err), attributes(nil))
	}},
	{"put: ALL_OLD returns the replaced item", func(s *suite) {
		d := s.database()
		d.store(sample(1))
		old, err := d.put(change{item: key(1), returns: "ALL_OLD"})
		s.ok(err)
		s.equal("old name", old["name"], "n1")
		s.equal("stored", d.get(key(1)), key(1))
	}},
	{"update: a stale version fails and returns the item", func(s *suite) {
		d := s.database()
		d.store(sample(1))
		_, err := d.update(change{key: key(1), update: "SET v = :n", condition: "v = :o", values: attributes{":n": 9, ":o": 77}, onFailure: "ALL_OLD"})
		s.equal("version", s.failedItem(err)["v"], 1.0)
	}},
	{"update: attribute_exists of an absent item fails and creates nothing", func(s *suite) {
		d := s.database()
		_, err := d.update(change{key: key(5), update: "SET v = :n", condition: "attribute_exists(pk)", values: attributes{":n": 9}})
		s.code(err, conditionFailed)
		s.equal("item", d.get(key(5)), attributes(nil))
	}},
	{"update: an absent item is created", func(s *suite) {
		d := s.database()
		_, err := d.update(change{key: key(5), update: "ADD v :n", values: attributes{":n": 9}})
		s.ok(err)
		s.equal("item", d.get(key(5))["v"], 9.0)
	}},
	{"delete: a failed condition keeps the item", func(s *suite) {
		d := s.database()
		d.store(sample(1))
		_, err := d.delete(change{key: key(1), condition: "#s = :s", names: map[string]string{"#s": "status"}, values: attributes{":s": "other"}})
		s.code(err, conditionFailed)
		s.equal("name", d.get(key(1))["name"], "n1")
	}},
	{"delete: ALL_OLD returns the item", func(s *suite) {
		d := s.database()
		d.store(sample(1))
		old, err := d.delete(change{key: key(1), condition: "#s = :s", names: map[string]string{"#s": "status"}, values: attributes{":s": "active"}, returns: "ALL_OLD"})
		s.ok(err)
		s.equal("name", old["name"], "n1")
		s.equal("stored", d.get(key(1)), attributes(nil))
	}},
	{"delete: an absent item is no error", func(s *suite) {
		_, err := s.database().delete(change{key: key(1)})
		s.ok(err)
	}},
	{"get: consumed capacity on request", func(s *suite) {
		d := s.database()
		answer, err := d.client.GetItem(s.ctx, &dynamodb.GetItemInput{TableName: &d.table, Key: marshal(key(1)), ReturnConsumedCapacity: "TOTAL"})
		s.ok(err)
		s.expect("has ConsumedCapacity", answer.ConsumedCapacity != nil)
	}},
	{"get: an expired item is readable until it is deleted", func(s *suite) {
		d := s.database()
		_, err := d.client.UpdateTimeToLive(s.ctx, &dynamodb.UpdateTimeToLiveInput{
			TableName:               &d.table,
			TimeToLiveSpecification: &types.TimeToLiveSpecification{AttributeName: aws.String("ttl"), Enabled: aws.Bool(true)},
		})
		s.ok(err)
		// More than five years ago, which the service never deletes.
		item := attributes{"pk": "a", "sk": "b", "ttl": 1_000_000_000_000}
		d.store(item)
		s.expect("is readable", d.get(attributes{"pk": "a", "sk": "b"}) != nil)
	}},
}

var updateProbes = []probe{
	{"update: SET, ADD and REMOVE in one expression", func(s *suite) {
		d := s.database()
		d.store(sample(1))
		now, err := d.update(change{
			key:       key(1),
			update:    "SET hist = list_append(if_not_exists(hist, :e), :h), #n = :n, cnt2 = if_not_exists(cnt2, :z) + :one, meta.a = :y ADD cnt :one, tags :t REMOVE meta.b",
			condition: "#v = :v AND #s IN (:s1, :s2) AND attribute_exists(pk) AND NOT contains(#n, :zz)",
			names:     map[string]string{"#n": "name", "#v": "v", "#s": "status"},
			values: attributes{
				":e": []any{}, ":h": []any{"ev1"}, ":n": "new", ":z": 0, ":one": 1, ":v": 1,
				":s1": "active", ":s2": "x", ":zz": "zz", ":y": "yy", ":t": stringSet{"a", "b"},
			},
			returns: "ALL_NEW",
		})
		s.ok(err)
		s.equal("list", now["hist"], []any{"ev1"})
		s.equal("counter by ADD", now["cnt"], 1.0)
		s.equal("counter by SET", now["cnt2"], 1.0)
		s.equal("map", now["meta"], attributes{"a": "yy"})
		s.equal("set", now["tags"], []string{"a", "b"})
		s.equal("name", now["name"], "new")
	}},
	{"update: UPDATED_NEW returns only what changed", func(s *suite) {
		d := s.database()
		d.store(attributes{"pk": "tenant", "sk": "item#001", "v": 1, "list": []any{"a", "b"}, "tags": stringSet{"a", "b"}, "other": 1})
		now, err := d.update(change{key: key(1), update: "SET v = v + :one REMOVE #l[0] DELETE tags :t", names: map[string]string{"#l": "list"}, values: attributes{":one": 1, ":t": stringSet{"a"}}, returns: "UPDATED_NEW"})
		s.ok(err)
		s.equal("version", now["v"], 2.0)
		s.equal("set", now["tags"], []string{"b"})
		s.expect("no unchanged attributes", now["other"] == nil && now["pk"] == nil)
		s.equal("list", d.get(key(1))["list"], []any{"b"})
	}},
	{"update: deleting the last element of a set removes it", func(s *suite) {
		d := s.database()
		d.store(attributes{"pk": "tenant", "sk": "item#001", "tags": stringSet{"a"}})
		now, err := d.update(change{key: key(1), update: "DELETE tags :t", values: attributes{":t": stringSet{"a"}}, returns: "ALL_NEW"})
		s.ok(err)
		s.equal("item", now, key(1))
	}},
	{"condition: size of a missing attribute is false, not an error", func(s *suite) {
		d := s.database()
		_, err := d.put(change{item: sample(1), condition: "size(nothing) < :n", values: attributes{":n": 3}})
		s.code(err, conditionFailed)
	}},
	{"condition: size of a number is false", func(s *suite) {
		d := s.database()
		d.store(sample(1))
		_, err := d.put(change{item: sample(1), condition: "size(v) > :n", values: attributes{":n": 0}})
		s.code(err, conditionFailed, "ValidationException")
	}},
	{"condition: a missing attribute is not equal to anything", func(s *suite) {
		d := s.database()
		d.store(sample(1))
		_, err := d.put(change{item: sample(1), condition: "nothing <> :n", values: attributes{":n": 3}})
		s.ok(err)
	}},
}
