package vault

import (
	"context"
	"time"
)

// Stored is a secret as the list of the secret store shows it: without a value.
type Stored struct {
	Name        string
	Tenant      string    // Of its tag; empty for none.
	OrphanSince time.Time // When it was put into quarantine; zero for not at all.
}

// Inventory is the secret store as a list. What is gone, or waits for its
// deletion, is not listed, and doing something with it is no error.
type Inventory interface {
	// List returns the stage's secrets that were made before t, page by page:
	// those after start, empty for the first page, and where to go on, empty at
	// the end.
	List(ctx context.Context, t time.Time, start string) (page []Stored, next string, err error)
	// Quarantine notes since when no record names the secret, in whole seconds.
	Quarantine(ctx context.Context, name string, since time.Time) error
	// Release takes that note back.
	Release(ctx context.Context, name string) error
	// Discard deletes the secret such that it can be restored for a week.
	Discard(ctx context.Context, name string) error
}
