package dev

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"github.com/tenonhq/tenon/infra/local/cloud"
	"github.com/tenonhq/tenon/infra/local/gateway"
	"github.com/tenonhq/tenon/infra/local/template"
	"github.com/tenonhq/tenon/shared/environ"
)

// awsBackend is the AWS behind the functions: the embedded one, or one that
// runs elsewhere.
type awsBackend struct {
	config      aws.Config
	environment map[string]string // What functions need to reach it.
	out         io.Writer

	cloud  *cloud.Cloud // Nil when AWS runs elsewhere.
	server *http.Server
	target atomic.Pointer[invocationTarget]
}

// invocationTarget is where schedules and rules of the embedded AWS lead, and
// what functions invoke.
type invocationTarget struct {
	gateway     *gateway.Gateway
	invocations http.Handler
	names       map[string]string // By ARN and by physical name.
}

func openAWS(cfg Config) (*awsBackend, error) {
	if cfg.Endpoint != "" {
		return externalAWS(cfg.Endpoint), nil
	}
	c, err := cloud.Open(filepath.Join(cfg.State, "aws"))
	if err != nil {
		return nil, fmt.Errorf("open the local AWS: %w", err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("open a port for the local AWS: %w", err)
	}
	endpoint := "http://" + listener.Addr().String()
	b := &awsBackend{
		cloud:       c,
		out:         cfg.Out,
		environment: map[string]string{"AWS_ENDPOINT_URL": endpoint},
		config: aws.Config{
			Region:       c.Region,
			BaseEndpoint: &endpoint,
			Credentials:  credentials.NewStaticCredentialsProvider("local", "local", ""),
			HTTPClient:   c,
		},
		server: &http.Server{Handler: c, ReadHeaderTimeout: 10 * time.Second},
	}
	c.BaseURL = endpoint
	c.Invoke = b.invoke
	c.Functions = http.HandlerFunc(b.serveInvoke)
	b.tellDenied()
	go func() { _ = b.server.Serve(listener) }() // It ends when the server is closed.
	return b, nil
}

// externalAWS reaches an AWS that runs elsewhere, with the credentials and the
// region of this process's environment. The roles of the templates are not there,
// so that functions assume none for a tenant.
func externalAWS(endpoint string) *awsBackend {
	id := cmp.Or(os.Getenv("AWS_ACCESS_KEY_ID"), "local")
	secret := cmp.Or(os.Getenv("AWS_SECRET_ACCESS_KEY"), "local")
	session := os.Getenv("AWS_SESSION_TOKEN")
	region := cmp.Or(os.Getenv("AWS_REGION"), os.Getenv("AWS_DEFAULT_REGION"), "eu-west-1")
	return &awsBackend{
		environment: map[string]string{
			"AWS_ENDPOINT_URL": endpoint, "AWS_REGION": region,
			"AWS_ACCESS_KEY_ID": id, "AWS_SECRET_ACCESS_KEY": secret, "AWS_SESSION_TOKEN": session,
			environ.TenantRole: "",
		},
		config: aws.Config{
			Region:       region,
			BaseEndpoint: &endpoint,
			Credentials:  credentials.NewStaticCredentialsProvider(id, secret, session),
			HTTPClient:   plainBody{awshttp.NewBuildableClient()},
		},
	}
}

// sessions are the credentials of the functions' roles, where AWS is ours; one
// that runs elsewhere is reached with those of this process.
func (b *awsBackend) sessions(manifest template.Manifest) (map[string]map[string]string, error) {
	if b.cloud == nil {
		return nil, nil
	}
	return Enforce(b.cloud, manifest)
}

// invokeWith says where schedules lead. Until then an invocation is an error,
// which the local AWS retries.
func (b *awsBackend) invokeWith(g *gateway.Gateway, manifest template.Manifest) {
	target := &invocationTarget{gateway: g, invocations: g.Invocations(), names: map[string]string{}}
	for _, f := range manifest.Functions {
		target.names[f.ARN] = f.Name
		target.names[f.ARN[strings.LastIndexByte(f.ARN, ':')+1:]] = f.Name
	}
	b.target.Store(target)
}

func (b *awsBackend) invoke(ctx context.Context, arn string, payload []byte) error {
	target := b.target.Load()
	if target == nil {
		return errors.New("the functions have not started")
	}
	// As in Lambda, the caller's end does not end the function.
	_, err := target.gateway.InvokeARN(context.WithoutCancel(ctx), cmp.Or(target.names[arn], arn), payload)
	if errors.Is(err, gateway.ErrClosed) {
		return nil // The environment stops; that is no failure of the function.
	}
	if err != nil {
		_, _ = fmt.Fprintf(b.out, "aws: an event for %s: %v\n", arn, err)
	}
	return err
}

// serveInvoke lets one function invoke another, as in AWS by the ARN or the
// physical name of a function of this stage and by nothing else.
func (b *awsBackend) serveInvoke(w http.ResponseWriter, r *http.Request) {
	target := b.target.Load()
	if target == nil {
		http.Error(w, "The functions have not started.", http.StatusServiceUnavailable)
		return
	}
	name, known := target.names[r.PathValue("function")]
	if !known {
		w.Header().Set("X-Amzn-Errortype", "ResourceNotFoundException")
		http.Error(w, `{"Type":"User","message":"Function not found"}`, http.StatusNotFound)
		return
	}
	target.invocations.ServeHTTP(w, withPath(r, "/2015-03-31/functions/"+name+"/invocations"))
}

// run fires schedules and saves the state from time to time, until ctx ends.
func (b *awsBackend) run(ctx context.Context) error {
	if b.cloud == nil {
		return nil
	}
	return b.cloud.Run(ctx)
}

// close stops serving and saves the state. The gateway must be closed before.
func (b *awsBackend) close() error {
	if b.cloud == nil {
		return nil
	}
	b.cloud.Wait()
	return errors.Join(b.server.Close(), b.cloud.Save())
}

// plainBody hides that a request's body can write itself: the SDK closes the
// body as soon as an answer arrives, and a body that is still writing itself
// then breaks the connection.
type plainBody struct{ next aws.HTTPClient }

func (c plainBody) Do(r *http.Request) (*http.Response, error) {
	if r.Body != nil && r.Body != http.NoBody {
		r.Body = struct{ io.ReadCloser }{r.Body}
	}
	return c.next.Do(r)
}
