// Package template creates, in a local AWS, what synthesized CloudFormation
// templates describe, and derives what the local gateway runs: functions,
// routes, queue sources and schedules.
//
// It reads the templates the product is deployed with, so there is one
// definition of the infrastructure. It depends on AWS SDK clients built from
// a given configuration and on nothing of ours.
package template

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// Options say how templates are applied. The zero value works.
type Options struct {
	// Prefix precedes physical function names ("tenon-local-") and is taken
	// off for Function.Name. It also names resources without a name of their own.
	Prefix string
	// Account is the twelve-digit account in ARNs; empty means 123456789012.
	Account string
	// APIEndpoint is the base URL of the HTTP API (attribute ApiEndpoint).
	APIEndpoint string
	// Parameters give template parameters other values than their defaults.
	Parameters map[string]string
	// Progress, when set, is told of each resource that is created.
	Progress func(string)
}

// Manifest is what the templates describe beyond data resources. Its lists
// are sorted, so equal templates give equal manifests.
type Manifest struct {
	Functions []Function
	Roles     []Role
	Routes    []Route
	Queues    []QueueSource
	Schedules []Schedule
	CORS      *CORS // Of the HTTP API; nil where the template says nothing.
	Outputs   map[string]string
	// Skipped lists "Type LogicalID" of resources without local effect whose
	// absence might matter. Log groups and alarms are not listed.
	Skipped []string
}

// Function is an AWS::Lambda::Function.
type Function struct {
	Name                string // short name: the directory under functions/
	LogicalID           string
	ARN                 string
	RoleARN             string // empty where the template says nothing
	Env                 map[string]string
	Timeout             time.Duration // 3 s where the template says nothing
	MemoryMB            int           // 128 where the template says nothing
	DeadLetterQueueARN  string
	ReservedConcurrency int // 0: none
}

// Route is an AWS::ApiGatewayV2::Route with its integration and authorizer.
type Route struct {
	Key      string // "GET /v1/x/{id}"
	Function string // short name
	Auth     *JWT   // nil: no authorizer
	Scopes   []string
}

// JWT is an AWS::ApiGatewayV2::Authorizer of type JWT.
type JWT struct {
	Issuer   string
	Audience []string
}

// CORS is the CorsConfiguration of an AWS::ApiGatewayV2::Api.
type CORS struct {
	Origins       []string
	Methods       []string
	Headers       []string
	ExposeHeaders []string
	MaxAge        int // seconds; 0 where the template says nothing
}

// QueueSource is an AWS::Lambda::EventSourceMapping of a queue.
type QueueSource struct {
	QueueURL                string
	Function                string // short name
	BatchSize               int    // 10 where the template says nothing
	ReportBatchItemFailures bool
	MaximumConcurrency      int // 0: no limit
}

// Schedule is an AWS::Scheduler::Schedule with a function as its target. The
// schedule also exists in the local AWS, which fires it.
type Schedule struct {
	Name       string
	Expression string // "rate(5 minutes)", "cron(…)"
	Function   string // short name
	Input      string // JSON; may be empty
	DLQ        string // queue ARN; may be empty
}

// Apply creates the resources of the templates in the AWS behind cfg and
// returns the manifest. It may be called again at any time: what exists stays
// as it is, what is missing is created. Names imported by one template may be
// exported by any other.
func Apply(ctx context.Context, cfg aws.Config, opts Options, templates ...[]byte) (Manifest, error) {
	opts.Account = cmp.Or(opts.Account, "123456789012")
	if opts.Progress == nil {
		opts.Progress = func(string) {}
	}
	a := newApplication(ctx, cfg, opts)
	for _, text := range templates {
		s, err := parse(text)
		if err != nil {
			return Manifest{}, err
		}
		s.app = a
		a.stacks = append(a.stacks, s)
	}
	for _, s := range a.stacks {
		for _, id := range sortedKeys(s.Resources) {
			if _, err := s.ensure(id); err != nil {
				return Manifest{}, err
			}
		}
	}
	if err := a.attachPolicies(); err != nil {
		return Manifest{}, err
	}
	return a.manifest()
}

// application is one run of Apply.
type application struct {
	ctx     context.Context // of this one run; the handlers' only use of it is SDK calls
	opts    Options
	region  string
	clients clients
	stacks  []*stack
	queues  map[string]string // URL by ARN
	exports map[string]string // value by name, resolved so far
	names   map[string]string // short function name by physical name
	roles   map[string]string // ARN by name
	skipped []string
}

func newApplication(ctx context.Context, cfg aws.Config, opts Options) *application {
	return &application{
		ctx: ctx, opts: opts, region: cmp.Or(cfg.Region, "eu-west-1"),
		clients: newClients(cfg),
		queues:  map[string]string{}, exports: map[string]string{}, names: map[string]string{},
		roles: map[string]string{},
	}
}

func (a *application) arn(service, rest string) string {
	return fmt.Sprintf("arn:aws:%s:%s:%s:%s", service, a.region, a.opts.Account, rest)
}

// created reports progress.
func (a *application) created(kind, name string) {
	a.opts.Progress("created " + kind + " " + name)
}

// shortName takes a function's ARN or physical name to its short name.
func (a *application) shortName(function string) string {
	if parts := strings.Split(function, ":"); parts[0] == "arn" && len(parts) > 6 {
		function = parts[6]
	}
	return cmp.Or(a.names[function], strings.TrimPrefix(function, a.opts.Prefix))
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
