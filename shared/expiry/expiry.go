// Package expiry owns the ledger of what ends: keys, certificates and refresh
// tokens of connections, client secrets of templates, certificates of signing
// keys, dated changes of the systems, and keys that are due for rotation. It
// lists them by date, reminds a tenant of each step before a date once, and ends
// the handoffs nobody completed. It depends on packages api, audit, auth, catalog,
// connection, due, fault, id, metric, notify, signing, template and tenant.
//
// A record stands in the ledger by attributes of its own while it has a date, so
// that no list of what ends has to read what does not. When it is looked at for
// reminders is planned on the record as well, by whoever changes a date at first
// and by whoever looks from then on.
package expiry

import (
	"context"
	"time"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/id"
	"github.com/tenonhq/tenon/shared/notify"
	"github.com/tenonhq/tenon/shared/signing"
	"github.com/tenonhq/tenon/shared/template"
	"github.com/tenonhq/tenon/shared/tenant"
)

// Service lists what ends and reminds of it. Events may be nil where it only
// lists, Audit where it only reminds; the ending of handoffs needs Connections
// and Events alone.
type Service struct {
	Connections connection.Store
	Templates   template.Store
	SigningKeys signing.Store
	Store       Store
	Catalog     catalog.Catalog
	Settings    SettingsReader
	Events      notify.Publisher
	Audit       *audit.Log
	IDs         id.Maker
	Now         func() time.Time
}

// SettingsReader reads a tenant's settings.
type SettingsReader interface {
	GetSettings(ctx context.Context, tenant string) (tenant.Settings, error)
}

// Store keeps the ledger and the markers of what was told.
type Store interface {
	// Places returns places of one part of a tenant's ledger in order of time, then
	// id: those behind after, whose part and tenant do not count, and not later
	// than until. It is eventually consistent.
	Places(ctx context.Context, tenant string, part Part, after Place, until time.Time, limit int) ([]Place, error)
	// Uses reports consistently whether a tenant has a connection made from a
	// template of the owner.
	Uses(ctx context.Context, owner, templateID, tenant string) (bool, error)
	// Claim stores the marker unless one for the same step stands, and returns the
	// one that stands then and whether it is this one.
	Claim(ctx context.Context, m Marker) (stands Marker, claimed bool, err error)
	// Told notes that the event of the marker was published.
	Told(ctx context.Context, m Marker) error
}

const day = 24 * time.Hour
