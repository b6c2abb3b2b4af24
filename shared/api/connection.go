package api

import (
	"strconv"
	"time"

	"github.com/tenonhq/tenon/shared/secret"
)

// Connection is one authorized account of one tenant.
type Connection struct {
	ID                 string            `json:"id" doc:"con_ and a ULID."`
	Connector          string            `json:"connector"`
	TemplateID         string            `json:"templateId"`
	Name               string            `json:"name"`
	Environment        string            `json:"environment" enum:"production,test"`
	AuthScheme         string            `json:"authScheme"`
	Labels             map[string]string `json:"labels,omitempty"`
	Inputs             map[string]string `json:"inputs,omitempty"`
	Status             string            `json:"status" enum:"active,degraded,disabled,pending"`
	Reason             string            `json:"reason,omitempty"`
	Remedy             string            `json:"remedy,omitempty"`
	Message            string            `json:"message,omitempty" doc:"The status in one plain sentence."`
	Since              time.Time         `json:"since" doc:"When the status last changed."`
	Incident           *ProviderIncident `json:"incident,omitempty" doc:"The system is in trouble for everyone; the status is the one before."`
	Connected          bool              `json:"connected" doc:"There is a usable credential."`
	Account            *Account          `json:"account,omitempty"`
	RequestedScopes    []string          `json:"requestedScopes,omitempty"`
	GrantedScopes      []string          `json:"grantedScopes,omitempty"`
	MissingScopes      []string          `json:"missingScopes,omitempty" doc:"The connector cannot work without them, and the system did not grant them."`
	Credential         *Credential       `json:"credential,omitempty"`
	PendingCredential  *Credential       `json:"pendingCredential,omitempty" doc:"Saved, and not in use before it is promoted."`
	PreviousCredential *Credential       `json:"previousCredential,omitempty" doc:"Superseded by a promotion, and kept until destroyedAt."`
	TestCredential     bool              `json:"testCredential,omitempty" doc:"It serves the test runs of its template, and nothing else."`
	Bindings           int               `json:"bindings" doc:"How many bindings of active flows name it. While there are any it cannot be deleted."`
	Impact             *Impact           `json:"impact,omitempty" doc:"Of a dry run: the connection is as it was."`
	LastUsedAt         string            `json:"lastUsedAt,omitempty" format:"date" doc:"Day of the last lease, give or take one."`
	Revocation         string            `json:"revocation,omitempty" enum:"pending,revoked,not_supported,failed,nothing_to_revoke" doc:"Of a connection that was cut off: what the system said when it was told to forget the credential. With not_supported or failed, end the credential at the system."`
	Revision           int               `json:"revision" doc:"Counts changes of name, labels, inputs, credential and lifecycle; the ETag."`
	CreatedAt          time.Time         `json:"createdAt"`
	CreatedBy          string            `json:"createdBy"`
	UpdatedAt          time.Time         `json:"updatedAt"`
}

// ProviderIncident is trouble of a system that is not that of one connection.
type ProviderIncident struct {
	Provider string    `json:"provider"`
	Endpoint string    `json:"endpoint" enum:"token,api"`
	Since    time.Time `json:"since"`
}

// ETag is the entity tag of the connection (RFC 9110 8.8.3).
func (c Connection) ETag() string { return strconv.Quote(strconv.Itoa(c.Revision)) }

// Account is the provider account behind a connection, as the provider names it.
type Account struct {
	ID   string `json:"id"`
	Name string `json:"name,omitempty"`
	Kind string `json:"kind,omitempty" doc:"In the words of the system, where it lists accounts."`
}

