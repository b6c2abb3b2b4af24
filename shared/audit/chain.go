package audit

import (
	"context"
	"errors"
	"time"
)

// Head is where the chain of a tenant ends and whether more is to be sealed.
type Head struct {
	Tenant  string
	Seq     int64     // Of the last seal; zero before the first.
	Hash    string    // Of the last seal.
	To      string    // Up to which id entries are sealed.
	Since   time.Time // When the first seal was made.
	Until   time.Time // Entries made until then are promised a seal.
	Due     time.Time // When the next seal is; zero when none is promised that was not made.
	Told    string    // The break of the last seal that was told.
	Leasing map[string]Leasing
	Version int64 // Zero: there is none.
}

// Inspection is how far the periodic verification of a tenant's whole chain has
// come.
type Inspection struct {
	Tenant  string
	Begun   time.Time // The run.
	Next    int64     // The seal to go on from.
	Seals   int       // Verified in this run.
	Entries int
	Breaks  int
	Due     time.Time
	Version int64 // Zero: there is none.
}

// The kinds of record in the index due.Seal. The id of each is the tenant's.
const (
	HeadKind       = "audit-head"
	InspectionKind = "audit-inspection"
)

// ErrRaced says that somebody else wrote in between: read again.
var ErrRaced = errors.New("the chain was written in between")

// Chain keeps the seals. All reads are consistent.
type Chain interface {
	// Head returns the head of a tenant, the zero version of one that has none.
	Head(ctx context.Context, tenant string) (Head, error)
	// Advance replaces the head if its version still stands, which it counts up,
	// and adds the seal, if one is given, which must not exist: both or none. The
	// error is ErrRaced where either does not hold.
	Advance(ctx context.Context, h Head, s *Seal) error
	// Seals returns seals from a number on in their order, at most limit.
	Seals(ctx context.Context, tenant string, from int64, limit int) ([]Seal, error)
	// Inspection returns that of a tenant, the zero version if there is none.
	Inspection(ctx context.Context, tenant string) (Inspection, error)
	// PutInspection replaces it if its version still stands, which it counts up,
	// else it returns ErrRaced.
	PutInspection(ctx context.Context, i Inspection) error
}

// Archive is entries and their seals.
type Archive interface {
	Store
	Chain
}

// window returns the entries with an id after from and not after to, oldest
// first, at most limit, and whether there are more.
func window(ctx context.Context, s Store, tenant, from, to string, limit int) ([]Entry, bool, error) {
	const justAfter = "!" // Sorts before whatever an id is made of.
	q := Query{After: from, Before: to + justAfter, Oldest: true, Limit: limit, Reads: limit + 2}
	found, next, err := s.List(ctx, tenant, q)
	return found, next != "", err
}
