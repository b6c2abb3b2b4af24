package cloudtest

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// inIndex is a query of a whole index partition.
func inIndex(index, condition string, values attributes) dynamodb.QueryInput {
	return dynamodb.QueryInput{
		IndexName:                 text(index),
		KeyConditionExpression:    &condition,
		ExpressionAttributeValues: marshal(values),
	}
}

func inTable(condition string, values attributes) dynamodb.QueryInput {
	return inIndex("", condition, values)
}

var queryProbes = []probe{
	{"query: begins_with on an index, in order", func(s *suite) {
		d := s.database()
		d.storeSamples(8, 12)
		answer, err := d.query(inIndex("strings", "g1 = :p AND begins_with(s1, :b)", attributes{":p": "app", ":b": "2024-01-1"}))
		s.ok(err)
		s.equal("sort keys", column(answer.Items, "s1"), []any{"2024-01-10#009", "2024-01-11#010", "2024-01-12#011", "2024-01-13#012"})
	}},
	{"query: BETWEEN on a numeric key, descending", func(s *suite) {
		d := s.database()
		d.storeSamples(8, 12)
		in := inIndex("numbers", "g2 = :p AND n2 BETWEEN :a AND :b", attributes{":p": "shard", ":a": 1009, ":b": 1011})
		in.ScanIndexForward = aws.Bool(false)
		answer, err := d.query(in)
		s.ok(err)
		s.equal("sort keys", column(answer.Items, "n2"), []any{1011.0, 1010.0, 1009.0})
	}},
	{"query: a KEYS_ONLY index returns keys only", func(s *suite) {
		d := s.database()
		d.store(sample(1))
		answer, err := d.query(inIndex("numbers", "g2 = :p", attributes{":p": "shard"}))
		s.ok(err)
		s.equal("count", len(answer.Items), 1)
		s.equal("item", unmarshal(answer.Items[0]), attributes{"pk": "tenant", "sk": "item#001", "g2": "shard", "n2": 1001.0})
	}},
	{"query: Limit counts before the filter, and paging finds everything", queryPages},
	{"query: descending pages find everything in order", func(s *suite) {
		d := s.database()
		d.storeSamples(1, 5)
		in := inTable("pk = :p", attributes{":p": "tenant"})
		in.Limit = aws.Int32(2)
		in.ScanIndexForward = aws.Bool(false)
		var seen []any
		for range 4 {
			answer, err := d.query(in)
			s.ok(err)
			seen = append(seen, column(answer.Items, "sk")...)
			in.ExclusiveStartKey = answer.LastEvaluatedKey
			if in.ExclusiveStartKey == nil {
				break
			}
		}
		s.equal("sort keys", seen, []any{"item#005", "item#004", "item#003", "item#002", "item#001"})
	}},
	{"query: a start key whose item was deleted continues in place", func(s *suite) {
		d := s.database()
		d.storeSamples(1, 4)
		in := inTable("pk = :p", attributes{":p": "tenant"})
		in.Limit = aws.Int32(2)
		answer, err := d.query(in)
		s.ok(err)
		_, err = d.delete(change{key: key(2)})
		s.ok(err)
		in.ExclusiveStartKey = answer.LastEvaluatedKey
		answer, err = d.query(in)
		s.ok(err)
		s.equal("sort keys", column(answer.Items, "sk"), []any{"item#003", "item#004"})
	}},
	{"query: projection with a nested path", func(s *suite) {
		d := s.database()
		d.storeSamples(1, 2)
		in := inTable("pk = :p AND sk > :s", attributes{":p": "tenant", ":s": "item#001"})
		in.ProjectionExpression = aws.String("sk, #n, meta.a")
		in.ExpressionAttributeNames = map[string]string{"#n": "name"}
		answer, err := d.query(in)
		s.ok(err)
		s.equal("count", len(answer.Items), 1)
		s.equal("item", unmarshal(answer.Items[0]), attributes{"sk": "item#002", "name": "n2", "meta": attributes{"a": "x"}})
	}},
	{"query: Select COUNT returns no items", func(s *suite) {
		d := s.database()
		d.storeSamples(1, 3)
		in := inIndex("strings", "g1 = :p", attributes{":p": "app"})
		in.Select = types.SelectCount
		answer, err := d.query(in)
		s.ok(err)
		s.equal("count", answer.Count, int32(3))
		s.equal("items", len(answer.Items), 0)
	}},
	{"query: an item without the sort key is not in the index", func(s *suite) {
		d := s.database()
		d.store(attributes{"pk": "a", "sk": "b", "g1": "only"})
		answer, err := d.query(inIndex("strings", "g1 = :p", attributes{":p": "only"}))
		s.ok(err)
		s.equal("count", answer.Count, int32(0))
	}},
	{"query: an update moves the item within an index", func(s *suite) {
		d := s.database()
		d.storeSamples(1, 2)
		_, err := d.update(change{key: key(1), update: "SET s1 = :s", values: attributes{":s": "2025"}})
		s.ok(err)
		answer, err := d.query(inIndex("strings", "g1 = :p", attributes{":p": "app"}))
		s.ok(err)
		s.equal("sort keys", column(answer.Items, "sk"), []any{"item#002", "item#001"})
	}},
	{"query: a page ends at 1 MB", func(s *suite) {
		d := s.database()
		for n := range 5 {
			item := key(n)
			item["blob"] = filler(300 * 1024)
			d.store(item)
		}
		answer, err := d.query(inTable("pk = :p", attributes{":p": "tenant"}))
		s.ok(err)
		s.expect("has a LastEvaluatedKey", len(answer.LastEvaluatedKey) == 2)
		s.expect("returns a part", answer.Count > 2 && answer.Count < 5)
	}},
	{"query: consistent reads of an index are invalid", func(s *suite) {
		in := inIndex("strings", "g1 = :p", attributes{":p": "app"})
		in.ConsistentRead = aws.Bool(true)
		_, err := s.database().query(in)
		s.code(err, invalidRequest)
	}},
	{"query: a filter on a key attribute is invalid", func(s *suite) {
		in := inTable("pk = :p", attributes{":p": "tenant", ":s": "x"})
		in.FilterExpression = aws.String("sk = :s")
		_, err := s.database().query(in)
		s.code(err, invalidRequest)
	}},
	{"query: an unknown index is invalid", func(s *suite) {
		_, err := s.database().query(inIndex("nope", "pk = :p", attributes{":p": "tenant"}))
		s.code(err, invalidRequest)
	}},
	{"query: a condition without the partition key is invalid", func(s *suite) {
		_, err := s.database().query(inTable("sk = :s", attributes{":s": "x"}))
		s.code(err, invalidRequest)
	}},
	{"scan: segments partition the table", func(s *suite) {
		d := s.database()
		for n := range 12 {
			d.store(attributes{"pk": numbered("p", n), "sk": "s"})
		}
		seen := map[any]int{}
		for segment := range int32(3) {
			answer, err := d.client.Scan(s.ctx, &dynamodb.ScanInput{TableName: &d.table, Segment: aws.Int32(segment), TotalSegments: aws.Int32(3)})
			s.ok(err)
			for _, name := range column(answer.Items, "pk") {
				seen[name]++
			}
		}
		s.equal("distinct items", len(seen), 12)
	}},
	{"scan: pages find everything once", func(s *suite) {
		d := s.database()
		d.storeSamples(1, 5)
		d.store(attributes{"pk": "another", "sk": "s"})
		in := dynamodb.ScanInput{TableName: &d.table, Limit: aws.Int32(2)}
		seen := map[any]int{}
		for range 5 {
			answer, err := d.client.Scan(s.ctx, &in)
			s.ok(err)
			for _, name := range column(answer.Items, "sk") {
				seen[name]++
			}
			in.ExclusiveStartKey = answer.LastEvaluatedKey
			if in.ExclusiveStartKey == nil {
				break
			}
		}
		s.equal("items", seen, map[any]int{"item#001": 1, "item#002": 1, "item#003": 1, "item#004": 1, "item#005": 1, "s": 1})
	}},
}

func queryPages(s *suite) {
	d := s.database()
	d.storeSamples(10, 30)
	in := inIndex("strings", "g1 = :p", attributes{":p": "app", ":n": "n2", ":x": "x", ":z": 1, ":t": "M"})
	in.FilterExpression = aws.String("begins_with(#n, :n) AND #m.#a = :x AND size(#n) > :z AND attribute_type(#m, :t)")
	in.ExpressionAttributeNames = map[string]string{"#n": "name", "#m": "meta", "#a": "a"}
	in.Limit = aws.Int32(7)
	total := 0
	for page := range 5 {
		answer, err := d.query(in)
		s.ok(err)
		if page == 0 {
			s.equal("scanned", answer.ScannedCount, int32(7))
			s.equal("attributes of LastEvaluatedKey", len(answer.LastEvaluatedKey), 4)
		}
		total += int(answer.Count)
		in.ExclusiveStartKey = answer.LastEvaluatedKey
		if in.ExclusiveStartKey == nil {
			break
		}
	}
	s.equal("matches", total, 10)
}
