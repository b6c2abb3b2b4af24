package cloud

import (
	"crypto/sha256"
	"encoding/json"
	"strings"
	"time"

	"github.com/tenonhq/tenon/infra/local/cloud/expression"
)

const (
	maxTransaction = 100
	// idempotencyWindow is how long a ClientRequestToken is remembered.
	idempotencyWindow = 10 * time.Minute
)

type transactWriteRequest struct {
	TransactItems      []transactWriteItem
	ClientRequestToken string
}

// transactWriteItem has exactly one member.
type transactWriteItem struct {
	Put            *writeRequest `json:",omitempty"`
	Update         *writeRequest `json:",omitempty"`
	Delete         *writeRequest `json:",omitempty"`
	ConditionCheck *writeRequest `json:",omitempty"`
}

func (r *transactWriteRequest) resource() string {
	var tables names
	for _, item := range r.TransactItems {
		if _, request := item.only(); request != nil {
			tables.add(request.TableName)
		}
	}
	return tables.join()
}

// only returns the element's kind and request, or nil when it has not exactly
// one.
func (i transactWriteItem) only() (string, *writeRequest) {
	kind := ""
	var request *writeRequest
	for name, member := range map[string]*writeRequest{
		putKind: i.Put, updateKind: i.Update, deleteKind: i.Delete, checkKind: i.ConditionCheck,
	} {
		if member == nil {
			continue
		}
		if request != nil {
			return "", nil
		}
		kind, request = name, member
	}
	return kind, request
}

func (d *dynamo) transactWrite(in *transactWriteRequest) (object, error) {
	if n := len(in.TransactItems); n == 0 || n > maxTransaction {
		return nil, invalid("1 validation error detected: Value at 'transactItems' failed to satisfy constraint: Member must have length less than or equal to %d", maxTransaction)
	}
	repeated, err := d.checkToken(in)
	if err != nil || repeated {
		return object{}, err
	}
	writes, err := d.prepareAll(in.TransactItems)
	if err != nil {
		return nil, err
	}
	canceled := computeAll(writes)
	for _, w := range writes {
		d.capacity.write(w, canceled == nil, true)
	}
	if canceled != nil {
		return nil, canceled
	}
	for _, w := range writes {
		d.commit(w)
	}
	if in.ClientRequestToken != "" {
		d.transactions[in.ClientRequestToken] = transactionToken{digest: digest(in.TransactItems), at: d.cloud.Now()}
	}
	return object{}, nil
}

// checkToken reports whether the same transaction already succeeded.
func (d *dynamo) checkToken(in *transactWriteRequest) (bool, error) {
	seen, ok := d.transactions[in.ClientRequestToken]
	if !ok || d.cloud.Now().Sub(seen.at) >= idempotencyWindow {
		return false, nil
	}
	if seen.digest != digest(in.TransactItems) {
		return false, errorf("IdempotentParameterMismatchException", "The request uses the same client token as a previous, but non-identical request.")
	}
	return true, nil
}

func digest(items []transactWriteItem) [32]byte {
	encoded, _ := json.Marshal(items)
	return sha256.Sum256(encoded)
}

func (d *dynamo) prepareAll(items []transactWriteItem) ([]*write, error) {
	var writes []*write
	seen := map[string]bool{}
	for _, item := range items {
		kind, request := item.only()
		if request == nil {
			return nil, invalid("TransactItems can only contain one of Check, Put, Update or Delete")
		}
		w, err := d.prepare(kind, request)
		if err != nil {
			return nil, err
		}
		id := itemID(w.table, w.key)
		if seen[id] {
			return nil, invalid("Transaction request cannot include multiple operations on one item")
		}
		seen[id] = true
		writes = append(writes, w)
	}
	return writes, nil
}

// itemID identifies an item among all tables.
func itemID(t *table, key expression.Item) string {
	id := t.Name
	for _, name := range t.primary.keys {
		id += "\x00" + partitionName(key[name])
	}
	return id
}

// computeAll evaluates every write against the state before the transaction.
// The error lists the reason of each write, in request order.
func computeAll(writes []*write) error {
	var codes []string
	var reasons []object
	failed := false
	for _, w := range writes {
		reason := object{"Code": "None"}
		ok, err := w.compute()
		switch {
		case err != nil:
			reason = object{"Code": "ValidationError", "Message": asError(err).Message}
		case !ok:
			reason = object{"Code": "ConditionalCheckFailed", "Message": "The conditional request failed"}
			for name, item := range w.failedItem() {
				reason[name] = item
			}
		}
		failed = failed || err != nil || !ok
		reasons = append(reasons, reason)
		codes = append(codes, reason["Code"].(string))
	}
	if !failed {
		return nil
	}
	canceled := errorf("TransactionCanceledException", "Transaction cancelled, please refer cancellation reasons for specific reasons [%s]", strings.Join(codes, ", "))
	canceled.Members = map[string]any{"CancellationReasons": reasons}
	return canceled
}
