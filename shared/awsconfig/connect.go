package awsconfig

import (
	"context"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// aheadTime bounds Connect: what takes longer than that is not worth waiting for.
const aheadTime = time.Second

// Connect opens a connection to each of the services (by the first label of its
// endpoint, "dynamodb"), which the first call of it then uses. A process that
// starts has a whole CPU, one that serves a share by its memory: TCP and TLS cost
// the first request of a small function ten times what they cost here. Nothing is
// asked for, and what fails is left to the calls.
func Connect(ctx context.Context, cfg aws.Config, services ...string) {
	ctx, cancel := context.WithTimeout(ctx, aheadTime)
	defer cancel()
	var group sync.WaitGroup
	for _, service := range services {
		group.Go(func() { ping(ctx, cfg.HTTPClient, Endpoint(cfg, service)) })
	}
	group.Wait()
}

// ping is the smallest request of any service. Its answer does not matter.
func ping(ctx context.Context, client aws.HTTPClient, endpoint string) {
	if !strings.HasPrefix(endpoint, "https://") {
		return // A local AWS, without TLS.
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, endpoint+"/ping", nil)
	if err != nil {
		return
	}
	answer, err := client.Do(r)
	if err != nil {
		return
	}
	defer answer.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(answer.Body, 4<<10)) // A connection whose answer is read is kept.
}

// Endpoint returns where a service is in the configuration's region, without a
// slash at its end.
// https://docs.aws.amazon.com/general/latest/gr/rande.html
func Endpoint(cfg aws.Config, service string) string {
	domain := "amazonaws.com"
	switch {
	case cfg.BaseEndpoint != nil:
		return strings.TrimSuffix(*cfg.BaseEndpoint, "/")
	case strings.HasPrefix(cfg.Region, "cn-"):
		domain = "amazonaws.com.cn"
	case strings.HasPrefix(cfg.Region, "eusc-"):
		domain = "amazonaws.eu"
	}
	return "https://" + service + "." + cfg.Region + "." + domain
}
