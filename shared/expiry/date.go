package expiry

import (
	"strings"
	"time"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/signing"
	"github.com/tenonhq/tenon/shared/template"
)

// Kind says what it is that ends.
type Kind string

// The kinds.
const (
	Credential   Kind = "credential"    // A key, a password or a token that nobody can refresh.
	Certificate  Kind = "certificate"   // Of a connection.
	RefreshToken Kind = "refresh_token" // Of a connection.
	ClientSecret Kind = "client_secret" // Of a template's OAuth client.
	SigningKey   Kind = "signing_key"   // The certificate of a tenant's signing key.
	Sunset       Kind = "sunset"        // A system changes how it authenticates.
	Rotation     Kind = "rotation"      // A key of no known end has the age from which it is to be rotated.
)

// Date is one date of the ledger.
type Date struct {
	Kind        Kind
	Tenant      string
	Resource    string // con_…, tpl_…, sgk_…, of a sunset the id of the connector.
	Name        string
	Connector   string
	Environment string // Of a connection.
	At          time.Time
	SetAt       time.Time // Of a rotation: when the key was set.
	Renews      bool      // It moves on by itself; nobody has to act.
}

// remedies say what a person does about each kind.
var remedies = map[Kind]string{
	Credential: "replace_credential", Certificate: "replace_credential", RefreshToken: "reconnect", ClientSecret: "replace_client_secret",
	SigningKey: "replace_signing_key", Sunset: "follow_sunset", Rotation: "replace_credential",
}

// Remedy says what a person does about it; empty where nobody has to.
func (d Date) Remedy() string {
	if d.Renews {
		return ""
	}
	return remedies[d.Kind]
}

// connectionDate returns the date of a connection, which has one at most: the
// end of its credential, else the day on which its key is to be rotated. rotation
// is in days, zero for never.
func connectionDate(c connection.Connection, rotation int) (Date, bool) {
	p := ConnectionPlace(c)
	d := Date{
		Kind: Credential, Tenant: c.Tenant, Resource: c.ID, Name: c.Name, Connector: c.Connector, Environment: c.Environment,
		At: p.At, Renews: c.Renews(),
	}
	switch {
	case p.At.IsZero() || p.Part == Aged && rotation == 0:
		return Date{}, false
	case p.Part == Aged:
		d.Kind, d.SetAt, d.At = Rotation, p.At, p.At.Add(time.Duration(rotation)*day)
	case c.Credential.Refreshable && !c.Credential.RefreshExpiresAt.IsZero():
		d.Kind = RefreshToken
	case strings.HasPrefix(c.Credential.PublicKey, "-----BEGIN CERTIFICATE"):
		d.Kind = Certificate
	}
	return d, true
}

// templateDates returns the ends of the client secrets, of which two may fall on
// one date.
func templateDates(t template.Template) []Date {
	var dates []Date
	clients := []*template.Client{&t.Client}
	if t.Previous != nil {
		clients = append(clients, t.Previous)
	}
	for _, c := range clients {
		if c.Secret == nil || c.Secret.ExpiresAt.IsZero() || t.Deleting || len(dates) > 0 && dates[0].At.Equal(c.Secret.ExpiresAt) {
			continue
		}
		dates = append(dates, Date{Kind: ClientSecret, Tenant: t.Owner, Resource: t.ID, Name: t.Name, Connector: t.Connector, At: c.Secret.ExpiresAt})
	}
	return dates
}

// signingKeyDate returns the end of a signing key's certificate. The key is named
// by its algorithm: nobody gives it a name.
func signingKeyDate(k signing.Key) (Date, bool) {
	p := SigningKeyPlace(k)
	return Date{Kind: SigningKey, Tenant: k.Tenant, Resource: k.ID, Name: k.Algorithm, At: p.At}, !p.At.IsZero()
}

// sunsetDates returns the dated changes of a connector that concern a scheme.
func sunsetDates(tenant string, c catalog.Connector, scheme string) []Date {
	var dates []Date
	for _, s := range c.Sunsets {
		at, err := time.Parse(time.DateOnly, s.Date)
		if err != nil || !concerns(s, scheme) {
			continue
		}
		dates = append(dates, Date{Kind: Sunset, Tenant: tenant, Resource: c.ID, Name: c.Name, Connector: c.ID, At: at})
	}
	return dates
}

func concerns(s catalog.Sunset, scheme string) bool {
	for _, of := range s.Schemes {
		if of == scheme {
			return true
		}
	}
	return len(s.Schemes) == 0
}
