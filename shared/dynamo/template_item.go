package dynamo

import (
	"strings"
	"time"

	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/expiry"
	"github.com/tenonhq/tenon/shared/template"
	"github.com/tenonhq/tenon/shared/vault"
)

// templateItem is a template as it is stored.
type templateItem struct {
	key
	dueTimes
	ledgerItem
	Version        int64             `dynamodbav:"v"`
	Connector      string            `dynamodbav:"connector,omitempty"`
	Name           string            `dynamodbav:"name,omitempty"`
	StableKey      string            `dynamodbav:"stableKey,omitempty"`
	Scheme         string            `dynamodbav:"scheme,omitempty"`
	Embedded       bool              `dynamodbav:"embedded,omitempty"`
	Credentials    template.Party    `dynamodbav:"credentials,omitempty"`
	SuppliedBy     template.Party    `dynamodbav:"suppliedBy,omitempty"`
	TestConnection string            `dynamodbav:"testConnection,omitempty"`
	Scopes         []string          `dynamodbav:"scopes,omitempty"`
	Inputs         map[string]string `dynamodbav:"inputs,omitempty"`
	clientItem
	Previous  *clientItem    `dynamodbav:"previousClient,omitempty"`
	Endpoints *endpointsItem `dynamodbav:"endpoints,omitempty"`
	Walk      *walkItem      `dynamodbav:"inheritance,omitempty"`
	Deleting  bool           `dynamodbav:"deleting,omitempty"`
	Revision  int            `dynamodbav:"revision,omitempty"`
	CreatedAt time.Time      `dynamodbav:"createdAt,omitempty"`
	UpdatedAt time.Time      `dynamodbav:"updatedAt,omitempty"`
}

// clientItem is a client; the primary's attributes are the template's own.
type clientItem struct {
	ClientKey   int               `dynamodbav:"clientKey,omitempty"`
	ClientID    string            `dynamodbav:"clientId,omitempty"`
	Secret      *clientSecretItem `dynamodbav:"clientSecret,omitempty"`
	RefusedAt   time.Time         `dynamodbav:"refusedAt,omitempty"`
	RefusedLast time.Time         `dynamodbav:"refusedLast,omitempty"`
	Untold      string            `dynamodbav:"untold,omitempty"`
}

type clientSecretItem struct {
	Secret        string    `dynamodbav:"secret,omitempty"`
	SecretVersion string    `dynamodbav:"secretVersion,omitempty"`
	Last4         string    `dynamodbav:"last4,omitempty"`
	SetAt         time.Time `dynamodbav:"setAt,omitempty"`
	SetBy         string    `dynamodbav:"setBy,omitempty"`
	ExpiresAt     time.Time `dynamodbav:"expiresAt,omitempty"`
}

type endpointsItem struct {
	Issuer           string    `dynamodbav:"issuer,omitempty"`
	Authorize        string    `dynamodbav:"authorize,omitempty"`
	Token            string    `dynamodbav:"token,omitempty"`
	Revoke           string    `dynamodbav:"revoke,omitempty"`
	Userinfo         string    `dynamodbav:"userinfo,omitempty"`
	JWKS             string    `dynamodbav:"jwks,omitempty"`
	IssuerInCallback bool      `dynamodbav:"issuerInCallback,omitempty"`
	CheckedAt        time.Time `dynamodbav:"checkedAt,omitempty"`
}

// walkItem is how far a change was taken to the connections; when it goes on is in
// the index.
type walkItem struct {
	Revision int       `dynamodbav:"revision,omitempty"`
	Cursor   string    `dynamodbav:"cursor,omitempty"`
	Passes   int       `dynamodbav:"passes,omitempty"`
	Left     int       `dynamodbav:"left,omitempty"`
	Owner    string    `dynamodbav:"owner,omitempty"`
	Until    time.Time `dynamodbav:"until,omitempty"`
}

