package api

import "time"

// LeaseRequest asks for a usable credential.
type LeaseRequest struct {
	ConnectionID           string `json:"-" path:"connectionId"`
	Purpose                string `json:"purpose" minLength:"1" maxLength:"200" doc:"Why the credential is needed; recorded in the audit."`
	MinimumLifetimeSeconds int    `json:"minimumLifetimeSeconds,omitempty" minimum:"0" maximum:"3000" doc:"How long the credential must stay valid. Default 60."`
	Environment            string `json:"environment,omitempty" enum:"production,test" default:"production" doc:"Of the run: with test it is the test credential of the connection's template that is leased."`
	RefusedTokenVersion    int    `json:"refusedTokenVersion,omitempty" minimum:"0" doc:"tokenVersion of a lease that the system answered 401 to. If that is still current it is replaced first, where it can be and was not within the last minute; compare the tokenVersion of the answer."`
}

// BindingLeaseRequest asks for a usable credential of what a binding of a flow
// names.
type BindingLeaseRequest struct {
	FlowID                 string `json:"-" path:"flowId"`
	Slot                   string `json:"-" path:"slot"`
	Purpose                string `json:"purpose" minLength:"1" maxLength:"200" doc:"Why the credential is needed; recorded in the audit."`
	MinimumLifetimeSeconds int    `json:"minimumLifetimeSeconds,omitempty" minimum:"0" maximum:"3000" doc:"How long the credential must stay valid. Default 60."`
	Environment            string `json:"environment,omitempty" enum:"production,test" default:"production" doc:"Of the run: with test it is the test credential of the template that is leased, of a paused flow too."`
	RefusedTokenVersion    int    `json:"refusedTokenVersion,omitempty" minimum:"0" doc:"tokenVersion of a lease that the system answered 401 to. If that is still current it is replaced first, where it can be and was not within the last minute; compare the tokenVersion of the answer."`
}

// Lease is exactly what the caller must put on its requests.
type Lease struct {
	LeaseID           string            `json:"leaseId"`
	FlowID            string            `json:"flowId,omitempty" doc:"Of a lease by a binding, as is slot."`
	Slot              string            `json:"slot,omitempty"`
	ConnectionID      string            `json:"connectionId"`
	Connector         string            `json:"connector"`
	CredentialVersion int               `json:"credentialVersion"`
	TokenVersion      int               `json:"tokenVersion" doc:"Rises with every refresh and every replacement of the credential: of one connection, the same number is the same credential."`
	BaseURL           string            `json:"baseUrl,omitempty"`
	Headers           map[string]string `json:"headers,omitempty" doc:"Set, never add, these headers."`
	Query             map[string]string `json:"query,omitempty" doc:"Set these query parameters."`
	Values            map[string]string `json:"values,omitempty" doc:"What no header carries: host and login of a server, keys to sign requests with, a client certificate."`
	AccessToken       string            `json:"accessToken,omitempty"`
	TokenType         string            `json:"tokenType,omitempty"`
	ExpiresAt         *time.Time        `json:"expiresAt,omitempty"`
	Scopes            []string          `json:"scopes,omitempty"`
	Refreshed         bool              `json:"refreshed" doc:"This request refreshed the credential or waited for its refresh."`
}

// CallReport tells how calls with leased credentials went.
type CallReport struct {
	ConnectionID string `json:"-" path:"connectionId"`
	Calls        []Call `json:"calls" minItems:"1" maxItems:"100"`
}

// Call is one call made with a leased credential.
type Call struct {
	At      time.Time `json:"at"`
	Outcome string    `json:"outcome" enum:"ok,auth_error,permission_error,rate_limited,provider_error,network_error"`
}

// CallReceipt says how many reports were counted and what the status is now.
type CallReceipt struct {
	Recorded int    `json:"recorded"`
	Status   string `json:"status" enum:"active,degraded,disabled,pending"`
	Reason   string `json:"reason,omitempty"`
}

// Authorize starts the OAuth handoff of a connection.
type Authorize struct {
	ConnectionID       string   `json:"-" path:"connectionId"`
	ReturnURL          string   `json:"returnUrl,omitempty" maxLength:"2048" doc:"Where the browser goes afterwards; must be listed in the tenant's settings."`
	DryRun             bool     `json:"-" query:"dryRun" doc:"Say what would be asked for, and whether it would be; nothing is started."`
	Scopes             []string `json:"scopes,omitempty" maxItems:"200" doc:"Scopes beyond those that the connection asks for already; leads to new consent."`
	Exact              *bool    `json:"exact,omitempty" doc:"true: ask for scopes alone, and for those that the connector cannot work without. false: ask for those of the template and for scopes. Absent: ask for what the connection asks for already and for scopes. What is granted is asked for again on every reconnect."`
	AllowAccountChange bool     `json:"allowAccountChange,omitempty" doc:"Accept another provider account on reconnect."`
	Account            string   `json:"account,omitempty" maxLength:"256" doc:"Id of the account to choose, where the system lists several. It is refused unless the consent reaches it."`
}

// Handoff is a started OAuth handoff; of a dry run, the impact and the scopes alone.
type Handoff struct {
	HandoffID string    `json:"handoffId,omitempty"`
	StartURL  string    `json:"startUrl,omitempty" doc:"Open in the browser of the person who connects. Single use. Absent for a device."`
	ExpiresAt time.Time `json:"expiresAt,omitzero" required:"false"`

	Impact *Impact       `json:"impact,omitempty" doc:"Of a dry run: whether the handoff would be started."`
	Scopes *ScopeRequest `json:"scopes,omitempty" doc:"Of a dry run: what would be asked for."`

	UserCode                string `json:"userCode,omitempty" doc:"Of a device: what the person who connects enters at verificationUrl. Whoever enters it connects their account; show it to nobody else."`
	VerificationURL         string `json:"verificationUrl,omitempty" doc:"Of a device: the system's page, to be opened on whatever device."`
	VerificationURLComplete string `json:"verificationUrlComplete,omitempty" doc:"The same page with the code entered, where the system has one."`
}

// OAuthStart is the visit of the start link.
type OAuthStart struct {
	Visit
	HandoffID string `json:"-" path:"handoffId"`
}

// OAuthCallback is the provider's answer in the browser.
type OAuthCallback struct {
	Visit
	ContextID string `json:"-" path:"contextId"`
}

// HealthRefresh asks that the health of connections is looked at now.
type HealthRefresh struct {
	ConnectionIDs []string `json:"connectionIds,omitempty" maxItems:"100" doc:"Default: all connections of the tenant that calls were reported of since."`
	Probe         bool     `json:"probe,omitempty" doc:"Check the accounts within the next minutes, too."`
}

// HealthRefreshed says what came of it.
type HealthRefreshed struct {
	Derived int  `json:"derived" doc:"Connections whose reported calls were looked at."`
	Changed int  `json:"changed" doc:"Those of them whose health is another than before."`
	Probing int  `json:"probing" doc:"Connections that are checked within the next minutes."`
	More    bool `json:"more" doc:"There are more than five hundred: ask again."`
}
