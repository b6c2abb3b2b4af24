package catalogtest

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/tenonhq/tenon/shared/catalog"
)

// Provider is one account at the system of an entry. It is a method.Doer
// without sockets and safe for concurrent use; what is exported is set before it
// is used. Everything secret that it issues or knows holds Mark.
type Provider struct {
	Personality
	Connector   catalog.Connector
	Scheme      catalog.Scheme
	Inputs      map[string]string // Valid, and those of this account.
	Captured    map[string]string // What the handoff brings, by name of the capture.
	Fields      map[string]string // The static credential that is accepted.
	Wrong       map[string]string // One of the same form that is not.
	ClientID    string
	Secret      string                // Of the client.
	RedirectURI string                // As registered.
	Registered  map[string]SigningKey // Keys of the tenant that the account knows, by id.
	AccountID   any                   // A string or a number.
	AccountName string
	Now         func() time.Time

	oauth catalog.OAuth     // With the endpoints that are discovered.
	vars  map[string]string // What templates may name.

	mu         sync.Mutex
	count      int
	codes      map[string]*grant
	pairings   map[string]*pairing // By device code.
	temporary  map[string]*pair    // By token, before it is redeemed…
	pairs      map[string]*pair    // …and after.
	once       []string            // Every nonce and jti that was taken.
	claimed    string              // Scope in the assertion that the client just showed.
	access     map[string]*token
	refresh    map[string]*token
	revoked    []string
	secrets    []string // May stand in no URL.
	faults     map[Endpoint][]Fault
	calls      map[Endpoint]int
	complaints []string
}

// Personality is how the provider behaves where the entry leaves it open, or
// differently.
type Personality struct {
	Rotate    bool              // A refresh answers with a new refresh token…
	Repeat    bool              // …or with the one that was sent; else with none.
	Reuse     string            // What a second use of a rotated token does: revokes_family, grace.
	Grace     time.Duration     // With grace: how long it still works.
	Scopes    []string          // What is granted; nil is what was asked for.
	ExpiresIn any               // The member expires_in; nil leaves it out.
	Members   map[string]any    // Further members of a token answer, or other values; nil removes one.
	Callback  map[string]string // Further parameters of the callback.
	// Permissions are what the system says of the credential where the entry looks
	// for scopes in the answer.
	Permissions []any
}

// grant is what a person agreed to, or a client was given.
type grant struct {
	redirect, challenge, nonce string
	scopes                     []string
	dead                       bool
}

type token struct {
	*grant
	until time.Time // Zero: it does not end.
	spent time.Time // When a refresh token was rotated away.
}

// New returns a provider as the entry describes it. With optional, inputs and
// fields that may be left out are given too.
func New(c catalog.Connector, s catalog.Scheme, optional bool) (*Provider, error) {
	p := &Provider{
		Connector: c, Scheme: s, Captured: map[string]string{}, ClientID: "client-1", Secret: "client-secret-" + Mark,
		AccountID: "account-1", AccountName: "Acme", Now: time.Now,
		codes: map[string]*grant{}, pairings: map[string]*pairing{}, temporary: map[string]*pair{}, pairs: map[string]*pair{}, access: map[string]*token{}, refresh: map[string]*token{},
		faults: map[Endpoint][]Fault{}, calls: map[Endpoint]int{}, Personality: Personality{Permissions: []any{"read", "write"}},
	}
	var err error
	if p.Inputs, err = SampleInputs(c.InputsFor(s), optional); err != nil {
		return nil, fmt.Errorf("connector %s, scheme %s: %w", c.ID, s.ID, err)
	}
	p.settle()
	if p.Fields, err = p.credential(0, optional); err != nil {
		return nil, fmt.Errorf("connector %s, scheme %s: %w", c.ID, s.ID, err)
	}
	if p.Wrong, err = p.credential(1, optional); err != nil {
		return nil, fmt.Errorf("connector %s, scheme %s: %w", c.ID, s.ID, err)
	}
	if len(p.Fields) > 0 && maps.Equal(p.Fields, p.Wrong) {
		return nil, fmt.Errorf("connector %s, scheme %s: two credentials cannot be told apart", c.ID, s.ID)
	}
	for _, in := range s.Fields {
		if in.Type == catalog.TypeSecret {
			p.secrets = append(p.secrets, p.Fields[in.Name], p.Wrong[in.Name])
		}
	}
	if id := p.Fields["clientId"]; id != "" && s.OAuth != nil {
		p.ClientID, p.Secret = id, p.Fields["clientSecret"]
	}
	p.secrets = append(p.secrets, p.Secret)
	return p, p.authorizationServer()
}

// settle makes the account's inputs what a connection keeps of them: with their
// defaults, and with the host key of a server, which everybody has to confirm.
func (p *Provider) settle() {
	for _, in := range p.Connector.InputsFor(p.Scheme) {
		if in.Name == "hostKey" {
			p.Inputs[in.Name] = HostKey
		}
	}
	p.vars = maps.Clone(p.Inputs)
	for _, in := range p.Connector.InputsFor(p.Scheme) {
		if p.vars[in.Name] == "" && in.Default != "" {
			p.vars[in.Name] = in.Default
		}
	}
	if id := p.vars["clientId"]; id != "" {
		p.ClientID = id
	} else if p.Scheme.OAuth != nil && !p.Scheme.NamesClient() {
		p.ClientID = ""
	}
}

