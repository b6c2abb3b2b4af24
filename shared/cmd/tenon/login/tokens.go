package login

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"golang.org/x/oauth2"

	"github.com/tenonhq/tenon/shared/cmd/tenon/status"
	"github.com/tenonhq/tenon/shared/secret"
)

// tokenMargin is how long before its end a token is no longer used.
const tokenMargin = 30 * time.Second

// token returns an access token of the profile. One that ends is replaced while no
// other process does the same: a refresh token that is used twice may end the
// sign-in (RFC 9700, section 4.14.2).
func (s *Store) token(ctx context.Context, doer *http.Client, name string) (string, error) {
	p, ok, err := s.Profile(name)
	if err != nil {
		return "", err
	}
	if ok && p.fresh() {
		return p.access.Reveal(), nil
	}
	err = s.update(func(f *file) error {
		entry, there := f.Profiles[name]
		if p = entry.profile(name); !there || p.refresh.IsZero() && !p.fresh() {
			return signedOut(p)
		}
		if p.fresh() {
			return nil
		}
		if err := p.renew(ctx, doer); err != nil {
			return err
		}
		f.Profiles[name] = kept(p)
		return nil
	})
	return p.access.Reveal(), err
}

func (p Profile) fresh() bool {
	return !p.access.IsZero() && (p.Expiry.IsZero() || time.Until(p.Expiry) > tokenMargin)
}

// renew asks the issuer for another token (RFC 6749, section 6).
func (p *Profile) renew(ctx context.Context, doer *http.Client) error {
	m, err := Discover(ctx, doer, p.Issuer)
	if err != nil {
		return err
	}
	cfg := oauth2.Config{ClientID: p.ClientID, Endpoint: m.endpoint()}
	ctx = context.WithValue(ctx, oauth2.HTTPClient, doer)
	token, err := cfg.TokenSource(ctx, &oauth2.Token{RefreshToken: p.refresh.Reveal()}).Token()
	if err != nil {
		return fmt.Errorf("%w; sign in again: tenon login %s", refusal("refresh the sign-in", err), p.URL)
	}
	p.hold(token)
	return nil
}

func signedOut(p Profile) error {
	return status.Error{Err: fmt.Errorf("not signed in; do: %s", strings.TrimSpace("tenon login "+p.URL)), Code: status.Forbidden}
}

// Logout forgets a profile and has the issuer forget its refresh token, where it
// can be told (RFC 7009). What the issuer does not hear is forgotten all the same.
func (s *Store) Logout(ctx context.Context, doer *http.Client, name string) (Profile, error) {
	p, ok, err := s.Profile(name)
	if err != nil {
		return p, err
	}
	if !ok {
		return p, status.Error{Err: fmt.Errorf("not signed in"), Code: status.NotFound}
	}
	err = s.update(func(f *file) error {
		p = f.Profiles[p.Name].profile(p.Name)
		delete(f.Profiles, p.Name)
		if f.Current == p.Name {
			f.Current = ""
		}
		return nil
	})
	if err == nil && !p.refresh.IsZero() {
		p.revoke(ctx, doer)
	}
	p.access, p.refresh = secret.Bytes{}, secret.Bytes{}
	return p, err
}

func (p Profile) revoke(ctx context.Context, doer *http.Client) {
	m, err := Discover(ctx, doer, p.Issuer)
	if err != nil || m.Revocation == "" {
		return
	}
	form := url.Values{"client_id": {p.ClientID}, "token": {p.refresh.Reveal()}, "token_type_hint": {"refresh_token"}}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, m.Revocation, strings.NewReader(form.Encode()))
	if err != nil {
		return
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if res, err := doer.Do(r); err == nil {
		_ = res.Body.Close()
	}
}
