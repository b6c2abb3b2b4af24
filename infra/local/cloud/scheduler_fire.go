package cloud

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"
)

// fire delivers every schedule that is due, once.
func (s *scheduleStore) fire(ctx context.Context) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.cloud.Now()
	fired := 0
	for _, groupName := range slices.Sorted(maps.Keys(s.groups)) {
		group := s.groups[groupName]
		for _, name := range slices.Sorted(maps.Keys(group)) {
			found := group[name]
			if !found.due(now) {
				continue
			}
			d := found.delivery()
			d.from = sender{"scheduler.amazonaws.com", s.groupARN(groupName), found.Target.RoleArn}
			s.cloud.deliver(ctx, d)
			fired++
			found.advance(now)
			if found.Next.IsZero() && found.ActionAfterCompletion == "DELETE" {
				delete(group, name)
			}
		}
	}
	return fired
}

func (s *scheduled) due(now time.Time) bool {
	return s.State == "ENABLED" && !s.Next.IsZero() && !now.Before(s.Next)
}

// advance sets the next firing, of which there is none after EndDate.
func (s *scheduled) advance(now time.Time) {
	times, _, err := s.times()
	if err != nil {
		s.Next = time.Time{}
		return
	}
	s.Next = times.next(now)
	if s.EndDate != nil && s.Next.After(seconds(s.EndDate)) {
		s.Next = time.Time{}
	}
}

// delivery fills in the context attributes of EventBridge Scheduler that stand
// in the input.
func (s *scheduled) delivery() delivery {
	t := s.Target
	input := strings.NewReplacer(
		"<aws.scheduler.schedule-arn>", s.Arn,
		"<aws.scheduler.scheduled-time>", s.Next.UTC().Format(time.RFC3339),
		"<aws.scheduler.attempt-number>", "1",
	).Replace(t.Input)
	d := delivery{target: t.Arn, payload: []byte(input)}
	if t.Input == "" {
		d.payload = []byte("{}")
	}
	if t.RetryPolicy != nil {
		d.retries = *t.RetryPolicy
	}
	if t.DeadLetterConfig != nil {
		d.dead = *t.DeadLetterConfig
	}
	if t.SqsParameters != nil {
		d.group = t.SqsParameters.MessageGroupId
	}
	return d
}
