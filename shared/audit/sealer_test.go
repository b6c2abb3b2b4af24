package audit_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/due"
	"github.com/tenonhq/tenon/shared/notify"
)

func TestEveryEntryIsSealedAndNothingIsLeftDue(t *testing.T) {
	t.Parallel()
	a := newArchive(t)
	a.append("acme", 7)
	if h := a.head("acme"); h.Due.IsZero() {
		t.Fatal("the tenant is not enrolled")
	}
	a.after(time.Minute)
	if got := a.seals("acme"); len(got) != 0 {
		t.Errorf("got %d seals of a window that slow writers may still write to", len(got))
	}
	for range 4 {
		a.after(5 * time.Minute)
	}
	a.covered("acme")
	if h := a.head("acme"); !h.Due.IsZero() || h.Seq != 1 {
		t.Errorf("got seal %d, due %s; want one seal and nothing due", h.Seq, h.Due)
	}
	a.append("acme", 1)
	if h := a.head("acme"); h.Due.IsZero() {
		t.Error("the tenant is not enrolled again")
	}
	a.after(time.Hour)
	a.covered("acme")
	if breaks := a.integrity(t.Context(), "acme").Breaks; len(breaks) > 0 {
		t.Errorf("breaks %v", breaks)
	}
}

// A process that enrolled appends for a period without asking: the chain stays
// due until that is over, however quiet it was at first.
func TestSealGoesOnForWhoeverEnrolled(t *testing.T) {
	t.Parallel()
	a := newArchive(t)
	a.append("acme", 1)
	for range 4 {
		a.now = a.now.Add(4*time.Minute + 50*time.Second) // Just within what the process remembers, or just after.
		a.append("acme", 1)
		a.after(time.Second)
	}
	for range 5 {
		a.after(5 * time.Minute)
	}
	a.covered("acme")
}

func TestAWindowIsSplitIntoSealsOfAThousand(t *testing.T) {
	t.Parallel()
	a := newArchive(t)
	a.append("acme", 2500)
	a.after(time.Hour)
	got := a.seals("acme")
	if len(got) != 3 || got[0].Count != 1000 || got[1].Count != 1000 || got[2].Count != 500 {
		t.Fatalf("got %d seals, want 1000, 1000 and 500 entries", len(got))
	}
	if found := a.integrity(t.Context(), "acme"); len(found.Breaks) > 0 || found.Entries != 2500 {
		t.Errorf("verified %d entries, breaks %v", found.Entries, found.Breaks)
	}
}

// Sealers that run at once make one chain.
func TestSealersRace(t *testing.T) {
	t.Parallel()
	a := newArchive(t)
	a.append("acme", 2500)
	a.now = a.now.Add(time.Hour)
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			item := due.Item{Tenant: "acme", Kind: audit.HeadKind, ID: "acme", At: a.now}
			if err := a.sealer.Due(t.Context(), "", item); err != nil && !errors.Is(err, audit.ErrRaced) {
				t.Error(err)
			}
		})
	}
	group.Wait()
	a.after(time.Hour)
	a.covered("acme")
	if found := a.integrity(t.Context(), "acme"); len(found.Breaks) > 0 || len(found.Seals) != 3 {
		t.Errorf("got %d seals, breaks %v", len(found.Seals), found.Breaks)
	}
}

// power fails at the nth step, before it or after it was done.
type power struct {
	audit.Archive
	notify.Publisher
	left  int
	after bool
}

var errPower = errors.New("no power")

func (p *power) run(do func() error) error {
	p.left--
	if p.left < 0 || p.left == 0 && !p.after {
		return errPower
	}
	err := do()
	if p.left == 0 {
		return errPower
	}
	return err
}

func (p *power) Advance(ctx context.Context, h audit.Head, s *audit.Seal) error {
	return p.run(func() error { return p.Archive.Advance(ctx, h, s) })
}

func (p *power) PutInspection(ctx context.Context, i audit.Inspection) error {
	return p.run(func() error { return p.Archive.PutInspection(ctx, i) })
}

