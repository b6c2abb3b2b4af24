package health_test

import (
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/due"
	"github.com/tenonhq/tenon/shared/health/healthtest"
)

// A history is forgotten when nothing was reported for long. What is reported
// after that counts like everything else.
func TestReportAfterTheHistoryWasForgotten(t *testing.T) {
	run(t, oauth, func(t *testing.T, r *rig) {
		for range 3 {
			r.report(t, catalog.OK, catalog.PermissionError, catalog.OK)
		}
		r.report(t, catalog.OK, catalog.OK, catalog.OK, catalog.OK, catalog.OK)
		r.wantStatus(t, connection.StatusActive, connection.ReasonNone)
		r.history = new(healthtest.Memory)
		r.Histories = r.history
		if _, err := r.Report(t.Context(), ann, con, calls(catalog.PermissionError)); err != nil {
			t.Fatal(err)
		}
		time.Sleep(due.Soon)
		if n := r.derive(t); n != 1 {
			t.Fatalf("derived %d, want what was reported", n)
		}
		r.wantStatus(t, connection.StatusDegraded, connection.ReasonPermissions)
	})
}
