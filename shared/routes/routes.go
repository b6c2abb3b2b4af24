// Package routes is the one declaration of the HTTP surface, of the jobs, of the
// consumers of queues and of the workers, which other functions invoke.
// The CDK stacks, the local gateway, the OpenAPI document, the Go client and
// the functions themselves all read it. It depends on packages api and auth.
//
// One name everywhere: a route's Name is its directory under functions, its
// operationId, the name of its sample event and the words of its CLI command.
package routes

import (
	"time"

	"github.com/tenonhq/tenon/shared/auth"
)

// Grant is a permission a function's role receives. The infrastructure maps
// each to the exact IAM actions and resources; a function without a grant
// cannot do the thing, whatever its code says.
type Grant string

// The grants.
const (
	TableRead    Grant = "table:read"     // GetItem, Query on the table and its indexes.
	TableWrite   Grant = "table:write"    // PutItem, UpdateItem, DeleteItem, transactions.
	TenantKeyUse Grant = "tenant-key"     // GenerateDataKey and Decrypt under tenant keys.
	TenantKeyNew Grant = "tenant-key:new" // CreateKey, CreateAlias, DescribeKey, TagResource, EnableKeyRotation; GenerateDataKey of the first data key.
	TenantKeyEnd Grant = "tenant-key:end" // DescribeKey, DisableKey, ScheduleKeyDeletion with the longest window.
	CursorKey    Grant = "cursor-key"     // GenerateMac and VerifyMac under the cursor key.
	SecretRead   Grant = "secret:read"    // GetSecretValue under the stage's prefix.
	SecretNew    Grant = "secret:new"     // CreateSecret with its tags.
	SecretPut    Grant = "secret:put"     // PutSecretValue: a further version.
	SecretLabel  Grant = "secret:label"   // DescribeSecret, UpdateSecretVersionStage.
	SecretDelete Grant = "secret:delete"  // DeleteSecret.
	SecretList   Grant = "secret:list"    // ListSecrets: names and tags, of the whole account.
	SecretOrphan Grant = "secret:orphan"  // TagResource, UntagResource of one tag; DeleteSecret with a recovery window.
	EventPut     Grant = "event:put"      // PutEvents on the stage's bus.
	MailSend     Grant = "mail:send"      // SendEmail from the configured identity.
	RoleAssume   Grant = "role:assume"    // AssumeRole of other accounts, with an external id.
	Egress       Grant = "egress"         // Calls providers; the function gets more time and memory.
	ProbeInvoke  Grant = "probe:invoke"   // InvokeFunction on server-probe.
	QueueSend    Grant = "queue:send"     // SendMessage and GetQueueAttributes on the work queues.

	SigningKey Grant = "signing-key"     // Sign under tenants' signing keys.
	SigningNew Grant = "signing-key:new" // CreateKey, CreateAlias, DescribeKey, GetPublicKey, TagResource.
)

// Route is one operation and the Lambda function that serves it.
type Route struct {
	Name    string // functions/<Name>, operationId, function name.
	Method  string // HTTP method; empty for what is not an operation.
	Path    string // API Gateway syntax; empty for what is not an operation.
	Also    string // A second path of a page, such as that of the folder it lies in.
	Scope   string // Needed in the caller's token; empty means public, or no operation.
	Status  int    // Success status; 0 means 200.
	Grants  []Grant
	Memory  int           // MB; 0 means the stage default.
	Timeout time.Duration // 0 means the stage default.
	Summary string        // One sentence for the document, the CLI and the function's description.
	Body    string        // Media type of the request body; empty means application/json where there is one.
	Repairs bool          // A change that needs no key of the tenant: it is served while the tenant is suspended.

	// Across is set where the work is on the data of several tenants at once.
	Across bool

	Schedule Schedule // Set for a job that runs by the clock.
	Queue    Queue    // Set for a consumer, which has a queue of its name.
}

// Schedule says when a job runs.
type Schedule struct {
	Every time.Duration
}

// Queue says how a consumer works off its queue. A message that failed comes
// back after six times the function's timeout, and after five times lies in the
// queue's dead-letter queue.
type Queue struct {
	Batch       int      // Messages one run is given at most, 1 to 10; they are worked on at once.
	Concurrency int      // Runs at once at most, 2 to 1000.
	Events      []string // Types of the events on the bus that are sent to the queue; none for a queue of due work.
}

// IsOperation reports whether the row serves HTTP.
func (r *Route) IsOperation() bool { return r.Method != "" }

// IsJob reports whether the row runs by the clock.
func (r *Route) IsJob() bool { return !r.IsOperation() && r.Schedule.Every != 0 }

// IsConsumer reports whether the row works off a queue.
func (r *Route) IsConsumer() bool { return r.Queue.Batch != 0 }

// IsWorker reports whether the row runs only when another function invokes it.
func (r *Route) IsWorker() bool { return !r.IsOperation() && !r.IsJob() && !r.IsConsumer() }

// Public reports whether the operation is served without a token.
func (r *Route) Public() bool { return r.IsOperation() && r.Scope == "" }

// Tenanted reports whether the function's work is for one tenant at a time, that of
// the caller or of the message, so that it reaches data as that tenant only. The
// administration of tenants is for all of them, the jobs are, and what is public
// does not know whose it is before it has read a record.
func (r *Route) Tenanted() bool {
	if r.Across || r.Scope == auth.TenantsAdmin {
		return false
	}
	return r.Scope != "" || r.IsConsumer()
}

// Paths returns the paths that the operation is served at.
func (r *Route) Paths() []string {
	if r.Also != "" {
		return []string{r.Path, r.Also}
	}
	return []string{r.Path}
}

// Typed is a Route that knows its wire types at compile time, so that a
// handler of the wrong type does not compile.
type Typed[In, Out any] struct{ *Route }

func operation[In, Out any](r Route) Typed[In, Out] { return Typed[In, Out]{&r} }
