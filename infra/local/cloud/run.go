package cloud

import (
	"context"
	"time"
)

// interval is how often Run looks for work.
const interval = time.Second

// Run fires schedules, expires items, and saves the cloud when something
// changed, about once a second until ctx is done; then it saves a last time
// and returns. A cloud made by New is not saved. It returns the first error
// of a save.
func (c *Cloud) Run(ctx context.Context) error {
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return c.autosave()
		case <-ticker.C:
		}
		c.tick(ctx)
		if err := c.autosave(); err != nil {
			return err
		}
	}
}

// Tick does now what AWS does in the background: it fires the schedules and
// rules that are due, each once however much time has passed, and deletes
// expired items. It waits until every function it invoked has returned, and
// returns the number of schedules and rules that fired.
func (c *Cloud) Tick() int {
	fired := c.tick(context.Background())
	c.Wait()
	return fired
}

// Wait returns when no invocation of a function is under way.
func (c *Cloud) Wait() {
	c.deliveries.wait()
}

func (c *Cloud) tick(ctx context.Context) int {
	if c.dynamo.expire() {
		c.changes.Add(1)
	}
	return c.schedules.fire(ctx) + c.events.fire(ctx)
}