// Credential describes one version of a connection's credential and never holds it.
type Credential struct {
	Version     int        `json:"version"`
	State       string     `json:"state" enum:"pending,current,previous"`
	SetAt       time.Time  `json:"setAt"`
	SetBy       string     `json:"setBy"`
	Last4       string     `json:"last4,omitempty" doc:"The last four characters of a key of sixteen or more."`
	User        string     `json:"user,omitempty" doc:"The user name of a basic credential."`
	PublicKey   string     `json:"publicKey,omitempty" doc:"What is registered at the system, where the credential has a public half: a certificate in PEM, or an OpenSSH public key."`
	ExpiresAt   *time.Time `json:"expiresAt,omitempty" doc:"When the access token expires, or the key where that is known."`
	LapsesAt    *time.Time `json:"lapsesAt,omitempty" doc:"When somebody has to act, where that is known: the end of the key, of the certificate or of the refresh token. One that every refresh moves on is given by the day."`
	Refreshable bool       `json:"refreshable"`
	Refresh     *Refresh   `json:"refresh,omitempty" doc:"Present while the last refresh brought no new access token."`
	Outcome     string     `json:"outcome,omitempty" enum:"ok,auth_error,permission_error,rate_limited,provider_error,network_error,tls_error,unknown" doc:"Of a pending credential: the outcome of its check when it was saved."`
	DestroyedAt *time.Time `json:"destroyedAt,omitempty" doc:"Of a previous credential: when it is destroyed."`
}

// Refresh says how it stands with a refresh that brought no new access token. The
// credential serves until it expires all the same.
type Refresh struct {
	State    string     `json:"state" enum:"failing,uncertain,held" doc:"failing: the system does not answer properly. uncertain: the system's answer was lost, and with it perhaps a new refresh token. held: the system refuses this credential and those of many others, which is not believed yet."`
	Since    *time.Time `json:"since,omitempty"`
	Failures int        `json:"failures" doc:"Attempts in a row."`
	NextAt   *time.Time `json:"nextAt,omitempty" doc:"When the next attempt is planned."`
}

// ConnectionCreate asks for a new connection.
type ConnectionCreate struct {
	IdempotencyKey string                  `json:"-" header:"Idempotency-Key" maxLength:"255" doc:"Makes the request safe to repeat."`
	TemplateID     string                  `json:"templateId" pattern:"^tpl_[0-9A-HJKMNP-TV-Z]{26}$"`
	Name           string                  `json:"name" minLength:"1" maxLength:"120"`
	Environment    string                  `json:"environment,omitempty" enum:"production,test" default:"production"`
	Labels         map[string]string       `json:"labels,omitempty" maxProperties:"20"`
	Inputs         map[string]string       `json:"inputs,omitempty" maxProperties:"40"`
	Credential     map[string]secret.Bytes `json:"credential,omitempty" maxProperties:"20" doc:"The fields of a static credential. It is verified before the connection becomes active."`
	Account        string                  `json:"account,omitempty" maxLength:"256" doc:"Id of the account to choose, where the system lists several for the credential."`
	// CredentialExpiresAt is what the caller knows of the end of the credential.
	CredentialExpiresAt *time.Time `json:"credentialExpiresAt,omitempty" doc:"When the credential ends, where you know it: within ten years. You are reminded of it; an earlier end that the credential itself says goes first."`
}

// Fingerprint tells one request from another by everything but the credential.
func (c ConnectionCreate) Fingerprint() string {
	return fingerprint(c.TemplateID, c.Name, c.Environment, c.Labels, c.Inputs, instant(c.CredentialExpiresAt), c.Account)
}

// ConnectionRef names one connection.
type ConnectionRef struct {
	ConnectionID string `json:"-" path:"connectionId"`
}

// ConnectionList asks for the connections of the tenant.
type ConnectionList struct {
	Page
	Connector   string `json:"-" query:"connector" maxLength:"64"`
	Status      string `json:"-" query:"status" enum:"active,degraded,disabled,pending"`
	Environment string `json:"-" query:"environment" enum:"production,test"`
}

// Connections is one page of connections.
type Connections struct {
	Items      []Connection `json:"items"`
	NextCursor string       `json:"nextCursor,omitempty"`
}

// ConnectionSummary counts the connections of the tenant.
type ConnectionSummary struct {
	Total       int                       `json:"total"`
	ByStatus    map[string]int            `json:"byStatus"`
	ByConnector map[string]map[string]int `json:"byConnector" doc:"Connector, then status, then count."`
}

