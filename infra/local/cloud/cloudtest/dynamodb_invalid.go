package cloudtest

import (
	"maps"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
)

const invalidRequest = "ValidationException"

// rejectedPut expects a put of the sample with one attribute replaced to fail.
func rejectedPut(name string, value any) func(*suite) {
	return func(s *suite) {
		item := maps.Clone(sample(1))
		item[name] = value
		_, err := s.database().put(change{item: item})
		s.code(err, invalidRequest)
	}
}

// rejectedUpdate expects an update of a stored sample to fail.
func rejectedUpdate(c change) func(*suite) {
	return func(s *suite) {
		d := s.database()
		d.store(sample(1))
		c.key = key(1)
		_, err := d.update(c)
		s.code(err, invalidRequest)
	}
}

var invalidProbes = []probe{
	{"invalid: reserved word as a name", rejectedUpdate(change{update: "SET status = :s", values: attributes{":s": "x"}})},
	{"invalid: unused value", rejectedUpdate(change{update: "SET a1 = :s", values: attributes{":s": "x", ":unused": "y"}})},
	{"invalid: unused name", rejectedUpdate(change{update: "SET a1 = :s", values: attributes{":s": "x"}, names: map[string]string{"#unused": "y"}})},
	{"invalid: undefined value", rejectedUpdate(change{update: "SET a1 = :s"})},
	{"invalid: update of a key attribute", rejectedUpdate(change{update: "SET sk = :s", values: attributes{":s": "x"}})},
	{"invalid: update to an empty index key", rejectedUpdate(change{update: "SET g1 = :s", values: attributes{":s": ""}})},
	{"invalid: update below a missing map", rejectedUpdate(change{update: "SET nope.x = :s", values: attributes{":s": "x"}})},
	{"invalid: overlapping paths", rejectedUpdate(change{update: "SET a1 = :s, a1 = :s", values: attributes{":s": "x"}})},
	{"invalid: arithmetic on a string", rejectedUpdate(change{update: "SET v = #n + :one", names: map[string]string{"#n": "name"}, values: attributes{":one": 1}})},
	{"invalid: arithmetic on a missing attribute", rejectedUpdate(change{update: "SET v = nope + :one", values: attributes{":one": 1}})},
	{"invalid: empty index key", rejectedPut("g1", "")},
	{"invalid: index key of the wrong type", rejectedPut("g1", 3)},
	{"invalid: key of the wrong type", rejectedPut("sk", 3)},
	{"invalid: empty key", rejectedPut("sk", "")},
	{"invalid: item above 400 KB", rejectedPut("blob", filler(401*1024))},
	{"invalid: empty set", rejectedPut("set", stringSet{})},
	{"invalid: set with duplicates", rejectedPut("set", stringSet{"a", "a"})},
	{"invalid: key with an attribute too many", func(s *suite) {
		d := s.database()
		_, err := d.client.GetItem(s.ctx, &dynamodb.GetItemInput{TableName: &d.table, Key: marshal(attributes{"pk": "a", "sk": "b", "x": "c"})})
		s.code(err, invalidRequest)
	}},
	{"invalid: unknown table", func(s *suite) {
		d := s.database()
		_, err := d.client.PutItem(s.ctx, &dynamodb.PutItemInput{TableName: aws.String("no-such-table"), Item: marshal(sample(1))})
		s.code(err, "ResourceNotFoundException")
	}},
}
