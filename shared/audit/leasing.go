package audit

import (
	"cmp"
	"context"
	"hash/fnv"
	"log/slog"
	"maps"
	"math"
	"math/bits"
	"slices"
	"strconv"
	"time"

	"github.com/tenonhq/tenon/shared/metric"
	"github.com/tenonhq/tenon/shared/notify"
)

// Leasing is how many connections one actor leases in an hour.
type Leasing struct {
	Hour   time.Time // That is counted.
	Marks  []byte    // Of the connections leased in it; see distinct.
	Leases int       // In it.
	Mean   float64   // Of the distinct connections in the hours in which it leased, the recent ones counting most.
	Told   bool      // That this hour is unusual.
}

const (
	leasingActors  = 200 // Of a tenant are counted, the most active.
	leasingLeast   = 50  // Connections in an hour are never unusual.
	leasingFactor  = 5   // Times the mean is unusual.
	leasingWeight  = 0.2 // Of the newest hour in the mean.
	leasingHistory = 24 * time.Hour
	leasingMarks   = 512
)

// watch counts the leases among the entries into the head and tells of actors
// that lease unusually many connections, once per actor and hour. Nothing is
// unusual in a tenant's first day.
func (s *Sealer) watch(ctx context.Context, h *Head, entries []Entry, now time.Time) error {
	h.Leasing = maps.Clone(h.Leasing)
	if h.Leasing == nil {
		h.Leasing = map[string]Leasing{}
	}
	for _, e := range entries {
		if e.Action != ConnectionLease || e.Outcome != "allowed" {
			continue
		}
		l := h.Leasing[e.Actor].in(e.At.Truncate(time.Hour))
		l.add(e.Resource)
		if count := l.distinct(); !l.Told && now.Sub(h.Since) >= leasingHistory && float64(count) > max(leasingLeast, leasingFactor*l.Mean) {
			if err := s.tellLeasing(ctx, h.Tenant, e.Actor, l); err != nil {
				return err
			}
			l.Told = true
		}
		h.Leasing[e.Actor] = l
	}
	h.forget()
	return nil
}

// in returns the count for an hour; a new hour turns the last one into history.
func (l Leasing) in(hour time.Time) Leasing {
	if l.Hour.Equal(hour) {
		l.Marks = slices.Clone(l.Marks)
		return l
	}
	if !l.Hour.IsZero() {
		l.Mean += leasingWeight * (float64(l.distinct()) - l.Mean)
	}
	return Leasing{Hour: hour, Mean: l.Mean, Marks: make([]byte, leasingMarks/8)}
}

func (l *Leasing) add(connection string) {
	hash := fnv.New32a()
	_, _ = hash.Write([]byte(connection)) // Never fails.
	mark := hash.Sum32() % leasingMarks
	l.Marks[mark/8] |= 1 << (mark % 8)
	l.Leases++
}

// distinct estimates how many connections were leased (linear counting, Whang
// et al. 1990): within a few percent up to a thousand, then too low. A set would
// be as large as what it counts.
func (l Leasing) distinct() int {
	free := leasingMarks
	for _, b := range l.Marks {
		free -= bits.OnesCount8(b)
	}
	return int(math.Round(leasingMarks * math.Log(leasingMarks/float64(max(free, 1)))))
}

// forget keeps the most active actors, which are those that lease most.
func (h *Head) forget() {
	if len(h.Leasing) <= leasingActors {
		return
	}
	activity := func(actor string) float64 { l := h.Leasing[actor]; return max(l.Mean, float64(l.distinct())) }
	actors := slices.SortedFunc(maps.Keys(h.Leasing), func(a, b string) int {
		return cmp.Or(cmp.Compare(activity(b), activity(a)), cmp.Compare(a, b))
	})
	for _, actor := range actors[leasingActors:] {
		delete(h.Leasing, actor)
	}
}

func (s *Sealer) tellLeasing(ctx context.Context, tenant, actor string, l Leasing) error {
	count := strconv.Itoa(l.distinct())
	metric.Count(ctx, metric.LeaseAnomalies, 1)
	slog.WarnContext(ctx, notify.LeaseAnomaly, "tenant", tenant, "actor", actor, "connections", count, "mean", l.Mean)
	return s.publish(ctx, notify.Event{
		ID: eventID(l.Hour, notify.LeaseAnomaly, tenant, actor), Type: notify.LeaseAnomaly, Tenant: tenant,
		Detail: map[string]string{
			"connections": count, "leases": strconv.Itoa(l.Leases), "baseline": strconv.Itoa(int(math.Round(l.Mean))),
		},
	})
}
