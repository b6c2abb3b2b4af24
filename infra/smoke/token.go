package smoke

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"

	"github.com/tenonhq/tenon/shared/secret"
)

// Credentials are those of an OAuth client that may have a token for itself
// (RFC 6749 4.4).
type Credentials struct {
	Issuer   string // Where /.well-known/openid-configuration names the token endpoint.
	ClientID string
	Secret   secret.Bytes
	Scopes   []string // Asked for; what the issuer gives by itself when empty.
	Audience string   // Asked for, where the issuer wants to hear it.
}

// metadataLimit is what the issuer's metadata may hold, in bytes.
const metadataLimit = 1 << 20

// Tokens returns what gets tokens for the client, and again when one is about to
// end. Everything goes over doer, which must follow no redirect.
func (c Credentials) Tokens(ctx context.Context, doer *http.Client) (func(context.Context) (string, error), error) {
	endpoint, err := c.endpoint(ctx, doer)
	if err != nil {
		return nil, err
	}
	cfg := clientcredentials.Config{ClientID: c.ClientID, ClientSecret: c.Secret.Reveal(), TokenURL: endpoint, Scopes: c.Scopes}
	if c.Audience != "" {
		cfg.EndpointParams = url.Values{"audience": {c.Audience}}
	}
	source := cfg.TokenSource(context.WithValue(ctx, oauth2.HTTPClient, doer))
	return func(context.Context) (string, error) {
		token, err := source.Token()
		var refused *oauth2.RetrieveError
		if errors.As(err, &refused) { // Its text repeats the answer.
			return "", fmt.Errorf("the issuer gave no token: %s %s", refused.Response.Status, refused.ErrorCode)
		}
		if err != nil {
			return "", fmt.Errorf("get a token of the issuer: %w", err)
		}
		return token.AccessToken, nil
	}, nil
}

// endpoint reads the token endpoint from the issuer (OpenID Connect Discovery 4).
func (c Credentials) endpoint(ctx context.Context, doer *http.Client) (string, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimSuffix(c.Issuer, "/")+"/.well-known/openid-configuration", nil)
	if err != nil {
		return "", fmt.Errorf("ask the issuer: %w", err)
	}
	res, err := doer.Do(r)
	if err != nil {
		return "", fmt.Errorf("ask the issuer: %w", err)
	}
	defer res.Body.Close()
	var metadata struct {
		Issuer        string `json:"issuer"`
		TokenEndpoint string `json:"token_endpoint"`
	}
	if res.StatusCode != http.StatusOK || json.NewDecoder(io.LimitReader(res.Body, metadataLimit)).Decode(&metadata) != nil {
		return "", fmt.Errorf("the issuer %s answered its metadata with %s", c.Issuer, res.Status)
	}
	if strings.TrimSuffix(metadata.Issuer, "/") != strings.TrimSuffix(c.Issuer, "/") {
		return "", fmt.Errorf("the issuer %s says that it is %q", c.Issuer, metadata.Issuer)
	}
	u, err := url.Parse(metadata.TokenEndpoint)
	if err != nil || u.Host == "" || u.Scheme != "https" && origin(u.Scheme+"://"+u.Host) != nil {
		return "", fmt.Errorf("the token endpoint of the issuer %s is not https", c.Issuer)
	}
	return metadata.TokenEndpoint, nil
}
