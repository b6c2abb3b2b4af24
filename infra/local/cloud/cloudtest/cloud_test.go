package cloudtest_test

import (
	"context"
	"net/http/httptest"
	"testing"

	"github.com/tenonhq/tenon/infra/local/cloud"
	"github.com/tenonhq/tenon/infra/local/cloud/cloudtest"
)

// cloudDifferences are the documented behaviours that cloud leaves out.
var cloudDifferences = map[string]string{
	"dynamodb/table: PartiQL select by key":           "PartiQL is not served",
	"secretsmanager/rotate: with a rotation function": "rotation by function is not served",
	"sesv2/mail: from a template":                     "templates are not served",
}

// running returns a cloud whose schedules fire in real time.
func running(t *testing.T) *cloud.Cloud {
	t.Helper()
	c := cloud.New()
	c.AddRole(cloud.Role{ARN: "arn:aws:iam::123456789012:role/broker"})
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- c.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("Run: %v", err)
		}
	})
	return c
}

func TestCloudInProcess(t *testing.T) {
	t.Parallel()
	c := running(t)
	cfg := cloudtest.Config("http://cloud.local", c)
	cloudtest.Run(t, cfg, cloudDifferences)
	cloudtest.RunConcurrent(t, cfg)
}

func TestCloudOverHTTP(t *testing.T) {
	t.Parallel()
	c := running(t)
	server := httptest.NewServer(c)
	t.Cleanup(server.Close)
	cfg := cloudtest.Config(server.URL, cloudtest.Client())
	cloudtest.Run(t, cfg, cloudDifferences)
	cloudtest.RunConcurrent(t, cfg)
}