func (p *power) Publish(ctx context.Context, e notify.Event) error {
	return p.run(func() error { return p.Publisher.Publish(ctx, e) })
}

// A sealer that is cut short at any step loses nothing, and the same event told
// again has the same id.
func TestSealerCutShort(t *testing.T) {
	t.Parallel()
	for step := 1; step <= 8; step++ {
		for _, after := range []bool{false, true} {
			a := newArchive(t)
			a.append("acme", 1)
			a.after(48 * time.Hour)
			a.append("acme", 1100) // Unusual: more connections than ever.
			a.now = a.now.Add(8 * 24 * time.Hour)
			p := &power{Archive: a.store, Publisher: a.bus, left: step, after: after}
			broken := &audit.Sealer{Store: p, Events: p, Now: a.sealer.Now}
			for _, kind := range []string{audit.HeadKind, audit.InspectionKind} {
				_ = broken.Due(t.Context(), "", due.Item{Tenant: "acme", Kind: kind, ID: "acme", At: a.now})
			}
			a.after(0)
			a.after(time.Hour)
			a.covered("acme")
			if found := a.integrity(t.Context(), "acme"); len(found.Breaks) > 0 || len(found.Seals) != 3 {
				t.Errorf("cut at %d: %d seals, breaks %v", step, len(found.Seals), found.Breaks)
			}
			told := map[string]map[string]bool{}
			for _, e := range a.bus.Events() {
				if told[e.Type] == nil {
					told[e.Type] = map[string]bool{}
				}
				told[e.Type][e.ID] = true
			}
			if len(told[notify.LeaseAnomaly]) != 1 || len(told[notify.AuditVerified]) != 1 || len(told) != 2 {
				t.Errorf("cut at %d: told %v, want one occurrence of each", step, told)
			}
		}
	}
}

func TestSealerRefusesWhatIsNone(t *testing.T) {
	t.Parallel()
	a := newArchive(t)
	if err := a.sealer.Due(t.Context(), "", due.Item{Tenant: "acme", Kind: "connection", ID: "con_1", At: a.now}); err == nil {
		t.Error("an entry of another index was worked on")
	}
	a.after(time.Hour) // Of a tenant without an audit.
	if got := a.bus.Events(); len(got) != 0 {
		t.Errorf("told %v of nothing", got)
	}
}

func TestVerifyIsBoundedAndForReaders(t *testing.T) {
	t.Parallel()
	a := newArchive(t)
	by := auth.Caller{Tenant: "acme", Home: "acme", Subject: "eve", Scopes: []string{auth.AuditRead}}
	if found, err := a.verifier().Verify(t.Context(), by, 0, 0); err != nil || found.From != 0 || len(found.Seals) != 0 {
		t.Errorf("an empty audit: got %+v, %v", found, err)
	}
	for range 25 {
		a.append("acme", 1)
		a.after(time.Hour)
	}
	for _, c := range []struct{ from, to, wantFrom, wantTo int64 }{
		{0, 0, 6, 25}, {1, 0, 1, 20}, {3, 4, 3, 4}, {0, 10, 1, 10}, {1, 25, 1, 20}, {25, 25, 25, 25},
	} {
		found, err := a.verifier().Verify(t.Context(), by, c.from, c.to)
		if err != nil || found.From != c.wantFrom || found.To != c.wantTo || int64(len(found.Seals)) != c.wantTo-c.wantFrom+1 || len(found.Breaks) > 0 {
			t.Errorf("%d to %d: got %d to %d with %d seals, breaks %v, %v", c.from, c.to, found.From, found.To, len(found.Seals), found.Breaks, err)
		}
	}
	for _, c := range [][2]int64{{26, 0}, {26, 26}, {1, 26}, {4, 3}} {
		if _, err := a.verifier().Verify(t.Context(), by, c[0], c[1]); err == nil {
			t.Errorf("%v: no error", c)
		}
	}
	by.Scopes = []string{auth.ConnectionsRead}
	if _, err := a.verifier().Verify(t.Context(), by, 0, 0); err == nil {
		t.Error("without the scope: no error")
	}
}
