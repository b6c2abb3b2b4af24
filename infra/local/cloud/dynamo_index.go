package cloud

import (
	"cmp"
	"slices"

	"github.com/tenonhq/tenon/infra/local/cloud/expression"
)

// index is one ordered access path: a table itself or a global secondary index.
type index struct {
	name       string // "" for the table.
	hash       string // The partition key attribute.
	sort       string // The sort key attribute, or "".
	base       *index // The table's index; nil for the table itself.
	keys       []string
	projection projection
	partitions map[string][]expression.Item // By partition key, in order.
}

func newIndex(name string, schema []keyElement, base *index, p projection) *index {
	x := &index{name: name, base: base, projection: p, partitions: map[string][]expression.Item{}}
	for _, key := range schema {
		if key.KeyType == "HASH" {
			x.hash = key.AttributeName
		} else {
			x.sort = key.AttributeName
		}
		x.keys = append(x.keys, key.AttributeName)
	}
	if base == nil {
		return x
	}
	for _, name := range base.keys {
		if !slices.Contains(x.keys, name) {
			x.keys = append(x.keys, name)
		}
	}
	return x
}

// partition returns the partition an item belongs to, or false when the item
// lacks a key attribute and so is not in the index.
func (x *index) partition(item expression.Item) (string, bool) {
	hash, ok := item[x.hash]
	if !ok {
		return "", false
	}
	if _, ok := item[x.sort]; x.sort != "" && !ok {
		return "", false
	}
	return partitionName(hash), true
}

func partitionName(hash expression.Value) string {
	return hash.Kind + hash.Text
}

// order compares two items of one partition: by sort key, and in a secondary
// index then by the table's key.
func (x *index) order(a, b expression.Item) int {
	if x.sort != "" {
		if order, _ := expression.Compare(a[x.sort], b[x.sort]); order != 0 {
			return order
		}
	}
	if x.base == nil {
		return 0
	}
	if order := cmp.Compare(a[x.base.hash].Text, b[x.base.hash].Text); order != 0 {
		return order
	}
	return x.base.order(a, b)
}

func (x *index) get(key expression.Item) expression.Item {
	name, ok := x.partition(key)
	if !ok {
		return nil
	}
	items := x.partitions[name]
	i, found := slices.BinarySearchFunc(items, key, x.order)
	if !found {
		return nil
	}
	return items[i]
}

func (x *index) put(item expression.Item) {
	name, ok := x.partition(item)
	if !ok {
		return
	}
	items := x.partitions[name]
	i, found := slices.BinarySearchFunc(items, item, x.order)
	if found {
		items[i] = item
		return
	}
	x.partitions[name] = slices.Insert(items, i, item)
}

func (x *index) remove(item expression.Item) {
	name, ok := x.partition(item)
	if !ok {
		return
	}
	items := x.partitions[name]
	i, found := slices.BinarySearchFunc(items, item, x.order)
	if !found {
		return
	}
	items = slices.Delete(items, i, i+1)
	if len(items) == 0 {
		delete(x.partitions, name)
		return
	}
	x.partitions[name] = items
}

// project returns what the index holds of an item.
func (x *index) project(item expression.Item) expression.Item {
	switch x.projection.ProjectionType {
	case "KEYS_ONLY":
		return item.Pick(x.keys)
	case "INCLUDE":
		return item.Pick(slices.Concat(x.keys, x.projection.NonKeyAttributes))
	}
	return item
}
