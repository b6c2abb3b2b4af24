package audit

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"log/slog"
	"strconv"
	"time"

	"github.com/tenonhq/tenon/shared/id"
	"github.com/tenonhq/tenon/shared/metric"
	"github.com/tenonhq/tenon/shared/notify"
)

// eventID returns the same id for the same occurrence, so that an event told
// again by a run that was cut short is recognized.
func eventID(at time.Time, occurrence ...string) string {
	sum := sha256.Sum256(parts(occurrence...))
	return id.Maker{Now: func() time.Time { return at }, Random: bytes.NewReader(sum[:])}.New(id.Event)
}

// tellBroken tells of a break found in a run that is known by its time.
func (s *Sealer) tellBroken(ctx context.Context, tenant string, b Break, run time.Time) error {
	metric.Count(ctx, metric.AuditBroken, 1)
	slog.ErrorContext(ctx, notify.AuditBroken, "tenant", tenant, "seq", b.Seq, "entry", b.Entry, "what", b.What)
	detail := map[string]string{"seq": strconv.FormatInt(b.Seq, 10), "what": b.What}
	if b.Entry != "" {
		detail["entry"] = b.Entry
	}
	return s.publish(ctx, notify.Event{
		ID: eventID(run, notify.AuditBroken, tenant, b.String()), Type: notify.AuditBroken, Tenant: tenant, Detail: detail,
	})
}

// tellVerified tells that the whole chain is sound. Who keeps the event has an
// anchor outside of the table: nothing up to this hash can be rewritten unseen.
func (s *Sealer) tellVerified(ctx context.Context, h Head, i Inspection) error {
	return s.publish(ctx, notify.Event{
		ID: eventID(i.Begun, notify.AuditVerified, h.Tenant), Type: notify.AuditVerified, Tenant: h.Tenant,
		Detail: map[string]string{
			"seals": strconv.Itoa(i.Seals), "entries": strconv.Itoa(i.Entries), "seq": strconv.FormatInt(h.Seq, 10), "head": h.Hash,
		},
	})
}

func (s *Sealer) publish(ctx context.Context, e notify.Event) error {
	e.Resource, e.At = "audit", s.Now().UTC()
	if err := s.Events.Publish(ctx, e); err != nil {
		return fmt.Errorf("publish %s: %w", e.Type, err)
	}
	return nil
}