// ConnectionUpdate changes what a person may change; absent members stay.
type ConnectionUpdate struct {
	ConnectionID string            `json:"-" path:"connectionId"`
	IfMatch      string            `json:"-" header:"If-Match" maxLength:"64"`
	Name         *string           `json:"name,omitempty" minLength:"1" maxLength:"120"`
	Labels       map[string]string `json:"labels,omitempty" maxProperties:"20"`
	Inputs       map[string]string `json:"inputs,omitempty" maxProperties:"40"`
}

// ConnectionEnd names a connection, and the version the caller saw, whose use is
// to end.
type ConnectionEnd struct {
	ConnectionID string `json:"-" path:"connectionId"`
	IfMatch      string `json:"-" header:"If-Match" maxLength:"64"`
	DryRun       bool   `json:"-" query:"dryRun" doc:"Only say what would happen."`
}

// DependentList asks who uses a connection.
type DependentList struct {
	Page
	ConnectionID string `json:"-" path:"connectionId"`
}

// Dependents is one page of the bindings of flows that name a connection.
type Dependents struct {
	Items      []FlowUse `json:"items"`
	NextCursor string    `json:"nextCursor,omitempty"`
}

// ConnectionChange names a connection and the version the caller saw.
type ConnectionChange struct {
	ConnectionID string `json:"-" path:"connectionId"`
	IfMatch      string `json:"-" header:"If-Match" maxLength:"64"`
}

// Deletion is the receipt of a deleted connection.
type Deletion struct {
	ConnectionID string  `json:"connectionId"`
	Impact       *Impact `json:"impact,omitempty" doc:"Of a dry run, and then all there is."`
	Revocation   string  `json:"revocation,omitempty" enum:"revoked,not_supported,pending,failed,nothing_to_revoke" doc:"What the provider said to the revocation. While it is pending the connection serves no lease; it and its credential go when the provider was told, or after the last try."`
}

// CredentialPut saves a static credential of a connection.
type CredentialPut struct {
	ConnectionID        string                  `json:"-" path:"connectionId"`
	IfMatch             string                  `json:"-" header:"If-Match" maxLength:"64"`
	Mode                string                  `json:"mode,omitempty" enum:"replace,staged" default:"replace" doc:"replace verifies it, makes it current and destroys the one before; staged saves it as pending, to be promoted or discarded later."`
	Credential          map[string]secret.Bytes `json:"credential,omitempty" maxProperties:"20" doc:"Required unless one is generated."`
	CredentialExpiresAt *time.Time              `json:"credentialExpiresAt,omitempty" doc:"When the credential ends, where you know it: within ten years. You are reminded of it; an earlier end that the credential itself says goes first."`
	Generate            bool                    `json:"generate,omitempty" doc:"Make a key pair instead, where the auth scheme has one. It is saved as pending, with the publicKey to be registered at the system before the credential is promoted."`
}

// CredentialPromote makes a pending or previous credential current.
type CredentialPromote struct {
	ConnectionID string `json:"-" path:"connectionId"`
	IfMatch      string `json:"-" header:"If-Match" maxLength:"64"`
	Version      int    `json:"version,omitempty" minimum:"1" doc:"The pending one when absent; that of the previous one rolls back."`
	GraceSeconds *int   `json:"graceSeconds,omitempty" minimum:"0" maximum:"604800" doc:"How long the one that was current is kept: a day when absent; zero destroys it at once."`
}

// CredentialDiscard drops a pending or previous credential.
type CredentialDiscard struct {
	ConnectionID string `json:"-" path:"connectionId"`
	IfMatch      string `json:"-" header:"If-Match" maxLength:"64"`
	Version      int    `json:"version,omitempty" minimum:"1" doc:"The pending one when absent; that of the previous one ends its grace now."`
}

// Verification is the outcome of a probe made now.
type Verification struct {
	Outcome    string     `json:"outcome" enum:"ok,auth_error,permission_error,rate_limited,provider_error,network_error,tls_error,unknown"`
	Message    string     `json:"message"`
	Remedy     string     `json:"remedy,omitempty"`
	CheckedAt  time.Time  `json:"checkedAt"`
	Connection Connection `json:"connection"`
}
