package template

import (
	"context"
	"slices"
	"time"

	"github.com/tenonhq/tenon/shared/fault"
)

// Client is an OAuth client registered at the system.
type Client struct {
	ClientKey int // Counts the template's clients, from 1; never used again.
	ClientID  string
	Secret    *ClientSecret

	RefusedAt   time.Time // Since when the system refuses the client; zero while it does not.
	RefusedLast time.Time // The last refusal that was noted: one in a retryPause.
	Untold      string    // The id of the event of that, until it is published.
}

// retryPause is how long a refused primary is left alone while the secondary
// can stand in for it.
const retryPause = 10 * time.Minute

// clients returns the clients, the primary first.
func (t *Template) clients() []*Client {
	if t.Previous == nil {
		return []*Client{&t.Client}
	}
	return []*Client{&t.Client, t.Previous}
}

// client returns the client of a key, nil when the template has it no more.
func (t *Template) client(key int) *Client {
	for _, c := range t.clients() {
		if c.ClientKey == key {
			return c
		}
	}
	return nil
}

// minter returns the client that answers for what the client of a key minted:
// the secondary for everything that came before the rotation.
func (t *Template) minter(key int) *Client {
	if t.Previous != nil && key != 0 && key <= t.Previous.ClientKey {
		return t.Previous
	}
	return &t.Client
}

// granting returns the client that asks for new grants: the primary. While the
// system refuses it, a secondary of the same client id stands in, whose secret
// is as good; retry gives the primary another chance.
func (t *Template) granting(retry bool) *Client {
	p := t.Previous
	if p == nil || p.ClientID != t.ClientID || t.RefusedAt.IsZero() || !p.RefusedAt.IsZero() || retry {
		return &t.Client
	}
	return p
}

// holding returns the client that speaks for what a connection holds: a refresh
// token is bound to the client id it was issued to (RFC 6749 6), not to the
// client's secret.
func (t *Template) holding(mintedBy int, retry bool) *Client {
	if c := t.minter(mintedBy); c.ClientID != t.ClientID {
		return c
	}
	return t.granting(retry)
}

// secrets returns the client secrets that the record names.
func (t *Template) secrets() []*ClientSecret {
	var named []*ClientSecret
	for _, c := range t.clients() {
		if c.Secret != nil {
			named = append(named, c.Secret)
		}
	}
	return named
}

// Names reports whether the secret of this name belongs to one of the clients.
func (t *Template) Names(secretName string) bool {
	return slices.ContainsFunc(t.secrets(), func(s *ClientSecret) bool { return s.At.Secret == secretName })
}

// without returns those of the secrets that are not among the others.
func without(secrets, others []*ClientSecret) []*ClientSecret {
	return slices.DeleteFunc(secrets, func(s *ClientSecret) bool { return slices.Contains(others, s) })
}

// keepNoted takes over what was noted meanwhile: of the clients, and which
// connection serves test runs.
func (t *Template) keepNoted(noted Template) {
	t.TestConnection = noted.TestConnection
	for _, c := range t.clients() {
		if n := noted.client(c.ClientKey); n != nil {
			c.RefusedAt, c.RefusedLast, c.Untold = n.RefusedAt, n.RefusedLast, n.Untold
		}
	}
}

// replaceClient makes the client of the change the primary and, if that is
// wanted, the former one the secondary. A new secret is stored later.
func (t *Template) replaceClient(change Change) error {
	if change.ClientSecret == nil && (change.ClientID == nil || *change.ClientID == t.ClientID) {
		if change.KeepPrevious {
			return wrongField("/keepPrevious", "Needs a new clientId or clientSecret beside it.")
		}
		return nil
	}
	former := t.Client
	t.Client = Client{ClientKey: former.ClientKey + 1, ClientID: former.ClientID, Secret: former.Secret}
	if change.ClientID != nil {
		t.ClientID = *change.ClientID
	}
	if change.ClientSecret != nil || change.KeepPrevious {
		t.Secret = nil // Two clients never share a secret: it goes with one of them.
	}
	switch {
	case !change.KeepPrevious:
		return nil
	case t.Previous != nil:
		return fault.New(fault.Conflict, fault.CodeConflict, "The client is being rotated already. End that first with dropPrevious.")
	case former.ClientID == "":
		return wrongField("/keepPrevious", "There is no client to keep.")
	}
	t.Previous = &former
	return nil
}

// droppable refuses to forget a client that connections depend on: those whose
// refresh token is bound to its id, or all of them while it stands in for a
// refused client.
func (s *Service) droppable(ctx context.Context, t Template, dropped Client) error {
	heir := t.minter(dropped.ClientKey)
	same := heir.ClientID == dropped.ClientID
	if same && heir.RefusedAt.IsZero() {
		return nil
	}
	uses, err := s.Store.Uses(ctx, t.Owner, t.ID)
	if err != nil {
		return err
	}
	for key, n := range uses {
		if n > 0 && key != 0 && (same || key <= dropped.ClientKey) {
			return fault.New(fault.Conflict, fault.CodeClientInUse, "Connections depend on the previous client. Wait until they use the new one, or force it.")
		}
	}
	return nil
}
