package template_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	dynamodbtypes "github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/scheduler"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"github.com/tenonhq/tenon/infra/local/template"
)

// local is a local AWS with what the committed templates created.
type local struct {
	t         *testing.T
	config    aws.Config
	options   template.Options
	manifest  template.Manifest
	resources map[string]map[string]declared // By file and logical id.
}

func newLocal(t *testing.T, resources map[string]map[string]declared) *local {
	return &local{
		t: t, config: newConfig(), resources: resources,
		options: template.Options{Prefix: "tenon-dev-", APIEndpoint: "http://127.0.0.1:8080"},
	}
}

// must is the answer of the local AWS.
func must[T any](l *local, answer T, err error) T {
	l.t.Helper()
	if err != nil {
		l.t.Fatal(err)
	}
	return answer
}

const (
	forTheBill  = "Tags are for the bill; nothing is billed locally."
	descriptive = "Descriptions have no effect."
	decided     = "The local AWS is given policies apart from what they stand at; its own tests and the end-to-end tests run under them."
	oneAccount  = "The local AWS has one account, and nobody else to keep from the bus."
)

// readers say, by type and property, how it is read back, or why it is not.
var readers = map[string]map[string]property{
	"AWS::DynamoDB::Table": {
		"AttributeDefinitions":             {read: tableAttributes},
		"BillingMode":                      {read: func(l *local, id string, _ stated) stated { return l.table(id).BillingModeSummary.BillingMode }},
		"DeletionProtectionEnabled":        {read: func(l *local, id string, _ stated) stated { return l.table(id).DeletionProtectionEnabled }},
		"GlobalSecondaryIndexes":           {read: tableIndexes},
		"KeySchema":                        {read: func(l *local, id string, _ stated) stated { return l.table(id).KeySchema }},
		"PointInTimeRecoverySpecification": {read: tableRecovery},
		"SSESpecification":                 {reason: "Tables of the local AWS are not encrypted; what must be is sealed before it is written."},
		"Tags":                             {reason: forTheBill},
		"TimeToLiveSpecification":          {read: tableTimeToLive},
	},
	"AWS::KMS::Key": {
		"Description":       {read: func(l *local, id string, _ stated) stated { return aws.ToString(l.key(id).KeyMetadata.Description) }},
		"EnableKeyRotation": {read: keyRotation},
		"KeyPolicy":         {reason: decided},
		"KeySpec":           {read: func(l *local, id string, _ stated) stated { return l.key(id).KeyMetadata.KeySpec }},
		"KeyUsage":          {read: func(l *local, id string, _ stated) stated { return l.key(id).KeyMetadata.KeyUsage }},
		"Tags":              {reason: forTheBill},
	},
	"AWS::SQS::Queue": {
		"MessageRetentionPeriod": {read: queueAttribute("MessageRetentionPeriod")},
		"RedrivePolicy":          {read: queueRedrive},
		"SqsManagedSseEnabled":   {read: queueAttribute("SqsManagedSseEnabled")},
		"Tags":                   {reason: forTheBill},
		"VisibilityTimeout":      {read: queueAttribute("VisibilityTimeout")},
	},
	"AWS::SQS::QueuePolicy": {"PolicyDocument": {reason: decided}, "Queues": {reason: decided}},
	"AWS::Events::EventBus": {"Description": {reason: descriptive}, "Name": {read: busName}, "Policy": {reason: oneAccount}, "Tags": {reason: forTheBill}},
	"AWS::Scheduler::Schedule": {
		"Description": {reason: descriptive},
		"FlexibleTimeWindow": {read: func(l *local, id string, _ stated) stated {
			return map[string]any{"Mode": l.schedule(id).FlexibleTimeWindow.Mode}
		}},
		"Name":               {read: func(l *local, id string, _ stated) stated { return l.schedule(id).Name }},
		"ScheduleExpression": {read: func(l *local, id string, _ stated) stated { return l.schedule(id).ScheduleExpression }},
		"Target":             {read: scheduleTarget},
	},
}

func (l *local) table(string) *dynamodbtypes.TableDescription {
	out, err := dynamodb.NewFromConfig(l.config).DescribeTable(l.t.Context(), &dynamodb.DescribeTableInput{TableName: aws.String(l.manifest.Outputs["TableName"])})
	return must(l, out, err).Table
}

// tableAttributes are in the order of the template, as the local AWS keeps it.
func tableAttributes(l *local, id string, _ stated) stated { return l.table(id).AttributeDefinitions }

func tableIndexes(l *local, id string, _ stated) stated {
	var indexes []any
	for _, x := range l.table(id).GlobalSecondaryIndexes {
		projection := map[string]any{"ProjectionType": x.Projection.ProjectionType}
		if len(x.Projection.NonKeyAttributes) > 0 {
			projection["NonKeyAttributes"] = x.Projection.NonKeyAttributes
		}
		indexes = append(indexes, map[string]any{"IndexName": x.IndexName, "KeySchema": x.KeySchema, "Projection": projection})
	}
	return indexes
}

func tableRecovery(l *local, id string, _ stated) stated {
	out, err := dynamodb.NewFromConfig(l.config).DescribeContinuousBackups(l.t.Context(), &dynamodb.DescribeContinuousBackupsInput{TableName: l.table(id).TableName})
	status := must(l, out, err).ContinuousBackupsDescription.PointInTimeRecoveryDescription.PointInTimeRecoveryStatus
	return map[string]any{"PointInTimeRecoveryEnabled": status == dynamodbtypes.PointInTimeRecoveryStatusEnabled}
}

