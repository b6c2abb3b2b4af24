package templatetests_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestBudget: a budget counts what the stage costs in its region, and tells before
// it is spent.
func TestBudget(t *testing.T) {
	t.Parallel()
	tp := variant(t, "settings")
	budget := tp.Resources["Budget"].Properties
	want := object{
		"BudgetName": "tenon-dev-month-${AWS::Region}", "BudgetType": "COST", "TimeUnit": "MONTHLY",
		"BudgetLimit": object{"Amount": 250.0, "Unit": "USD"},
		"CostFilters": object{"Region": []any{"${AWS::Region}"}, "TagKeyValue": []any{"user:stage$dev"}},
	}
	if diff := cmp.Diff(want, tp.rendered(budget["Budget"])); diff != "" {
		t.Errorf("budget (-want +got):\n%s", diff)
	}
	told, _ := budget["NotificationsWithSubscribers"].([]any)
	for i, kind := range []string{"ACTUAL", "FORECASTED"} {
		if len(told) != 2 || at(told[i], "Notification", "NotificationType") != kind {
			t.Fatalf("it tells %v", told)
		}
		subscribers := []any{object{"SubscriptionType": "EMAIL", "Address": "operations@example.com"}}
		if diff := cmp.Diff(subscribers, at(told[i], "Subscribers")); diff != "" {
			t.Errorf("who is told (-want +got):\n%s", diff)
		}
	}
	if tp.Resources["AlarmsEmail"].Properties["Endpoint"] != "operations@example.com" {
		t.Error("the alarms tell nobody")
	}
}
