package cloud

import (
	"sync"
	"time"
)

var (
	dynamoAPI  = api{wire: "DynamoDB_20120810", name: "dynamodb"}
	streamsAPI = api{wire: "DynamoDBStreams_20120810", name: "dynamodbstreams"}
)

// dynamo is Amazon DynamoDB with its streams. One lock makes every operation,
// and so every transaction, serializable.
type dynamo struct {
	cloud    *Cloud
	mu       sync.RWMutex
	tables   map[string]*table
	sequence int // Of the latest stream record of any table.
	capacity

	// transactions remembers request tokens for their idempotency window.
	transactions map[string]transactionToken
}

type transactionToken struct {
	digest [32]byte
	at     time.Time
}

func newDynamo(c *Cloud) *dynamo {
	d := &dynamo{cloud: c, tables: map[string]*table{}, transactions: map[string]transactionToken{}}
	write, read := &d.mu, d.mu.RLocker()
	handle(c, dynamoAPI, "PutItem", locked(write, d.single(putKind)))
	handle(c, dynamoAPI, "UpdateItem", locked(write, d.single(updateKind)))
	handle(c, dynamoAPI, "DeleteItem", locked(write, d.single(deleteKind)))
	handle(c, dynamoAPI, "TransactWriteItems", locked(write, d.transactWrite))
	handle(c, dynamoAPI, "BatchWriteItem", locked(write, d.batchWrite))
	handle(c, dynamoAPI, "GetItem", locked(read, d.getItem))
	handle(c, dynamoAPI, "TransactGetItems", locked(read, d.transactGet))
	handle(c, dynamoAPI, "BatchGetItem", locked(read, d.batchGet))
	handle(c, dynamoAPI, "Query", locked(read, d.query))
	handle(c, dynamoAPI, "Scan", locked(read, d.scan))
	d.handleTables(write, read)
	d.handleStreams(read)
	return d
}

// table finds a table by its name or ARN.
func (d *dynamo) table(name string) (*table, error) {
	t := d.tables[lastElement(name, ":table/")]
	if t == nil {
		return nil, errorf("ResourceNotFoundException", "Requested resource not found")
	}
	return t, nil
}

// consumed is the ConsumedCapacity of an answer, in the detail asked for.
func consumed(mode, table string) object {
	if mode == "" || mode == "NONE" {
		return nil
	}
	return object{"TableName": table, "CapacityUnits": 1.0}
}
