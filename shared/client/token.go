package client

import (
	"context"
	"fmt"
	"time"

	"golang.org/x/oauth2"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/routes"
)

// The use of a leased token ends tokenMargin before it expires, and after
// unknownExpiry when nobody knows when it does: a paused connection must stop
// working. A lease asks for twice the margin, so that it is of some use.
const (
	tokenMargin   = 30 * time.Second
	unknownExpiry = 5 * time.Minute
)

// TokenSource leases the access token of a connection for the stated purpose
// and keeps it until 30 seconds before it expires. Use it with oauth2.NewClient.
// The context is used for every lease. It is safe for concurrent use.
func TokenSource(ctx context.Context, c *Client, connectionID, purpose string) oauth2.TokenSource {
	source := &leased{ctx: ctx, client: c, request: api.LeaseRequest{
		ConnectionID: connectionID, Purpose: purpose, MinimumLifetimeSeconds: int(2 * tokenMargin / time.Second),
	}}
	return oauth2.ReuseTokenSourceWithExpiry(nil, source, tokenMargin)
}

// leased is a source that leases each time. It keeps a context because
// oauth2.TokenSource takes none.
type leased struct {
	ctx     context.Context
	client  *Client
	request api.LeaseRequest
}

// Token implements oauth2.TokenSource. A connection whose credential is not an
// access token is an error.
func (l *leased) Token() (*oauth2.Token, error) {
	lease, err := Call(l.ctx, l.client, routes.ConnectionLease, l.request)
	if err != nil {
		return nil, err
	}
	if lease.AccessToken == "" {
		return nil, fmt.Errorf("connection %s has no access token; use the headers of its lease", l.request.ConnectionID)
	}
	expiry := time.Now().Add(tokenMargin + unknownExpiry)
	if lease.ExpiresAt != nil {
		expiry = *lease.ExpiresAt
	}
	return &oauth2.Token{AccessToken: lease.AccessToken, TokenType: lease.TokenType, Expiry: expiry}, nil
}
