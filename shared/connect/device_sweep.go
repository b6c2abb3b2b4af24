package connect

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/tenonhq/tenon/shared/connection"
)

// The bounds of a run: how many handoffs it takes on, how many it polls at once,
// so that a slow system holds up a few and not all, and for how long it begins
// polls. What is left is due in the next run.
const (
	pollLimit = 200
	pollers   = 16
	pollTime  = 45 * time.Second
)

// PollDevices polls the handoffs of devices that are due, each of them again
// whenever its interval has passed, until the time of the run is used up. It
// ends early when no handoff is left that a poll in this run could serve.
func (s *Service) PollDevices(ctx context.Context, requestID string) (due, done, failed int, err error) {
	begun := s.Now()
	refs, err := s.Connections.Due(ctx, connection.DeviceDue, begun, pollLimit)
	if err != nil {
		return 0, 0, 0, err
	}
	var well, ill atomic.Int64
	var group sync.WaitGroup
	slots := make(chan struct{}, pollers)
	for _, ref := range refs {
		group.Go(func() {
			if err := s.follow(ctx, requestID, ref, slots, begun.Add(pollTime)); err != nil {
				ill.Add(1)
				slog.WarnContext(ctx, "poll device", "connection", ref.ID, "error", err)
				return
			}
			well.Add(1)
		})
	}
	group.Wait()
	return len(refs), int(well.Load()), int(ill.Load()), nil
}

// follow polls one handoff until it is over or has to wait for the next run. It
// takes a slot for a poll, and none while it waits.
func (s *Service) follow(ctx context.Context, requestID string, ref connection.Ref, slots chan struct{}, end time.Time) error {
	for {
		slots <- struct{}{}
		next, err := time.Time{}, error(nil)
		if begin := s.Now(); begin.Before(end) {
			next, err = s.poll(ctx, requestID, ref)
		}
		<-slots
		if err != nil || next.IsZero() {
			return err
		}
		if s.Sleep == nil || next.After(end) {
			return s.planDevice(ctx, ref, next)
		}
		if err := s.Sleep(ctx, next.Sub(s.Now())); err != nil {
			return errors.Join(err, s.planDevice(context.WithoutCancel(ctx), ref, next))
		}
	}
}

// planDevice says when the next run may take the connection on: whoever waited
// longest comes first.
func (s *Service) planDevice(ctx context.Context, ref connection.Ref, next time.Time) error {
	_, err := s.Connections.Update(ctx, ref.Tenant, ref.ID, func(c *connection.Connection) error {
		if !c.Due.Device.IsZero() && c.Due.Device.Before(next) {
			c.Due.Device = next
		}
		return nil
	})
	return lost(err)
}
