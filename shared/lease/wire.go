package lease

import (
	"time"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/secret"
)

// RequestFrom reads the request for a lease.
func RequestFrom(in api.LeaseRequest) Request {
	return Request{
		ConnectionID: in.ConnectionID, Purpose: in.Purpose,
		Minimum: time.Duration(in.MinimumLifetimeSeconds) * time.Second, Environment: in.Environment,
		Refused: in.RefusedTokenVersion,
	}
}

// BoundRequestFrom reads the request for a lease by a binding.
func BoundRequestFrom(in api.BindingLeaseRequest) Request {
	return Request{
		FlowID: in.FlowID, Slot: in.Slot, Purpose: in.Purpose,
		Minimum: time.Duration(in.MinimumLifetimeSeconds) * time.Second, Environment: in.Environment,
		Refused: in.RefusedTokenVersion,
	}
}

// API returns what the caller receives. This is where a credential leaves the
// service.
func (l Lease) API() api.Lease {
	c := l.Connection
	out := api.Lease{
		LeaseID: l.ID, FlowID: l.FlowID, Slot: l.Slot, ConnectionID: c.ID, Connector: c.Connector, CredentialVersion: c.Credential.Version, TokenVersion: c.LeaseCount,
		BaseURL: c.BaseURL, Headers: revealed(l.Credential.Headers), Query: revealed(l.Credential.Query),
		Values:      revealed(l.Credential.Values),
		AccessToken: l.Credential.AccessToken.Reveal(), TokenType: l.Credential.TokenType,
		Scopes: c.GrantedScopes, Refreshed: l.Refreshed,
	}
	if expires := c.Credential.ExpiresAt; !expires.IsZero() {
		out.ExpiresAt = &expires
	}
	return out
}

func revealed(m map[string]secret.Bytes) map[string]string {
	out := make(map[string]string, len(m))
	for name, value := range m {
		out[name] = value.Reveal()
	}
	return out
}
