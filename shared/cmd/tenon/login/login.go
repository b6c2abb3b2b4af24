// Package login signs a person in to a stage and keeps it in a file, so that the
// commands have tokens. It depends on package smoke, whose client credentials
// programs use, on packages auth, client and secret, on package status beside it,
// and on golang.org/x/oauth2.
//
// A stage says itself who signs people in: on the page of its console. Where that
// issuer has the device grant (RFC 8628) the person confirms a code on whatever
// device; otherwise a browser on this machine brings a code back (RFC 8252).
package login

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"time"

	"golang.org/x/oauth2"

	"github.com/tenonhq/tenon/shared/cmd/tenon/status"
	"github.com/tenonhq/tenon/shared/secret"
)

// Prompt is what a person has to do to sign in.
type Prompt struct {
	URL  string // To be opened in a browser.
	Code string // What the page there must show; empty for a browser on this machine.
}

// Request asks to sign in.
type Request struct {
	URL     string       // Of the stage.
	Profile string       // Its name in the file; the name of the stage when empty.
	HTTP    *http.Client // Must follow no redirect.
	Prompt  func(Prompt) // Tells the person; it does not wait.
}

// signInTime is how long a person may take.
const signInTime = 10 * time.Minute

// Login signs the person in, makes the stage the current one and returns its
// profile.
func (s *Store) Login(ctx context.Context, r Request) (Profile, error) {
	address, err := Address(r.URL)
	if err != nil {
		return Profile{}, err
	}
	stage, err := configurationOf(ctx, r.HTTP, address)
	if err != nil {
		return Profile{}, err
	}
	m, err := Discover(ctx, r.HTTP, stage.Issuer)
	if err != nil {
		return Profile{}, err
	}
	name := r.Profile
	if name == "" {
		name = stage.Stage
	}
	if !profileName.MatchString(name) {
		return Profile{}, status.Wrong("%q is no name of a profile: use letters, digits, dots and dashes", name)
	}
	cfg := oauth2.Config{ClientID: stage.ClientID, Scopes: stage.scopes(m), Endpoint: m.endpoint()}
	ctx, cancel := context.WithTimeout(context.WithValue(ctx, oauth2.HTTPClient, r.HTTP), signInTime)
	defer cancel()
	sign := signInHere
	if m.Device != "" {
		sign = signInAnywhere
	}
	token, err := sign(ctx, cfg, m, r.Prompt)
	if err != nil {
		return Profile{}, refusal("sign in", err)
	}
	p := Profile{Name: name, URL: address, Stage: stage.Stage, Issuer: stage.Issuer, ClientID: stage.ClientID}
	p.hold(token)
	err = s.update(func(f *file) error {
		f.Current = name
		f.Profiles[name] = kept(p)
		return nil
	})
	return p, err
}

// scopes are those of the console, and the one that brings a refresh token where
// the issuer has it.
func (c configuration) scopes(m Metadata) []string {
	asked := append([]string{"openid", "profile", "email"}, c.Scopes...)
	if slices.Contains(m.Scopes, "offline_access") {
		asked = append(asked, "offline_access")
	}
	return asked
}

// signInAnywhere has the person confirm a code. An issuer that has no such grant for
// this client, as some have it for each, is asked the other way.
func signInAnywhere(ctx context.Context, cfg oauth2.Config, m Metadata, prompt func(Prompt)) (*oauth2.Token, error) {
	device, err := cfg.DeviceAuth(ctx)
	if _, refused := errors.AsType[*oauth2.RetrieveError](err); refused && m.Authorization != "" {
		return signInHere(ctx, cfg, m, prompt)
	}
	if err != nil {
		return nil, err
	}
	page := device.VerificationURIComplete
	if page == "" {
		page = device.VerificationURI
	}
	if err := safe(page); err != nil {
		return nil, fmt.Errorf("the issuer's page: %w", err)
	}
	prompt(Prompt{URL: page, Code: device.UserCode})
	return cfg.DeviceAccessToken(ctx, device)
}

// Address checks the address of a stage and returns it without a slash at its
// end. Secrets go over TLS, unless they stay on the machine.
func Address(text string) (string, error) {
	u, err := url.Parse(text)
	if err != nil || u.User != nil || u.RawQuery != "" || u.Fragment != "" || safe(text) != nil {
		return "", status.Wrong("the address of a stage is an https URL, such as https://tenon.example.com")
	}
	return u.Scheme + "://" + u.Host, nil
}

// safe refuses an address that secrets must not go to.
func safe(address string) error {
	u, err := url.Parse(address)
	local := err == nil && slices.Contains([]string{"localhost", "127.0.0.1", "::1"}, u.Hostname())
	if err != nil || u.Host == "" || u.Scheme != "https" && (u.Scheme != "http" || !local) {
		return errors.New("is no https URL")
	}
	return nil
}

// refusal says why an issuer gave no token, without what it answered, which may
// hold one.
func refusal(doing string, err error) error {
	if refused, ok := errors.AsType[*oauth2.RetrieveError](err); ok {
		answer := refused.ErrorCode
		if answer == "" && refused.Response != nil {
			answer = refused.Response.Status
		}
		return status.Error{Err: fmt.Errorf("%s: the issuer refused: %s", doing, answer), Code: status.Forbidden}
	}
	return fmt.Errorf("%s: %w", doing, err)
}

// hold takes a token over.
func (p *Profile) hold(t *oauth2.Token) {
	p.access, p.refresh, p.Expiry = secret.FromString(t.AccessToken), secret.FromString(t.RefreshToken), t.Expiry
}
