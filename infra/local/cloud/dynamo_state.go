package cloud

import (
	"encoding/json"
	"maps"
	"slices"

	"github.com/tenonhq/tenon/infra/local/cloud/expression"
)

type dynamoState struct {
	Sequence int
	Tables   []tableState
}

type tableState struct {
	Definition tableDefinition
	Items      []expression.Item
	Records    []streamRecord
}

func (d *dynamo) save() ([]byte, error) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	state := dynamoState{Sequence: d.sequence}
	for _, name := range slices.Sorted(maps.Keys(d.tables)) {
		t := d.tables[name]
		saved := tableState{Definition: t.tableDefinition, Records: t.records}
		for _, items := range t.primary.partitions {
			saved.Items = append(saved.Items, items...)
		}
		state.Tables = append(state.Tables, saved)
	}
	return json.Marshal(state)
}

func (d *dynamo) load(data []byte) error {
	var state dynamoState
	if err := json.Unmarshal(data, &state); err != nil {
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.sequence = state.Sequence
	for _, saved := range state.Tables {
		t := &table{tableDefinition: saved.Definition, records: saved.Records, count: len(saved.Items)}
		t.primary = newIndex("", t.Keys, nil, projection{})
		for _, item := range saved.Items {
			t.primary.put(item)
		}
		indexes := t.Indexes
		t.Indexes = nil
		for _, definition := range indexes {
			t.addIndex(definition)
		}
		d.tables[t.Name] = t
	}
	return nil
}
