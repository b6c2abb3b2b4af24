package login

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io"
	"net/http"
	"regexp"
	"strings"

	"golang.org/x/oauth2"
)

// answerLimit is what a page or a document of metadata may hold, in bytes.
const answerLimit = 1 << 20

// configuration is what the console of a stage knows before anybody has signed in.
type configuration struct {
	Stage    string   `json:"stage"`
	Issuer   string   `json:"issuer"`
	ClientID string   `json:"clientId"`
	Scopes   []string `json:"scopes"`
}

// configured matches where the page of the console has it.
var configured = regexp.MustCompile(`<meta name="tenon-configuration" content="([^"]*)">`)

// configurationOf reads how people sign in to a stage.
func configurationOf(ctx context.Context, doer *http.Client, address string) (configuration, error) {
	var c configuration
	page, err := get(ctx, doer, address+"/console")
	if err != nil {
		return c, fmt.Errorf("ask the stage how to sign in: %w", err)
	}
	found := configured.FindSubmatch(page)
	if found == nil || json.Unmarshal([]byte(html.UnescapeString(string(found[1]))), &c) != nil || c.Issuer == "" {
		return c, fmt.Errorf("%s is not the address of a stage, or its version is another one", address)
	}
	if c.ClientID == "" {
		return c, errors.New("the stage has no client for people to sign in with: see infra/docs/sign-in.md")
	}
	return c, nil
}

// Metadata is what an issuer says of itself (OpenID Connect Discovery 1.0).
type Metadata struct {
	Issuer        string   `json:"issuer"`
	Authorization string   `json:"authorization_endpoint"`
	Token         string   `json:"token_endpoint"`
	Device        string   `json:"device_authorization_endpoint"` // Empty where the issuer has no device grant.
	Revocation    string   `json:"revocation_endpoint"`
	Keys          string   `json:"jwks_uri"`
	Scopes        []string `json:"scopes_supported"`
}

// Discover reads the metadata of an issuer. It is an error when the issuer names
// itself otherwise, or has an endpoint that secrets must not go to.
func Discover(ctx context.Context, doer *http.Client, issuer string) (Metadata, error) {
	var m Metadata
	text, err := get(ctx, doer, strings.TrimSuffix(issuer, "/")+"/.well-known/openid-configuration")
	if err != nil {
		return m, fmt.Errorf("ask the issuer: %w", err)
	}
	if err := json.Unmarshal(text, &m); err != nil {
		return m, fmt.Errorf("the issuer %s has no metadata", issuer)
	}
	if strings.TrimSuffix(m.Issuer, "/") != strings.TrimSuffix(issuer, "/") {
		return m, fmt.Errorf("the issuer %s says that it is %q", issuer, m.Issuer)
	}
	for _, endpoint := range []string{m.Authorization, m.Token, m.Device, m.Revocation, m.Keys} {
		if err := safe(endpoint); endpoint != "" && err != nil {
			return m, fmt.Errorf("an endpoint of the issuer %s %w", issuer, err)
		}
	}
	if m.Token == "" || m.Authorization == "" && m.Device == "" {
		return m, fmt.Errorf("the issuer %s signs nobody in", issuer)
	}
	return m, nil
}

// endpoint is where a public client asks: it has no secret, and says its id in the
// form.
func (m Metadata) endpoint() oauth2.Endpoint {
	return oauth2.Endpoint{AuthURL: m.Authorization, TokenURL: m.Token, DeviceAuthURL: m.Device, AuthStyle: oauth2.AuthStyleInParams}
}

// get returns what is at an address.
func get(ctx context.Context, doer *http.Client, address string) ([]byte, error) {
	if err := safe(address); err != nil {
		return nil, fmt.Errorf("%s %w", address, err)
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	res, err := doer.Do(r)
	if err != nil {
		return nil, err
	}
	defer func() { _ = res.Body.Close() }()
	text, err := io.ReadAll(io.LimitReader(res.Body, answerLimit))
	if err != nil {
		return nil, err
	}
	if res.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s answered %s", address, res.Status)
	}
	return text, nil
}

// IssuerOf returns the issuer of a stage's tokens.
func IssuerOf(ctx context.Context, doer *http.Client, address string) (string, error) {
	c, err := configurationOf(ctx, doer, address)
	return c.Issuer, err
}

// Keys returns how many keys the issuer publishes (RFC 7517).
func Keys(ctx context.Context, doer *http.Client, m Metadata) (int, error) {
	text, err := get(ctx, doer, m.Keys)
	if err != nil {
		return 0, fmt.Errorf("ask the issuer for its keys: %w", err)
	}
	var set struct {
		Keys []json.RawMessage `json:"keys"`
	}
	if err := json.Unmarshal(text, &set); err != nil {
		return 0, errors.New("the issuer's keys are none")
	}
	return len(set.Keys), nil
}
