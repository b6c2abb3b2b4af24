package simulate

import (
	"context"
	"sync"
	"time"

	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/due"
)

// table holds the connections and the indexes of them. It is safe for
// concurrent use.
type table struct {
	rows    []row
	locks   [256]sync.Mutex // Of the rows, by place.
	indexes map[due.Index]*index
	sizes   sizes
	kinds   func(place int) class
}

type row struct {
	record connection.Connection
	bytes  int32
	reads  int32 // Of the record.
	early  int32 // Reads while nothing of it was due.
}

func newTable(n int, d time.Duration, kinds func(int) class) *table {
	t := &table{rows: make([]row, n), indexes: map[due.Index]*index{}, kinds: kinds}
	for _, name := range []due.Index{due.Refresh, due.Health, due.Expiry, due.Reconcile} {
		t.indexes[name] = newIndex(d)
	}
	return t
}

func (t *table) lock(place int) *sync.Mutex { return &t.locks[place%len(t.locks)] }

// reindex moves the entries of a record and returns the write units of that.
func (t *table) reindex(place int, id string, before, after *connection.Due, now time.Time) (units int64) {
	shard := due.Shard(id)
	units += t.indexes[due.Refresh].move(shard, place, before.Refresh, after.Refresh, now)
	units += t.indexes[due.Health].move(shard, place, before.Health, after.Health, now)
	units += t.indexes[due.Expiry].move(shard, place, before.Expiry, after.Expiry, now)
	return units + t.indexes[due.Reconcile].move(shard, place, before.Reconcile, after.Reconcile, now)
}

// insert stores a record of the beginning, which nobody pays for.
func (t *table) insert(place int, c connection.Connection) {
	c.Version = 1
	t.rows[place] = row{record: c, bytes: int32(t.sizes.of(&c))}
	t.reindex(place, c.ID, new(connection.Due), &c.Due, begin.Add(-time.Hour))
}

// store is the table as one environment uses it: what is asked is counted and
// takes time. It has the methods that the work calls; another one would panic,
// and the simulation with it.
type store struct {
	connection.Store
	*table
	*environment
}

// Get implements connection.Store. Records are copied, but not what they point
// to: that is replaced and never changed.
func (s store) Get(_ context.Context, _, id string) (connection.Connection, error) {
	place, ok := placeOf(id)
	if !ok || place >= len(s.rows) {
		return connection.Connection{}, connection.ErrNotFound
	}
	mu := s.lock(place)
	mu.Lock()
	r := &s.rows[place]
	c := r.record
	r.reads++
	if now := s.Now(); later(c.Due.Refresh, now) && later(c.Due.Health, now) && later(c.Due.Expiry, now) && later(c.Due.Reconcile, now) {
		r.early++
	}
	bytes := int(r.bytes)
	mu.Unlock()
	s.spend(readTime)
	s.read(getItem, bytes, true)
	return c, nil
}

func later(due, now time.Time) bool { return due.IsZero() || due.After(now) }

// Update implements connection.Store.
func (s store) Update(ctx context.Context, tenant, id string, change func(*connection.Connection) error) (connection.Connection, error) {
	for {
		c, err := s.Get(ctx, tenant, id)
		if err != nil {
			return c, err
		}
		seen, mintedBy := c.Version, c.MintedBy()
		if k := c.Credential; k != nil {
			kept := *k
			c.Credential = &kept
		}
		if err := change(&c); err != nil {
			return connection.Connection{}, err
		}
		c.Version = seen + 1
		kind := putItem
		if c.MintedBy() != mintedBy {
			kind = transactItems
		}
		if s.swap(kind, c, seen) {
			return c, nil
		}
	}
}

// swap stores a record if the version that stands is the one seen.
func (s store) swap(kind call, c connection.Connection, seen int64) bool {
	place, _ := placeOf(c.ID)
	s.spend(writeTime)
	bytes := s.sizes.of(&c)
	mu := s.lock(place)
	mu.Lock()
	defer mu.Unlock()
	r := &s.rows[place]
	if r.record.Version != seen {
		s.write(kind, int(r.bytes), bytes)
		return false
	}
	s.write(kind, int(r.bytes), bytes)
	if kind == transactItems {
		s.write(transactItems, 0, 200) // The use of the template.
		s.calls[transactItems]--
	}
	s.indexed += s.reindex(place, c.ID, &r.record.Due, &c.Due, s.Now())
	r.record, r.bytes = c, int32(bytes)
	return true
}

// SaveAnswer implements connection.Store.
func (s store) SaveAnswer(_ context.Context, _, id string, epoch int, sealed []byte) error {
	place, ok := placeOf(id)
	if !ok {
		return connection.ErrNotFound
	}
	s.spend(writeTime)
	mu := s.lock(place)
	mu.Lock()
	defer mu.Unlock()
	r := &s.rows[place]
	if r.record.Refresh.Epoch != epoch {
		s.write(updateItem, int(r.bytes), 0)
		return connection.ErrFenced
	}
	before := int(r.bytes)
	r.record.Refresh.Answer, r.record.Refresh.AnswerEpoch = sealed, epoch
	r.record.Version++
	r.bytes = int32(s.sizes.of(&r.record))
	s.write(updateItem, before, int(r.bytes))
	return nil
}

// source is the due.Source of a sweep. The ledger is shared by its lanes.
type source struct {
	*table
	*sweepLedger
}

// Due implements due.Source.
func (s source) Due(_ context.Context, name due.Index, shard int, after, until time.Time, limit int) ([]due.Item, error) {
	x := s.indexes[name]
	if x == nil {
		s.count(func(l *ledger) { l.read(queryItems, 0, false) })
		return nil, nil
	}
	entries := x.find(shard, after, until, limit)
	items := make([]due.Item, len(entries))
	bytes := 0
	for i, e := range entries {
		id := connectionID(int(e.place))
		items[i] = due.Item{Tenant: tenantID(int(e.place)), Kind: "connection", ID: id, Connector: s.kinds(int(e.place)).connector(), At: time.Unix(0, e.at).UTC()}
		bytes += entrySize(name, items[i])
	}
	s.count(func(l *ledger) {
		l.read(queryItems, bytes, false)
		l.elapsed += queryTime
	})
	return items, nil
}

// entrySize is the size of an entry of an index: the keys of the record and of the
// index, and the connector.
func entrySize(name due.Index, item due.Item) int {
	job := len(name) - len("-due")
	return len("pk") + len(item.Tenant) + len("#connection") + len("sk") + len(item.ID) + 2*job + len("Shard") + 2 + len("Due") + 30 +
		len("connector") + len(item.Connector)
}

// memory is the due.Memory of a sweep.
type memory struct {
	mu       *sync.Mutex
	progress map[due.Index]due.Progress
	*sweepLedger
}

// progressSize is about what the progress of an index takes.
const progressSize = 150 + due.Shards*31

// Update implements due.Memory.
func (m memory) Update(_ context.Context, name due.Index, change func(*due.Progress) error) (due.Progress, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	p := m.progress[name]
	p.Index = name
	size := progressSize + 40*len(p.Booked)
	m.count(func(l *ledger) { l.read(getItem, size, true) })
	if err := change(&p); err != nil {
		return due.Progress{}, err
	}
	p.Version++
	m.progress[name] = p
	m.count(func(l *ledger) { l.write(putItem, size, size) })
	return p, nil
}

// sweepLedger is the ledger of the lanes of a sweep, which run at once.
type sweepLedger struct {
	mu sync.Mutex
	ledger
}

func (s *sweepLedger) count(note func(*ledger)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	note(&s.ledger)
}
