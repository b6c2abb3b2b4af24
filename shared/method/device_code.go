package method

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/vault"
)

// DeviceCode is the OAuth 2.0 device authorization grant (RFC 8628) with
// refresh: the person signs in at a page of the system, on whatever device, and
// enters a short code there; the token endpoint is polled meanwhile.
type DeviceCode struct{}

// DeviceAuthorizer is a Method with a handoff that no browser of ours takes part
// in.
type DeviceAuthorizer interface {
	// Device asks for a device code; Answer.DeviceGrant reads the answer.
	Device(t Target) (Request, error)
	// Poll asks whether the person is done; Answer.Progress reads the answer.
	Poll(t Target, deviceCode secret.Bytes) (Request, error)
}

// Type implements Method.
func (DeviceCode) Type() string { return "oauth2_device_code" }

// Apply implements Method.
func (DeviceCode) Apply(t Target, _ map[string]secret.Bytes, token Token) (vault.Leasable, error) {
	return bearer(t, token)
}

// Device implements DeviceAuthorizer (RFC 8628 3.1).
func (DeviceCode) Device(t Target) (Request, error) {
	endpoint, err := deviceURL(t)
	if err != nil {
		return nil, err
	}
	form := map[string]secret.Bytes{}
	if len(t.Scopes) > 0 {
		form["scope"] = secret.FromString(strings.Join(t.Scopes, separator(t.Scheme.OAuth)))
	}
	return TokenRequest{
		URL: endpoint, Form: form, ClientAuth: t.Scheme.OAuth.ClientAuth,
		ClientKey: t.ClientKey, ClientID: t.ClientID, ClientSecret: t.ClientSecret,
	}, nil
}

// Poll implements DeviceAuthorizer (RFC 8628 3.4).
func (DeviceCode) Poll(t Target, deviceCode secret.Bytes) (Request, error) {
	return newFirstRequest(t, map[string]secret.Bytes{
		"grant_type": secret.FromString("urn:ietf:params:oauth:grant-type:device_code"), "device_code": deviceCode,
	}, nil)
}

// Refresh implements Refresher (RFC 6749 6).
func (DeviceCode) Refresh(t Target, refreshToken secret.Bytes) (Request, error) {
	return AuthorizationCode{}.Refresh(t, refreshToken)
}

// Revoke implements Revoker (RFC 7009).
func (DeviceCode) Revoke(ctx context.Context, reach Reach, t Target, token secret.Bytes, hint string) (Revocation, error) {
	return revoke(ctx, reach, t, token, hint)
}

// DeviceGrant is what a device authorization endpoint answers (RFC 8628 3.2).
// Whoever knows the user code can be made to enter it, so it does not print.
type DeviceGrant struct {
	DeviceCode   secret.Bytes
	UserCode     secret.Bytes
	Page         string        // Where the person enters the user code.
	PageComplete secret.Bytes  // Page with the user code in it; zero where there is none.
	Lifetime     time.Duration // Of both codes.
	Interval     time.Duration // No two polls may be closer.
}

// The bounds of a device grant, and what holds where the answer does not say
// (RFC 8628 3.2 sets the interval).
const (
	deviceCodeLimit = 8 << 10
	userCodeLimit   = 64
	pageLimit       = 2048
	defaultInterval = 5 * time.Second
	defaultLifetime = 10 * time.Minute
)

// DeviceGrant reads the answer of a device authorization endpoint. The page is
// one of the system's: on a host of the connector, on that of the endpoint, or
// on the one the scheme names beside them. Local is catalog.Catalog.Local.
func (a Answer) DeviceGrant(t Target, local bool) (DeviceGrant, error) {
	members, err := decodeMembers(a.Body.Reveal())
	if err != nil {
		return DeviceGrant{}, a.refusal("", err)
	}
	if code := errorCode(members); code != "" || !a.Succeeded() {
		err := a.refusal(code, nil)
		if errors.Is(err, ClientRefused) || fault.Has(err, fault.CodeProviderUnavailable) {
			return DeviceGrant{}, err
		}
		return DeviceGrant{}, fault.New(fault.Upstream, fault.CodeProviderError, "The system issued no device code.").WithRemedy("contact_admin")
	}
	g := DeviceGrant{
		DeviceCode: secretMember(members, "device_code"), UserCode: secretMember(members, "user_code"),
		Lifetime: lifetime(members["expires_in"]), Interval: lifetime(members["interval"]),
	}
	if g.DeviceCode.IsZero() || g.DeviceCode.Len() > deviceCodeLimit || !headerSafe(g.DeviceCode) || !printable(g.UserCode) {
		return DeviceGrant{}, Unreadable
	}
	if g.Lifetime == 0 {
		g.Lifetime = defaultLifetime
	}
	if g.Interval == 0 {
		g.Interval = defaultInterval
	}
	page := stringMember(members, "verification_uri")
	if page == "" {
		page = stringMember(members, "verification_url") // Google, and drafts of the RFC.
	}
	if g.Page, err = devicePage(t, page, local); err != nil {
		return DeviceGrant{}, err
	}
	if complete := stringMember(members, "verification_uri_complete"); sameHost(complete, g.Page) {
		g.PageComplete = secret.FromString(complete)
	}
	return g, nil
}

