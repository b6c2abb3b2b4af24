package cloud

import "github.com/tenonhq/tenon/infra/local/cloud/expression"

const (
	maxBatchGet   = 100
	maxBatchWrite = 25
)

type batchGetRequest struct {
	RequestItems map[string]struct {
		readRequest
		Keys []expression.Item
	}
}

func (r *batchGetRequest) resource() string {
	var tables names
	for name := range r.RequestItems {
		tables.add(name)
	}
	return tables.join()
}

func (d *dynamo) batchGet(in *batchGetRequest) (object, error) {
	count := 0
	for _, request := range in.RequestItems {
		count += len(request.Keys)
	}
	if count == 0 || count > maxBatchGet {
		return nil, invalid("Too many items requested for the BatchGetItem call, or none")
	}
	responses := map[string][]expression.Item{}
	for name, request := range in.RequestItems {
		t, err := d.table(name)
		if err != nil {
			return nil, err
		}
		seen := map[string]bool{}
		responses[name] = []expression.Item{}
		for _, key := range request.Keys {
			one := request.readRequest
			one.TableName = name
			one.Key = key
			item, err := d.read(&one, false)
			if err != nil {
				return nil, err
			}
			id := itemID(t, key)
			if seen[id] {
				return nil, invalid("Provided list of item keys contains duplicates")
			}
			seen[id] = true
			if item != nil {
				responses[name] = append(responses[name], item)
			}
		}
	}
	return object{"Responses": responses, "UnprocessedKeys": object{}}, nil
}

type batchWriteRequest struct {
	RequestItems map[string][]struct {
		PutRequest    *struct{ Item expression.Item }
		DeleteRequest *struct{ Key expression.Item }
	}
}

func (r *batchWriteRequest) resource() string {
	var tables names
	for name := range r.RequestItems {
		tables.add(name)
	}
	return tables.join()
}

// batchWrite validates every request before it makes the first write.
func (d *dynamo) batchWrite(in *batchWriteRequest) (object, error) {
	var writes []*write
	seen := map[string]bool{}
	for name, requests := range in.RequestItems {
		for _, request := range requests {
			kind := deleteKind
			one := &writeRequest{TableName: name}
			switch {
			case (request.PutRequest == nil) == (request.DeleteRequest == nil):
				return nil, invalid("Supplied WriteRequest must contain exactly one of PutRequest and DeleteRequest")
			case request.PutRequest != nil:
				kind = putKind
				one.Item = request.PutRequest.Item
			default:
				one.Key = request.DeleteRequest.Key
			}
			w, err := d.prepare(kind, one)
			if err != nil {
				return nil, err
			}
			id := itemID(w.table, w.key)
			if seen[id] {
				return nil, invalid("Provided list of item keys contains duplicates")
			}
			seen[id] = true
			writes = append(writes, w)
		}
	}
	if len(writes) == 0 || len(writes) > maxBatchWrite {
		return nil, invalid("Too many items requested for the BatchWriteItem call, or none")
	}
	for _, w := range writes {
		if _, err := w.compute(); err != nil {
			return nil, err
		}
		d.capacity.write(w, true, false)
		d.commit(w)
	}
	return object{"UnprocessedItems": object{}}, nil
}
