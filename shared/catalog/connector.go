package catalog

import "time"

// Connector is one external system.
type Connector struct {
	ID            string      `json:"id"`
	Name          string      `json:"name"`
	Description   string      `json:"description"`
	Categories    []string    `json:"categories"`
	Entities      []string    `json:"entities,omitempty"`
	RateLimit     string      `json:"rateLimit,omitempty"`     // A sentence for people.
	Pace          Pace        `json:"pace,omitzero"`           // At which jobs call the system for all its connections together; callers do not wait for it.
	HealthCadence int         `json:"healthCadence,omitempty"` // Seconds between the checks of a connection that nothing is known to be wrong with; default a day.
	Latency       string      `json:"latency,omitempty"`
	Logo          Logo        `json:"logo"`
	Network       string      `json:"network"`             // public, allowlist (it usually wants the caller's addresses), private (it is not on the internet).
	LocalOnly     bool        `json:"localOnly,omitempty"` // Listed on a developer's machine only.
	BaseURL       string      `json:"baseUrl,omitempty"`   // Template of the API's base URL, returned with a lease.
	Hosts         []string    `json:"hosts"`               // Hosts a credential may be sent to; "*.x.com" is any depth below, "{input}" the host of an input of type url or host, and "{input}.x.com" a template.
	Inputs        []Input     `json:"inputs,omitempty"`    // Needed whatever the scheme.
	Schemes       []Scheme    `json:"schemes"`
	Verify        *Request    `json:"verify,omitempty"` // Proves that a credential works; a scheme may have its own.
	Guide         []GuideStep `json:"guide,omitempty"`
	Sunsets       []Sunset    `json:"sunsets,omitempty"`
	Sources       []Source    `json:"sources"` // Pages the facts were read on.
}

// Pace is how gently a small system is called. Zero values are no limit.
type Pace struct {
	IntervalMillis int `json:"intervalMillis,omitempty"` // At least this long from one call to the next.
	Concurrency    int `json:"concurrency,omitempty"`    // At most so many calls at once.
}

// Checking returns how often a connection is checked while all is well; zero
// leaves it to the service.
func (c Connector) Checking() time.Duration { return time.Duration(c.HealthCadence) * time.Second }

// Interval returns the least time between two calls.
func (p Pace) Interval() time.Duration { return time.Duration(p.IntervalMillis) * time.Millisecond }

// Scheme is one way the connector authenticates.
type Scheme struct {
	ID     string    `json:"id"`   // Unique within the connector.
	Type   string    `json:"type"` // Of method.All: api_key, oauth2_authorization_code, …
	Name   string    `json:"name"`
	Inputs []Input   `json:"inputs,omitempty"` // In addition to the connector's.
	Fields []Input   `json:"fields,omitempty"` // Members of a static credential.
	Apply  Placement `json:"apply,omitempty"`  // Where the credential goes on a request.
	OAuth  *OAuth    `json:"oauth,omitempty"`
	OAuth1 *OAuth1   `json:"oauth1,omitempty"`
	Login  *Login    `json:"login,omitempty"` // What a session token is had by.
	// Assertion is the signed statement that the scheme's grant shows, or, with
	// private_key_jwt, that the client does.
	Assertion *Assertion `json:"assertion,omitempty"`
	Server    *Server    `json:"server,omitempty"` // Of a system that does not speak HTTP.
	Verify    *Request   `json:"verify,omitempty"`
	// Accounts lists what one credential reaches, where a person has to choose.
	Accounts *Accounts `json:"accounts,omitempty"`
	// Rotation is the recipe for a new credential: how one is made beside the old
	// one, put to use, and the old one withdrawn.
	Rotation []GuideStep `json:"rotation,omitempty"`
}

// Placement says which headers and query parameters carry the credential. The
// names and the values are templates; they may use the inputs, the scheme's
// fields and {accessToken}, and for basic {basic}, the encoded pair of RFC 7617.
//
// Values are what a runtime needs and no header can carry: the members of a
// login, a key to sign with. A value whose template names an optional input or
// field that is absent is left out. A template that begins with < is XML: what it
// names is escaped in it.
type Placement struct {
	Headers map[string]string `json:"headers,omitempty"`
	Query   map[string]string `json:"query,omitempty"`
	Values  map[string]string `json:"values,omitempty"`
}

