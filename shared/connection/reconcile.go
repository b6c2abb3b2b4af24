package connection

import "time"

// PlanReconcile sets when the reconciler looks at the connection next: at the
// earliest time of those at which something is to be finished, or never. Each of
// them has a field of its own, and whoever changes one plans in the same write,
// so that no use of the index puts another off. What is being deleted has
// nothing else left to finish: its deletion publishes its events.
func (c *Connection) PlanReconcile() {
	if c.Lifecycle == Deleting {
		c.Due.Reconcile = c.Deletion.Next
		return
	}
	var grace, cutoff time.Time
	if c.Previous != nil {
		grace = c.Previous.Until
	}
	if c.Cutoff != nil {
		cutoff = c.Cutoff.Next
	}
	c.Due.Reconcile = earliest(c.OutboxAt, cutoff, c.Provisioning, c.Refresh.PromoteAt, c.RetireAt, c.ReapplyAt, grace)
}

// earliest returns the first of the times that are set; zero when none is.
func earliest(times ...time.Time) time.Time {
	var first time.Time
	for _, t := range times {
		if !t.IsZero() && (first.IsZero() || t.Before(first)) {
			first = t
		}
	}
	return first
}
