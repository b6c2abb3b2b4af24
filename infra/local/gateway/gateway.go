// Package gateway runs built Lambda functions on one machine: an API Gateway
// HTTP API (payload format 2.0, JWT authorizer) in front, the Lambda Runtime
// API behind, and SQS event sources beside them.
//
// It owns the function processes and nothing else. It knows no product code
// and depends only on the AWS SDK (for queues), go-jose (for tokens) and the
// standard library.
package gateway

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
)

// Errors of an invocation that did not reach the function. A failure of the
// function itself is a *FunctionError.
var (
	ErrUnknownFunction = errors.New("unknown function")
	ErrThrottled       = errors.New("too many waiting invocations")
	ErrClosed          = errors.New("gateway is closed")
)

// Config says what a Gateway runs. Functions is required; every other field
// has a useful zero value.
type Config struct {
	Functions []Function
	Routes    []Route
	Queues    []Queue
	CORS      *CORS // nil shares nothing with pages of other origins

	// AWS reaches the queues in Queues and the dead-letter queues. Its region
	// is the region the functions see; empty means eu-west-1.
	AWS aws.Config
	// Account is the twelve-digit account in ARNs; empty means 123456789012.
	Account string
	// Prefix precedes every physical function name ("tenon-local-").
	Prefix string
	// Environment is added to every function and wins over Function.Env.
	Environment map[string]string
	// Keys returns the keys of a token issuer; nil means OpenID discovery over HTTP.
	Keys KeySource

	// Processes is the greatest number of processes per function; 0 means 4.
	Processes int
	// Backlog is how many invocations of one function may wait for a process
	// before ErrThrottled; 0 means 1000.
	Backlog int
	// IdleStop stops a process that had no work for this long; 0 means never.
	IdleStop time.Duration
	// RetryDelay is the pause before the first retry of an asynchronous
	// invocation, doubled for the second; 0 means one second (Lambda: one minute).
	RetryDelay time.Duration

	// Log receives the functions' output, each line prefixed with the
	// function's name, and the gateway's own notes; nil means discard.
	Log io.Writer
	// Now is the clock of token checks and timestamps; nil means time.Now.
	// Process deadlines always use the machine's clock.
	Now func() time.Time
}

// Function is one Lambda function, run from its built binary.
type Function struct {
	Name               string
	Binary             string // path of the executable, aws-lambda-go inside
	Env                map[string]string
	Timeout            time.Duration // 0 means 3 s, as in Lambda
	MemoryMB           int           // told to the function, not enforced; 0 means 128
	Concurrency        int           // reserved concurrency; 0 means Config.Processes
	DeadLetterQueueARN string        // of failed asynchronous invocations; may be empty
}

// Gateway serves the HTTP API (it is an http.Handler), runs the functions and
// polls the queues until Close.
type Gateway struct {
	cfg        Config
	log        *logger
	pools      map[string]*pool
	routes     routeTable
	authorizer *authorizer
	queues     *sqs.Client
	runtime    *http.Server

	stop       context.CancelFunc
	stopped    context.Context
	mu         sync.Mutex
	closed     bool
	background sync.WaitGroup
}

// New checks the configuration, opens the Runtime API on a loopback port and
// starts the queue pollers. No process is started before its first invocation.
func New(cfg Config) (*Gateway, error) {
	setDefaults(&cfg)
	g := &Gateway{
		cfg:        cfg,
		log:        &logger{out: cfg.Log},
		pools:      map[string]*pool{},
		authorizer: &authorizer{keys: newKeyCache(cfg.Keys, cfg.Now), now: cfg.Now},
		queues:     sqs.NewFromConfig(cfg.AWS),
	}
	g.stopped, g.stop = context.WithCancel(context.Background())
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("open runtime API: %w", err)
	}
	if err := g.wire(listener.Addr().String()); err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	g.runtime = &http.Server{Handler: runtimeAPI(g.pools), ReadHeaderTimeout: 10 * time.Second}
	go func() {
		if err := g.runtime.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			g.log.printf("gateway", "runtime API: %v", err)
		}
	}()
	g.poll(cfg.Queues)
	return g, nil
}

// Reload replaces the processes of a function: idle ones stop now, busy ones
// after their invocation. It is not needed after a rebuild, which is noticed.
func (g *Gateway) Reload(function string) error {
	p, err := g.pool(function)
	if err != nil {
		return err
	}
	p.reload()
	return nil
}

// Close stops the pollers and every process (SIGTERM, after two seconds or the
// end of ctx SIGKILL) and returns when no process is left.
func (g *Gateway) Close(ctx context.Context) error {
	g.mu.Lock()
	g.closed = true
	g.mu.Unlock()
	g.stop()
	var pools sync.WaitGroup
	for _, p := range g.pools {
		pools.Go(func() { p.close(ctx) })
	}
	pools.Wait()
	g.background.Wait()
	if err := g.runtime.Close(); err != nil {
		return fmt.Errorf("close runtime API: %w", err)
	}
	return nil
}

// wire builds the pools and the route table and checks that both fit.
func (g *Gateway) wire(runtimeAddress string) error {
	for _, f := range g.cfg.Functions {
		if f.Name == "" || g.pools[f.Name] != nil {
			return fmt.Errorf("function %q: name is empty or used twice", f.Name)
		}
		g.pools[f.Name] = newPool(f, g.cfg, runtimeAddress, g.log)
	}
	for _, q := range g.cfg.Queues {
		if g.pools[q.Function] == nil {
			return fmt.Errorf("queue %s: %w %q", q.URL, ErrUnknownFunction, q.Function)
		}
	}
	for _, r := range g.cfg.Routes {
		if g.pools[r.Function] == nil {
			return fmt.Errorf("route %s: %w %q", r.Key, ErrUnknownFunction, r.Function)
		}
	}
	table, err := newRouteTable(g.cfg.Routes)
	g.routes = table
	return err
}

// inBackground runs f unless the gateway is closed; Close waits for it.
func (g *Gateway) inBackground(f func()) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.closed {
		return ErrClosed
	}
	g.background.Go(f)
	return nil
}

func setDefaults(cfg *Config) {
	if cfg.AWS.Region == "" {
		cfg.AWS.Region = "eu-west-1"
	}
	if cfg.Account == "" {
		cfg.Account = "123456789012"
	}
	if cfg.Processes == 0 {
		cfg.Processes = 4
	}
	if cfg.Backlog == 0 {
		cfg.Backlog = 1000
	}
	if cfg.RetryDelay == 0 {
		cfg.RetryDelay = time.Second
	}
	if cfg.Log == nil {
		cfg.Log = io.Discard
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
}
