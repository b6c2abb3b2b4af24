package cloud

import (
	"github.com/tenonhq/tenon/infra/local/cloud/expression"
)

func updateTimeToLive(t *table, in *tableRequest) (object, error) {
	t.TimeToLive = ""
	if in.TimeToLiveSpecification.Enabled {
		t.TimeToLive = in.TimeToLiveSpecification.AttributeName
	}
	return object{"TimeToLiveSpecification": in.TimeToLiveSpecification}, nil
}

func describeTimeToLive(t *table, _ *tableRequest) (object, error) {
	description := object{"TimeToLiveStatus": "DISABLED"}
	if t.TimeToLive != "" {
		description = object{"TimeToLiveStatus": "ENABLED", "AttributeName": t.TimeToLive}
	}
	return object{"TimeToLiveDescription": description}, nil
}

// expire deletes the items whose time to live has passed, as the service does
// in the background, and forgets old stream records and tokens. It reports
// whether an item was deleted.
func (d *dynamo) expire() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	deleted := false
	for _, t := range d.tables {
		for _, item := range t.expired(d.cloud.Now().Unix()) {
			t.store(item, nil)
			d.record(t, item, nil, true)
			deleted = true
		}
		t.trim(d.cloud.Now())
	}
	for name, token := range d.transactions {
		if d.cloud.Now().Sub(token.at) >= idempotencyWindow {
			delete(d.transactions, name)
		}
	}
	return deleted
}

func (t *table) expired(now int64) []expression.Item {
	if t.TimeToLive == "" {
		return nil
	}
	var items []expression.Item
	for _, partition := range t.primary.partitions {
		for _, item := range partition {
			value := item[t.TimeToLive]
			if value.Kind == "N" && value.Number.IsInt() && value.Number.Num().IsInt64() && value.Number.Num().Int64() < now {
				items = append(items, item)
			}
		}
	}
	return items
}
