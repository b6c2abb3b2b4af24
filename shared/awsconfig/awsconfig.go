// Package awsconfig is how this service talks to AWS: it makes the one
// aws.Config of a function and says which failures of AWS pass. It depends on
// packages fault and metric and the SDK's core.
//
// The configuration is a literal one. LoadDefaultConfig would bring profiles,
// instance metadata and three more services into every binary, none of which a
// Lambda function has; what it needs stands in its environment.
package awsconfig

import (
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/smithy-go/middleware"
)

// Names of the variables: those of every AWS SDK. Lambda sets all but the last
// and never changes them while a process lives.
const (
	envRegion   = "AWS_REGION"
	envKeyID    = "AWS_ACCESS_KEY_ID"
	envSecret   = "AWS_SECRET_ACCESS_KEY"
	envSession  = "AWS_SESSION_TOKEN"
	envEndpoint = "AWS_ENDPOINT_URL"
)

// The bounds of repeating a call that failed for a passing reason. Together
// with the back-off they stay below the timeout of every function.
const (
	maxAttempts = 4
	maxBackoff  = 2 * time.Second
)

// New returns the configuration that lookup (os.LookupEnv) describes. Region
// and credentials are required, a session token and AWS_ENDPOINT_URL, the
// address of a local AWS, are not. All missing variables are reported at once.
func New(lookup func(string) (string, bool)) (aws.Config, error) {
	var missing []error
	required := func(name string) string {
		v, _ := lookup(name)
		if v == "" {
			missing = append(missing, fmt.Errorf("environment variable %s is not set", name))
		}
		return v
	}
	region, id, secret := required(envRegion), required(envKeyID), required(envSecret)
	if err := errors.Join(missing...); err != nil {
		return aws.Config{}, err
	}
	session, _ := lookup(envSession)
	cfg := aws.Config{
		Region:      region,
		Credentials: credentials.NewStaticCredentialsProvider(id, secret, session),
		HTTPClient:  newClient(roots(lookup, region)),
		APIOptions:  []func(*middleware.Stack) error{countThrottles},
		Retryer: func() aws.Retryer {
			return retry.NewStandard(func(o *retry.StandardOptions) {
				o.MaxAttempts, o.MaxBackoff = maxAttempts, maxBackoff
			})
		},
	}
	if endpoint, _ := lookup(envEndpoint); endpoint != "" {
		cfg.BaseEndpoint = aws.String(endpoint)
	}
	return cfg, nil
}

// Once returns cfg for calls whose repetition is not harmless and whose answer
// takes as long as the work: nothing is repeated, the answer is awaited until
// the call's context ends, and each call has a connection of its own, because
// one that rested while the function was frozen may be gone.
func Once(cfg aws.Config) aws.Config {
	cfg.Retryer = func() aws.Retryer { return aws.NopRetryer{} }
	own, ok := cfg.HTTPClient.(client)
	if !ok {
		own = newClient(nil)
	}
	cfg.HTTPClient = client{own.inner.WithTransportOptions(func(t *http.Transport) {
		t.ResponseHeaderTimeout, t.DisableKeepAlives = 0, true
	})}
	return cfg
}

// In returns cfg for calls of another region, which may be in another partition.
func In(cfg aws.Config, region string) aws.Config {
	if _, ok := cfg.HTTPClient.(client); ok && !vouched(region) {
		cfg.HTTPClient = newClient(nil)
	}
	cfg.Region = region
	return cfg
}
