package cloud

import (
	"slices"

	"github.com/tenonhq/tenon/infra/local/cloud/expression"
)

// touch is what an action is about in one table or index: the partitions, for
// the condition key dynamodb:LeadingKeys.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
type touch struct {
	action, table, index string
	keys                 []string
}

// touches are those of one request, one for each action and table.
type touches []touch

func (t *touches) add(d *dynamo, action, name string, item expression.Item) {
	key := ""
	if found := d.tables[lastElement(name, ":table/")]; found != nil {
		key = item[found.primary.hash].Text
	}
	for i, known := range *t {
		if known.action == action && known.table == name {
			(*t)[i].keys = append(known.keys, key)
			return
		}
	}
	*t = append(*t, touch{action: action, table: name, keys: []string{key}})
}

func (d *dynamo) needPermissions() {
	needTouches(d, "GetItem", func(t *touches, in *readRequest) { t.add(d, "GetItem", in.TableName, in.Key) })
	needTouches(d, "PutItem", func(t *touches, in *writeRequest) { t.add(d, "PutItem", in.TableName, in.Item) })
	needTouches(d, "UpdateItem", func(t *touches, in *writeRequest) { t.add(d, "UpdateItem", in.TableName, in.Key) })
	needTouches(d, "DeleteItem", func(t *touches, in *writeRequest) { t.add(d, "DeleteItem", in.TableName, in.Key) })
	needTouches(d, "TransactGetItems", func(t *touches, in *transactGetRequest) {
		for _, item := range in.TransactItems {
			if item.Get != nil {
				t.add(d, "GetItem", item.Get.TableName, item.Get.Key)
			}
		}
	})
	needTouches(d, "TransactWriteItems", d.touchTransaction)
	needTouches(d, "BatchGetItem", func(t *touches, in *batchGetRequest) {
		for name, request := range in.RequestItems {
			for _, key := range request.Keys {
				t.add(d, "BatchGetItem", name, key)
			}
		}
	})
	needTouches(d, "BatchWriteItem", func(t *touches, in *batchWriteRequest) {
		for name, requests := range in.RequestItems {
			for _, request := range requests {
				if request.PutRequest != nil {
					t.add(d, "BatchWriteItem", name, request.PutRequest.Item)
				}
				if request.DeleteRequest != nil {
					t.add(d, "BatchWriteItem", name, request.DeleteRequest.Key)
				}
			}
		}
	})
	needTouches(d, "Query", d.touchQuery)
	needTouches(d, "Scan", func(t *touches, in *pageRequest) {
		*t = append(*t, touch{action: "Scan", table: in.TableName, index: in.IndexName})
	})
}

func needTouches[I any](d *dynamo, operation string, add func(*touches, *I)) {
	need(d.cloud, dynamoAPI.name+"."+operation, func(in *I) ([]access, error) {
		d.mu.RLock()
		defer d.mu.RUnlock()
		var t touches
		add(&t, in)
		return d.accesses(t), nil
	})
}

// touchTransaction takes each member for its action alone.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html
func (d *dynamo) touchTransaction(t *touches, in *transactWriteRequest) {
	for _, item := range in.TransactItems {
		kind, request := item.only()
		switch kind {
		case putKind:
			t.add(d, "PutItem", request.TableName, request.Item)
		case updateKind, deleteKind, checkKind:
			t.add(d, kind+"Item", request.TableName, request.Key)
		}
	}
}

// touchQuery finds the partition in the key condition. One that cannot be read
// has none; the operation refuses it.
func (d *dynamo) touchQuery(t *touches, in *pageRequest) {
	one := touch{action: "Query", table: in.TableName, index: in.IndexName}
	if p, err := d.newPage(in); err == nil {
		condition, err := p.scope.Condition("KeyConditionExpression", in.KeyConditionExpression)
		if err == nil {
			terms, _ := condition.KeyTerms()
			for _, term := range terms {
				if term.Attribute == p.index.hash {
					one.keys = append(one.keys, term.Value.Text)
				}
			}
		}
	}
	*t = append(*t, one)
}

// accesses are the actions, and what DynamoDB does with the key of each table
// with the caller's permissions.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
func (d *dynamo) accesses(t touches) []access {
	var out []access
	for _, one := range t {
		arn := d.cloud.arn("dynamodb", "table/"+lastElement(one.table, ":table/"))
		a := access{action: "dynamodb:" + one.action, resource: arn, context: conditions{}}
		if one.index != "" {
			a.resource += "/index/" + one.index
		}
		if len(one.keys) > 0 {
			slices.Sort(one.keys)
			a.context["dynamodb:LeadingKeys"] = slices.Compact(one.keys)
		}
		out = append(out, a)
		found := d.tables[lastElement(one.table, ":table/")]
		if found == nil || found.KMSKey == "" {
			continue
		}
		actions := []string{"kms:Decrypt"}
		if !slices.Contains([]string{"GetItem", "Query", "Scan", "BatchGetItem", "ConditionCheckItem"}, one.action) {
			actions = append(actions, "kms:GenerateDataKey")
		}
		out = append(out, d.cloud.keys.behind("dynamodb", found.KMSKey, map[string]string{
			"aws:dynamodb:tableName": found.Name, "aws:dynamodb:subscriberId": d.cloud.Account,
		}, actions...)...)
	}
	return out
}
