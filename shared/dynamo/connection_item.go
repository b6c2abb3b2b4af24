package dynamo

import (
	"strings"
	"time"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/expiry"
	"github.com/tenonhq/tenon/shared/vault"
)

// connectionItem is a connection as it is stored. What is written by itself, or
// under a condition of its own, is an attribute of its own.
type connectionItem struct {
	key
	dueTimes
	ledgerItem
	Version int64 `dynamodbav:"v"`
	Epoch   int   `dynamodbav:"epoch"`

	Connector     string            `dynamodbav:"connector,omitempty"`
	TemplateID    string            `dynamodbav:"templateId,omitempty"`
	TemplateOwner string            `dynamodbav:"templateOwner,omitempty"`
	Name          string            `dynamodbav:"name,omitempty"`
	Environment   string            `dynamodbav:"environment,omitempty"`
	Scheme        string            `dynamodbav:"scheme,omitempty"`
	SchemeType    string            `dynamodbav:"schemeType,omitempty"`
	Labels        map[string]string `dynamodbav:"labels,omitempty"`
	Inputs        map[string]string `dynamodbav:"inputs,omitempty"`
	Captured      map[string]string `dynamodbav:"captured,omitempty"`
	BaseURL       string            `dynamodbav:"baseUrl,omitempty"`
	Hosts         map[string]string `dynamodbav:"hosts,omitempty"`
	Inherits      int               `dynamodbav:"templateRevision,omitempty"`

	Lifecycle    connection.Lifecycle `dynamodbav:"lifecycle,omitempty"`
	Ring         string               `dynamodbav:"ring,omitempty"`
	Reason       connection.Reason    `dynamodbav:"reason,omitempty"`
	CheckedAt    time.Time            `dynamodbav:"checkedAt,omitempty"`
	CalledAt     time.Time            `dynamodbav:"calledAt,omitempty"`
	Trouble      connection.Reason    `dynamodbav:"trouble,omitempty"`
	FailingSince time.Time            `dynamodbav:"failingSince,omitempty"`
	EasedAt      time.Time            `dynamodbav:"easedAt,omitempty"`
	Missed       int                  `dynamodbav:"missed,omitempty"`
	Folded       int64                `dynamodbav:"folded,omitempty"`
	Since        time.Time            `dynamodbav:"since,omitempty"`

	AccountID       string   `dynamodbav:"accountId,omitempty"`
	AccountName     string   `dynamodbav:"accountName,omitempty"`
	AccountKind     string   `dynamodbav:"accountKind,omitempty"`
	AccountRequired bool     `dynamodbav:"accountRequired,omitempty"`
	RequestedScopes []string `dynamodbav:"requestedScopes,omitempty"`
	GrantedScopes   []string `dynamodbav:"grantedScopes,omitempty"`
	ScopesReported  bool     `dynamodbav:"scopesReported,omitempty"`
	MissingScopes   []string `dynamodbav:"missingScopes,omitempty"`
	OwnScopes       []string `dynamodbav:"ownScopes,omitempty"`
	ExactScopes     bool     `dynamodbav:"exactScopes,omitempty"`
	Bindings        int      `dynamodbav:"bindings,omitempty"`
	TestCredential  bool     `dynamodbav:"testCredential,omitempty"`

	SecretName string          `dynamodbav:"secretName,omitempty"`
	Credential *credentialItem `dynamodbav:"credential,omitempty"`
	Versions   int             `dynamodbav:"versions,omitempty"`
	Pending    *keptItem       `dynamodbav:"pending,omitempty"`
	Previous   *keptItem       `dynamodbav:"previous,omitempty"`
	Retiring   []vault.Locator `dynamodbav:"retiring,omitempty"`
	RetireAt   time.Time       `dynamodbav:"retireAt,omitempty"`
	ReapplyAt  time.Time       `dynamodbav:"reapplyAt,omitempty"`
	Lease      []byte          `dynamodbav:"lease,omitempty"`
	LeaseCount int             `dynamodbav:"leaseCount,omitempty"`

	Owner       string      `dynamodbav:"owner,omitempty"`
	Until       time.Time   `dynamodbav:"until,omitempty"`
	Intent      *intentItem `dynamodbav:"intent,omitempty"`
	Answer      []byte      `dynamodbav:"answer,omitempty"`
	AnswerEpoch int         `dynamodbav:"answerEpoch,omitempty"`
	Unread      *unreadItem `dynamodbav:"unread,omitempty"`
	Token       []byte      `dynamodbav:"token,omitempty"`
	TokenEpoch  int         `dynamodbav:"tokenEpoch,omitempty"`
	PromoteAt   time.Time   `dynamodbav:"promoteAt,omitempty"`
	FailedCount int         `dynamodbav:"failedCount,omitempty"`
	NotBefore   time.Time   `dynamodbav:"notBefore,omitempty"`
	HeldSince   time.Time   `dynamodbav:"heldSince,omitempty"`

	HandoffID        string      `dynamodbav:"handoffId,omitempty"`
	HandoffExpiresAt time.Time   `dynamodbav:"handoffExpiresAt,omitempty"`
	Provisioning     time.Time   `dynamodbav:"provisioning,omitempty"`
	Outbox           []eventItem `dynamodbav:"outbox,omitempty"`
	OutboxAt         time.Time   `dynamodbav:"outboxAt,omitempty"`
	DeletionTries    int         `dynamodbav:"deletionTries,omitempty"`
	DeletionNext     time.Time   `dynamodbav:"deletionNext,omitempty"`
	Revocation       string      `dynamodbav:"revocation,omitempty"`

	Cutoff  *cutoffItem `dynamodbav:"cutoff,omitempty"`
	UsedAt  time.Time   `dynamodbav:"usedAt,omitempty"`
	StaleAt time.Time   `dynamodbav:"staleAt,omitempty"`

	Revision  int       `dynamodbav:"revision,omitempty"`
	CreatedAt time.Time `dynamodbav:"createdAt,omitempty"`
	CreatedBy string    `dynamodbav:"createdBy,omitempty"`
	UpdatedAt time.Time `dynamodbav:"updatedAt,omitempty"`
}

