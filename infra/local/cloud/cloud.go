// Package cloud is a local AWS: DynamoDB with streams, Secrets Manager, KMS,
// SQS, EventBridge, EventBridge Scheduler, SES v2, the SSM Parameter Store and
// STS, for one account in one region, and the way to invoke Lambda functions. It speaks the wire protocols of the AWS
// SDKs, over HTTP (ServeHTTP) or in-process (Do), and keeps everything in
// memory; Open adds a snapshot on disk.
//
// It implements what AWS documents for the operations it serves and answers
// UnknownOperationException to the rest. It checks the signatures of users and of
// sessions of roles, and decides their calls by the policies of the role, of keys
// and of queues. Whoever signs with a key id that AWS would not issue, or not at
// all, is the root of the account and may do everything, so it must only listen
// on the loopback interface. It depends on the standard library, its own
// sub-packages and package iam only.
package cloud

import (
	"context"
	"net/http"
	"sync/atomic"
	"time"
)

// Cloud is one isolated account in one region. The exported fields may be set
// after New or Open but not while a request or a Tick is under way. Its methods
// are safe for concurrent use.
type Cloud struct {
	// Now is the clock behind every time stamp, expiry and schedule. It
	// defaults to time.Now.
	Now func() time.Time

	// Account and Region appear in every ARN: "123456789012" and "eu-west-1"
	// unless set.
	Account string
	Region  string

	// BaseURL is the prefix of queue URLs, without a trailing slash. Set it to
	// the address the cloud is served at when queue URLs must be reachable.
	BaseURL string

	// Invoke runs the Lambda function that is the target of a rule or a
	// schedule. An error counts as a failed attempt: the event is retried as
	// the target's retry policy says (twice by default), without delay, and
	// then sent to the target's dead-letter queue. When nil, events for
	// functions are dropped.
	Invoke func(ctx context.Context, functionARN string, payload []byte) error

	// Functions serves the Invoke operation of the Lambda API. When nil, there
	// are no functions.
	Functions http.Handler

	// Fault, when set, is called before each operation with the operation's
	// target as in Call and the request body. The error it returns is the
	// answer, and nothing is done: an *Error as it is, any other error as
	// HTTP 500.
	Fault func(target string, body []byte) error

	// Denied, when set, is told of each call that a role is refused.
	Denied func(Denial)

	operations map[string]operation                         // By X-Amz-Target header.
	routes     *http.ServeMux                               // The protocols that use paths.
	needs      map[string]func(input any) ([]access, error) // By Call.Target.
	journal    journal
	deliveries deliveries
	changes    atomic.Int64 // Counts what Save has to write.
	snapshot   snapshotFile

	dynamo     *dynamo
	keys       *keyStore
	secrets    *secretStore
	queues     *queueStore
	events     *eventStore
	schedules  *scheduleStore
	mail       *mailStore
	parameters *parameterStore
	identities *identityStore

	permissions *ledger
}

// New returns an empty cloud that lives in memory only.
func New() *Cloud {
	c := &Cloud{
		Now:        time.Now,
		Account:    "123456789012",
		Region:     "eu-west-1",
		BaseURL:    "http://sqs.local",
		operations: map[string]operation{},
		routes:     http.NewServeMux(),
		needs:      map[string]func(any) ([]access, error){},
	}
	c.permissions = newLedger(c)
	c.dynamo = newDynamo(c)
	c.keys = newKeyStore(c)
	c.secrets = newSecretStore(c)
	c.queues = newQueueStore(c)
	c.events = newEventStore(c)
	c.schedules = newScheduleStore(c)
	c.mail = newMailStore(c)
	c.parameters = newParameterStore(c)
	c.identities = newIdentityStore(c)
	c.needPermissions()
	c.routes.HandleFunc("POST /{$}", c.serveSTS)
	c.routes.HandleFunc("POST /2015-03-31/functions/{function}/invocations", c.serveInvoke)
	c.routes.HandleFunc("/", c.serveUnknown)
	return c
}

// arn returns the ARN of a resource of this account and region.
func (c *Cloud) arn(service, resource string) string {
	return "arn:aws:" + service + ":" + c.Region + ":" + c.Account + ":" + resource
}
