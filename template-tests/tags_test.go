package templatetests_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// billTags are what everything carries, for the bill.
var billTags = map[string]any{"application": "tenon", "stage": "dev"}

// takeBill takes the tags for the bill out of a resource's properties, which have
// them as a list or as a map, and reports whether they were there.
func takeBill(properties object) bool {
	switch tags := properties["Tags"].(type) {
	case object:
		taken := cmp.Equal(billTags, tags)
		if taken {
			delete(properties, "Tags")
		}
		return taken
	case []any:
		found := 0
		tags = slices.DeleteFunc(tags, func(tag any) bool {
			key, _ := at(tag, "Key").(string)
			value, billed := billTags[key]
			if billed = billed && value == at(tag, "Value"); billed {
				found++
			}
			return billed
		})
		properties["Tags"] = tags
		if len(tags) == 0 {
			delete(properties, "Tags")
		}
		return found == len(billTags)
	}
	return false
}

// TestBill: what costs money carries the tags by which the bill is divided.
func TestBill(t *testing.T) {
	t.Parallel()
	costs := map[string]int{
		"AWS::ApiGatewayV2::Api": 0, "AWS::CloudWatch::Alarm": 0, "AWS::DynamoDB::Table": 0, "AWS::Events::EventBus": 0,
		"AWS::KMS::Key": 0, "AWS::Lambda::Function": 0, "AWS::Logs::LogGroup": 0, "AWS::SNS::Topic": 0, "AWS::SQS::Queue": 0,
	}
	for _, file := range files(t) {
		tp := parse(t, file)
		for id, r := range tp.Resources {
			if _, asked := costs[r.Type]; !asked {
				continue
			}
			costs[r.Type]++
			if !tp.billed[id] {
				t.Errorf("%s in %s has no tags for the bill", id, file)
			}
		}
	}
	for _, kind := range slices.Sorted(maps.Keys(costs)) {
		if costs[kind] == 0 {
			t.Errorf("there is no %s", kind)
		}
	}
}
