// Package awstest gives tests of AWS adapters a configuration of the SDK: over
// a local AWS in this process, or over moto, an independent implementation that
// serves as a second opinion. It depends on the SDK's core only.
package awstest

import (
	"net"
	"net/http"
	"os/exec"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"github.com/tenonhq/tenon/shared/awsconfig"
)

// Config returns a configuration whose calls client answers, without repeating
// any that fails.
func Config(client aws.HTTPClient) aws.Config {
	return aws.Config{
		Region:      "eu-west-1",
		Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""),
		HTTPClient:  client,
		Retryer:     func() aws.Retryer { return aws.NopRetryer{} },
	}
}

// Moto starts moto_server on a free port until the test ends and returns the
// configuration that a function would have of it. The test is skipped where
// moto is not installed.
func Moto(t *testing.T) aws.Config {
	t.Helper()
	program, err := exec.LookPath("moto_server")
	if err != nil {
		t.Skip("moto_server is not installed")
	}
	address := freeAddress(t)
	_, port, _ := net.SplitHostPort(address)
	command := exec.Command(program, "-H", "127.0.0.1", "-p", port)
	if err := command.Start(); err != nil {
		t.Fatalf("start moto_server: %v", err)
	}
	t.Cleanup(func() {
		command.Process.Kill()
		command.Wait()
	})
	endpoint := "http://" + address
	waitFor(t, endpoint+"/moto-api/")
	environment := map[string]string{
		"AWS_REGION": "eu-west-1", "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_ENDPOINT_URL": endpoint,
	}
	cfg, err := awsconfig.New(func(name string) (string, bool) { v, ok := environment[name]; return v, ok })
	if err != nil {
		t.Fatal(err)
	}
	return cfg
}

func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("find a free port: %v", err)
	}
	defer l.Close()
	return l.Addr().String()
}

func waitFor(t *testing.T, address string) {
	t.Helper()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); <-tick.C {
		res, err := http.Get(address)
		if err == nil {
			res.Body.Close()
			return
		}
	}
	t.Fatalf("%s did not answer within 30 seconds", address)
}
