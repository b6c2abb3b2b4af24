package cloud

import (
	"reflect"
	"sync/atomic"

	"github.com/tenonhq/tenon/infra/local/cloud/expression"
)

// Capacity is what DynamoDB charges for on demand, in request units.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
type Capacity struct {
	Reads  float64 // Of 4 KB that are consistent; half of one for those that are so eventually.
	Writes float64 // Of 1 KB, of the table and of its indexes.
}

// Capacity returns what all requests to DynamoDB came to since the cloud was made.
// A time stamp counts as the longest there is, and a digit by itself, such as the
// number of a shard, as two, so that what a run costs does not depend on the last
// digits of its clock and on the identifiers it draws.
func (c *Cloud) Capacity() Capacity {
	return Capacity{Reads: float64(c.dynamo.halfReads.Load()) / 2, Writes: float64(c.dynamo.writes.Load())}
}

// capacity counts units. Transactions use twice as many.
type capacity struct {
	halfReads atomic.Int64
	writes    atomic.Int64
}

const (
	readUnit  = 4096
	writeUnit = 1024
)

func units(bytes, unit int) int64 { return int64(max((bytes+unit-1)/unit, 1)) }

// read counts what was read by one request, or of one key of a batch.
func (c *capacity) read(bytes int, consistent, transaction bool) {
	halves := units(bytes, readUnit)
	if consistent || transaction {
		halves *= 2
	}
	if transaction {
		halves *= 2
	}
	c.halfReads.Add(halves)
}

// write counts a write that was tried, and what it changed in the indexes when it
// was made.
func (c *capacity) write(w *write, made, transaction bool) {
	bytes := charged(w.old)
	if made {
		bytes = max(bytes, charged(w.new))
	}
	n := units(bytes, writeUnit)
	if transaction {
		n *= 2
	}
	if made && w.kind != checkKind {
		for _, x := range w.table.secondary {
			n += x.moved(w.old, w.new)
		}
	}
	c.writes.Add(n)
}

// moved is what an index is written when an item becomes another; nil stands for
// no item.
func (x *index) moved(old, new expression.Item) int64 {
	entry := func(item expression.Item) expression.Item {
		if _, in := x.partition(item); item == nil || !in {
			return nil
		}
		return x.project(item)
	}
	before, after := entry(old), entry(new)
	switch {
	case before == nil && after == nil, reflect.DeepEqual(before, after):
		return 0
	case before == nil:
		return units(charged(after), writeUnit)
	case after == nil:
		return units(charged(before), writeUnit)
	case reflect.DeepEqual(before.Pick(x.keys), after.Pick(x.keys)):
		return units(max(charged(before), charged(after)), writeUnit)
	}
	return units(charged(before), writeUnit) + units(charged(after), writeUnit) // Removed in one place, put in another.
}

// charged is the size of an item whose texts of varying length are at their longest.
func charged(item expression.Item) int {
	bytes := item.Size()
	for _, value := range item {
		bytes += padding(value)
	}
	return bytes
}

func padding(value expression.Value) int {
	const layout = "2006-01-02T15:04:05.999999999Z"
	text, missing := value.Text, 0
	if n := len(text); value.Kind == "S" && n >= len("2006-01-02T15:04:05Z") && n < len(layout) && text[4] == '-' && text[10] == 'T' && text[n-1] == 'Z' {
		missing = len(layout) - n
	}
	if value.Kind == "S" && len(text) == 1 && text[0] >= '0' && text[0] <= '9' {
		missing = 1
	}
	for _, member := range value.Map {
		missing += padding(member)
	}
	for _, element := range value.List {
		missing += padding(element)
	}
	return missing
}
