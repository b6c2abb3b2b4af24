package audit_test

import (
	"bytes"
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/audit/audittest"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/due"
	"github.com/tenonhq/tenon/shared/id"
	"github.com/tenonhq/tenon/shared/notify/notifytest"
)

// archive is one tenant's audit with its log and its sealer.
type archive struct {
	t      *testing.T
	now    time.Time
	store  *audittest.Memory
	bus    *notifytest.Bus
	log    *audit.Log
	sealer *audit.Sealer
	count  uint64
}

func newArchive(t *testing.T) *archive {
	a := &archive{t: t, now: time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC), store: audittest.NewMemory(), bus: new(notifytest.Bus)}
	clock := func() time.Time { return a.now }
	a.log = &audit.Log{Store: a.store, Now: clock, IDs: id.Maker{Now: clock, Random: a}}
	a.sealer = &audit.Sealer{Store: a.store, Events: a.bus, Now: clock}
	return a
}

// Read makes ids that sort in the order in which they are made.
func (a *archive) Read(p []byte) (int, error) {
	a.count++
	copy(p, bytes.Repeat([]byte{0}, len(p)))
	copy(p[max(0, len(p)-8):], fmt.Sprintf("%08d", a.count))
	return len(p), nil
}

func (a *archive) append(tenant string, count int) {
	a.t.Helper()
	for n := range count {
		by := auth.Caller{Tenant: tenant, Home: tenant, Subject: "ann", Scopes: auth.Scopes(), RequestID: "req-1", SourceIP: "192.0.2.1"}
		err := a.log.CheckFor(a.t.Context(), by, audit.ConnectionLease, fmt.Sprintf("con_%d", n), "sync", map[string]string{"lease": "lea_1", "run": "7"})
		if err != nil {
			a.t.Fatal(err)
		}
		a.now = a.now.Add(time.Second)
	}
}

// after moves the time on and works off what is due.
func (a *archive) after(d time.Duration) {
	a.t.Helper()
	a.now = a.now.Add(d)
	for _, tenant := range []string{"acme", "globex"} {
		for _, kind := range []string{audit.HeadKind, audit.InspectionKind} {
			if err := a.sealer.Due(a.t.Context(), "req-2", due.Item{Tenant: tenant, Kind: kind, ID: tenant, At: a.now}); err != nil {
				a.t.Fatal(err)
			}
		}
	}
}

// sealed returns an archive with three seals of four entries each for acme, and
// the same for globex.
func sealed(t *testing.T) *archive {
	a := newArchive(t)
	for range 3 {
		a.append("acme", 4)
		a.append("globex", 4)
		a.after(time.Hour)
	}
	if h := a.head("acme"); h.Seq != 3 {
		t.Fatalf("got head %+v, want three seals", h)
	}
	return a
}

func (a *archive) head(tenant string) audit.Head {
	a.t.Helper()
	h, err := a.store.Head(a.t.Context(), tenant)
	if err != nil {
		a.t.Fatal(err)
	}
	return h
}

func (a *archive) entries(tenant string) []audit.Entry {
	a.t.Helper()
	found, _, err := a.store.List(a.t.Context(), tenant, audit.Query{Oldest: true, Limit: 10_000, Reads: 10_000})
	if err != nil {
		a.t.Fatal(err)
	}
	return found
}

func (a *archive) seals(tenant string) []audit.Seal {
	a.t.Helper()
	found, err := a.store.Seals(a.t.Context(), tenant, 1, 1000)
	if err != nil {
		a.t.Fatal(err)
	}
	return found
}

// covered fails unless every entry is in exactly one seal.
func (a *archive) covered(tenant string) {
	a.t.Helper()
	entries, next := a.entries(tenant), 0
	for _, s := range a.seals(tenant) {
		for n := 0; n < s.Count; n, next = n+1, next+1 {
			if next >= len(entries) || entries[next].ID <= s.From || entries[next].ID > s.To {
				a.t.Fatalf("seal %d does not cover entry %d", s.Seq, next)
			}
		}
	}
	if next != len(entries) {
		a.t.Errorf("%d of %d entries are sealed", next, len(entries))
	}
}

// integrity verifies all of a tenant's chain that one answer holds.
func (a *archive) integrity(ctx context.Context, tenant string) audit.Integrity {
	a.t.Helper()
	by := auth.Caller{Tenant: tenant, Home: tenant, Subject: "eve", Scopes: []string{auth.AuditRead}}
	found, err := a.verifier().Verify(ctx, by, 1, 0)
	if err != nil {
		a.t.Fatal(err)
	}
	return found
}

func (a *archive) verifier() *audit.Verifier { return &audit.Verifier{Store: a.store, Audit: a.log} }