// Assertion describes a JWT (RFC 7519) that is made for one token request. Its
// texts are templates over inputs, captures and fields that are no secret, and
// {clientId}. It always says iat, exp and a random jti.
type Assertion struct {
	Algorithm string            `json:"algorithm"`            // RS256, PS256, ES256 (RFC 7518 3.1).
	Issuer    string            `json:"issuer,omitempty"`     // iss; default {clientId}, and {serviceAccount} of a service account.
	Subject   string            `json:"subject,omitempty"`    // sub; left out where a value it names is absent. That of a client defaults to {clientId}.
	Audience  string            `json:"audience,omitempty"`   // aud; default the token URL.
	KeyID     string            `json:"keyId,omitempty"`      // kid; default the id of the tenant's signing key.
	Seconds   int               `json:"seconds,omitempty"`    // exp after iat; default 60, at most 3600.
	Scope     bool              `json:"scope,omitempty"`      // The scopes are a claim of the assertion, not a parameter of the request.
	Claims    map[string]string `json:"claims,omitempty"`     // Further claims; left out where a value they name is absent.
	Thumb     bool              `json:"thumbprint,omitempty"` // x5t#S256 of the signing key's certificate stands in the header.
}

// Server is where a system listens that does not speak HTTP. Host and port are
// templates of one value each, or fixed.
type Server struct {
	Protocol string `json:"protocol"` // sftp, postgres, mysql, sqlserver.
	Host     string `json:"host"`
	Port     string `json:"port"`
}

// OAuth describes an authorization server. The URLs are templates.
type OAuth struct {
	AuthorizeURL   string            `json:"authorizeUrl,omitempty"`
	TokenURL       string            `json:"tokenUrl"`
	DeviceURL      string            `json:"deviceUrl,omitempty"`  // Device authorization endpoint (RFC 8628).
	DeviceHost     string            `json:"deviceHost,omitempty"` // Of the page where the person enters the code, where it is none of the connector's.
	RevokeURL      string            `json:"revokeUrl,omitempty"`
	Issuer         string            `json:"issuer,omitempty"`         // Compared with iss of RFC 9207 and of an id_token.
	IssuerRequired bool              `json:"issuerRequired,omitempty"` // The server promises iss in every answer.
	JWKSURL        string            `json:"jwksUrl,omitempty"`        // Set where an id_token is checked.
	Discovery      bool              `json:"discovery,omitempty"`      // Endpoints are read from the issuer's metadata (RFC 8414).
	ClientAuth     string            `json:"clientAuth"`               // client_secret_basic, client_secret_post, private_key_jwt, none.
	PKCE           string            `json:"pkce"`                     // required, supported, unsupported. S256 is sent unless unsupported.
	ScopeSeparator string            `json:"scopeSeparator,omitempty"` // Default a space.
	Scopes         []Scope           `json:"scopes,omitempty"`         // What a template may request.
	DefaultScopes  []string          `json:"defaultScopes,omitempty"`
	AuthorizeQuery map[string]string `json:"authorizeQuery,omitempty"` // Additional parameters of the authorization request.
	TokenForm      map[string]string `json:"tokenForm,omitempty"`      // Additional parameters of the token request; templates over inputs and captures, left out where a value they name is absent.
	RefreshForm    map[string]string `json:"refreshForm,omitempty"`    // Additional parameters of the refresh request; templates over inputs, captures and {redirectUri}.
	TokenFormat    string            `json:"tokenFormat,omitempty"`    // json where the body of both is a JSON object; default a form (RFC 6749 4.1.3).
	Refresh        Refresh           `json:"refresh"`
	Capture        []Capture         `json:"capture,omitempty"`
	Metadata       *Request          `json:"metadata,omitempty"` // Asked once after the handoff; a source of captures.
	CallbackHMAC   *CallbackHMAC     `json:"callbackHmac,omitempty"`
	Exchange       *Exchange         `json:"exchange,omitempty"` // Of a token exchange.
}

