package cloudtest

import (
	"crypto/rand"
	"fmt"
	"io"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
)

// Config returns a configuration of the SDK for a local endpoint, without
// retries, so that every failure is seen. An in-process cloud is its own
// client; use Client for one behind a socket.
func Config(endpoint string, client aws.HTTPClient) aws.Config {
	return aws.Config{
		Region:       "eu-west-1",
		BaseEndpoint: aws.String(endpoint),
		Credentials:  credentials.NewStaticCredentialsProvider("local", "local", ""),
		HTTPClient:   client,
		Retryer:      func() aws.Retryer { return aws.NopRetryer{} },
	}
}

// Client returns an HTTP client for fast local servers. The SDK closes a
// request body as soon as the answer arrives, and its body's WriteTo then
// breaks the connection; hiding that method avoids it
// (aws/aws-sdk-go-v2#1825).
func Client() aws.HTTPClient {
	return bodyClient{&http.Client{}}
}

type bodyClient struct {
	client *http.Client
}

// Do sends the request with a body that is only a reader.
func (c bodyClient) Do(r *http.Request) (*http.Response, error) {
	if r.Body != nil && r.Body != http.NoBody {
		r.Body = struct{ io.ReadCloser }{r.Body}
	}
	return c.client.Do(r)
}

// unique returns a name no other probe uses.
func unique(prefix string) string {
	return prefix + "-" + rand.Text()[:16]
}

func numbered(prefix string, n int) string {
	return fmt.Sprintf("%s%03d", prefix, n)
}
