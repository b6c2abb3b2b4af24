package expiry

import (
	"github.com/tenonhq/tenon/shared/due"
	"time"

	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/signing"
	"github.com/tenonhq/tenon/shared/template"
)

// Part is one part of a tenant's ledger.
type Part string

// The parts.
const (
	Dated   Part = ""         // Connections and signing keys, by the date at which they end.
	Aged    Part = "rotation" // Connections with a key of no known end, by when it was set.
	Clients Part = "template" // Templates, by the first end of a client secret.
)

// The kinds of record in a ledger: the words of due.Item.Kind.
const (
	ofConnection = due.Connection
	ofTemplate   = due.Template
	ofSigningKey = due.SigningKey
)

// Place is where a record stands in the ledger of its tenant. The zero value is
// that of a record that does not.
type Place struct {
	Tenant string
	Part   Part
	Kind   string // Of the record, as in due.Item.
	ID     string
	At     time.Time
}

// ConnectionPlace returns where a connection stands.
func ConnectionPlace(c connection.Connection) Place {
	k := c.Credential
	if k == nil || c.Lifecycle == connection.Deleting {
		return Place{}
	}
	p := Place{Tenant: c.Tenant, Kind: ofConnection, ID: c.ID, At: k.Lapses()}
	if p.At.IsZero() && k.Static {
		p.Part, p.At = Aged, k.SetAt
	}
	return p.orNone()
}

// TemplatePlace returns where a template stands.
func TemplatePlace(t template.Template) Place {
	return Place{Tenant: t.Owner, Part: Clients, Kind: ofTemplate, ID: t.ID, At: t.Lapses()}.orNone()
}

// SigningKeyPlace returns where a signing key stands: nowhere once it is retired.
func SigningKeyPlace(k signing.Key) Place {
	if k.State != signing.Active {
		return Place{}
	}
	return Place{Tenant: k.Tenant, Kind: ofSigningKey, ID: k.ID, At: k.ExpiresAt}.orNone()
}

func (p Place) orNone() Place {
	if p.At.IsZero() {
		return Place{}
	}
	return p
}

// Compare orders places by time, then id.
func (p Place) Compare(q Place) int {
	if c := p.At.Compare(q.At); c != 0 {
		return c
	}
	switch {
	case p.ID < q.ID:
		return -1
	case p.ID > q.ID:
		return 1
	default:
		return 0
	}
}
