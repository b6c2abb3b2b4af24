package audit

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/tenonhq/tenon/shared/due"
)

const (
	// inspectEvery is how often the whole chain of a tenant is verified.
	inspectEvery = 7 * 24 * time.Hour
	// What one message verifies at most, up to a chunk more.
	inspectSeals   = 200
	inspectEntries = 20_000
	// breaksTold is how many breaks of one run are told.
	breaksTold = 10
)

// inspect verifies the next part of a tenant's chain, and tells the result at
// the end of the chain.
func (s *Sealer) inspect(ctx context.Context, tenant string) error {
	now := s.Now().UTC()
	i, err := s.Store.Inspection(ctx, tenant)
	if err != nil || i.Due.IsZero() || i.Due.After(now) {
		return err
	}
	h, err := s.Store.Head(ctx, tenant)
	if err != nil {
		return fmt.Errorf("read the head: %w", err)
	}
	if i.Next == 0 {
		i.Begun, i.Next = i.Due, 1
	}
	done, err := s.inspectPart(ctx, h, &i)
	if err != nil {
		return err
	}
	if !done {
		i.Due = now.Add(due.Soon)
	} else {
		if i.Breaks == 0 && i.Seals > 0 {
			if err := s.tellVerified(ctx, h, i); err != nil {
				return err
			}
		}
		i = Inspection{Tenant: tenant, Due: now.Add(inspectEvery), Version: i.Version}
	}
	if err := s.Store.PutInspection(ctx, i); !errors.Is(err, ErrRaced) {
		return err
	}
	return nil // Somebody else did the same.
}

// inspectPart verifies as much as one message may and reports whether the head
// is reached.
func (s *Sealer) inspectPart(ctx context.Context, h Head, i *Inspection) (bool, error) {
	seals, entries := i.Seals, i.Entries
	for i.Next <= h.Seq {
		if i.Seals-seals >= inspectSeals || i.Entries-entries >= inspectEntries {
			return false, nil
		}
		to := min(h.Seq, i.Next+chunk-1)
		v, err := verify(ctx, s.Store, h, i.Next, to)
		if err != nil {
			return false, err
		}
		for _, b := range v.Breaks {
			if i.Breaks++; i.Breaks > breaksTold {
				continue
			}
			if err := s.tellBroken(ctx, h.Tenant, b, i.Begun); err != nil {
				return false, err
			}
		}
		i.Seals, i.Entries, i.Next = i.Seals+int(to-i.Next)+1, i.Entries+v.Entries, to+1
	}
	return true, nil
}
