package connection_test

import (
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/connection"
)

// Every use of the index has its time, and the earliest decides, whatever was
// planned before.
func TestPlanReconcile(t *testing.T) {
	t.Parallel()
	soon := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	late := soon.Add(time.Hour)
	for name, c := range map[string]struct {
		connection.Connection
		want time.Time
	}{
		"nothing":           {connection.Connection{Lifecycle: connection.Ready}, time.Time{}},
		"a creation":        {connection.Connection{Lifecycle: connection.Pending, Provisioning: late}, late},
		"a promotion":       {connection.Connection{Lifecycle: connection.Ready, Refresh: connection.Refresh{PromoteAt: soon}}, soon},
		"the first of two":  {connection.Connection{Provisioning: soon, Refresh: connection.Refresh{PromoteAt: late}}, soon},
		"the second of two": {connection.Connection{Provisioning: late, Refresh: connection.Refresh{PromoteAt: soon}}, soon},
		"a deletion is all there is": {connection.Connection{
			Lifecycle: connection.Deleting, Deletion: connection.Deletion{Next: late}, Provisioning: soon, Refresh: connection.Refresh{PromoteAt: soon},
		}, late},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, before := range []time.Time{{}, soon.Add(-time.Hour), late.Add(time.Hour)} {
				c.Due.Reconcile = before
				c.PlanReconcile()
				if !c.Due.Reconcile.Equal(c.want) {
					t.Errorf("planned at %s before: got %s, want %s", before, c.Due.Reconcile, c.want)
				}
			}
		})
	}
}
