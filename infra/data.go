package infra

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsdynamodb"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsec2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsevents"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssqs"
	"github.com/aws/jsii-runtime-go"
)

// data holds the resources that must outlive a deployment.
type data struct {
	stack     awscdk.Stack
	removal   awscdk.RemovalPolicy
	table     awsdynamodb.CfnTable
	tableKey  awskms.CfnKey
	cursorKey awskms.CfnKey
	logKey    awskms.CfnKey
	tenantKey awskms.CfnKey // That tenants share; nil where each has its own.
	bus       awsevents.CfnEventBus
	letters   awssqs.CfnQueue
	addresses []awsec2.CfnEIP // Of the egress, one for each zone.
	pool      *pool           // Nil where the issuer is another.

	breakGlass awsiam.CfnRole // Nil where there is none.
}

func newData(s awscdk.Stack, p Props) *data {
	d := &data{stack: s, removal: awscdk.RemovalPolicy_RETAIN}
	if p.RemovalPolicy == Destroy {
		d.removal = awscdk.RemovalPolicy_DESTROY
	}
	d.addKeys(p)
	d.addTenantKey(p)
	d.addBreakGlass(p)
	d.addTable(p)
	d.useRestored(p)
	d.addBus(p)
	d.addDeadLetters(p)
	d.addAddresses(p)
	d.addUserPool(p)
	output(s, "TableName", "DynamoDB table of this stage.", *d.table.Ref())
	output(s, "BusName", "EventBridge bus that carries the connection events.", *d.bus.Ref())
	output(s, "CursorKeyArn", "KMS key (HMAC) that authenticates list cursors.", *d.cursorKey.AttrArn())
	return d
}

func (d *data) addKeys(p Props) {
	d.tableKey = d.key("TableKey", &awskms.CfnKeyProps{
		Description:       jsii.String("Tenon " + p.Stage + ": encrypts the table."),
		KeyPolicy:         policy(d.accountAdministers(), tableUses()),
		EnableKeyRotation: true,
	})
	d.cursorKey = d.key("CursorKey", &awskms.CfnKeyProps{
		Description: jsii.String("Tenon " + p.Stage + ": authenticates list cursors."),
		KeyPolicy:   policy(d.accountAdministers(), cursorUses(p)),
		KeySpec:     jsii.String("HMAC_256"),
		KeyUsage:    jsii.String("GENERATE_VERIFY_MAC"),
	})
	d.logKey = d.key("LogKey", &awskms.CfnKeyProps{
		Description:       jsii.String("Tenon " + p.Stage + ": encrypts the logs."),
		KeyPolicy:         policy(d.accountAdministers(), logsEncrypt(p)),
		EnableKeyRotation: true,
	})
}

func (d *data) key(id string, props *awskms.CfnKeyProps) awskms.CfnKey {
	k := awskms.NewCfnKey(d.stack, &id, props)
	k.ApplyRemovalPolicy(d.removal, nil)
	return k
}

// dueIndexes are the sparse indexes the jobs read: an item is in one only
// while it carries both attributes, that is while something is due.
var dueIndexes = []struct{ name, shard, due string }{
	{"refresh-due", "refreshShard", "refreshDue"},
	{"health-due", "healthShard", "healthDue"},
	{"expiry-due", "expiryShard", "expiryDue"},
	{"pending-due", "pendingShard", "pendingDue"},
	{"device-due", "deviceShard", "deviceDue"},
	{"reconcile-due", "reconcileShard", "reconcileDue"},
	{"status-due", "statusShard", "statusDue"},
	{"delivery-due", "deliveryShard", "deliveryDue"},
	{"seal-due", "sealShard", "sealDue"},
	{"tenancy-due", "tenancyShard", "tenancyDue"},
}

