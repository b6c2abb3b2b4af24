package bench

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"github.com/tenonhq/tenon/infra/local/cloud"
	"github.com/tenonhq/tenon/infra/local/dev"
	"github.com/tenonhq/tenon/shared/client"
)

// environment is one local AWS and one provider with lanes in front of them. No
// schedule fires in it.
type environment struct {
	binaries  string // Directory of the functions.
	root      string
	state     string // Removed at the end.
	log       *os.File
	progress  *progress
	cloud     *cloud.Cloud
	aws       aws.Config
	ledger    *ledger
	provider  *Provider
	providers string // Origin of the provider.
	endpoint  string // Origin of the AWS.
	servers   []*http.Server
	lanes     []*lane
}

func (s *suite) openEnvironment() (*environment, error) {
	e := &environment{root: s.root, binaries: s.binaries(), log: s.log, progress: s.progress, ledger: &ledger{}, provider: NewProvider()}
	var err error
	if e.state, err = os.MkdirTemp("", "tenon-bench"); err != nil {
		return nil, fmt.Errorf("state directory: %w", err)
	}
	local := cloud.New()
	e.cloud = local
	local.Fault = func(target string, body []byte) error {
		e.ledger.note(target, body)
		return nil
	}
	if e.endpoint, err = e.serve(local); err != nil {
		return nil, errors.Join(err, e.close())
	}
	local.BaseURL = e.endpoint
	e.aws = aws.Config{
		Region: local.Region, BaseEndpoint: &e.endpoint, HTTPClient: local,
		Credentials: credentials.NewStaticCredentialsProvider("local", "local", ""),
	}
	if e.providers, err = e.serve(e.provider); err != nil {
		return nil, errors.Join(err, e.close())
	}
	return e, nil
}

// serve serves on a free port until the end and returns the origin.
func (e *environment) serve(h http.Handler) (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("open a port: %w", err)
	}
	server := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = server.Serve(listener) }() // It ends when the server is closed.
	e.servers = append(e.servers, server)
	return "http://" + listener.Addr().String(), nil
}

// close ends everything, the users of a thing before the thing.
func (e *environment) close() error {
	var errs []error
	for _, l := range e.lanes {
		errs = append(errs, l.close())
	}
	for _, s := range e.servers {
		errs = append(errs, s.Close())
	}
	return errors.Join(append(errs, os.RemoveAll(e.state))...)
}

// lane is a running `tenon dev` whose functions have at most so many processes
// each, as Lambda has environments: one request at a time in each.
type lane struct {
	base      string
	processes int
	http      *http.Client
	client    *client.Client // Of the tenant; set by newLane.
	cancel    context.CancelFunc
	done      chan error
}

// newLane starts a lane and waits until it answers.
func (e *environment) newLane(ctx context.Context, processes int) (*lane, error) {
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	running, cancel := context.WithCancel(ctx)
	l := &lane{
		base: fmt.Sprintf("http://127.0.0.1:%d", port), processes: processes, cancel: cancel, done: make(chan error, 1),
		http: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: mostCallers}},
	}
	e.lanes = append(e.lanes, l)
	cfg := dev.Config{
		Root: e.root, State: fmt.Sprintf("%s/%d", e.state, processes), Port: port, Processes: processes,
		Endpoint: e.endpoint, Binaries: e.binaries, Out: logWriter{file: e.log, progress: e.progress},
	}
	go func() {
		l.done <- dev.Run(running, cfg)
		close(l.done)
	}()
	for !l.healthy(ctx) {
		select {
		case err := <-l.done:
			return nil, fmt.Errorf("start the functions in %d processes: %w", processes, errors.Join(err, ctx.Err()))
		case <-time.After(100 * time.Millisecond):
		}
	}
	e.progress.printf("functions in at most %d processes each: ready", processes)
	l.client, err = l.as(ctx, tenant)
	return l, err
}

func freePort() (int, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, fmt.Errorf("find a free port: %w", err)
	}
	return listener.Addr().(*net.TCPAddr).Port, listener.Close()
}

func (l *lane) healthy(ctx context.Context) bool {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, l.base+"/healthz", nil)
	if err != nil {
		return false
	}
	res, err := l.http.Do(r)
	if err != nil {
		return false
	}
	return res.Body.Close() == nil && res.StatusCode == http.StatusOK
}

func (l *lane) close() error {
	l.cancel()
	l.http.CloseIdleConnections()
	return <-l.done
}