// authorizationServer sets up what the entry's OAuth part describes.
func (p *Provider) authorizationServer() error {
	for _, c := range p.Scheme.Captures() {
		text, err := SampleCapture(c)
		if err != nil {
			return fmt.Errorf("connector %s, scheme %s: %w", p.Connector.ID, p.Scheme.ID, err)
		}
		p.Captured[c.Name], p.vars[c.Name] = text, text
	}
	if p.Scheme.OAuth == nil {
		return nil
	}
	p.oauth = *p.Scheme.OAuth
	if p.oauth.Discovery {
		p.oauth.AuthorizeURL, p.oauth.TokenURL, p.oauth.RevokeURL = "{issuer}/authorize", "{issuer}/token", "{issuer}/revoke"
		p.oauth.JWKSURL, p.oauth.IssuerRequired = "{issuer}/jwks", true
	}
	r := p.oauth.Refresh
	p.Rotate, p.Reuse, p.Grace = r.Rotates, r.Reuse, time.Duration(r.GraceSeconds)*time.Second
	p.ExpiresIn = 3600
	if r.NeverExpires {
		p.ExpiresIn = 0
	} else if r.AccessSeconds > 0 {
		p.ExpiresIn = nil // The entry says what the answer does not.
	}
	return nil
}

// Locate makes what the handoff brings for a capture the place of the account,
// after it was set in Captured.
func (p *Provider) Locate(capture string) { p.vars[capture] = p.Captured[capture] }

// Mark stands in every secret that the provider issues.
const Mark = "cAnArY"

func (p *Provider) issue(kind string) string {
	p.count++
	value := fmt.Sprintf("%s-%s-%04d", kind, Mark, p.count)
	p.secrets = append(p.secrets, value)
	return value
}

func (p *Provider) complain(format string, args ...any) {
	p.complaints = append(p.complaints, fmt.Sprintf(format, args...))
}

// Complaints returns what was asked in another way than the entry says, sent
// where no credential may go, or shown in a URL.
func (p *Provider) Complaints() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.complaints)
}

// Calls returns how often an endpoint was asked.
func (p *Provider) Calls(e Endpoint) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.calls[e]
}

// Revoked returns the tokens the provider was told to forget.
func (p *Provider) Revoked() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.revoked)
}

// Accepts reports whether the API takes an access token now.
func (p *Provider) Accepts(access string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.alive(access)
}

func (p *Provider) alive(access string) bool {
	t, ok := p.access[access]
	return ok && !t.dead && (t.until.IsZero() || p.Now().Before(t.until))
}

// CanRevoke reports whether the entry has a revocation endpoint for this account.
func (p *Provider) CanRevoke() bool {
	if p.Scheme.Login != nil {
		return p.Scheme.Login.Logout != nil
	}
	if p.Scheme.Type == "service_account_key" || p.oauth.ClientAuth == "private_key_jwt" && p.uploaded() != nil {
		return false // The grant has no revocation, or the client's key is not at hand.
	}
	_, err := p.address(p.oauth.RevokeURL)
	return p.oauth.RevokeURL != "" && err == nil
}

// Account returns the id and the name the entry finds the account by; nothing
// where it does not say.
func (p *Provider) Account() (id, name string) {
	if p.Scheme.Accounts != nil {
		return p.listedAccount()
	}
	r := p.Verification()
	if r == nil || r.Account == nil {
		return "", ""
	}
	value := func(path string, answered any) string {
		switch {
		case path == "":
			return ""
		case unfilled.MatchString(path):
			return fill(path, p.vars)
		}
		return fmt.Sprint(answered)
	}
	return value(r.Account.ID, p.AccountID), value(r.Account.Name, p.AccountName)
}

// Placed returns where the entry puts a credential: an access token, or the
// members of a static one.
func (p *Provider) Placed(access string, fields map[string]string) (headers, query map[string]string) {
	vars := p.variables(access, fields)
	return fillAll(p.Scheme.Apply.Headers, vars), fillAll(p.Scheme.Apply.Query, vars)
}

// PlacedValues returns what a lease hands out beside headers and parameters: what
// the entry places, and what the type signs with.
func (p *Provider) PlacedValues(access string, fields map[string]string) map[string]string {
	values, vars := map[string]string{}, p.variables(access, fields)
	for name, template := range p.Scheme.Apply.Values {
		if text := whole(template, vars); text != "" {
			values[name] = text
		}
	}
	if p.signs() {
		maps.Copy(values, p.signature(fields))
	}
	if strings.HasPrefix(p.Scheme.Type, "aws_") {
		for _, name := range []string{"accessKeyId", "secretAccessKey", "sessionToken", "region"} {
			if vars[name] != "" {
				values[name] = vars[name]
			}
		}
	}
	return values
}

// Verification returns the request that proves a credential, or nil.
func (p *Provider) Verification() *catalog.Request {
	if p.Scheme.Verify != nil {
		return p.Scheme.Verify
	}
	return p.Connector.Verify
}

// fillAll fills the names and the values of templates.
func fillAll(templates, vars map[string]string) map[string]string {
	filled := map[string]string{}
	for name, template := range templates {
		filled[fill(name, vars)] = fill(template, vars)
	}
	return filled
}

// fill replaces {name} by its value, as it stands: samples need no encoding.
func fill(template string, vars map[string]string) string {
	for name, value := range vars {
		template = strings.ReplaceAll(template, "{"+name+"}", value)
	}
	return template
}

// header is the canonical form of names.
func header(fields map[string]string) http.Header {
	h := http.Header{}
	for name, value := range fields {
		h.Set(name, value)
	}
	return h
}