// addTable declares the one table. It has no physical name, so that it can be
// replaced and restored beside the old one.
func (d *data) addTable(p Props) {
	attributes := stringAttributes("pk", "sk")
	indexes := []any{}
	for _, x := range dueIndexes {
		attributes = append(attributes, stringAttributes(x.shard, x.due)...)
		indexes = append(indexes, &awsdynamodb.CfnTable_GlobalSecondaryIndexProperty{
			IndexName: jsii.String(x.name),
			KeySchema: keySchema(x.shard, x.due),
			Projection: &awsdynamodb.CfnTable_ProjectionProperty{
				ProjectionType: jsii.String("INCLUDE"), NonKeyAttributes: jsii.Strings("connector"),
			},
		})
	}
	attributes = append(attributes, stringAttributes("ledger", "ledgerAt")...)
	indexes = append(indexes, ledgerIndex())
	d.table = awsdynamodb.NewCfnTable(d.stack, jsii.String("Table"), &awsdynamodb.CfnTableProps{
		KeySchema:              keySchema("pk", "sk"),
		AttributeDefinitions:   attributes,
		GlobalSecondaryIndexes: indexes,
		BillingMode:            jsii.String("PAY_PER_REQUEST"),
		SseSpecification: &awsdynamodb.CfnTable_SSESpecificationProperty{
			SseEnabled: true, SseType: jsii.String("KMS"), KmsMasterKeyId: d.tableKey.AttrArn(),
		},
		TimeToLiveSpecification: &awsdynamodb.CfnTable_TimeToLiveSpecificationProperty{
			AttributeName: jsii.String("ttl"), Enabled: true,
		},
		PointInTimeRecoverySpecification: &awsdynamodb.CfnTable_PointInTimeRecoverySpecificationProperty{
			PointInTimeRecoveryEnabled: true,
		},
		DeletionProtectionEnabled: p.Stage != DevStage,
	})
	d.table.ApplyRemovalPolicy(d.removal, nil)
}

// ledgerIndex is the sparse index of what has a date, by tenant: an item is in it
// only while it has one.
func ledgerIndex() *awsdynamodb.CfnTable_GlobalSecondaryIndexProperty {
	return &awsdynamodb.CfnTable_GlobalSecondaryIndexProperty{
		IndexName:  jsii.String("expirations"),
		KeySchema:  keySchema("ledger", "ledgerAt"),
		Projection: &awsdynamodb.CfnTable_ProjectionProperty{ProjectionType: jsii.String("KEYS_ONLY")},
	}
}

func (d *data) addBus(p Props) {
	d.bus = awsevents.NewCfnEventBus(d.stack, jsii.String("Bus"), &awsevents.CfnEventBusProps{
		Name:        jsii.String("tenon-" + p.Stage),
		Description: jsii.String("Connection events of Tenon " + p.Stage + "."),
		Policy:      policy(accountPuts(p)),
	})
	removal := d.removal
	if removal == awscdk.RemovalPolicy_RETAIN {
		// One that a failed creation left behind would have the name that the next one needs.
		removal = awscdk.RemovalPolicy_RETAIN_ON_UPDATE_OR_DELETE
	}
	d.bus.ApplyRemovalPolicy(removal, nil)
}

// addDeadLetters declares the queue of job runs that could not be started or
// failed, and of events that a rule could not deliver, for which the queue itself
// must let the rule in: those of the bus, and the one of the account's own bus that
// tells of the break-glass role. It keeps them for the fourteen days SQS allows.
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-event-delivery.html#eb-rule-dlq
func (d *data) addDeadLetters(p Props) {
	d.letters = awssqs.NewCfnQueue(d.stack, jsii.String("DeadLetters"), &awssqs.CfnQueueProps{
		SqsManagedSseEnabled:   true,
		MessageRetentionPeriod: jsii.Number(14 * 24 * 60 * 60),
	})
	d.letters.ApplyRemovalPolicy(d.removal, nil)
	queue := *d.letters.AttrArn()
	statements := []map[string]any{tlsOnly(queue), sentByRule(queue, arn("events", "rule/"+*d.bus.Ref()+"/*"))}
	if d.breakGlass != nil {
		statements = append(statements, sentByRule(queue, arn("events", "rule/"+p.name(breakGlassUsed))))
	}
	awssqs.NewCfnQueuePolicy(d.stack, jsii.String("DeadLettersPolicy"), &awssqs.CfnQueuePolicyProps{
		Queues:         jsii.Strings(*d.letters.Ref()),
		PolicyDocument: policy(statements...),
	})
}

func stringAttributes(names ...string) []any {
	var definitions []any
	for _, name := range names {
		definitions = append(definitions, &awsdynamodb.CfnTable_AttributeDefinitionProperty{
			AttributeName: jsii.String(name), AttributeType: jsii.String("S"),
		})
	}
	return definitions
}

func keySchema(partition, sort string) []any {
	return []any{
		&awsdynamodb.CfnTable_KeySchemaProperty{AttributeName: &partition, KeyType: jsii.String("HASH")},
		&awsdynamodb.CfnTable_KeySchemaProperty{AttributeName: &sort, KeyType: jsii.String("RANGE")},
	}
}
