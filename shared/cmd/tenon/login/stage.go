package login

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/tenonhq/tenon/infra/smoke"
	"github.com/tenonhq/tenon/shared/client"
	"github.com/tenonhq/tenon/shared/cmd/tenon/status"
	"github.com/tenonhq/tenon/shared/secret"
)

// Tokens returns a bearer token, another one when the last ends.
type Tokens func(context.Context) (string, error)

// Stage is a deployment and how it is called.
type Stage struct {
	URL     string
	Profile string // Empty where the token is not of a profile.
	Issuer  string // Of the token, where it is known.
	Tokens  Tokens
	HTTP    *http.Client // Follows no redirect: the token goes nowhere else.
}

// Choice says which stage is meant; all may be empty.
type Choice struct {
	URL, Profile string
	Getenv       func(string) string
}

// NewHTTP returns what the command line calls stages and issuers with.
func NewHTTP() *http.Client {
	return &http.Client{
		Timeout:       time.Minute,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// Open returns the stage that is meant: by an address, which goes first, by a
// profile, or the current one; without any, that of the local environment. Its
// token is the environment's, where that has one, and otherwise the profile's.
func Open(ctx context.Context, c Choice) (Stage, error) {
	stage := Stage{HTTP: NewHTTP()}
	store, err := NewStore(c.Getenv)
	if err != nil {
		return stage, err
	}
	address := cmp.Or(c.URL, c.Getenv("TENON_URL"))
	var p Profile
	var found bool
	switch {
	case c.Profile != "":
		p, found, err = store.Profile(c.Profile)
		if err == nil && !found {
			return stage, status.Error{Err: errors.New("there is no profile " + c.Profile), Code: status.NotFound}
		}
	case address != "":
		if address, err = Address(address); err == nil {
			p, found, err = store.At(address)
		}
	default:
		p, found, err = store.Profile("")
	}
	if err != nil {
		return stage, err
	}
	if c.Profile != "" || address == "" {
		address = cmp.Or(p.URL, Local(c.Getenv))
	}
	stage.URL, stage.Profile, stage.Issuer = address, p.Name, p.Issuer
	if named(c.Getenv) && c.Profile == "" {
		if found && c.URL == "" && c.Getenv("TENON_URL") == "" {
			return stage, status.Wrong("TENON_TOKEN or TENON_CLIENT_ID is set: say with TENON_URL, --api or --profile for which stage, so that it goes to no other")
		}
		stage.Profile, stage.Issuer = "", c.Getenv("TENON_ISSUER")
		stage.Tokens, err = Environment(ctx, c.Getenv, stage.HTTP)
		return stage, err
	}
	stage.Tokens = func(ctx context.Context) (string, error) {
		if !found {
			return "", signedOut(Profile{URL: address})
		}
		return store.token(ctx, stage.HTTP, p.Name)
	}
	return stage, nil
}

// Client returns a client of the stage, acting for a tenant where one is named.
func (s Stage) Client(tenant string) *client.Client {
	c := client.New(s.URL, s.Tokens, s.HTTP)
	if tenant != "" {
		c = c.For(tenant)
	}
	return c
}

// Local is the address of the environment that `tenon dev` runs.
func Local(getenv func(string) string) string {
	return "http://127.0.0.1:" + cmp.Or(getenv("TENON_DEV_PORT"), "8787")
}

// named reports whether the environment says whose token to use.
func named(getenv func(string) string) bool {
	return getenv("TENON_TOKEN") != "" || getenv("TENON_CLIENT_ID") != ""
}

// Environment returns what gets the token that the environment names: TENON_TOKEN,
// or what the client TENON_CLIENT_ID with TENON_CLIENT_SECRET has at TENON_ISSUER.
// TENON_SCOPES and TENON_AUDIENCE say what to ask the issuer for.
func Environment(ctx context.Context, getenv func(string) string, doer *http.Client) (Tokens, error) {
	if token := getenv("TENON_TOKEN"); token != "" {
		return func(context.Context) (string, error) { return token, nil }, nil
	}
	c := smoke.Credentials{
		Issuer: getenv("TENON_ISSUER"), ClientID: getenv("TENON_CLIENT_ID"), Secret: secret.FromString(getenv("TENON_CLIENT_SECRET")),
		Scopes: strings.Fields(getenv("TENON_SCOPES")), Audience: getenv("TENON_AUDIENCE"),
	}
	if c.Issuer == "" || c.ClientID == "" || c.Secret.IsZero() {
		return nil, status.Wrong("set TENON_TOKEN, or TENON_ISSUER, TENON_CLIENT_ID and TENON_CLIENT_SECRET")
	}
	return c.Tokens(ctx, doer)
}
