// Package audit decides whether a caller may act and records that it did. It
// depends on packages auth, fault, id and metric.
//
// Every domain method begins with Check. The record of an action that changes
// something or lets a secret out is written before the action; when it cannot
// be written the action is refused. A new route therefore cannot forget
// authorization or the audit, because neither lives in the route.
package audit

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/id"
	"github.com/tenonhq/tenon/shared/metric"
)

// Entry says who did what to what, when, why and from where. It never holds a
// secret.
type Entry struct {
	ID        string
	Tenant    string
	At        time.Time
	Actor     string
	Action    Action
	Resource  string
	Outcome   string // allowed, denied.
	Reason    string // The purpose a lease was asked for.
	RequestID string
	SourceIP  string
	Facts     map[string]string
}

// Query selects entries of one tenant.
type Query struct {
	Action   Action
	Resource string
	Before   string // Entries older than this id.
	Limit    int
}

// Store keeps entries. Append must not return before the entry is durable.
type Store interface {
	Append(ctx context.Context, e Entry) error
	// List returns entries newest first, and the id to go on from, empty at the end.
	List(ctx context.Context, tenant string, q Query) ([]Entry, string, error)
}

// Log authorizes and records. Now and IDs may be zero.
type Log struct {
	Store Store
	IDs   id.Maker
	Now   func() time.Time
}

// Check authorizes caller for action on resource ("con_…") and, where the
// action is of the recorded kind, writes the record. The errors are
// fault.Denied when the caller may not, and fault.Unavailable when the record
// could not be written.
func (l *Log) Check(ctx context.Context, caller auth.Caller, action Action, resource string) error {
	return l.CheckFor(ctx, caller, action, resource, "", nil)
}

// CheckFor is Check with the stated reason and further facts in the record.
func (l *Log) CheckFor(ctx context.Context, caller auth.Caller, action Action, resource, reason string, facts map[string]string) error {
	if err := l.Permit(ctx, caller, action); err != nil || !rules[action].record {
		return err
	}
	return l.append(ctx, caller, Entry{Action: action, Resource: resource, Outcome: "allowed", Reason: reason, Facts: facts})
}

// Permit authorizes caller for action and records nothing: for an action that
// was recorded before and whose result is only shown again.
func (l *Log) Permit(ctx context.Context, caller auth.Caller, action Action) error {
	rule, ok := rules[action]
	if !ok || !id.ValidTenant(caller.Tenant) || !caller.Has(rule.scope) {
		slog.WarnContext(ctx, "denied", "action", action, "actor", caller.Actor(), "request_id", caller.RequestID)
		return fault.New(fault.Denied, fault.CodeForbidden, "The token does not permit this; it needs the scope "+rule.scope+".")
	}
	return nil
}

// Refuse passes an error on and, when it says that the resource does not exist
// for the caller or is not its to change, records the attempt as denied: what a
// caller tried on a stranger's resource stands in the caller's own audit.
func (l *Log) Refuse(ctx context.Context, caller auth.Caller, action Action, resource string, err error) error {
	if !fault.Has(err, fault.CodeNotFound) && !fault.Has(err, fault.CodeForbidden) {
		return err
	}
	return errors.Join(err, l.Deny(ctx, caller, action, resource, string(fault.From(err).Code)))
}

// Deny records that an action was refused for a reason found after Check, such
// as a handoff finished in another browser.
func (l *Log) Deny(ctx context.Context, caller auth.Caller, action Action, resource, reason string) error {
	return l.append(ctx, caller, Entry{Action: action, Resource: resource, Outcome: "denied", Reason: reason})
}

// List returns the tenant's own audit.
func (l *Log) List(ctx context.Context, caller auth.Caller, q Query) ([]Entry, string, error) {
	if err := l.Check(ctx, caller, Read, ""); err != nil {
		return nil, "", err
	}
	return l.Store.List(ctx, caller.Tenant, q)
}

func (l *Log) append(ctx context.Context, caller auth.Caller, e Entry) error {
	now := time.Now
	if l.Now != nil {
		now = l.Now
	}
	e.ID, e.Tenant, e.At = l.IDs.New(id.Audit), caller.Tenant, now().UTC()
	e.Actor, e.RequestID, e.SourceIP = caller.Actor(), caller.RequestID, caller.SourceIP
	if err := l.Store.Append(ctx, e); err != nil {
		metric.Count(ctx, metric.AuditFailures, 1)
		return fault.New(fault.Unavailable, fault.CodeRetryLater, "The action could not be recorded and was not carried out.").Because(err)
	}
	return nil
}