// Exchange says what a token exchange asks for (RFC 8693 2.1). Audience and
// Resource are templates like those of an assertion, and are left out where a
// value they name is absent.
type Exchange struct {
	SubjectTokenType   string `json:"subjectTokenType,omitempty"` // Default that of a JWT.
	ActorTokenType     string `json:"actorTokenType,omitempty"`   // Set where the system wants an actor token: the field actorToken, else, beside a field subjectToken, our assertion.
	RequestedTokenType string `json:"requestedTokenType,omitempty"`
	Audience           string `json:"audience,omitempty"`
	Resource           string `json:"resource,omitempty"`
}

// OAuth1 describes a server of OAuth 1.0 (RFC 5849), or how a token that it
// issued signs. The URLs and the realm are templates. Without the URLs there is
// no handoff: a person gives the token.
type OAuth1 struct {
	RequestURL      string `json:"requestUrl,omitempty"` // Temporary credentials (RFC 5849 2.1).
	AuthorizeURL    string `json:"authorizeUrl,omitempty"`
	AccessURL       string `json:"accessUrl,omitempty"` // Token credentials (RFC 5849 2.3).
	SignatureMethod string `json:"signatureMethod"`     // HMAC-SHA1, HMAC-SHA256.
	Realm           string `json:"realm,omitempty"`     // Left out where a value it names is absent.
}

// Login is the call that gives a session token for the fields of the credential,
// which its headers and its body may name, and {basic}. Where neither a path, a
// header nor a cookie is named, the answer is the token, as a JSON string.
type Login struct {
	Request   Request  `json:"request"`
	Token     string   `json:"token,omitempty"`     // Dotted path of the token in the answer…
	Header    string   `json:"header,omitempty"`    // …or the header field of the answer that is the token…
	Cookie    string   `json:"cookie,omitempty"`    // …or the cookie.
	ExpiresIn string   `json:"expiresIn,omitempty"` // Dotted path of the lifetime in seconds.
	ExpiresAt string   `json:"expiresAt,omitempty"` // Dotted path of the end: RFC 3339, or Unix time in seconds or milliseconds.
	Seconds   int      `json:"seconds,omitempty"`   // Lifetime when the answer does not say.
	Logout    *Request `json:"logout,omitempty"`    // Ends the session whose token it carries.
}

// CallbackHMAC says how the server signs what it sends back through the
// browser: with the hex HMAC-SHA256, keyed with the client's secret, of all
// other parameters, sorted by name and form-encoded with %20 for a space.
type CallbackHMAC struct {
	Parameter string            `json:"parameter"`        // Holds the signature.
	Timestamp string            `json:"timestamp"`        // The parameter that says when it was signed, in Unix seconds.
	Seconds   int               `json:"seconds"`          // How far that may be from now, either way.
	Values    map[string]string `json:"values,omitempty"` // What other parameters must be; the values are templates.
}

// Refresh says how the authorization server treats refresh tokens.
type Refresh struct {
	Supported       bool   `json:"supported"`
	Rotates         bool   `json:"rotates,omitempty"`
	Reuse           string `json:"reuse,omitempty"`           // What a second use of an old token does: grace, revokes_family, non_rotating.
	GraceSeconds    int    `json:"graceSeconds,omitempty"`    // With grace: how long the old one still works.
	AccessSeconds   int    `json:"accessSeconds,omitempty"`   // Lifetime when the answer does not say.
	NeverExpires    bool   `json:"neverExpires,omitempty"`    // Access tokens do not expire, whatever expires_in says.
	IdleSeconds     int    `json:"idleSeconds,omitempty"`     // A refresh token unused this long dies.
	AbsoluteSeconds int    `json:"absoluteSeconds,omitempty"` // A refresh token this old dies.
	MarginSeconds   int    `json:"marginSeconds,omitempty"`   // Refresh this long before expiry; default max(5 min, 10 %).
}

