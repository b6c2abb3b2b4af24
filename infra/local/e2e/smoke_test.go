package e2e_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/tenonhq/tenon/infra/smoke"
	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/routes"
)

// testSmoke runs what `make smoke` runs against a deployed stage: it passes again
// and again, finds a stage that does something wrong, and leaves nothing behind.
func testSmoke(t *testing.T, e *environment) {
	for _, name := range []string{"first run", "second run"} {
		t.Run(name, func(t *testing.T) {
			results, err := runSmoke(t, e, http.DefaultTransport)
			if err != nil || len(results) < 18 {
				t.Errorf("got %v after %+v", err, results)
			}
			leavesNothing(t, e)
		})
	}
	for name, c := range map[string]struct {
		fault faulty
		step  string
	}{
		"no authorizer":          {faulty{"GET /v1/connections", http.StatusOK, `{"items":[]}`, ""}, "no token"},
		"another version":        {faulty{"GET /openapi.json", http.StatusOK, `{"openapi":"3.1.0"}`, ""}, "version"},
		"a lease of another key": {faulty{"POST /lease", http.StatusOK, `{"headers":{"X-Smoke-Key":"another"}}`, "smoke"}, "lease"},
		"no isolation":           {faulty{"POST /lease", http.StatusOK, `{"headers":{}}`, "none"}, "isolation"},
		"no audit":               {faulty{"GET /v1/audit", http.StatusOK, `{"items":[]}`, "smoke"}, "audit"},
		"no rotation":            {faulty{"POST /credential/promote", http.StatusServiceUnavailable, `{}`, "smoke"}, "promote it"},
	} {
		t.Run(name, func(t *testing.T) {
			results, err := runSmoke(t, e, c.fault)
			var failed []string
			for _, r := range results {
				if !r.Passed {
					failed = append(failed, r.Step)
				}
			}
			if err == nil || len(failed) != 1 || failed[0] != c.step {
				t.Errorf("got %v, failed steps %q of %+v, want %q", err, failed, results, c.step)
			}
			leavesNothing(t, e)
		})
	}
}

func runSmoke(t *testing.T, e *environment, transport http.RoundTripper) ([]smoke.Result, error) {
	t.Helper()
	token := e.actor(t, auth.Organization).token
	var results []smoke.Result
	err := smoke.Run(t.Context(), smoke.Config{
		URL: e.base + "/", HTTP: &http.Client{Transport: transport, Timeout: time.Minute}, Wait: 2 * time.Second,
		Token: func(context.Context) (string, error) { return token, nil },
	}, func(r smoke.Result) { results = append(results, r) })
	return results, err
}

// leavesNothing looks for what a run makes.
func leavesNothing(t *testing.T, e *environment) {
	t.Helper()
	organization := e.actor(t, auth.Organization)
	tenant := e.actor(t, "smoke")
	if left := call(t, tenant, routes.ConnectionList, api.ConnectionList{}); len(left.Items) > 0 {
		t.Errorf("connections are left: %+v", left.Items)
	}
	if left := call(t, tenant, routes.TemplateList, api.TemplateList{Connector: "own-smoke"}); len(left.Items) > 0 {
		t.Errorf("templates are left: %+v", left.Items)
	}
	if left := call(t, organization, routes.ConnectorList, api.ConnectorList{Query: "smoke"}); len(left.Items) > 0 {
		t.Errorf("the connector is left: %+v", left.Items)
	}
}

// faulty answers in place of the stage: requests of a method whose path ends in a
// suffix, and that act for the tenant; "none" is for none, and empty for any.
type faulty struct {
	request string
	status  int
	answer  string
	tenant  string
}

func (f faulty) RoundTrip(r *http.Request) (*http.Response, error) {
	method, suffix, _ := strings.Cut(f.request, " ")
	tenant := r.Header.Get("Tenon-Tenant")
	if tenant == "" {
		tenant = "none"
	}
	if r.Method != method || !strings.HasSuffix(r.URL.Path, suffix) || f.tenant != "" && f.tenant != tenant {
		return http.DefaultTransport.RoundTrip(r)
	}
	return &http.Response{
		StatusCode: f.status, Status: http.StatusText(f.status), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Request: r,
		Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(bytes.NewReader([]byte(f.answer))),
	}, nil
}
