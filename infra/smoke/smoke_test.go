package smoke_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/infra/smoke"
	"github.com/tenonhq/tenon/shared/openapi"
)

// stage answers the first steps as a stage does, and refuses the rest.
func stage(t *testing.T, health string) (address string, asked *[]string) {
	t.Helper()
	asked = new([]string)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		*asked = append(*asked, r.Method+" "+r.URL.Path)
		w.Header().Set("Content-Type", "application/json")
		switch {
		case r.URL.Path == "/healthz":
			_, _ = io.WriteString(w, health)
		case r.URL.Path == "/openapi.json":
			_, _ = w.Write(openapi.JSON)
		case r.Header.Get("Authorization") != "Bearer fake-token":
			w.WriteHeader(http.StatusUnauthorized)
		default:
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	}))
	t.Cleanup(server.Close)
	return server.URL, asked
}

func run(t *testing.T, address string) ([]string, error) {
	t.Helper()
	var steps []string
	err := smoke.Run(t.Context(), smoke.Config{
		URL: address, HTTP: http.DefaultClient, Now: func() time.Time { return time.Unix(0, 0) },
		Token: func(context.Context) (string, error) { return "fake-token", nil },
	}, func(r smoke.Result) {
		mark := "ok "
		if !r.Passed {
			mark = "failed "
		}
		steps = append(steps, mark+r.Step)
		if strings.Contains(r.Detail, "fake-token") || r.Detail == "" {
			t.Errorf("%s says %q", r.Step, r.Detail)
		}
	})
	return steps, err
}

// A run ends at the first step that fails, and cleans up once something may be
// there.
func TestRunStopsAtTheFirstFailure(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		health string
		want   []string
	}{
		"before anything was made": {`{"status":"down"}`, []string{"failed health"}},
		"after":                    {`{"status":"ok","stage":"dev"}`, []string{"ok health", "ok version", "ok no token", "failed tenant", "failed clean up"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			address, asked := stage(t, c.health)
			steps, err := run(t, address)
			if diff := cmp.Diff(c.want, steps); diff != "" || err == nil {
				t.Errorf("got %v (-want +got):\n%s", err, diff)
			}
			for _, request := range *asked {
				if len(c.want) == 1 && request != "GET /healthz" {
					t.Errorf("asked %s", request)
				}
			}
		})
	}
}
