package infra

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsbudgets"
	"github.com/aws/jsii-runtime-go"
)

// The tags everything carries, for the bill. They are none of those that policies
// ask for: a key of the stage itself must never pass for a tenant's.
const (
	applicationTag = "application"
	billedTag      = "stage"
)

// tagForm is what AWS allows in keys and values of tags, in every service.
// https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html
var tagForm = regexp.MustCompile(`^[A-Za-z0-9 _.:/=+@-]{1,128}$`)

func tagProblems(tags map[string]string) []error {
	var found []error
	for _, key := range slices.Sorted(maps.Keys(tags)) {
		switch {
		case key == applicationTag, key == billedTag, strings.HasPrefix(key, "tenon:"), strings.HasPrefix(strings.ToLower(key), "aws:"):
			found = append(found, fmt.Errorf("tags: %q is not yours to set", key))
		case !tagForm.MatchString(key), !tagForm.MatchString(tags[key]):
			found = append(found, fmt.Errorf("tags: %q = %q: AWS does not allow it", key, tags[key]))
		}
	}
	return found
}

// tag marks all that can be tagged.
func (d *deployment) tag() {
	all := awscdk.Tags_Of(d.root)
	all.Add(jsii.String(applicationTag), jsii.String("tenon"), nil)
	all.Add(jsii.String(billedTag), &d.props.Stage, nil)
	for _, key := range slices.Sorted(maps.Keys(d.props.Tags)) {
		all.Add(&key, jsii.String(d.props.Tags[key]), nil)
	}
}

// addBudget has somebody told before the stage costs more than it should. It
// counts what carries the stage's tag, once the tag is activated for the bill.
// https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/activating-tags.html
func addBudget(s awscdk.Stack, p Props) {
	if p.MonthlyBudget == 0 {
		return
	}
	subscribers := []any{&awsbudgets.CfnBudget_SubscriberProperty{SubscriptionType: jsii.String("EMAIL"), Address: &p.AlarmEmail}}
	tell := func(kind string, percent int) *awsbudgets.CfnBudget_NotificationWithSubscribersProperty {
		return &awsbudgets.CfnBudget_NotificationWithSubscribersProperty{
			Notification: &awsbudgets.CfnBudget_NotificationProperty{
				NotificationType: &kind, ComparisonOperator: jsii.String("GREATER_THAN"),
				Threshold: jsii.Number(percent), ThresholdType: jsii.String("PERCENTAGE"),
			},
			Subscribers: subscribers,
		}
	}
	awsbudgets.NewCfnBudget(s, jsii.String("Budget"), &awsbudgets.CfnBudgetProps{
		Budget: &awsbudgets.CfnBudget_BudgetDataProperty{
			BudgetName: jsii.String(p.name("month") + "-" + *s.Region()), BudgetType: jsii.String("COST"), TimeUnit: jsii.String("MONTHLY"),
			BudgetLimit: &awsbudgets.CfnBudget_SpendProperty{Amount: jsii.Number(p.MonthlyBudget), Unit: jsii.String("USD")},
			CostFilters: map[string]any{"TagKeyValue": []string{"user:" + billedTag + "$" + p.Stage}, "Region": []string{*s.Region()}},
		},
		NotificationsWithSubscribers: []any{tell("ACTUAL", 80), tell("FORECASTED", 100)},
	})
}