// Capture takes a value from the handoff that later templates need.
type Capture struct {
	Name string `json:"name"`
	From string `json:"from"` // callback (query parameter), token (response member), metadata (response member); of Accounts: account (member of an entry).
	Path string `json:"path"` // Dotted path of the member; a number is a place in a list, and may come first.
	Type string `json:"type"` // Of Input: what may stand in it.
	Host string `json:"host,omitempty"`
}

// Request is one call to the system.
type Request struct {
	Method  string            `json:"method"`
	URL     string            `json:"url"` // Template.
	Headers map[string]string `json:"headers,omitempty"`
	Body    string            `json:"body,omitempty"`   // Template; content-type must be among Headers.
	Expect  []int             `json:"expect,omitempty"` // Statuses that mean success; default any 2xx.
	Errors  []ErrorRule       `json:"errors,omitempty"` // First match wins, before the general table.
	Account *AccountPath      `json:"account,omitempty"`
	Scopes  string            `json:"scopes,omitempty"` // Of a verification: dotted path of the list of permissions that the credential has.
	Bare    bool              `json:"bare,omitempty"`   // Sent without the credential's placement: the URL or body already holds it.
}

// ErrorRule classifies one answer.
type ErrorRule struct {
	Status  int    `json:"status"`           // 0 is any.
	Path    string `json:"path,omitempty"`   // A member that is present (and not empty or false)…
	Equals  string `json:"equals,omitempty"` // …or equals this.
	Text    string `json:"text,omitempty"`   // In place of a path, of an answer that is not JSON: what stands in it somewhere, as it is.
	Outcome string `json:"outcome"`          // ok, auth_error, permission_error, rate_limited, provider_error, unknown.
}

// AccountPath says where the provider account stands in the answer. A member with
// {name} in it is no path but a template over inputs and captures, for a system
// that names the account elsewhere.
type AccountPath struct {
	ID   string `json:"id"`
	Name string `json:"name,omitempty"`
}

// Input is one value a person gives.
type Input struct {
	Name        string   `json:"name"`
	Title       string   `json:"title"`
	Help        string   `json:"help,omitempty"`
	Type        string   `json:"type"` // dns-label, host, server, port, url, path-segment, enum, text, secret, file.
	Enum        []string `json:"enum,omitempty"`
	Pattern     string   `json:"pattern,omitempty"`
	Default     string   `json:"default,omitempty"`
	Placeholder string   `json:"placeholder,omitempty"`
	Optional    bool     `json:"optional,omitempty"`
	Global      bool     `json:"global,omitempty"` // Usually the same for all connections: the organization gives it with the template.
	Docs        string   `json:"docs,omitempty"`   // The provider's page on this value.
}

// GuideStep is one step of the setup guide, or of a rotation.
type GuideStep struct {
	Title string `json:"title"`
	Text  string `json:"text"` // Markdown (CommonMark) without HTML; its links begin with https://.
	URL   string `json:"url,omitempty"`
}

// Sunset is a dated change of how the system authenticates.
type Sunset struct {
	Date    string   `json:"date"`
	Schemes []string `json:"schemes,omitempty"` // Ids of the schemes that it concerns; none for all.
	What    string   `json:"what"`
	Action  string   `json:"action,omitempty"`
	Source  string   `json:"source"`
}

// Source is a page of the provider that facts were read on.
type Source struct {
	URL       string `json:"url"`
	CheckedAt string `json:"checkedAt"` // Day of the reading, YYYY-MM-DD.
}

// The networks of a connector.
const (
	NetworkPublic    = "public"
	NetworkAllowlist = "allowlist"
	NetworkPrivate   = "private"
)

// CheckedAt returns the day the oldest of the facts were read, or nothing where
// there is no source.
func (c Connector) CheckedAt() string {
	oldest := ""
	for _, source := range c.Sources {
		if oldest == "" || source.CheckedAt < oldest {
			oldest = source.CheckedAt
		}
	}
	return oldest
}