type credentialItem struct {
	Version          int       `dynamodbav:"version,omitempty"`
	Secret           string    `dynamodbav:"secret,omitempty"`
	SecretVersion    string    `dynamodbav:"secretVersion,omitempty"`
	SetAt            time.Time `dynamodbav:"setAt,omitempty"`
	SetBy            string    `dynamodbav:"setBy,omitempty"`
	Last4            string    `dynamodbav:"last4,omitempty"`
	User             string    `dynamodbav:"user,omitempty"`
	PublicKey        string    `dynamodbav:"publicKey,omitempty"`
	SigningKey       string    `dynamodbav:"signingKey,omitempty"`
	MintedBy         int       `dynamodbav:"mintedBy,omitempty"`
	ExpiresAt        time.Time `dynamodbav:"expiresAt,omitempty"`
	Refreshable      bool      `dynamodbav:"refreshable,omitempty"`
	RefreshExpiresAt time.Time `dynamodbav:"refreshExpiresAt,omitempty"`
	Rolling          bool      `dynamodbav:"rolling,omitempty"`
	Static           bool      `dynamodbav:"static,omitempty"`
	EndsAt           time.Time `dynamodbav:"endsAt,omitempty"`
	RefreshedAt      time.Time `dynamodbav:"refreshedAt,omitempty"`
	PromotedAt       time.Time `dynamodbav:"promotedAt,omitempty"`
}

type keptItem struct {
	Version       int             `dynamodbav:"version,omitempty"`
	Secret        string          `dynamodbav:"secret,omitempty"`
	SecretVersion string          `dynamodbav:"secretVersion,omitempty"`
	SetAt         time.Time       `dynamodbav:"setAt,omitempty"`
	SetBy         string          `dynamodbav:"setBy,omitempty"`
	Last4         string          `dynamodbav:"last4,omitempty"`
	User          string          `dynamodbav:"user,omitempty"`
	PublicKey     string          `dynamodbav:"publicKey,omitempty"`
	EndsAt        time.Time       `dynamodbav:"endsAt,omitempty"`
	Outcome       catalog.Outcome `dynamodbav:"outcome,omitempty"`
	Until         time.Time       `dynamodbav:"until,omitempty"`
}

type intentItem struct {
	Epoch int       `dynamodbav:"epoch,omitempty"`
	At    time.Time `dynamodbav:"at,omitempty"`
}

type unreadItem struct {
	Sealed []byte    `dynamodbav:"sealed,omitempty"`
	Epoch  int       `dynamodbav:"epoch,omitempty"`
	Until  time.Time `dynamodbav:"until,omitempty"`
}