// Progress is what a poll found out (RFC 8628 3.5).
type Progress string

// The progress of a person at the system's page.
const (
	Approved Progress = "approved" // The answer holds the tokens.
	Waiting  Progress = "waiting"  // Not done yet.
	TooFast  Progress = "too_fast" // Not done yet, and the interval grows by five seconds.
	Denied   Progress = "denied"   // The person refused.
	Lapsed   Progress = "lapsed"   // The time is over.
	Refused  Progress = "refused"  // Asking again will never help.
	Troubled Progress = "troubled" // The system has a problem: ask again, less often.
)

// Progress reads the answer to a poll. An error that the RFC does not let a
// client go on after ends it; an answer that is no word of OAuth does not.
func (a Answer) Progress() Progress {
	members, err := decodeMembers(a.Body.Reveal())
	if err != nil {
		return Troubled
	}
	switch code := strings.ToLower(errorCode(members)); code {
	case "":
		if a.Succeeded() {
			return Approved
		}
		return Troubled
	case "authorization_pending":
		return Waiting
	case "slow_down":
		return TooFast
	case "access_denied", "authorization_declined":
		return Denied
	case "expired_token":
		return Lapsed
	case "server_error", "temporarily_unavailable":
		return Troubled
	}
	if a.Status >= 500 || a.Status == http.StatusTooManyRequests {
		return Troubled
	}
	return Refused
}

// deviceURL expands the scheme's device authorization endpoint.
func deviceURL(t Target) (string, error) {
	u, err := catalog.Expand(t.Scheme.OAuth.DeviceURL, t.Values)
	if err != nil {
		return "", fmt.Errorf("device URL of %s: %w", t.Connector.ID, err)
	}
	return u, nil
}

// devicePage holds the page to the rules of a captured URL and to the system's
// hosts: people are sent there.
func devicePage(t Target, text string, local bool) (string, error) {
	capture := catalog.Capture{Name: "verification page", Type: catalog.TypeURL}
	page, err := catalog.CheckCapture(capture, text, local)
	if err != nil {
		return "", err
	}
	u, err := url.Parse(page.Text)
	if err != nil {
		return "", Unreadable
	}
	endpoint, err := deviceURL(t)
	if err != nil {
		return "", err
	}
	if t.Connector.Allows(u.Host, t.Values) || sameHost(page.Text, endpoint) {
		return page.Text, nil
	}
	if capture.Host = t.Scheme.OAuth.DeviceHost; capture.Host == "" {
		return "", fault.New(fault.Upstream, fault.CodeProviderError, "The system names a verification page on a host of someone else.")
	}
	_, err = catalog.CheckCapture(capture, text, local)
	return page.Text, err
}

// sameHost reports whether a is a URL with the scheme and host of b.
func sameHost(a, b string) bool {
	first, err := url.Parse(a)
	if err != nil || len(a) > pageLimit || first.User != nil || first.Fragment != "" {
		return false
	}
	second, err := url.Parse(b)
	return err == nil && first.Host != "" && first.Scheme == second.Scheme && first.Host == second.Host
}

// printable reports whether a user code can be shown on a line and typed.
func printable(code secret.Bytes) bool {
	text := code.Reveal()
	return strings.TrimSpace(text) != "" && len(text) <= userCodeLimit &&
		strings.IndexFunc(text, func(r rune) bool { return r < 0x20 || r > 0x7e }) < 0
}
