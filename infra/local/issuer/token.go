package issuer

import (
	"cmp"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4/jwt"
)

// DefaultLifetime is how long a token is valid unless its claims say
// otherwise. MaxLifetime bounds what may be asked for.
const (
	DefaultLifetime = 8 * time.Hour
	MaxLifetime     = 30 * 24 * time.Hour
)

// clientID is the client_id claim, which RFC 9068 requires, of a minted token.
const clientID = "tenon-dev"

// Claims say whom a token speaks for.
type Claims struct {
	// Tenant is the claim "tenant"; required, printable ASCII without spaces.
	Tenant string
	// Subject is the claim "sub"; required, printable ASCII without spaces.
	Subject string
	// Scopes become the space-separated claim "scope" (RFC 8693, section 4.2).
	Scopes []string
	// Lifetime is from now until exp; zero means DefaultLifetime.
	Lifetime time.Duration

	client string // The claim "client_id"; empty means clientID.
}

// Token returns a signed access token (RFC 9068). An error names the claim
// that cannot be used.
func (i *Issuer) Token(c Claims) (string, error) {
	token, _, err := i.sign(c)
	return token, err
}

type payload struct {
	Issuer    string           `json:"iss"`
	Subject   string           `json:"sub"`
	Audience  string           `json:"aud"`
	IssuedAt  *jwt.NumericDate `json:"iat"`
	NotBefore *jwt.NumericDate `json:"nbf"`
	Expiry    *jwt.NumericDate `json:"exp"`
	ID        string           `json:"jti"`
	ClientID  string           `json:"client_id"`
	Scope     string           `json:"scope"`
	Tenant    string           `json:"tenant"`
}

func (i *Issuer) sign(c Claims) (string, time.Time, error) {
	if err := c.check(); err != nil {
		return "", time.Time{}, err
	}
	if c.Lifetime == 0 {
		c.Lifetime = DefaultLifetime
	}
	now := i.now().Truncate(time.Second)
	expiry := now.Add(c.Lifetime)
	token, err := jwt.Signed(i.signer).Claims(payload{
		Issuer:    i.baseURL,
		Subject:   c.Subject,
		Audience:  Audience,
		IssuedAt:  jwt.NewNumericDate(now),
		NotBefore: jwt.NewNumericDate(now),
		Expiry:    jwt.NewNumericDate(expiry),
		ID:        rand.Text(),
		ClientID:  cmp.Or(c.client, clientID),
		Scope:     strings.Join(c.Scopes, " "),
		Tenant:    c.Tenant,
	}).Serialize()
	if err != nil {
		return "", time.Time{}, fmt.Errorf("sign token: %w", err)
	}
	return token, expiry, nil
}

func (c Claims) check() error {
	if !isToken(c.Tenant) {
		return errors.New("tenant must be 1 to 128 printable ASCII characters without spaces")
	}
	if !isToken(c.Subject) {
		return errors.New("subject must be 1 to 128 printable ASCII characters without spaces")
	}
	for _, scope := range c.Scopes {
		if !isToken(scope) || strings.ContainsAny(scope, `"\`) {
			return errors.New("scopes must be scope tokens (RFC 6749, section 3.3)")
		}
	}
	if c.Lifetime < 0 || c.Lifetime > MaxLifetime {
		return errors.New("lifetime must be positive and at most 30 days")
	}
	return nil
}

func isToken(s string) bool {
	outside := func(r rune) bool { return r <= ' ' || r > '~' }
	return s != "" && len(s) <= 128 && !strings.ContainsFunc(s, outside)
}