func newConnectionItem(c connection.Connection) connectionItem {
	item := connectionItem{
		key: connectionKey(c.Tenant, c.ID), dueTimes: newDue(c.ID, c.Due), ledgerItem: newLedgerItem(expiry.ConnectionPlace(c)), Version: c.Version, Epoch: c.Refresh.Epoch,
		Connector: c.Connector, TemplateID: c.TemplateID, TemplateOwner: c.TemplateOwner, Name: c.Name, Environment: c.Environment,
		Scheme: c.Scheme, SchemeType: c.SchemeType, Labels: c.Labels, Inputs: c.Inputs, Captured: c.Captured, BaseURL: c.BaseURL,
		Hosts: c.Hosts, Inherits: c.TemplateRevision, ReapplyAt: c.ReapplyAt,
		Lifecycle: c.Lifecycle, Ring: c.Health.Ring, Reason: c.Health.Reason, CheckedAt: c.Health.CheckedAt, CalledAt: c.Health.CalledAt, Since: c.Since,
		Trouble: c.Health.Trouble, FailingSince: c.Health.FailingSince, EasedAt: c.Health.EasedAt, Missed: c.Health.Missed, Folded: c.Health.Folded,
		AccountID: c.Account.ID, AccountName: c.Account.Name, AccountKind: c.Account.Kind, AccountRequired: c.AccountRequired, RequestedScopes: c.RequestedScopes, GrantedScopes: c.GrantedScopes,
		ScopesReported: c.ScopesReported, MissingScopes: c.MissingScopes, OwnScopes: c.OwnScopes, ExactScopes: c.ExactScopes, Bindings: c.Bindings, TestCredential: c.TestCredential,
		SecretName: c.SecretName, Lease: c.Lease, LeaseCount: c.LeaseCount,
		Versions: c.Versions, Pending: newKeptItem(c.Pending), Previous: newKeptItem(c.Previous), Retiring: c.Retiring,
		Owner: c.Refresh.Owner, Until: c.Refresh.Until, Answer: c.Refresh.Answer, AnswerEpoch: c.Refresh.AnswerEpoch,
		Token: c.Refresh.Token, TokenEpoch: c.Refresh.TokenEpoch, FailedCount: c.Refresh.FailedCount, NotBefore: c.Refresh.NotBefore, HeldSince: c.Refresh.HeldSince,
		PromoteAt: c.Refresh.PromoteAt, Provisioning: c.Provisioning, RetireAt: c.RetireAt,
		DeletionTries: c.Deletion.Tries, DeletionNext: c.Deletion.Next, Revocation: c.Deletion.Revocation,
		Outbox: newEventItems(c.Outbox), OutboxAt: c.OutboxAt,
		Cutoff: newCutoffItem(c.Cutoff), UsedAt: c.UsedAt, StaleAt: c.StaleAt,
		Revision: c.Revision, CreatedAt: c.CreatedAt, CreatedBy: c.CreatedBy, UpdatedAt: c.UpdatedAt,
	}
	if k := c.Credential; k != nil {
		item.Credential = &credentialItem{
			Version: k.Version, Secret: k.At.Secret, SecretVersion: k.At.Version, SetAt: k.SetAt, SetBy: k.SetBy, Last4: k.Last4, User: k.User,
			PublicKey: k.PublicKey, SigningKey: k.SigningKey, MintedBy: k.MintedBy,
			ExpiresAt: k.ExpiresAt, Refreshable: k.Refreshable, RefreshExpiresAt: k.RefreshExpiresAt, RefreshedAt: k.RefreshedAt, PromotedAt: k.PromotedAt,
			Rolling: k.Rolling, Static: k.Static, EndsAt: k.EndsAt,
		}
	}
	if i := c.Refresh.Intent; i != nil {
		item.Intent = &intentItem{Epoch: i.Epoch, At: i.At}
	}
	if u := c.Refresh.Unread; u != nil {
		item.Unread = &unreadItem{Sealed: u.Sealed, Epoch: u.Epoch, Until: u.Until}
	}
	if h := c.Handoff; h != nil {
		item.HandoffID, item.HandoffExpiresAt = h.ID, h.ExpiresAt
	}
	return item
}

