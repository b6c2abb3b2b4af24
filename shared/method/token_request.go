package method

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/secret"
)

// TokenRequest is one POST to a token endpoint, ready to be sent.
type TokenRequest struct {
	URL          string
	Form         map[string]secret.Bytes
	ClientAuth   string // client_secret_basic, client_secret_post, private_key_jwt, none.
	ClientKey    int    // Target.ClientKey; zero for a client of the connection's own.
	ClientID     string
	ClientSecret secret.Bytes
	Assertions   []Assertion // Signed when the request is sent, and added to the form.
	Format       string      // Of the body: json, or else a form.
}

// errRedirect is told where a token would have to be fetched somewhere else.
var errRedirect = fault.New(fault.Upstream, fault.CodeProviderError, "The token endpoint answered with a redirect, which is not followed.")

// Send posts the request exactly once (RFC 6749 3.2). It never repeats: a
// token request that was sent may have been carried out, whatever came back.
func (r TokenRequest) Send(ctx context.Context, reach Reach) (Answer, error) {
	answer, err := r.post(ctx, reach)
	if err == nil && answer.Status >= 300 && answer.Status < 400 {
		return Answer{}, errRedirect
	}
	answer.ClientKey = r.ClientKey
	return answer, err
}

// post lets golang.org/x/oauth2 build the request and the transport do all the
// rest. What the library makes of the transport's stand-in says nothing.
func (r TokenRequest) post(ctx context.Context, reach Reach) (Answer, error) {
	form := maps.Clone(r.Form)
	for _, a := range r.Assertions {
		signed, err := a.sign(ctx, reach)
		if err != nil {
			return Answer{}, err
		}
		form[a.Parameter] = signed
	}
	r.Form = form
	t := &tokenTransport{doer: reach.HTTP, json: r.Format == "json", err: errors.New("token endpoint URL is not valid")}
	_, _ = r.config().Token(context.WithValue(ctx, oauth2.HTTPClient, &http.Client{Transport: t}))
	return t.answer, t.err
}

// config says how the client shows its secret, so that the library guesses
// nothing. It has the library's only grant of which every parameter can be set.
func (r TokenRequest) config() *clientcredentials.Config {
	form := url.Values{"grant_type": nil} // Not the library's own.
	for name, value := range r.Form {
		form.Set(name, value.Reveal())
	}
	c := &clientcredentials.Config{TokenURL: r.URL, EndpointParams: form, AuthStyle: oauth2.AuthStyleInParams}
	switch r.ClientAuth {
	case "client_secret_basic":
		c.ClientID, c.ClientSecret, c.AuthStyle = r.ClientID, r.ClientSecret.Reveal(), oauth2.AuthStyleInHeader
	case "client_secret_post":
		c.ClientID, c.ClientSecret = r.ClientID, r.ClientSecret.Reveal()
	case "none", authPrivateKeyJWT:
		c.ClientID = r.ClientID
	}
	return c
}

// tokenURL expands the scheme's token endpoint.
func tokenURL(t Target) (string, error) {
	u, err := catalog.Expand(t.Scheme.OAuth.TokenURL, t.Values)
	if err != nil {
		return "", fmt.Errorf("token URL of %s: %w", t.Connector.ID, err)
	}
	return u, nil
}

// newFirstRequest is newTokenRequest with the scheme's own parameters of a first
// grant. One that names an absent value is left out.
func newFirstRequest(t Target, form, fields map[string]secret.Bytes) (TokenRequest, error) {
	vars := variables(t, nil)
	for name, template := range t.Scheme.OAuth.TokenForm {
		text, err := catalog.ExpandText(template, vars)
		if errors.Is(err, catalog.ErrMissing) {
			continue
		}
		if err != nil {
			return TokenRequest{}, fmt.Errorf("token request of %s: %w", t.Connector.ID, err)
		}
		form[name] = secret.FromString(text)
	}
	return newTokenRequest(t, form, fields)
}

// extendRefresh adds the scheme's own parameters to the form of a refresh, where
// the system asks for more than RFC 6749 6.
func extendRefresh(t Target, form map[string]secret.Bytes) error {
	vars := variables(t, nil)
	vars["redirectUri"] = t.RedirectURI
	for name, template := range t.Scheme.OAuth.RefreshForm {
		text, err := catalog.ExpandText(template, vars)
		if err != nil {
			return fmt.Errorf("refresh request of %s: %w", t.Connector.ID, err)
		}
		form[name] = secret.FromString(text)
	}
	return nil
}

// newTokenRequest returns a request with the grant's form. The fields are those of
// the connection's credential, of which a key may be one.
func newTokenRequest(t Target, form, fields map[string]secret.Bytes) (TokenRequest, error) {
	u, err := tokenURL(t)
	if err != nil {
		return TokenRequest{}, err
	}
	return authenticated(t, TokenRequest{URL: u, Form: form, Format: t.Scheme.OAuth.TokenFormat}, fields)
}

// authenticated adds what the client shows.
func authenticated(t Target, r TokenRequest, fields map[string]secret.Bytes) (TokenRequest, error) {
	if t.ClientID == "" {
		t.ClientID = t.Values[fieldClientID].Text // Of the connection's own, which is no secret.
	}
	r.ClientAuth, r.ClientKey, r.ClientID, r.ClientSecret = t.Scheme.OAuth.ClientAuth, t.ClientKey, t.ClientID, t.ClientSecret
	if r.ClientAuth != authPrivateKeyJWT {
		return r, nil
	}
	a, err := clientAssertion(t, fields)
	r.Form["client_assertion_type"] = secret.FromString(clientAssertionType)
	r.Assertions = append(r.Assertions, a)
	return r, err
}
