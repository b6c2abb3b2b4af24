package connect

import (
	"context"
	"errors"
)

// Polling reports whether the system is still asked if the person of a device's
// handoff is done.
func (s *Service) Polling(ctx context.Context, handoffID string) (bool, error) {
	h, err := s.Handoffs.Get(ctx, handoffID)
	if errors.Is(err, ErrNotFound) {
		return false, nil
	}
	return h.Step == StepPolled, err
}
