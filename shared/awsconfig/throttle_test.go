package awsconfig_test

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/kms"

	"github.com/tenonhq/tenon/shared/awsconfig"
	"github.com/tenonhq/tenon/shared/metric"
)

// Each throttled attempt counts, though the call succeeds in the end; another
// failure is none.
func TestThrottlesAreCounted(t *testing.T) {
	t.Parallel()
	var calls atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/x-amz-json-1.1")
		switch calls.Add(1) {
		case 1:
			w.WriteHeader(http.StatusBadRequest)
			_, _ = w.Write([]byte(`{"__type":"ThrottlingException","message":"Rate exceeded"}`))
		case 2:
			w.WriteHeader(http.StatusInternalServerError)
			_, _ = w.Write([]byte(`{"__type":"KMSInternalException"}`))
		default:
			_, _ = w.Write([]byte(`{}`))
		}
	}))
	t.Cleanup(server.Close)
	cfg, err := awsconfig.New(lookup(environment(server.URL)))
	if err != nil {
		t.Fatal(err)
	}
	out := new(bytes.Buffer)
	e := &metric.Emitter{Out: out, Now: time.Now}
	if _, err := kms.NewFromConfig(cfg).ListKeys(metric.With(t.Context(), e), &kms.ListKeysInput{}); err != nil {
		t.Fatal(err)
	}
	if e.Flush(); !strings.Contains(out.String(), `"AWSThrottles":1`) {
		t.Errorf("wrote %s after %d calls, want one throttle", out, calls.Load())
	}
}
