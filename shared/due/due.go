// Package due brings work from the sparse indexes that say what is due to the
// queues that are worked off. It owns what is read when, in which order it is
// sent, and that a sweep which fell behind catches up without a herd. It
// depends on packages auth and metric.
//
// The index is the memory: an entry stands in it until whoever works on it
// plans the next time in the same write that records the result. A message
// only says "look at this one now"; one that is lost is sent again, one that
// comes twice finds nothing due.
package due

import (
	"context"
	"encoding/json"
	"errors"
	"hash/fnv"
	"log/slog"
	"slices"
	"time"

	"github.com/tenonhq/tenon/shared/auth"
)

// Index names a sparse index over all tenants: "refresh-due".
type Index string

// The indexes. What is in one is worked off through the queue that Lanes in
// the composition pair it with.
const (
	Refresh   Index = "refresh-due"   // Tokens that expire soon, or die when idle.
	Health    Index = "health-due"    // Connections whose check is due.
	Status    Index = "status-due"    // Connections whose calls went another way than before.
	Expiry    Index = "expiry-due"    // What lapses, and somebody is to be warned of.
	Reconcile Index = "reconcile-due" // What was cut short between two stores, or had to wait.
	Delivery  Index = "delivery-due"  // Notices that are to be sent again.
	Seal      Index = "seal-due"      // Audits with entries that no seal covers yet.
	Tenancy   Index = "tenancy-due"   // Tenants that are being removed, or whose key cannot be used.
)

// Shards is over how many partitions an index is spread.
const Shards = 16

// Shard returns the shard of the entry of a record.
func Shard(id string) int {
	h := fnv.New32a()
	_, _ = h.Write([]byte(id)) // Never fails.
	return int(h.Sum32() % Shards)
}

// Soon is how far ahead work is planned that is wanted at once: the window that
// a sweep reads ends a minute ahead, and what is planned inside of it is found
// late.
const Soon = 65 * time.Second

// The kinds of record that stand in indexes and are worked on by several packages.
const (
	Connection = "connection"
	Template   = "template"
	SigningKey = "signing-key"
	KillSwitch = "kill-switch"
	Tenant     = "tenant"
)

// Item is one entry of an index.
type Item struct {
	Tenant    string    `json:"tenant"`
	Kind      string    `json:"kind"` // Of record: connection, template, delivery, …; the part of its partition key after the tenant.
	ID        string    `json:"id"`
	Connector string    `json:"connector,omitempty"` // Of a connection.
	At        time.Time `json:"at"`                  // When it was due.
}

// planned is a failure whose next try is on the record.
type planned struct{ error }

// Unwrap returns the failure.
func (p planned) Unwrap() error { return p.error }

// Planned marks a failure after which the record says when it is tried again, or
// that it is not: the message has done its work.
func Planned(err error) error {
	if err == nil {
		return nil
	}
	return planned{err}
}

var (
	errNoEntry = errors.New("the message names no entry of an index")
	errKind    = errors.New("the message names a kind of record that is not worked on here")
)

// Of is the work on entries of some kinds of record. An entry of another kind is
// an error: it was planned by somebody whose consumer is not deployed yet.
func Of(work func(ctx context.Context, requestID string, item Item) error, kinds ...string) func(ctx context.Context, requestID string, item Item) error {
	return func(ctx context.Context, requestID string, item Item) error {
		if !slices.Contains(kinds, item.Kind) {
			return errKind
		}
		return work(ctx, requestID, item)
	}
}

// Handler adapts the work on one entry to the body of a message. A message that
// is none, such as one without a tenant, is an error and nothing else. A failure
// that is planned again is logged and no error.
func Handler(work func(ctx context.Context, requestID string, item Item) error) func(ctx context.Context, requestID string, body []byte) error {
	return func(ctx context.Context, requestID string, body []byte) error {
		var item Item
		if err := json.Unmarshal(body, &item); err != nil || item.Tenant == "" || item.Kind == "" || item.ID == "" || item.At.IsZero() {
			return errNoEntry // What a reader says of the text would quote it.
		}
		err := work(auth.For(ctx, item.Tenant), requestID, item)
		if again := (planned{}); errors.As(err, &again) {
			slog.WarnContext(ctx, "planned again", "kind", item.Kind, "resource", item.ID, "error", err)
			return nil
		}
		return err
	}
}