func newTemplateItem(t template.Template) templateItem {
	item := templateItem{
		key: templateKey(t.Owner, t.ID), dueTimes: newDue(t.ID, connection.Due{Expiry: t.ExpiryDue, Reconcile: t.Inheritance.Due}), ledgerItem: newLedgerItem(expiry.TemplatePlace(t)),
		Version: t.Version, Connector: t.Connector, Name: t.Name, StableKey: t.StableKey,
		Scheme: t.Scheme, Embedded: t.Embedded, Scopes: t.Scopes, Inputs: t.Inputs, clientItem: newClientItem(t.Client), Deleting: t.Deleting,
		Credentials: t.Credentials, SuppliedBy: t.SuppliedBy, TestConnection: t.TestConnection,
		Revision: t.Revision, CreatedAt: t.CreatedAt, UpdatedAt: t.UpdatedAt,
	}
	if t.Previous != nil {
		previous := newClientItem(*t.Previous)
		item.Previous = &previous
	}
	if i := t.Inheritance; i != (template.Inheritance{}) {
		item.Walk = &walkItem{Revision: i.Revision, Cursor: i.Cursor, Passes: i.Passes, Left: i.Left, Owner: i.Owner, Until: i.Until}
	}
	if e := t.Endpoints; e != nil {
		item.Endpoints = &endpointsItem{
			Issuer: e.Issuer, Authorize: e.Authorize, Token: e.Token, Revoke: e.Revoke, Userinfo: e.Userinfo, JWKS: e.JWKS,
			IssuerInCallback: e.IssuerInCallback, CheckedAt: e.CheckedAt,
		}
	}
	return item
}

func (item templateItem) record() template.Template {
	owner, _, _ := strings.Cut(item.PK, "#")
	t := template.Template{
		Owner: owner, ID: item.SK, Version: item.Version, Connector: item.Connector, Name: item.Name, StableKey: item.StableKey,
		Scheme: item.Scheme, Embedded: item.Embedded, Scopes: item.Scopes, Inputs: item.Inputs, Client: item.client(), Deleting: item.Deleting, ExpiryDue: item.ExpiryDue,
		Credentials: item.Credentials, SuppliedBy: item.SuppliedBy, TestConnection: item.TestConnection,
		Revision: item.Revision, CreatedAt: item.CreatedAt, UpdatedAt: item.UpdatedAt,
	}
	if item.Previous != nil {
		previous := item.Previous.client()
		t.Previous = &previous
	}
	if i := item.Walk; i != nil {
		t.Inheritance = template.Inheritance{
			Revision: i.Revision, Cursor: i.Cursor, Passes: i.Passes, Left: i.Left, Owner: i.Owner, Until: i.Until, Due: item.ReconcileDue,
		}
	}
	if e := item.Endpoints; e != nil {
		t.Endpoints = &template.Endpoints{
			Issuer: e.Issuer, Authorize: e.Authorize, Token: e.Token, Revoke: e.Revoke, Userinfo: e.Userinfo, JWKS: e.JWKS,
			IssuerInCallback: e.IssuerInCallback, CheckedAt: e.CheckedAt,
		}
	}
	return t
}

func newClientItem(c template.Client) clientItem {
	item := clientItem{ClientKey: c.ClientKey, ClientID: c.ClientID, RefusedAt: c.RefusedAt, RefusedLast: c.RefusedLast, Untold: c.Untold}
	if s := c.Secret; s != nil {
		item.Secret = &clientSecretItem{Secret: s.At.Secret, SecretVersion: s.At.Version, Last4: s.Last4, SetAt: s.SetAt, SetBy: s.SetBy, ExpiresAt: s.ExpiresAt}
	}
	return item
}

func (item clientItem) client() template.Client {
	c := template.Client{ClientKey: item.ClientKey, ClientID: item.ClientID, RefusedAt: item.RefusedAt, RefusedLast: item.RefusedLast, Untold: item.Untold}
	if s := item.Secret; s != nil {
		c.Secret = &template.ClientSecret{At: vault.Locator{Secret: s.Secret, Version: s.SecretVersion}, Last4: s.Last4, SetAt: s.SetAt, SetBy: s.SetBy, ExpiresAt: s.ExpiresAt}
	}
	return c
}
