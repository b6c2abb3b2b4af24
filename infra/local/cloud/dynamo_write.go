package cloud

import (
	"maps"
	"slices"

	"github.com/tenonhq/tenon/infra/local/cloud/expression"
)

// The kinds of write, alone and as members of a transaction.
const (
	putKind    = "Put"
	updateKind = "Update"
	deleteKind = "Delete"
	checkKind  = "ConditionCheck"
)

// writeRequest is a PutItem, UpdateItem, DeleteItem or transaction element.
type writeRequest struct {
	TableName                           string
	Item                                expression.Item
	Key                                 expression.Item
	UpdateExpression                    string
	ConditionExpression                 string
	ExpressionAttributeNames            map[string]string
	ExpressionAttributeValues           map[string]expression.Value
	ReturnValues                        string
	ReturnValuesOnConditionCheckFailure string
	ReturnConsumedCapacity              string
}

func (w *writeRequest) resource() string { return w.TableName }

type writeAnswer struct {
	Attributes       expression.Item `json:",omitempty"`
	ConsumedCapacity object          `json:",omitempty"`
}

// write is a validated request on its way to the table.
type write struct {
	kind      string
	request   *writeRequest
	table     *table
	key       expression.Item
	condition *expression.Condition
	update    *expression.Update
	old, new  expression.Item // Known after compute; nil for no item.
}

// single returns the operation that makes one write. It runs under the lock.
func (d *dynamo) single(kind string) func(*writeRequest) (*writeAnswer, error) {
	return func(request *writeRequest) (*writeAnswer, error) {
		w, err := d.prepare(kind, request)
		if err != nil {
			return nil, err
		}
		ok, err := w.compute()
		if err != nil {
			return nil, err
		}
		d.capacity.write(w, ok, false)
		if !ok {
			failure := errorf("ConditionalCheckFailedException", "The conditional request failed")
			failure.Members = w.failedItem()
			return nil, failure
		}
		d.commit(w)
		return &writeAnswer{
			Attributes:       w.returned(),
			ConsumedCapacity: consumed(request.ReturnConsumedCapacity, w.table.Name),
		}, nil
	}
}

// prepare validates a request without looking at stored items.
func (d *dynamo) prepare(kind string, request *writeRequest) (*write, error) {
	t, err := d.table(request.TableName)
	if err != nil {
		return nil, err
	}
	w := &write{kind: kind, request: request, table: t, key: request.Key}
	if kind == putKind {
		w.key = request.Item.Pick(t.primary.keys)
		err = t.checkItem(request.Item)
	} else {
		err = t.checkKey(request.Key)
	}
	if err != nil {
		return nil, err
	}
	return w, w.parse()
}

func (w *write) parse() error {
	request := w.request
	scope := expression.NewScope(request.ExpressionAttributeNames, request.ExpressionAttributeValues)
	var err error
	w.update, err = scope.Update(request.UpdateExpression)
	if err != nil {
		return err
	}
	for _, name := range w.update.Targets() {
		if slices.Contains(w.table.primary.keys, name) {
			return invalid("One or more parameter values were invalid: Cannot update attribute %s. This attribute is part of the key", name)
		}
	}
	switch {
	case request.ConditionExpression != "":
		w.condition, err = scope.Condition("ConditionExpression", request.ConditionExpression)
		if err != nil {
			return err
		}
	case w.kind == checkKind:
		return invalid("The ConditionExpression of a ConditionCheck must not be empty")
	}
	return scope.Unused()
}

// compute evaluates the condition and the new item against stored data. It
// reports false when the condition failed.
func (w *write) compute() (bool, error) {
	w.old = w.table.primary.get(w.key)
	if w.condition != nil && !w.condition.Eval(w.old) {
		return false, nil
	}
	switch w.kind {
	case putKind:
		w.new = w.request.Item
	case checkKind:
		w.new = w.old
	case updateKind:
		base := w.old
		if base == nil {
			base = maps.Clone(w.key)
		}
		updated, err := w.update.Apply(base)
		if err != nil {
			return true, err
		}
		w.new = updated
		return true, w.table.checkItem(updated)
	}
	return true, nil
}

// commit stores the computed item and records the change in the stream.
func (d *dynamo) commit(w *write) {
	if w.kind == checkKind || w.old == nil && w.new == nil {
		return
	}
	w.table.store(w.old, w.new)
	d.record(w.table, w.old, w.new, false)
}

// failedItem is the item of a failed condition, when the caller wants it.
func (w *write) failedItem() map[string]any {
	if w.request.ReturnValuesOnConditionCheckFailure != "ALL_OLD" || w.old == nil {
		return nil
	}
	return map[string]any{"Item": w.old}
}

// returned is what ReturnValues asks for.
func (w *write) returned() expression.Item {
	switch w.request.ReturnValues {
	case "ALL_OLD":
		return w.old
	case "ALL_NEW":
		return w.new
	case "UPDATED_OLD":
		return w.update.Touched().Apply(w.old)
	case "UPDATED_NEW":
		return w.update.Touched().Apply(w.new)
	}
	return nil
}
