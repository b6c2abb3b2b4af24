// Package connection owns the record of one authorized account: its two stored
// facts (lifecycle and health), the public status derived from them, and what
// a person may change about it. It depends on packages api, audit, auth,
// catalog, due, fault, id, metric, notify and vault.
//
// Establishing a credential is the business of package connect, handing it out
// and keeping it fresh that of package lease, probing it that of package
// health; all of them work on the record and the Store defined here.
package connection

import (
	"time"

	"github.com/tenonhq/tenon/shared/notify"
	"github.com/tenonhq/tenon/shared/vault"
)

// Connection is the stored record. It holds no secret in the clear.
type Connection struct {
	Tenant        string
	ID            string // con_…
	Connector     string
	TemplateID    string
	TemplateOwner string // Tenant the template belongs to.
	Name          string
	Environment   string // production, test.
	Scheme        string // Id of the scheme within the connector.
	SchemeType    string // api_key, basic, oauth2_…
	Labels        map[string]string
	Inputs        map[string]string // Given for this connection.
	Captured      map[string]string // Learnt from the provider in the handoff.
	BaseURL       string            // Of the system's API, for this account; empty when the connector has none.
	// Hosts are, by input, what stands in the addresses that the credential was
	// given for or issued by: it goes to no other.
	Hosts            map[string]string
	TemplateRevision int // Of the template, as BaseURL and the hot copy were made.
	// ReapplyAt is when the hot copy is made anew because the connection's own inputs
	// were changed; zero where it was made by them.
	ReapplyAt time.Time

	Lifecycle Lifecycle
	Health    Health
	Since     time.Time // When the public status last changed.
	Account   Account
	// AccountRequired says that the credential reaches several accounts of which
	// nobody has chosen one: it is refreshed, and neither handed out nor checked.
	AccountRequired bool

	RequestedScopes []string // Asked for by the request that brought the credential.
	GrantedScopes   []string
	ScopesReported  bool     // The system said what it granted; else it is taken to be what was asked for.
	MissingScopes   []string // The connector cannot work without them, and the system said it did not grant them.
	OwnScopes       []string // Wanted by this connection, beside what its template asks for.
	ExactScopes     bool     // OwnScopes take the place of what the template asks for.

	// Bindings counts the bindings of active flows that name the connection: while
	// there are any it is neither deleted nor given less access. Package flow's
	// store counts them, in the transaction that writes the flow.
	Bindings int
	// TestCredential marks the connection that serves the test runs of its
	// template: no flow binds it, and no lease but those of test runs hands it out.
	TestCredential bool

	SecretName string      // Reserved at creation, so that a crash leaves nothing unnamed.
	Credential *Credential // Nil until the first one is current.
	Versions   int         // The highest version number given to a credential: none is given twice.
	Pending    *Kept       // Saved, and not in use before it is promoted.
	Previous   *Kept       // Was current, and can be again until its grace ends.
	// Retiring are versions that the record has forgotten and the secret store
	// may still label.
	Retiring   []vault.Locator
	RetireAt   time.Time // When the reconciler does what whoever forgot them did not.
	Lease      []byte    // Sealed vault.Leasable of the current credential: the hot copy.
	LeaseCount int       // Counts hot copies; each is sealed for its own number.
	Refresh    Refresh
	Handoff    *Handoff // The open handoff, if any.
	// Provisioning is when the creation with a credential is given up, if it
	// has not ended by then; zero once it has, and where a person comes first.
	Provisioning time.Time
	Due          Due
	Deletion     Deletion
	// Outbox is what nobody was told of yet, oldest first: written with what it
	// tells of, taken off once it was published.
	Outbox   []notify.Event
	OutboxAt time.Time // When the reconciler publishes what whoever wrote it did not.
	Cutoff   *Cutoff   // Set while the credential is taken away, or was, and nobody may reconnect.
	UsedAt   time.Time // Of the last lease, within UseInterval.
	StaleAt  time.Time // When it was told that nobody uses the connection.

	Revision  int   // Counts changes a caller sees through ETag.
	Version   int64 // Counts every write; optimistic locking.
	CreatedAt time.Time
	CreatedBy string
	UpdatedAt time.Time
}

// Account is the provider account, pinned at the first connect.
type Account struct {
	ID   string
	Name string
	Kind string // In the system's words, where accounts are listed.
}