func tableTimeToLive(l *local, id string, _ stated) stated {
	out, err := dynamodb.NewFromConfig(l.config).DescribeTimeToLive(l.t.Context(), &dynamodb.DescribeTimeToLiveInput{TableName: l.table(id).TableName})
	d := must(l, out, err).TimeToLiveDescription
	return map[string]any{"AttributeName": d.AttributeName, "Enabled": d.TimeToLiveStatus == dynamodbtypes.TimeToLiveStatusEnabled}
}

// key finds a key by the alias that package template gives it.
func (l *local) key(id string) *kms.DescribeKeyOutput {
	out, err := kms.NewFromConfig(l.config).DescribeKey(l.t.Context(), &kms.DescribeKeyInput{KeyId: aws.String("alias/" + l.options.Prefix + "key-" + id)})
	return must(l, out, err)
}

func keyRotation(l *local, id string, _ stated) stated {
	out, err := kms.NewFromConfig(l.config).GetKeyRotationStatus(l.t.Context(), &kms.GetKeyRotationStatusInput{KeyId: l.key(id).KeyMetadata.Arn})
	return must(l, out, err).KeyRotationEnabled
}

func (l *local) queue(id string) map[string]string {
	client := sqs.NewFromConfig(l.config)
	found, err := client.GetQueueUrl(l.t.Context(), &sqs.GetQueueUrlInput{QueueName: aws.String(l.options.Prefix + id)})
	url := must(l, found, err).QueueUrl
	out, err := client.GetQueueAttributes(l.t.Context(), &sqs.GetQueueAttributesInput{QueueUrl: url, AttributeNames: []sqstypes.QueueAttributeName{"All"}})
	return must(l, out, err).Attributes
}

// queueAttribute reads a number or a boolean, which attributes have as text.
func queueAttribute(name string) func(*local, string, stated) stated {
	return func(l *local, id string, _ stated) stated {
		var value any = l.queue(id)[name]
		if text := l.queue(id)[name]; json.Valid([]byte(text)) {
			value = json.RawMessage(text)
		}
		return value
	}
}

// queueRedrive puts the template's reference in place of the ARN it must lead to.
func queueRedrive(l *local, id string, want stated) stated {
	var policy map[string]any
	if err := json.Unmarshal([]byte(l.queue(id)["RedrivePolicy"]), &policy); err != nil {
		l.t.Fatal(err)
	}
	l.restore(policy, want, "deadLetterTargetArn")
	return policy
}

// restore puts a reference to a resource's ARN back where the local AWS has the ARN
// of that resource.
func (l *local) restore(read map[string]any, want stated, name string) {
	reference, _ := want.(map[string]any)[name].(map[string]any)
	pair, _ := reference["Fn::GetAtt"].([]any)
	arn, _ := read[name].(string)
	if len(pair) == 2 && strings.HasSuffix(arn, ":"+l.options.Prefix+pair[0].(string)) {
		read[name] = reference
	}
}

// busName is the name if there is such a bus, which cannot be made twice.
func busName(l *local, _ string, want stated) stated {
	name, _ := want.(string)
	_, err := eventbridge.NewFromConfig(l.config).CreateEventBus(l.t.Context(), &eventbridge.CreateEventBusInput{Name: &name})
	if err == nil || !strings.Contains(err.Error(), "ResourceAlreadyExistsException") || l.manifest.Outputs["BusName"] != name {
		return "there is no such bus"
	}
	return name
}

func (l *local) schedule(id string) *scheduler.GetScheduleOutput {
	name, _ := l.resources["work.json"][id].Properties["Name"].(string)
	out, err := scheduler.NewFromConfig(l.config).GetSchedule(l.t.Context(), &scheduler.GetScheduleInput{Name: &name})
	return must(l, out, err)
}

// scheduleTarget compares what has an effect locally: the function, its input, how
// often it is tried, and where it ends. Not modelled are the role, which is not
// taken on, and the age at which a run is given up, because runs start at once.
func scheduleTarget(l *local, id string, want stated) stated {
	target, says := l.schedule(id).Target, want.(map[string]any)
	read := map[string]any{
		"Arn": says["Arn"], "RoleArn": says["RoleArn"], "Input": target.Input, "DeadLetterConfig": says["DeadLetterConfig"],
		"RetryPolicy": map[string]any{
			"MaximumEventAgeInSeconds": says["RetryPolicy"].(map[string]any)["MaximumEventAgeInSeconds"],
			"MaximumRetryAttempts":     target.RetryPolicy.MaximumRetryAttempts,
		},
	}
	runs := slices.ContainsFunc(l.manifest.Functions, func(f template.Function) bool {
		return f.ARN == aws.ToString(target.Arn) && f.LogicalID == strings.TrimSuffix(id, "Schedule")+"Function"
	})
	if !runs {
		read["Arn"] = aws.ToString(target.Arn)
	}
	if dead := aws.ToString(target.DeadLetterConfig.Arn); !strings.HasSuffix(dead, ":"+l.options.Prefix+"DeadLetters") {
		read["DeadLetterConfig"] = dead
	}
	return read
}
