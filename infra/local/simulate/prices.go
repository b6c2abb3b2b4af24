package simulate

import "time"

// List prices in dollars, us-east-1, without free tiers, as the pages named
// showed them in November 2026.
const (
	writeUnitPrice  = 0.625 / 1e6           // Per write request unit, on demand: https://aws.amazon.com/dynamodb/pricing/on-demand/
	readUnitPrice   = 0.125 / 1e6           // Per read request unit: the same.
	tablePrice      = 0.25                  // Per GB and month of a table or an index: the same.
	secretPrice     = 0.40                  // Per secret and month: https://aws.amazon.com/secrets-manager/pricing/
	secretCallPrice = 0.05 / 1e4            // Per call: the same.
	keyPrice        = 1.00                  // Per customer managed key and month: https://aws.amazon.com/kms/pricing/
	keyCallPrice    = 0.03 / 1e4            // Per request: the same.
	queuePrice      = 0.40 / 1e6            // Per request of a standard queue: https://aws.amazon.com/sqs/pricing/
	fairQueuePrice  = 0.10 / 1e6            // Per request with a message group, on top: the same.
	invokePrice     = 0.20 / 1e6            // Per request: https://aws.amazon.com/lambda/pricing/
	gbSecondPrice   = 0.0000133334          // Per GB-second on arm64: the same.
	eventPrice      = 1.00 / 1e6            // Per event of one's own: https://aws.amazon.com/eventbridge/pricing/
	mailPrice       = 0.10 / 1e3            // Per mail: https://aws.amazon.com/ses/pricing/
	requestPrice    = 1.00 / 1e6            // Per request of an HTTP API: https://aws.amazon.com/api-gateway/pricing/
	itemOverhead    = 100                   // Bytes of an item, and of an entry of an index, that are charged beside its own.
	entryStored     = 200                   // Bytes of an entry of an index, about; a connection has two.
	leaseTime       = 20 * time.Millisecond // Of a function that hands out a hot copy.
)

// Quotas of an account and region, by default.
const (
	secretWriteQuota = 50      // PutSecretValue, UpdateSecret and UpdateSecretVersionStage together; cannot be raised: https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html
	secretReadQuota  = 10_000  // GetSecretValue a second; cannot be raised: the same.
	secretQuota      = 500_000 // Secrets: the same.
	keyUseQuota      = 10_000  // Symmetric operations a second where it is least, 100,000 in the largest regions; can be raised: https://docs.aws.amazon.com/kms/latest/developerguide/requests-per-second.html
	keyQuota         = 100_000 // Customer managed keys; can be raised: https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html
	partitionWrites  = 1000    // Write units a second of a partition, such as a shard of an index: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html
	partitionReads   = 3000    // Read units a second of a partition: the same.
	tableUnits       = 40_000  // Read units, and write units, of a table; can be raised: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html
	concurrencyQuota = 1000    // Functions at once; can be raised: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
)

// line is one line of the bill.
type line struct {
	name    string
	dollars float64
}

// bill is what a month costs, in lines.
func (r *Result) bill() []line {
	t, months := &r.total, r.perDay()*monthDays
	per := func(price float64, n float64) float64 { return price * n * months }
	calls := func(kinds ...call) float64 { return float64(t.requests(kinds...)) }
	n := float64(r.Connections)
	return []line{
		{"Secrets Manager, a secret each", secretPrice * n},
		{"KMS keys, one a tenant", keyPrice * n / perTenant},
		{"records and indexes stored", tablePrice * (float64(r.state.bytes) + n*(historySize+itemOverhead+2*(entryStored+itemOverhead))) / 1e9},
		{"audit of a year stored", tablePrice * calls(appendAudit) * r.perDay() * 365 * (auditSize + itemOverhead) / 1e9},
		{"DynamoDB writes", per(writeUnitPrice, float64(t.writes))},
		{"DynamoDB index writes", per(writeUnitPrice, float64(t.indexed))},
		{"DynamoDB reads", per(readUnitPrice, float64(t.reads)/2)},
		{"Secrets Manager calls", per(secretCallPrice, calls(getSecret, putSecret, moveLabel, describeSecret))},
		{"KMS calls", per(keyCallPrice, calls(keyUse))},
		{"SQS requests", per(queuePrice, calls(sqsSend, sqsReceive, sqsDelete, sqsAttributes)) + per(fairQueuePrice, calls(sqsSend)) + r.idlePolls()*queuePrice},
		{"Lambda requests", per(invokePrice, calls(invoke))},
		{"Lambda GB-seconds", per(gbSecondPrice, t.gbSeconds)},
		{"EventBridge, SES", per(eventPrice, calls(putEvent)) + per(mailPrice, calls(sendMail))},
		{"HTTP API, reports of calls", per(requestPrice, float64(r.reports))},
		{"leases, by formula", n * leaseRate * (requestPrice + invokePrice + leaseTime.Seconds()*gbSecondPrice/4 + writeUnitPrice + readUnitPrice)},
	}
}

// standing is how many lines of a bill are for what is kept, not for what is done.
const standing = 4

// idlePolls are the requests in a month of pollers that find nothing.
func (r *Result) idlePolls() float64 {
	return float64(len(r.lanes)) * pollers * monthDays * (24 * time.Hour).Seconds() / longPoll.Seconds()
}

func (r *Result) perDay() float64 { return float64(dayLength) / float64(r.Duration) }