// Credential describes the current credential.
type Credential struct {
	Version          int // Of replacements, rotations and reconnects, not refreshes.
	At               vault.Locator
	SetAt            time.Time
	SetBy            string
	Last4            string
	User             string
	PublicKey        string    // What was registered at the system, where the credential has a public half.
	SigningKey       string    // Of the tenant: the id of the key that signs for the connection, where one does.
	MintedBy         int       // Key of the template's OAuth client that minted it; zero: none of the template's.
	ExpiresAt        time.Time // Of the access token, or of the key where known. Zero: no expiry known.
	Refreshable      bool      // A new access token can be had without a person.
	RefreshExpiresAt time.Time // Of the refresh token, where known.
	Rolling          bool      // Every refresh moves RefreshExpiresAt on.
	Static           bool      // What is kept was given or generated: a key, a password, a certificate.
	EndsAt           time.Time // Of what is kept, as it says itself or whoever saved it did. Zero: not known.
	RefreshedAt      time.Time
	PromotedAt       time.Time // When the secret store was last written.
}

// Refresh is the state of the refresh protocol. All of its fields are written
// under a condition on Epoch.
type Refresh struct {
	Epoch  int       // Counts attempts that contacted, or may have contacted, the provider.
	Owner  string    // Invocation that holds the fenced lease; empty when free.
	Until  time.Time // When the fenced lease ends by itself.
	Intent *Intent   // Written before the provider is called, removed when the answer is known.
	Answer []byte    // Sealed raw answer, written ahead of parsing.
	// AnswerEpoch is the epoch Answer was sealed at.
	AnswerEpoch int
	Unread      *Unread // A success that nobody could read, kept for a day.
	Token       []byte  // Sealed rotated refresh token not yet in the secret store.
	// TokenEpoch is the epoch Token was sealed at.
	TokenEpoch int
	// PromoteAt is when Token may move to the secret store; zero without one.
	PromoteAt   time.Time
	FailedCount int       // Attempts in a row that brought no token.
	NotBefore   time.Time // No attempt is made until then.
	// HeldSince is when the provider first refused the token for good while it
	// refused those of many others too, so that the refusal is not believed yet.
	HeldSince time.Time
}

// Intent says that a token request is about to be sent. Where earlier requests
// with the same refresh token were never answered, it is that of the first.
type Intent struct {
	Epoch int
	At    time.Time
}

// Unread is a sealed token answer with a status of success and a body that could
// not be understood. It may hold the only copy of a rotated refresh token.
type Unread struct {
	Sealed []byte
	Epoch  int
	Until  time.Time // When it is of no use any more.
}

// Handoff is the open handoff of a connection.
type Handoff struct {
	ID        string
	ExpiresAt time.Time
}

// Due holds when each job looks at the connection next; zero is never.
type Due struct {
	Refresh time.Time
	Health  time.Time
	Expiry  time.Time
	Pending time.Time
	Device  time.Time // When the handoff of a device is polled.
	// Reconcile is when what a crash may have cut short, or what had to wait, is
	// finished. PlanReconcile derives it.
	Reconcile time.Time
}

// Deletion is how far a connection that is being deleted has come.
type Deletion struct {
	Tries int       // Runs that were begun.
	Next  time.Time // When the next may be begun; zero unless one was.
	// Revocation is what became of telling the provider; empty until that is
	// settled. What is left then needs the provider no more.
	Revocation string
}

// MintedBy returns the key of the template's OAuth client that minted the
// credential; zero is none.
func (c *Connection) MintedBy() int {
	if c.Credential == nil {
		return 0
	}
	return c.Credential.MintedBy
}

// ExpireHandoff ends the open handoff, which nobody completed in time.
func (c *Connection) ExpireHandoff() {
	c.Due.Pending, c.Due.Device, c.Handoff = time.Time{}, time.Time{}, nil
	if c.Lifecycle == Pending {
		c.Lifecycle = Ready
		if c.Health.Reason == ReasonNone {
			c.Health.Reason = ReasonHandoffExpired
		}
	}
}

// Usable reports whether there is a credential that is not known to be dead at
// the given time.
func (c *Connection) Usable(now time.Time) bool {
	if c.Credential == nil || c.Health.Reason.fatal() {
		return false
	}
	return c.Credential.Refreshable || c.Credential.ExpiresAt.IsZero() || now.Before(c.Credential.ExpiresAt)
}

// Fresh reports whether the sealed hot copy stays valid for at least d.
func (c *Connection) Fresh(now time.Time, d time.Duration) bool {
	if c.Credential == nil || len(c.Lease) == 0 {
		return false
	}
	return c.Credential.ExpiresAt.IsZero() || c.Credential.ExpiresAt.After(now.Add(d))
}

// Refreshing reports whether someone holds the lease of the refresh protocol.
func (c *Connection) Refreshing(now time.Time) bool {
	return c.Refresh.running(now)
}

// Place returns where the sealed hot copy belongs.
func (c *Connection) Place() vault.Place {
	return vault.Place{Tenant: c.Tenant, Resource: c.ID, Purpose: vault.PurposeLease, Version: c.LeaseCount}
}
