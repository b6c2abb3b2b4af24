package simulate

import (
	"cmp"
	"slices"
	"sync"
	"time"

	"github.com/tenonhq/tenon/shared/due"
)

// index is one sparse index: for each shard the entries in buckets of a second.
type index struct {
	shards [due.Shards]indexShard
}

type indexShard struct {
	mu      sync.Mutex
	buckets map[int64][]entry
	first   int64    // No bucket is before.
	size    int      // Entries.
	moves   []uint16 // Write units by the second.
}

type entry struct {
	place int32
	at    int64 // Nanoseconds of Unix time.
}

func newIndex(d time.Duration) *index {
	x := new(index)
	for i := range x.shards {
		x.shards[i].buckets, x.shards[i].moves = map[int64][]entry{}, make([]uint16, int(d.Seconds())+1)
	}
	return x
}

// move replaces an entry, and returns the write units of that: two where the key
// changes, one where an entry comes or goes.
func (x *index) move(shard, place int, from, to, now time.Time) int64 {
	if from.Equal(to) {
		return 0
	}
	s := &x.shards[shard]
	s.mu.Lock()
	defer s.mu.Unlock()
	var units int64
	if !from.IsZero() {
		s.remove(entry{int32(place), from.UnixNano()})
		units++
	}
	if !to.IsZero() {
		s.insert(entry{int32(place), to.UnixNano()})
		units++
	}
	if second := int(now.Sub(begin) / time.Second); second >= 0 && second < len(s.moves) {
		s.moves[second] += uint16(units)
	}
	return units
}

func (s *indexShard) insert(e entry) {
	second := e.at / int64(time.Second)
	s.buckets[second] = append(s.buckets[second], e)
	if s.size == 0 || second < s.first {
		s.first = second
	}
	s.size++
}

func (s *indexShard) remove(e entry) {
	second := e.at / int64(time.Second)
	bucket := s.buckets[second]
	i := slices.Index(bucket, e)
	if i < 0 {
		return
	}
	bucket[i] = bucket[len(bucket)-1]
	if bucket = bucket[:len(bucket)-1]; len(bucket) == 0 {
		delete(s.buckets, second)
	} else {
		s.buckets[second] = bucket
	}
	s.size--
}

// find returns the entries after a time and not after another, oldest first, at
// most limit.
func (x *index) find(shard int, after, until time.Time, limit int) []entry {
	s := &x.shards[shard]
	s.mu.Lock()
	defer s.mu.Unlock()
	last := until.Unix()
	for s.size > 0 && s.first <= last && len(s.buckets[s.first]) == 0 {
		s.first++
	}
	from, least := s.first, int64(0)
	if !after.IsZero() {
		from, least = max(from, after.Unix()), after.UnixNano()+1
	}
	var found []entry
	for second := from; s.size > 0 && second <= last && len(found) < limit; second++ {
		bucket := s.buckets[second]
		slices.SortFunc(bucket, func(a, b entry) int { return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.place, b.place)) })
		for _, e := range bucket {
			if e.at >= least && e.at <= until.UnixNano() && len(found) < limit {
				found = append(found, e)
			}
		}
	}
	return found
}

// busiest is the most write units that one shard had in a second.
func (x *index) busiest() (most int) {
	for i := range x.shards {
		most = max(most, int(slices.Max(x.shards[i].moves)))
	}
	return most
}
