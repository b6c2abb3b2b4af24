package doctor

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"reflect"
	"strings"
	"time"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/client"
	"github.com/tenonhq/tenon/shared/cmd/tenon/login"
	"github.com/tenonhq/tenon/shared/openapi"
	"github.com/tenonhq/tenon/shared/routes"
)

// issuer asks whether one can sign in.
func (d *doctor) issuer(ctx context.Context) {
	const remedy = "Ask who runs the issuer; infra/docs/sign-in.md says what it needs."
	issuer, err := login.IssuerOf(ctx, d.stage.HTTP, d.stage.URL)
	if err != nil {
		d.wrong("issuer", remedy, "The stage does not say who signs people in: %v.", err)
		return
	}
	m, err := login.Discover(ctx, d.stage.HTTP, issuer)
	if err != nil {
		d.wrong("issuer", remedy, "The issuer cannot be used: %v.", err)
		return
	}
	keys, err := login.Keys(ctx, d.stage.HTTP, m)
	if err != nil || keys == 0 {
		d.wrong("issuer", remedy, "The issuer %s publishes no keys.", issuer)
		return
	}
	d.passed("issuer", "%s answers and publishes %d keys.", issuer, keys)
}

// version compares the API of the stage with the one of this program.
func (d *doctor) version(ctx context.Context) {
	served, err := client.Call(ctx, d.calls, routes.OpenapiGet, api.None{})
	var ours map[string]any
	if err == nil {
		err = json.Unmarshal(openapi.JSON, &ours)
	}
	switch {
	case err != nil:
		d.wrong("version", "Try again; see the service's log.", "The stage does not describe its API.")
	case !reflect.DeepEqual(served, ours):
		d.wrong("version", "Use the tenon of the stage's version.", "The API of the stage is another version than this program's; commands may not fit.")
	default:
		d.passed("version", "The API of the stage is the one of this program.")
	}
}

// claims are those of a token that say for whom it speaks. They are not verified:
// the stage does that.
type claims struct {
	tenant, subject, scopes string
	expires                 time.Time
}

// signedIn asks whether the token is accepted, and says whose it is.
func (d *doctor) signedIn(ctx context.Context) bool {
	remedy := "Sign in: tenon login " + d.stage.URL
	token, err := d.stage.Tokens(ctx)
	if err != nil {
		d.wrong("sign-in", remedy, "There is no token: %v.", err)
		return false
	}
	c := read(token)
	if !c.expires.IsZero() && d.now().After(c.expires) {
		d.wrong("sign-in", remedy, "The token ended at %s.", c.expires.UTC().Format(time.RFC3339))
		return false
	}
	_, err = client.Call(ctx, d.calls, routes.ConnectionSummary, api.None{})
	p, answered := errors.AsType[*client.Problem](err)
	switch {
	case err == nil:
	case answered && p.Status == http.StatusUnauthorized:
		d.wrong("sign-in", remedy, "The stage refuses the token: it is of another issuer or audience, or it ended.")
		return false
	case answered && p.Status == http.StatusForbidden:
		d.wrong("sign-in", "Ask who runs the issuer for a tenant and the scope connections:read.", "The token is valid, and may read nothing: %s", p.Detail)
		return false
	default:
		d.wrong("sign-in", "Try again; see the service's log.", "The stage does not answer to a token: %v.", err)
		return false
	}
	d.passed("sign-in", "%s of tenant %s, with %s.", said(c.subject), said(c.tenant), said(c.scopes))
	return true
}

// read takes the claims out of a token that is a JWT. The claim with the tenant has
// the name that the stage is configured with, which ends in that word.
func read(token string) claims {
	var c claims
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return c
	}
	text, err := base64.RawURLEncoding.DecodeString(parts[1])
	var all map[string]any
	if err != nil || json.Unmarshal(text, &all) != nil {
		return c
	}
	c.subject, _ = all["sub"].(string)
	if c.scopes, _ = all["scope"].(string); c.scopes == "" {
		c.scopes, _ = all["scp"].(string)
	}
	for name, value := range all {
		if text, ok := value.(string); ok && strings.HasSuffix(name, "tenant") {
			c.tenant = text
		}
	}
	if ends, ok := all["exp"].(float64); ok {
		c.expires = time.Unix(int64(ends), 0)
	}
	return c
}

func said(text string) string {
	if text == "" {
		return "(not said)"
	}
	return text
}
