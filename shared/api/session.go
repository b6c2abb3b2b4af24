package api

import "time"

// ConnectSessionCreate asks for a permission for one end user to connect once.
type ConnectSessionCreate struct {
	IdempotencyKey string            `json:"-" header:"Idempotency-Key" maxLength:"255" doc:"Makes the request safe to repeat. A repetition returns the session with a new link while the first was not opened."`
	EndUser        string            `json:"endUser" minLength:"1" maxLength:"128" pattern:"^[!-~]+$" doc:"Your own id of the person who connects, without spaces. It stands in the audit."`
	Templates      []string          `json:"templates,omitempty" maxItems:"50" doc:"Limits the session to these templates."`
	Connectors     []string          `json:"connectors,omitempty" maxItems:"50" doc:"Limits the session to these systems."`
	ConnectionID   string            `json:"connectionId,omitempty" pattern:"^con_[0-9A-HJKMNP-TV-Z]{26}$" doc:"Reconnects exactly this connection, to the same account."`
	Environment    string            `json:"environment,omitempty" enum:"production,test" doc:"Of the new connection; default production."`
	ReturnURL      string            `json:"returnUrl,omitempty" maxLength:"2048" doc:"Where the browser goes afterwards; must be listed in the tenant's settings."`
	Completion     string            `json:"completion,omitempty" enum:"browser,backend" default:"browser" doc:"backend: the code is redeemed when your backend has confirmed who came back to returnUrl. Only systems that a person signs in to are offered then."`
	Labels         map[string]string `json:"labels,omitempty" maxProperties:"20" doc:"Of the new connection."`
}

// Fingerprint tells one request from another.
func (c ConnectSessionCreate) Fingerprint() string {
	return fingerprint(c.EndUser, c.Templates, c.Connectors, c.ConnectionID, c.Environment, c.ReturnURL, c.Completion, c.Labels)
}

// ConnectSessionLink is a new connect session.
type ConnectSessionLink struct {
	SessionID string    `json:"sessionId"`
	URL       string    `json:"url" doc:"Open in the browser of the end user. Holds a secret; works once."`
	ExpiresAt time.Time `json:"expiresAt"`
}

// ConnectSessionRef names one connect session.
type ConnectSessionRef struct {
	SessionID string `json:"-" path:"sessionId"`
}

// ConnectSession says how far a connect session has come.
type ConnectSession struct {
	SessionID        string    `json:"sessionId"`
	State            string    `json:"state" enum:"open,opened,handed_off,awaiting_completion,account_required,completed,failed,expired" doc:"account_required: connected, and the end user has yet to choose one of several accounts."`
	EndUser          string    `json:"endUser"`
	ConnectionID     string    `json:"connectionId,omitempty" doc:"Of the connection made or reconnected."`
	ConnectionStatus string    `json:"connectionStatus,omitempty" enum:"active,degraded,disabled,pending"`
	Problem          string    `json:"problem,omitempty" doc:"Code of the problem when the last try failed; the end user may try again until the session ends, unless it is closed."`
	Closed           bool      `json:"closed,omitempty" doc:"Another end user came back: the session is over."`
	CreatedAt        time.Time `json:"createdAt"`
	ExpiresAt        time.Time `json:"expiresAt"`
}

// ConnectSessionComplete confirms who came back to the return URL.
type ConnectSessionComplete struct {
	SessionID string `json:"-" path:"sessionId"`
	EndUser   string `json:"endUser" minLength:"1" maxLength:"128" doc:"Who is signed in to your application in the browser that came back."`
	// SessionURI proves that a browser came back: whoever knows the id alone
	// completes nothing.
	SessionURI string `json:"sessionUri" minLength:"1" maxLength:"256" doc:"The session_uri that this browser brought to returnUrl, as it is."`
}

// ConnectVisit is the visit of the page of a connect session.
type ConnectVisit struct {
	Visit
	SessionID string `json:"-" path:"sessionId"`
}

// BrowserSessionChange signs a browser in or out.
type BrowserSessionChange struct {
	Cookies map[string]string `json:"-" event:"cookies"`
}

// BrowserSession says who the pages of handoffs take the browser for.
type BrowserSession struct {
	SignedIn  bool       `json:"signedIn"`
	ExpiresAt *time.Time `json:"expiresAt,omitempty"`
	Subject   string     `json:"subject,omitempty" doc:"Who the token speaks for."`
	Tenant    string     `json:"tenant,omitempty" doc:"Whose token it is; org for the organization."`
	Scopes    []string   `json:"scopes,omitempty" doc:"What the token permits."`
	Cookie    string     `json:"-"` // Set-Cookie value.
}

// SetCookies returns the cookies of the answer.
func (b BrowserSession) SetCookies() []string { return []string{b.Cookie} }