func (item connectionItem) record() connection.Connection {
	tenant, _, _ := strings.Cut(item.PK, "#")
	c := connection.Connection{
		Tenant: tenant, ID: item.SK, Version: item.Version, Due: item.dueTimes.record(),
		Connector: item.Connector, TemplateID: item.TemplateID, TemplateOwner: item.TemplateOwner, Name: item.Name, Environment: item.Environment,
		Scheme: item.Scheme, SchemeType: item.SchemeType, Labels: item.Labels, Inputs: item.Inputs, Captured: item.Captured, BaseURL: item.BaseURL,
		Hosts: item.Hosts, TemplateRevision: item.Inherits, ReapplyAt: item.ReapplyAt,
		Lifecycle: item.Lifecycle, Since: item.Since,
		Health: connection.Health{
			Ring: item.Ring, Reason: item.Reason, CheckedAt: item.CheckedAt, CalledAt: item.CalledAt, Trouble: item.Trouble,
			FailingSince: item.FailingSince, EasedAt: item.EasedAt, Missed: item.Missed, Folded: item.Folded,
		},
		Account: connection.Account{ID: item.AccountID, Name: item.AccountName, Kind: item.AccountKind}, AccountRequired: item.AccountRequired, RequestedScopes: item.RequestedScopes, GrantedScopes: item.GrantedScopes,
		ScopesReported: item.ScopesReported, MissingScopes: item.MissingScopes, OwnScopes: item.OwnScopes, ExactScopes: item.ExactScopes, Bindings: item.Bindings, TestCredential: item.TestCredential,
		SecretName: item.SecretName, Lease: item.Lease, LeaseCount: item.LeaseCount,
		Versions: item.Versions, Pending: item.Pending.record(), Previous: item.Previous.record(), Retiring: item.Retiring,
		Refresh: connection.Refresh{
			Epoch: item.Epoch, Owner: item.Owner, Until: item.Until, Answer: item.Answer, AnswerEpoch: item.AnswerEpoch,
			Token: item.Token, TokenEpoch: item.TokenEpoch, FailedCount: item.FailedCount, NotBefore: item.NotBefore, HeldSince: item.HeldSince,
			PromoteAt: item.PromoteAt,
		},
		Provisioning: item.Provisioning, RetireAt: item.RetireAt,
		Deletion: connection.Deletion{Tries: item.DeletionTries, Next: item.DeletionNext, Revocation: item.Revocation},
		Outbox:   eventRecords(item.Outbox), OutboxAt: item.OutboxAt,
		Cutoff: item.Cutoff.record(), UsedAt: item.UsedAt, StaleAt: item.StaleAt,
		Revision: item.Revision, CreatedAt: item.CreatedAt, CreatedBy: item.CreatedBy, UpdatedAt: item.UpdatedAt,
	}
	if k := item.Credential; k != nil {
		c.Credential = &connection.Credential{
			Version: k.Version, At: vault.Locator{Secret: k.Secret, Version: k.SecretVersion}, SetAt: k.SetAt, SetBy: k.SetBy, Last4: k.Last4, User: k.User,
			PublicKey: k.PublicKey, SigningKey: k.SigningKey, MintedBy: k.MintedBy,
			ExpiresAt: k.ExpiresAt, Refreshable: k.Refreshable, RefreshExpiresAt: k.RefreshExpiresAt, RefreshedAt: k.RefreshedAt, PromotedAt: k.PromotedAt,
			Rolling: k.Rolling, Static: k.Static, EndsAt: k.EndsAt,
		}
	}
	if i := item.Intent; i != nil {
		c.Refresh.Intent = &connection.Intent{Epoch: i.Epoch, At: i.At}
	}
	if u := item.Unread; u != nil {
		c.Refresh.Unread = &connection.Unread{Sealed: u.Sealed, Epoch: u.Epoch, Until: u.Until}
	}
	if item.HandoffID != "" {
		c.Handoff = &connection.Handoff{ID: item.HandoffID, ExpiresAt: item.HandoffExpiresAt}
	}
	return c
}

func newKeptItem(k *connection.Kept) *keptItem {
	if k == nil {
		return nil
	}
	return &keptItem{
		Version: k.Version, Secret: k.At.Secret, SecretVersion: k.At.Version, SetAt: k.SetAt, SetBy: k.SetBy, Last4: k.Last4, User: k.User, PublicKey: k.PublicKey,
		EndsAt: k.EndsAt, Outcome: k.Outcome, Until: k.Until,
	}
}

func (k *keptItem) record() *connection.Kept {
	if k == nil {
		return nil
	}
	return &connection.Kept{
		Version: k.Version, At: vault.Locator{Secret: k.Secret, Version: k.SecretVersion}, SetAt: k.SetAt, SetBy: k.SetBy, Last4: k.Last4, User: k.User, PublicKey: k.PublicKey,
		EndsAt: k.EndsAt, Outcome: k.Outcome, Until: k.Until,
	}
}
