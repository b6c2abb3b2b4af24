package audit

import (
	"context"
	"fmt"
)

// Break is the first place in a window where the audit is not what was sealed.
type Break struct {
	Seq   int64  // Of the seal.
	Entry string // Id of the entry; empty when the seal itself is broken.
	What  string // missing, altered, added or seal.
}

// What a break may be.
const (
	Missing = "missing" // An entry that was sealed is gone.
	Altered = "altered" // An entry is not what was sealed.
	Added   = "added"   // An entry was added after its window was sealed.
	Unsound = "seal"    // The seal is gone, was changed, or does not continue the chain.
)

func (b Break) String() string { return fmt.Sprintf("%d %s %s", b.Seq, b.What, b.Entry) }

// Verification is what became of a check.
type Verification struct {
	Seals   []Seal // In order; those that are gone are not among them.
	Entries int    // Found where they were sealed.
	Breaks  []Break
}

// chunk is how many seals are read at once; a full one has some 66 kB.
const chunk = 20

// verify checks the seals from one number to another, at most a chunk, against
// the entries, against one another, and against the head where they reach it.
func verify(ctx context.Context, a Archive, h Head, from, to int64) (Verification, error) {
	stored, err := a.Seals(ctx, h.Tenant, max(1, from-1), int(to-from)+2)
	if err != nil {
		return Verification{}, fmt.Errorf("read seals: %w", err)
	}
	bySeq := map[int64]Seal{}
	for _, s := range stored {
		bySeq[s.Seq] = s
	}
	var v Verification
	for seq := from; seq <= to; seq++ {
		s, found := bySeq[seq]
		before, known := bySeq[seq-1]
		switch {
		case !found || !s.sound(), (known || seq == 1) && !s.follows(before), seq == h.Seq && s.Hash != h.Hash:
			v.Breaks = append(v.Breaks, Break{Seq: seq, What: Unsound})
		default:
			if err := v.compare(ctx, a, s); err != nil {
				return Verification{}, err
			}
		}
		if found {
			v.Seals = append(v.Seals, s)
		}
	}
	return v, nil
}

// sound reports whether the seal is consistent in itself and of its tenant.
func (s Seal) sound() bool {
	leaves, err := s.leaves()
	return err == nil && s.Hash == s.digest() && s.Entries == hexHash(s.Leaves) && len(leaves) == s.Count &&
		leaves[0].id == s.First && leaves[s.Count-1].id == s.Last
}

// follows reports whether the seal continues the chain of another; the zero
// seal is before the first.
func (s Seal) follows(before Seal) bool { return s.Prev == before.Hash && s.From == before.To }

// compare adds what differs first between a sound seal and the entries.
func (v *Verification) compare(ctx context.Context, a Archive, s Seal) error {
	found, _, err := window(ctx, a, s.Tenant, s.From, s.To, s.Count+1)
	if err != nil {
		return fmt.Errorf("read the entries of seal %d: %w", s.Seq, err)
	}
	v.Entries += min(len(found), s.Count)
	leaves, err := s.leaves()
	if err != nil {
		return err
	}
	if b, broken := difference(leaves, found); broken {
		b.Seq = s.Seq
		v.Breaks = append(v.Breaks, b)
	}
	return nil
}

// difference returns the first one; both are in the order of ids.
func difference(sealed []leaf, found []Entry) (Break, bool) {
	for i, e := range found {
		if i == len(sealed) || e.ID < sealed[i].id {
			return Break{Entry: e.ID, What: Added}, true
		}
		if e.ID > sealed[i].id {
			return Break{Entry: sealed[i].id, What: Missing}, true
		}
		if sum := e.digest(); string(sum[:]) != sealed[i].digest {
			return Break{Entry: e.ID, What: Altered}, true
		}
	}
	if len(found) < len(sealed) {
		return Break{Entry: sealed[len(found)].id, What: Missing}, true
	}
	return Break{}, false
}
