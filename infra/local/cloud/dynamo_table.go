package cloud

import (
	"time"

	"github.com/tenonhq/tenon/infra/local/cloud/expression"
)

// maxItem is the largest item, in bytes of names and values.
const maxItem = 400 * 1024

type keyElement struct {
	AttributeName string
	KeyType       string // HASH or RANGE.
}

type attributeDefinition struct {
	AttributeName string
	AttributeType string // S, N or B.
}

type projection struct {
	ProjectionType   string   `json:",omitempty"`
	NonKeyAttributes []string `json:",omitempty"`
}

type indexDefinition struct {
	IndexName   string
	KeySchema   []keyElement
	Projection  projection
	IndexStatus string `json:",omitempty"`
	IndexArn    string `json:",omitempty"`
}

type streamSpecification struct {
	StreamEnabled  bool
	StreamViewType string `json:",omitempty"`
}

// tableDefinition is everything about a table but its items.
type tableDefinition struct {
	Name                string
	ARN                 string
	ID                  string
	Created             time.Time
	Keys                []keyElement
	Attributes          []attributeDefinition
	Indexes             []indexDefinition
	Stream              *streamSpecification
	StreamARN           string
	StreamLabel         string
	TimeToLive          string // The attribute with the expiry, or "".
	DeletionProtection  bool
	PointInTimeRecovery bool
	KMSKey              string // What the table is encrypted with; "" for a key of the service.
}

type table struct {
	tableDefinition
	primary   *index
	secondary []*index
	records   []streamRecord
	count     int
}

func (t *table) attributeType(name string) string {
	for _, attribute := range t.Attributes {
		if attribute.AttributeName == name {
			return attribute.AttributeType
		}
	}
	return ""
}

// addIndex creates a secondary index and fills it from the table.
func (t *table) addIndex(definition indexDefinition) {
	definition.IndexStatus = "ACTIVE"
	definition.IndexArn = t.ARN + "/index/" + definition.IndexName
	t.Indexes = append(t.Indexes, definition)
	x := newIndex(definition.IndexName, definition.KeySchema, t.primary, definition.Projection)
	for _, items := range t.primary.partitions {
		for _, item := range items {
			x.put(item)
		}
	}
	t.secondary = append(t.secondary, x)
}

// checkItem validates an item before it is stored.
func (t *table) checkItem(item expression.Item) error {
	if err := t.checkKey(item.Pick(t.primary.keys)); err != nil {
		return err
	}
	for _, x := range t.secondary {
		if err := t.checkIndexKey(x, item); err != nil {
			return err
		}
	}
	if item.Size() > maxItem {
		return invalid("Item size has exceeded the maximum allowed size")
	}
	return nil
}

func (t *table) checkIndexKey(x *index, item expression.Item) error {
	for _, name := range x.keys {
		value, ok := item[name]
		if !ok {
			continue
		}
		if want := t.attributeType(name); value.Kind != want {
			return invalid("One or more parameter values were invalid: Type mismatch for Index Key %s Expected: %s Actual: %s IndexName: %s", name, want, value.Kind, x.name)
		}
		if value.Text == "" {
			return invalid("One or more parameter values are not valid. A value specified for a secondary index key is not supported. The AttributeValue for a key attribute cannot contain an empty string value. IndexName: %s, IndexKey: %s", x.name, name)
		}
	}
	return nil
}

// checkKey validates a primary key: its attributes, and no others.
func (t *table) checkKey(key expression.Item) error {
	if len(key) != len(t.primary.keys) {
		return invalid("The provided key element does not match the schema")
	}
	for _, name := range t.primary.keys {
		value, ok := key[name]
		if !ok {
			return invalid("One or more parameter values were invalid: Missing the key %s in the item", name)
		}
		if want := t.attributeType(name); value.Kind != want {
			return invalid("One or more parameter values were invalid: Type mismatch for key %s expected: %s actual: %s", name, want, value.Kind)
		}
		if value.Text == "" {
			return invalid("One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: %s", name)
		}
	}
	return nil
}

// store replaces old by new in every index; nil stands for no item.
func (t *table) store(old, new expression.Item) {
	for _, x := range append([]*index{t.primary}, t.secondary...) {
		if old != nil {
			x.remove(old)
		}
		if new != nil {
			x.put(new)
		}
	}
	if old == nil {
		t.count++
	}
	if new == nil {
		t.count--
	}
}
