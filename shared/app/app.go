// Package app starts every function: it reads the environment once, sets up
// the log, and hands the typed handler to Lambda. It depends on packages
// api, awsconfig, environ, metric, routes and web.
//
// What a function is made of is composed in the packages below this one, each
// importing only the AWS services it needs: importing a service's client costs
// a function start-up time and size, whether it is used or not.
package app

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"
	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/awsconfig"
	"github.com/tenonhq/tenon/shared/environ"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web"
)

// Env is what a function knows about its deployment and how it reaches AWS.
type Env struct {
	Config    environ.Config
	AWS       aws.Config
	Admission web.Admission // Set by who opens the table, package app/tables.

	deployed bool // Whether this is a process of its own, and no part of a test.
}

// New returns the environment of this process. Missing configuration ends the
// process with one log line, before Lambda sends it a request.
func New() *Env {
	slog.SetDefault(slog.New(slog.NewJSONHandler(os.Stderr, nil)))
	config, err := environ.Read(os.LookupEnv)
	if err != nil {
		stop("read the environment", err)
	}
	cfg, err := awsconfig.New(os.LookupEnv)
	if err != nil {
		stop("configure AWS", err)
	}
	return &Env{Config: config, AWS: cfg, deployed: true}
}

// Connect opens connections to services of AWS that every request needs, before
// the first one comes.
func (e *Env) Connect(services ...string) {
	if e.deployed {
		awsconfig.Connect(context.Background(), e.AWS, services...)
	}
}

// Serve runs fn as the function of r until Lambda stops the process. Who serves
// tenants without knowing their standing does not start.
func Serve[In, Out any](e *Env, r routes.Typed[In, Out], fn web.Func[In, Out]) {
	if !r.Public() && e.Admission == nil {
		stop("serve "+r.Name, errOpen)
	}
	lambda.Start(Measured(web.Handle(r, fn, web.Options{TenantClaim: e.Config.TenantClaim, Admission: e.Admission})))
}

var errOpen = errors.New("nothing refuses tenants that are removed")

// Sweep is one run of a job.
type Sweep func(ctx context.Context, requestID string) (due, done, failed int, err error)

// ServeJob runs sweep on every event of the job's schedule.
func ServeJob(r routes.Typed[api.Tick, api.Sweep], sweep Sweep) {
	lambda.Start(Measured(Job(r, sweep)))
}

// Job adapts a sweep to Lambda. A run that could not be made fails, so that
// the schedule repeats it; an entry that failed is due again in the next run.
func Job(r routes.Typed[api.Tick, api.Sweep], sweep Sweep) func(context.Context, api.Tick) (api.Sweep, error) {
	return func(ctx context.Context, _ api.Tick) (api.Sweep, error) {
		begun := time.Now()
		requestID := ""
		if lc, ok := lambdacontext.FromContext(ctx); ok {
			requestID = lc.AwsRequestID
		}
		due, done, failed, err := sweep(ctx, requestID)
		slog.InfoContext(ctx, "sweep", "route", r.Name, "due", due, "done", done, "failed", failed, "ms", time.Since(begun).Milliseconds())
		measureRun(ctx, r.Name, err)
		return api.Sweep{Due: due, Done: done, Failed: failed}, err
	}
}

// ServeWorker runs fn on every event that another function sends.
func ServeWorker[In, Out any](_ routes.Typed[In, Out], fn func(context.Context, In) (Out, error)) {
	lambda.Start(Measured(fn))
}

func stop(doing string, err error) {
	slog.Error(doing, "error", err)
	os.Exit(1)
}
