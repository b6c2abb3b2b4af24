package cloud

import (
	"slices"
	"strings"

	"github.com/tenonhq/tenon/infra/local/cloud/expression"
)

// readRequest is a GetItem, or an element of a transaction or a batch.
type readRequest struct {
	TableName                string
	Key                      expression.Item
	ProjectionExpression     string
	ExpressionAttributeNames map[string]string
	ConsistentRead           bool
	ReturnConsumedCapacity   string
}

func (r *readRequest) resource() string { return r.TableName }

type readAnswer struct {
	Item             expression.Item `json:",omitempty"`
	ConsumedCapacity object          `json:",omitempty"`
}

func (d *dynamo) getItem(in *readRequest) (*readAnswer, error) {
	item, err := d.read(in, false)
	return &readAnswer{Item: item, ConsumedCapacity: consumed(in.ReturnConsumedCapacity, in.TableName)}, err
}

// read returns the selected parts of an item, or nil when there is none.
func (d *dynamo) read(in *readRequest, transaction bool) (expression.Item, error) {
	t, err := d.table(in.TableName)
	if err != nil {
		return nil, err
	}
	if err := t.checkKey(in.Key); err != nil {
		return nil, err
	}
	scope := expression.NewScope(in.ExpressionAttributeNames, nil)
	projection, err := scope.Projection(in.ProjectionExpression)
	if err != nil {
		return nil, err
	}
	if err := scope.Unused(); err != nil {
		return nil, err
	}
	item := t.primary.get(in.Key)
	d.capacity.read(charged(item), in.ConsistentRead, transaction)
	if item == nil {
		return nil, nil
	}
	return projection.Apply(item), nil
}

type transactGetRequest struct {
	TransactItems []struct{ Get *readRequest }
}

func (r *transactGetRequest) resource() string {
	var tables names
	for _, item := range r.TransactItems {
		if item.Get != nil {
			tables.add(item.Get.TableName)
		}
	}
	return tables.join()
}

func (d *dynamo) transactGet(in *transactGetRequest) (object, error) {
	if n := len(in.TransactItems); n == 0 || n > maxTransaction {
		return nil, invalid("1 validation error detected: Value at 'transactItems' failed to satisfy constraint: Member must have length less than or equal to %d", maxTransaction)
	}
	answers := []readAnswer{}
	for _, element := range in.TransactItems {
		if element.Get == nil {
			return nil, invalid("TransactItems can only contain Get")
		}
		item, err := d.read(element.Get, true)
		if err != nil {
			return nil, err
		}
		answers = append(answers, readAnswer{Item: item})
	}
	return object{"Responses": answers}, nil
}

// names collects distinct names for the journal.
type names []string

func (n *names) add(name string) {
	if !slices.Contains(*n, name) {
		*n = append(*n, name)
	}
}

func (n names) join() string {
	slices.Sort(n)
	return strings.Join(n, ",")
}
