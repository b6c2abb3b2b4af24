package lease_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/method/methodtest"
	"github.com/tenonhq/tenon/shared/metric"
)

// Each attempt is counted by how it ended, once, and never by the connection or
// the tenant.
func TestRefreshIsMeasured(t *testing.T) {
	t.Parallel()
	for outcome, step := range map[string]methodtest.Step{
		"ok":          {},
		"refused":     {Status: 400, Body: `{"error":"invalid_grant"}`},
		"unavailable": {Status: 503},
		"uncertain":   {Hang: true},
	} {
		t.Run(outcome, func(t *testing.T) {
			run(t, func(t *testing.T, r *rig) {
				r.expire()
				if outcome != "ok" {
					r.provider.Script("/token", step)
				}
				out := new(bytes.Buffer)
				e := &metric.Emitter{Out: out, Now: time.Now}
				_, err := r.leaseOf(metric.With(t.Context(), e), con)
				e.Flush()
				if (err == nil) != (outcome == "ok") || !strings.Contains(out.String(), `"Refreshes":1,`) || !strings.Contains(out.String(), `"outcome":"`+outcome+`"`) ||
					strings.Count(out.String(), `"Refreshes":`) != 1 || !strings.Contains(out.String(), `"connector":"`+r.target.Connector.ID+`"`) {
					t.Errorf("%v, wrote %s", err, out)
				}
				if strings.Contains(out.String(), con) || strings.Contains(out.String(), `"`+tenant+`"`) {
					t.Errorf("wrote %s", out)
				}
			})
		})
	}
}
