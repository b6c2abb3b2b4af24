package audit_test

import (
	"maps"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/due"
)

// Any sequence of appends and seals verifies and covers every entry, and after
// any single change of what is sealed it does not.
func TestAUD02AnySingleChangeIsFound(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		a := newArchive(t)
		for range rapid.IntRange(1, 12).Draw(r, "steps") {
			a.append("acme", rapid.IntRange(0, 5).Draw(r, "entries"))
			a.now = a.now.Add(time.Duration(rapid.IntRange(0, 900).Draw(r, "seconds")) * time.Second)
			if err := a.sealer.Due(t.Context(), "", due.Item{Tenant: "acme", Kind: audit.HeadKind, ID: "acme", At: a.now}); err != nil {
				r.Fatal(err)
			}
		}
		a.append("acme", 1)
		for range 4 {
			a.after(10 * time.Minute)
		}
		a.covered("acme")
		if breaks := a.integrity(t.Context(), "acme").Breaks; len(breaks) > 0 {
			r.Fatalf("an honest chain is broken: %v", breaks)
		}
		a.store.Tamper("acme", func(entries entryMap, seals sealMap) { mutate(r, entries, seals) })
		if breaks := a.integrity(t.Context(), "acme").Breaks; len(breaks) == 0 {
			r.Fatal("a change was not found")
		}
	})
}

// mutate changes one thing.
func mutate(r *rapid.T, entries entryMap, seals sealMap) {
	ids := slices.Sorted(maps.Keys(entries))
	at := rapid.SampledFrom(ids).Draw(r, "entry")
	seq := rapid.Int64Range(1, int64(len(seals))).Draw(r, "seal")
	switch rapid.IntRange(0, 5).Draw(r, "mutation") {
	case 0:
		delete(entries, at)
	case 1:
		entries[at[:len(at)-1]+"~"] = entries[at]
		delete(entries, at)
	case 2:
		e := entries[at]
		alterations[rapid.SampledFrom(slices.Sorted(maps.Keys(alterations))).Draw(r, "field")](&e)
		entries[at] = e
	case 3:
		entries["aud_0"] = entries[at]
	case 4:
		delete(seals, seq)
	case 5:
		s := seals[seq]
		s.Leaves = slices.Clone(s.Leaves)
		s.Leaves[rapid.IntRange(0, len(s.Leaves)-1).Draw(r, "byte")] ^= 1 << rapid.IntRange(0, 7).Draw(r, "bit")
		seals[seq] = s
	}
}
