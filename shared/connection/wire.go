package connection

import (
	"time"

	"github.com/tenonhq/tenon/shared/api"
)

// API returns what the API shows of the connection at the given time.
func (c Connection) API(now time.Time) api.Connection {
	s := StatusOf(&c, now)
	out := api.Connection{
		ID: c.ID, Connector: c.Connector, TemplateID: c.TemplateID, Name: c.Name, Environment: c.Environment,
		AuthScheme: c.Scheme, Labels: c.Labels, Inputs: c.Inputs,
		Status: s.Name, Reason: string(s.Reason), Remedy: s.Remedy, Message: s.Message, Since: c.Since,
		Connected:      c.Lifecycle == Ready && c.Usable(now) && !c.AccountRequired,
		TestCredential: c.TestCredential, Bindings: c.Bindings, RequestedScopes: c.RequestedScopes, GrantedScopes: c.GrantedScopes, MissingScopes: c.MissingScopes,
		Revision: c.Revision, CreatedAt: c.CreatedAt, CreatedBy: c.CreatedBy, UpdatedAt: c.UpdatedAt,
	}
	if c.Account.ID != "" {
		out.Account = &api.Account{ID: c.Account.ID, Name: c.Account.Name, Kind: c.Account.Kind}
	}
	if k := c.Credential; k != nil {
		out.Credential = &api.Credential{
			Version: k.Version, State: "current", SetAt: k.SetAt, SetBy: k.SetBy,
			Last4: k.Last4, User: k.User, PublicKey: k.PublicKey, Refreshable: k.Refreshable,
		}
		out.Credential.ExpiresAt, out.Credential.LapsesAt = given(k.ExpiresAt), given(k.Lapses())
		if doubt, since := c.Refresh.Doubt(now); doubt != NoDoubt && !c.Health.Reason.fatal() {
			out.Credential.Refresh = &api.Refresh{
				State: string(doubt), Since: given(since), Failures: c.Refresh.FailedCount, NextAt: given(c.nextAttempt()),
			}
		}
	}
	if !c.UsedAt.IsZero() {
		out.LastUsedAt = c.UsedAt.UTC().Format(time.DateOnly)
	}
	if c.Cutoff != nil {
		out.Revocation = c.Cutoff.Revocation
		if out.Revocation == "" {
			out.Revocation = "pending"
		}
	}
	out.PendingCredential, out.PreviousCredential = c.Pending.api("pending"), c.Previous.api("previous")
	return out
}

// nextAttempt is when the sweep refreshes next, which a lease may do sooner.
func (c *Connection) nextAttempt() time.Time {
	if c.Due.Refresh.After(c.Refresh.NotBefore) {
		return c.Due.Refresh
	}
	return c.Refresh.NotBefore
}

// api returns what the API shows of a kept version; nil for none.
func (k *Kept) api(state string) *api.Credential {
	if k == nil {
		return nil
	}
	out := &api.Credential{Version: k.Version, State: state, SetAt: k.SetAt, SetBy: k.SetBy, Last4: k.Last4, User: k.User, PublicKey: k.PublicKey, LapsesAt: given(k.EndsAt), Outcome: string(k.Outcome)}
	if !k.Until.IsZero() {
		out.DestroyedAt = &k.Until
	}
	return out
}

// Summary counts connections by connector and status.
type Summary map[string]map[string]int

// API returns what the API shows of the summary.
func (s Summary) API() api.ConnectionSummary {
	out := api.ConnectionSummary{ByStatus: map[string]int{}, ByConnector: s}
	for _, statuses := range s {
		for status, n := range statuses {
			out.ByStatus[status] += n
			out.Total += n
		}
	}
	return out
}

// given returns a time that is set.
func given(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
