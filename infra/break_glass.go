package infra

import (
	"fmt"
	"regexp"
	"slices"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsevents"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/jsii-runtime-go"

	"github.com/tenonhq/tenon/shared/environ"
)

// principalForm matches the ARN of one IAM role or user, in any account.
var principalForm = regexp.MustCompile(`^arn:aws[a-z-]*:iam::[0-9]{12}:(role|user)/[A-Za-z0-9+=,.@_/-]+$`)

// emergencySession is for how many seconds the break-glass role is taken on at most.
const emergencySession = 60 * 60

func breakGlassProblems(principals []string) []error {
	var found []error
	for i, arn := range principals {
		if !principalForm.MatchString(arn) || slices.Contains(principals[:i], arn) {
			found = append(found, fmt.Errorf("breakGlass %q: the ARN of one IAM role or user is needed, once", arn))
		}
	}
	return found
}

// addBreakGlass declares the role that people take on, with a second factor, to
// undo the end of a key or of a secret, or to end one by hand. It reads nothing.
// Where nobody is named there is none.
func (d *data) addBreakGlass(p Props) {
	if len(p.BreakGlass) == 0 {
		return
	}
	d.breakGlass = awsiam.NewCfnRole(d.stack, jsii.String("BreakGlass"), &awsiam.CfnRoleProps{
		Path:               jsii.String(environ.BreakGlassPath(p.Stage)),
		Description:        jsii.String("Tenon " + p.Stage + ": undoes the end of a key or a secret. Runbook: infra/runbooks/BreakGlassUsed.md"),
		MaxSessionDuration: jsii.Number(emergencySession),
		AssumeRolePolicyDocument: policy(map[string]any{
			"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": map[string]any{"AWS": p.BreakGlass},
			"Condition": condition{"Bool": {"aws:MultiFactorAuthPresent": "true"}},
		}),
		Policies: inline("emergency", []map[string]any{
			allow([]string{"kms:CancelKeyDeletion", "kms:DisableKey", "kms:EnableKey"}, []string{arn("kms", "key/*")}, ofTenants(p, nil)),
			allow([]string{"kms:ScheduleKeyDeletion"}, []string{arn("kms", "key/*")}, ofTenants(p, longestWindow)),
			allow([]string{"secretsmanager:RestoreSecret"}, secrets(p, allTenants), nil),
		}),
	})
	output(d.stack, "BreakGlassRoleArn", "Role for emergencies with keys and secrets.", *d.breakGlass.AttrArn())
}

// breakGlassUsed is the rule that tells of the role's use, and its runbook.
const breakGlassUsed = "BreakGlassUsed"

// addBreakGlass tells whoever the alarms tell that the role was taken on in this
// region, or did something here, wherever it was taken on. CloudTrail says both,
// where the account has a trail. To take a role on changes nothing for CloudTrail,
// so that the rule asks for what only reads, too. It returns what the topic's policy
// must say of that.
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail-management.html
func (s *alarms) addBreakGlass() []map[string]any {
	role := s.api.data.breakGlass
	if role == nil {
		return nil
	}
	awsevents.NewCfnRule(s.api.stack, jsii.String(breakGlassUsed), &awsevents.CfnRuleProps{
		Name:        jsii.String(s.api.props.name(breakGlassUsed)),
		Description: jsii.String("The break-glass role is used. Runbook: infra/runbooks/BreakGlassUsed.md"),
		State:       jsii.String("ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"),
		EventPattern: map[string]any{
			"source":      []string{"aws.sts", "aws.kms", "aws.secretsmanager"},
			"detail-type": []string{"AWS API Call via CloudTrail"},
			"detail": map[string]any{"$or": []any{
				map[string]any{"eventName": []string{"AssumeRole"}, "requestParameters": map[string]any{"roleArn": []string{*role.AttrArn()}}},
				map[string]any{"userIdentity": map[string]any{"sessionContext": map[string]any{"sessionIssuer": map[string]any{"arn": []string{*role.AttrArn()}}}}},
			}},
		},
		Targets: []any{&awsevents.CfnRule_TargetProperty{
			Id: jsii.String("topic"), Arn: s.topic.Ref(),
			InputTransformer: &awsevents.CfnRule_InputTransformerProperty{
				InputPathsMap: map[string]string{
					"who": "$.detail.userIdentity.arn", "what": "$.detail.eventName", "at": "$.time", "from": "$.detail.sourceIPAddress",
				},
				InputTemplate: jsii.String(`"The break-glass role of Tenon ` + s.api.props.Stage + ` is used: <what> by <who> from <from> at <at>. Runbook: infra/runbooks/BreakGlassUsed.md"`),
			},
			DeadLetterConfig: &awsevents.CfnRule_DeadLetterConfigProperty{Arn: s.api.data.letters.AttrArn()},
		}},
	})
	return []map[string]any{s.publishedByRules()}
}

// publishedByRules lets EventBridge publish to the topic. It says not for which rule
// it does: a condition would have it refused, and nobody told.
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-troubleshooting.html
func (s *alarms) publishedByRules() map[string]any {
	return map[string]any{
		"Effect": "Allow", "Action": "sns:Publish", "Resource": *s.topic.Ref(), "Principal": map[string]any{"Service": "events.amazonaws.com"},
	}
}
