package templatetests_test

import (
	"slices"
	"testing"
)

// TestAUD02RecordsStay: every role that writes the table is denied to update
// and delete what the audit recorded, and no role has another way to: batches
// and PartiQL.
func TestAUD02RecordsStay(t *testing.T) {
	t.Parallel()
	_, api := load(t)
	writers := 0
	for id := range api.ofType("AWS::IAM::Role") {
		allowed := permissions(t, api, id)
		for p := range allowed {
			if slices.Contains([]string{"dynamodb:BatchWriteItem", "dynamodb:PartiQLDelete", "dynamodb:PartiQLUpdate", "dynamodb:PartiQLInsert", "dynamodb:DeleteTable"}, p.action) {
				t.Errorf("%s may %s", id, p.action)
			}
		}
		for _, action := range []string{"dynamodb:UpdateItem", "dynamodb:DeleteItem"} {
			may, kept := allowed[permission{action, "table"}], allowed[permission{action, "recorded"}]
			if may != kept {
				t.Errorf("%s: %s is allowed %t, denied for records %t", id, action, may, kept)
			}
			if may {
				writers++
			}
		}
	}
	if writers == 0 {
		t.Error("no role writes")
	}
}
