package api

import (
	"strconv"
	"time"

	"github.com/tenonhq/tenon/shared/secret"
)

// Template is the organization's (or a tenant's own) configuration of a connector.
type Template struct {
	ID             string            `json:"id" doc:"tpl_ and a ULID."`
	Connector      string            `json:"connector"`
	Name           string            `json:"name"`
	StableKey      string            `json:"stableKey" doc:"Unique per owner and stage; matches templates between stages."`
	AuthScheme     string            `json:"authScheme"`
	Owner          string            `json:"owner" doc:"The tenant the template belongs to; org for the organization."`
	Embedded       bool              `json:"embedded" doc:"Every tenant may connect through it."`
	Credentials    string            `json:"credentials" enum:"customer,organization" doc:"Whose accounts are connected. Connections of the organization's own are made in the tenant org alone."`
	SuppliedBy     string            `json:"suppliedBy" enum:"customer,organization" doc:"Who brings their credentials: the customer, or the organization on the customer's behalf."`
	Scopes         []string          `json:"scopes,omitempty"`
	Inputs         map[string]string `json:"inputs,omitempty" doc:"Values every connection inherits, live."`
	Fields         []TemplateField   `json:"fields,omitempty" doc:"Where the value of each input comes from."`
	ClientID       string            `json:"clientId,omitempty"`
	ClientSecret   *SecretState      `json:"clientSecret,omitempty"`
	Clients        []TemplateClient  `json:"clients,omitempty" doc:"The OAuth clients and how far their rotation is. Only the owner sees them, in the answers to one template."`
	Missing        []string          `json:"missing,omitempty" enum:"clientId,clientSecret" doc:"What an imported template still needs. Until it is there nobody connects through it."`
	Incident       *Incident         `json:"incident,omitempty" doc:"What keeps the template's connections from new tokens."`
	TestCredential *TestCredential   `json:"testCredential,omitempty" doc:"The connection that serves the test runs. Only the owner sees it, in the answers to one template."`
	RedirectURI    string            `json:"redirectUri,omitempty" doc:"Register exactly this at the provider."`
	Impact         *Impact           `json:"impact,omitempty" doc:"Of a dry run: which connections the change touches. Nothing was changed."`
	Revision       int               `json:"revision"`
	CreatedAt      time.Time         `json:"createdAt"`
	UpdatedAt      time.Time         `json:"updatedAt"`
}

// ETag is the entity tag of the template.
func (t Template) ETag() string { return strconv.Quote(strconv.Itoa(t.Revision)) }

// TemplateField says where the value of one input comes from.
type TemplateField struct {
	Name     string `json:"name"`
	From     string `json:"from" enum:"global,customer" doc:"global: the template gives it to every connection. customer: each connection has its own."`
	Required bool   `json:"required" doc:"A connection has to give it."`
}

// TemplateClient is one of the OAuth clients of a template.
type TemplateClient struct {
	Role        string     `json:"role" enum:"primary,secondary" doc:"The primary asks for new grants; the secondary is the primary before it, while a rotation is under way."`
	ClientID    string     `json:"clientId"`
	Last4       string     `json:"last4,omitempty"`
	SetAt       *time.Time `json:"setAt,omitempty"`
	SetBy       string     `json:"setBy,omitempty"`
	ExpiresAt   *time.Time `json:"expiresAt,omitempty" doc:"When its secret ends, as was said."`
	Connections int        `json:"connections" doc:"Connections, of all tenants, that this client speaks for."`
	RefusedAt   *time.Time `json:"refusedAt,omitempty" doc:"Since when the system refuses the client."`
}

// Incident is trouble that concerns more than one connection.
type Incident struct {
	Code   string    `json:"code" enum:"client_refused"`
	Since  time.Time `json:"since"`
	Remedy string    `json:"remedy"`
}

// SecretState says that a secret is set, by whom and when, and never what it is.
type SecretState struct {
	Set       bool       `json:"set"`
	Last4     string     `json:"last4,omitempty"`
	SetAt     time.Time  `json:"setAt"`
	SetBy     string     `json:"setBy"`
	ExpiresAt *time.Time `json:"expiresAt,omitempty" doc:"When it ends, as was said."`
}

