package audittest

import (
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/audit"
)

// RunChain checks a store against the documentation of audit.Chain and of
// Enrol, with a new, empty store for every subtest.
func RunChain(t *testing.T, open func(t *testing.T) audit.Archive) {
	for _, c := range []struct {
		name string
		test func(*testing.T, audit.Archive)
	}{
		{"a tenant is enrolled once a period", enrolled},
		{"an enrolment stands against a head read before", enrolledMeanwhile},
		{"a head and its seal come back whole", wholeChain},
		{"a head advances once", advancesOnce},
		{"a seal is never written over", sealedOnce},
		{"of many at once one advances", oneAdvances},
		{"seals are read in order", sealsInOrder},
		{"an inspection is replaced once", inspections},
	} {
		t.Run(c.name, func(t *testing.T) { c.test(t, open(t)) })
	}
}

var noon = time.Date(2026, 3, 1, 12, 0, 0, 5, time.UTC)

func head(t *testing.T, a audit.Archive, tenant string) audit.Head {
	t.Helper()
	h, err := a.Head(t.Context(), tenant)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func enrol(t *testing.T, a audit.Archive, at time.Time) audit.Head {
	t.Helper()
	if err := a.Enrol(t.Context(), "acme", at); err != nil {
		t.Fatal(err)
	}
	return head(t, a, "acme")
}

func advance(t *testing.T, a audit.Archive, h audit.Head, s *audit.Seal) {
	t.Helper()
	if err := a.Advance(t.Context(), h, s); err != nil {
		t.Fatal(err)
	}
}

func enrolled(t *testing.T, a audit.Archive) {
	if h := head(t, a, "acme"); h.Version != 0 || h.Tenant != "acme" || !h.Due.IsZero() {
		t.Errorf("before: got %+v, want none", h)
	}
	first := enrol(t, a, noon)
	least, until, due := audit.Enrolment(noon)
	if want := (audit.Head{Tenant: "acme", Until: until, Due: due, Version: 1}); !cmp.Equal(want, first) {
		t.Errorf("enrolled (-want +got):\n%s", cmp.Diff(want, first))
	}
	if diff := cmp.Diff(first, enrol(t, a, noon.Add(until.Sub(least)))); diff != "" {
		t.Errorf("enrolled where that is promised (-before +after):\n%s", diff)
	}
	again := enrol(t, a, noon.Add(until.Sub(least)+1))
	if !again.Until.Equal(until.Add(until.Sub(least)+1)) || !again.Due.Equal(due) || again.Version != 2 {
		t.Errorf("enrolled again: got %+v, want a longer promise that is due as before", again)
	}
	again.Due = time.Time{}
	advance(t, a, again, nil)
	if h := enrol(t, a, noon); h.Due.IsZero() || h.Version != 4 {
		t.Errorf("enrolled after the end: got %+v, want it due", h)
	}
	if h := head(t, a, "globex"); h.Version != 0 {
		t.Errorf("another tenant: got %+v", h)
	}
}

func enrolledMeanwhile(t *testing.T, a audit.Archive) {
	seen := enrol(t, a, noon)
	enrol(t, a, noon.Add(time.Hour))
	seen.Due = time.Time{}
	if err := a.Advance(t.Context(), seen, nil); !errors.Is(err, audit.ErrRaced) {
		t.Errorf("got %v, want raced: the promise made in between would be lost", err)
	}
}

func sealSample(seq int64) audit.Seal {
	return audit.Seal{
		Tenant: "acme", Seq: seq, From: "aud_1", To: "aud_3", First: "aud_2", Last: "aud_2", Count: 1, At: noon,
		Leaves: []byte{0, 1, 255}, Entries: "e", Prev: "p", Hash: "h",
	}
}

func wholeChain(t *testing.T, a audit.Archive) {
	h := enrol(t, a, noon)
	h.Seq, h.Hash, h.To, h.Since, h.Told = 1, "h", "aud_3", noon, "1 seal "
	h.Leasing = map[string]audit.Leasing{"acme/flow.a b": {Hour: noon, Marks: []byte{1, 2}, Leases: 3, Mean: 4.5, Told: true}}
	seal := sealSample(1)
	advance(t, a, h, &seal)
	h.Version++
	if diff := cmp.Diff(h, head(t, a, "acme")); diff != "" {
		t.Errorf("head (-want +got):\n%s", diff)
	}
	found, err := a.Seals(t.Context(), "acme", 1, 9)
	if diff := cmp.Diff([]audit.Seal{sealSample(1)}, found); diff != "" || err != nil {
		t.Errorf("seals: %v (-want +got):\n%s", err, diff)
	}
}

func advancesOnce(t *testing.T, a audit.Archive) {
	h := enrol(t, a, noon)
	first, second := sealSample(1), sealSample(2)
	advance(t, a, h, &first)
	for _, seal := range []*audit.Seal{nil, &second} {
		if err := a.Advance(t.Context(), h, seal); !errors.Is(err, audit.ErrRaced) {
			t.Errorf("Advance of an old head: got %v, want raced", err)
		}
	}
	if found, err := a.Seals(t.Context(), "acme", 1, 9); err != nil || len(found) != 1 {
		t.Errorf("got %d seals, %v; want the first alone", len(found), err)
	}
}

func sealedOnce(t *testing.T, a audit.Archive) {
	h, seal := enrol(t, a, noon), sealSample(1)
	advance(t, a, h, &seal)
	h = head(t, a, "acme")
	other := sealSample(1)
	other.Hash, h.Hash = "another", "another"
	if err := a.Advance(t.Context(), h, &other); !errors.Is(err, audit.ErrRaced) {
		t.Errorf("a second seal of the number: got %v, want raced", err)
	}
	if got := head(t, a, "acme"); got.Hash == "another" {
		t.Error("the head advanced without its seal")
	}
}

func oneAdvances(t *testing.T, a audit.Archive) {
	h := enrol(t, a, noon)
	errs := make([]error, 5)
	var group sync.WaitGroup
	for i := range errs {
		group.Go(func() { seal := sealSample(1); errs[i] = a.Advance(t.Context(), h, &seal) })
	}
	group.Wait()
	won := 0
	for _, err := range errs {
		if err == nil {
			won++
		} else if !errors.Is(err, audit.ErrRaced) {
			t.Errorf("got %v, want raced", err)
		}
	}
	if won != 1 {
		t.Errorf("%d advanced, want one", won)
	}
}

func sealsInOrder(t *testing.T, a audit.Archive) {
	h := enrol(t, a, noon)
	for seq := range int64(12) {
		seal := sealSample(seq + 1)
		advance(t, a, h, &seal)
		h.Version++
	}
	found, err := a.Seals(t.Context(), "acme", 8, 4)
	if err != nil || len(found) != 4 {
		t.Fatalf("got %d seals, %v", len(found), err)
	}
	for i, s := range found {
		if s.Seq != int64(8+i) {
			t.Errorf("seal %d: got number %d", i, s.Seq)
		}
	}
	if found, err := a.Seals(t.Context(), "globex", 1, 9); err != nil || len(found) != 0 {
		t.Errorf("another tenant: got %v, %v", found, err)
	}
}

func inspections(t *testing.T, a audit.Archive) {
	i := audit.Inspection{Tenant: "acme", Begun: noon, Next: 3, Seals: 2, Entries: 7, Breaks: 1, Due: noon.Add(1)}
	if err := a.PutInspection(t.Context(), i); err != nil {
		t.Fatal(err)
	}
	if err := a.PutInspection(t.Context(), i); !errors.Is(err, audit.ErrRaced) {
		t.Errorf("made twice: got %v, want raced", err)
	}
	i.Version = 1
	if got, err := a.Inspection(t.Context(), "acme"); err != nil || !cmp.Equal(i, got) {
		t.Errorf("%v (-want +got):\n%s", err, cmp.Diff(i, got))
	}
	if err := a.PutInspection(t.Context(), i); err != nil {
		t.Error(err)
	}
}
