package awsconfig_test

import (
	"encoding/pem"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"

	"github.com/tenonhq/tenon/shared/awsconfig"
)

// TestConnectionIsThere is not parallel: it sets a variable of the process. The
// first call of a service uses the connection that was opened ahead.
func TestConnectionIsThere(t *testing.T) {
	var connections, pings atomic.Int32
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/ping" {
			pings.Add(1)
			if r.Header.Get("Authorization") != "" {
				t.Error("a ping is signed")
			}
		}
		io.WriteString(w, `{"KeyMetadata":{"KeyId":"k"}}`)
	}))
	s.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			connections.Add(1)
		}
	}
	s.StartTLS()
	t.Cleanup(s.Close)
	file := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("SSL_CERT_FILE", file)
	told := environment(s.URL)
	told["SSL_CERT_FILE"] = file
	cfg, err := awsconfig.New(lookup(told))
	if err != nil {
		t.Fatal(err)
	}
	awsconfig.Connect(t.Context(), cfg, "kms")
	if _, err := kms.NewFromConfig(cfg).DescribeKey(t.Context(), &kms.DescribeKeyInput{KeyId: aws.String("k")}); err != nil {
		t.Fatal(err)
	}
	if pings.Load() != 1 || connections.Load() != 1 {
		t.Errorf("%d pings, %d connections, want one of each", pings.Load(), connections.Load())
	}
}

// What cannot be reached, or has no TLS to save, does not hold up a start.
func TestConnectIsHarmless(t *testing.T) {
	t.Parallel()
	s := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		t.Errorf("asked for %s", r.URL.Path)
	}))
	t.Cleanup(s.Close)
	for _, endpoint := range []string{s.URL, "https://127.0.0.1:1", "https://%"} {
		cfg, err := awsconfig.New(lookup(environment(endpoint)))
		if err != nil {
			t.Fatal(err)
		}
		awsconfig.Connect(t.Context(), cfg, "dynamodb", "sts")
	}
}