// TemplateCreate asks for a new template.
type TemplateCreate struct {
	IdempotencyKey        string            `json:"-" header:"Idempotency-Key" maxLength:"255"`
	Connector             string            `json:"connector" minLength:"1" maxLength:"64"`
	Name                  string            `json:"name" minLength:"1" maxLength:"120"`
	StableKey             string            `json:"stableKey,omitempty" pattern:"^[a-z0-9][a-z0-9-]{0,62}$" doc:"Defaults to the connector's id."`
	AuthScheme            string            `json:"authScheme,omitempty" maxLength:"64" doc:"Needed where the connector has several."`
	Embedded              *bool             `json:"embedded,omitempty" doc:"Whether tenants may connect through it. Default true."`
	Credentials           *string           `json:"credentials,omitempty" enum:"customer,organization" doc:"Whose accounts are connected. Default customer; organization is for templates of the organization."`
	SuppliedBy            *string           `json:"suppliedBy,omitempty" enum:"customer,organization" doc:"Who brings their credentials. Default customer; for the organization's own accounts it is the organization."`
	Scopes                []string          `json:"scopes,omitempty" maxItems:"200"`
	Inputs                map[string]string `json:"inputs,omitempty" maxProperties:"40"`
	ClientID              string            `json:"clientId,omitempty" maxLength:"512"`
	ClientSecret          secret.Bytes      `json:"clientSecret,omitempty"`
	ClientSecretExpiresAt *time.Time        `json:"clientSecretExpiresAt,omitempty" doc:"When the client secret ends, where you know it: within ten years. You are reminded of it."`
}

// Fingerprint tells one request from another by everything but the secret.
func (t TemplateCreate) Fingerprint() string {
	return fingerprint(t.Connector, t.Name, t.StableKey, t.AuthScheme, t.Embedded == nil || *t.Embedded, party(t.Credentials), party(t.SuppliedBy), t.Scopes, t.Inputs, t.ClientID, instant(t.ClientSecretExpiresAt))
}

// party is the one that is named, the customer where none is.
func party(p *string) string {
	if p == nil {
		return "customer"
	}
	return *p
}

// TemplateRef names one template.
type TemplateRef struct {
	TemplateID string `json:"-" path:"templateId"`
}

// TemplateChange names a template and the version the caller saw.
type TemplateChange struct {
	TemplateID string `json:"-" path:"templateId"`
	IfMatch    string `json:"-" header:"If-Match" maxLength:"64"`
}

// TemplateUpdate changes a template; absent members stay.
type TemplateUpdate struct {
	TemplateID            string            `json:"-" path:"templateId"`
	IfMatch               string            `json:"-" header:"If-Match" maxLength:"64"`
	Name                  *string           `json:"name,omitempty" minLength:"1" maxLength:"120"`
	DryRun                bool              `json:"-" query:"dryRun" doc:"Answer what the change would do, and do nothing."`
	Embedded              *bool             `json:"embedded,omitempty"`
	Credentials           *string           `json:"credentials,omitempty" enum:"customer,organization" doc:"Can only be changed while no connection was made from the template."`
	SuppliedBy            *string           `json:"suppliedBy,omitempty" enum:"customer,organization"`
	Scopes                []string          `json:"scopes,omitempty" maxItems:"200"`
	Inputs                map[string]string `json:"inputs,omitempty" maxProperties:"40"`
	ClientID              *string           `json:"clientId,omitempty" maxLength:"512"`
	ClientSecret          *secret.Bytes     `json:"clientSecret,omitempty"`
	ClientSecretExpiresAt *time.Time        `json:"clientSecretExpiresAt,omitempty" doc:"When the client secret ends, where you know it: within ten years. You are reminded of it. Without a new secret it is said of the one that stays."`
	KeepPrevious          bool              `json:"keepPrevious,omitempty" doc:"Begins a rotation: the new client becomes the primary, the one before stays as the secondary."`
	DropPrevious          bool              `json:"dropPrevious,omitempty" doc:"Ends a rotation: the secondary is forgotten and its secret destroyed."`
	Force                 bool              `json:"force,omitempty" doc:"Ends the rotation although connections depend on the secondary. They will need a reconnect."`
}

// TemplateList asks for the templates the tenant may use.
type TemplateList struct {
	Page
	Connector string `json:"-" query:"connector" maxLength:"64"`
}

// Templates is one page of templates.
type Templates struct {
	Items      []Template `json:"items"`
	NextCursor string     `json:"nextCursor,omitempty"`
}
