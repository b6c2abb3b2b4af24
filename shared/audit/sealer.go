package audit

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/tenonhq/tenon/shared/due"
	"github.com/tenonhq/tenon/shared/id"
	"github.com/tenonhq/tenon/shared/notify"
)

// Sealer links what was appended to the chain of its tenant, verifies chains,
// and sees what is unusual in what it links.
type Sealer struct {
	Store  Archive
	Events notify.Publisher
	Now    func() time.Time
}

const (
	// sealsAtOnce is how many seals one message makes; more are planned again.
	sealsAtOnce = 20
	// races is how often a seal is begun again that somebody else forestalled.
	races = 5
)

// Due works on an entry of the index due.Seal.
func (s *Sealer) Due(ctx context.Context, _ string, item due.Item) error {
	switch item.Kind {
	case HeadKind:
		for range races {
			if err := s.seal(ctx, item.Tenant); !errors.Is(err, ErrRaced) {
				return err
			}
		}
		return fmt.Errorf("seal the audit of %s: %w", item.Tenant, ErrRaced)
	case InspectionKind:
		return s.inspect(ctx, item.Tenant)
	}
	return fmt.Errorf("seal: an entry of kind %q", item.Kind)
}

// seal seals what is older than the margin. Each seal advances the head in one
// step, so that whoever is cut short, or comes second, goes on from there.
func (s *Sealer) seal(ctx context.Context, tenant string) error {
	now := s.Now().UTC()
	h, err := s.Store.Head(ctx, tenant)
	if err != nil || h.Due.IsZero() || h.Due.After(now) {
		return err
	}
	if err := s.recheck(ctx, &h); err != nil {
		return err
	}
	limit := now.Add(-margin)
	for n := 1; ; n++ {
		entries, more, err := window(ctx, s.Store, tenant, h.To, id.Least(id.Audit, limit), sealSize)
		if err != nil {
			return fmt.Errorf("read what is to be sealed: %w", err)
		}
		done := !more || n == sealsAtOnce
		if done {
			h.Due = next(h, now, limit, more)
		}
		if err := s.advance(ctx, &h, entries, more, limit, now); err != nil || done {
			return err
		}
	}
}

// next returns when the next seal is due: never when every promise was kept.
func next(h Head, now, limit time.Time, more bool) time.Time {
	switch {
	case more:
		return now.Add(due.Soon)
	case limit.Before(h.Until):
		return now.Add(period)
	}
	return time.Time{}
}

// advance adds one seal of the entries, if there are any, and stores the head.
func (s *Sealer) advance(ctx context.Context, h *Head, entries []Entry, more bool, limit, now time.Time) error {
	if len(entries) == 0 {
		return s.Store.Advance(ctx, *h, nil)
	}
	if h.Seq == 0 {
		h.Since = now
		first := Inspection{Tenant: h.Tenant, Due: now.Add(inspectEvery)}
		if err := s.Store.PutInspection(ctx, first); err != nil && !errors.Is(err, ErrRaced) {
			return fmt.Errorf("plan the inspection: %w", err)
		}
	}
	to := id.Least(id.Audit, limit)
	if more {
		to = entries[len(entries)-1].ID
	}
	seal := newSeal(*h, to, entries, now)
	if err := s.watch(ctx, h, entries, now); err != nil {
		return err
	}
	h.Seq, h.Hash, h.To = seal.Seq, seal.Hash, seal.To
	if err := s.Store.Advance(ctx, *h, &seal); err != nil {
		return err
	}
	h.Version++
	return nil
}

// recheck verifies the last seal before another one is linked to it, and tells
// of a break once.
func (s *Sealer) recheck(ctx context.Context, h *Head) error {
	if h.Seq == 0 {
		return nil
	}
	v, err := verify(ctx, s.Store, *h, h.Seq, h.Seq)
	if err != nil || len(v.Breaks) == 0 || v.Breaks[0].String() == h.Told {
		return err
	}
	h.Told = v.Breaks[0].String()
	return s.tellBroken(ctx, h.Tenant, v.Breaks[0], h.Due)
}
