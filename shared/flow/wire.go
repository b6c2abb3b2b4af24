package flow

import (
	"context"
	"errors"
	"time"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
)

// API returns what lists show of the flow: no connection is read for it.
func (f Flow) API() api.Flow {
	out := api.Flow{
		FlowID: f.ID, Name: f.Name, Kind: string(f.Kind), State: string(f.State), Bindings: []api.Binding{},
		Revision: f.Revision, CreatedAt: f.CreatedAt, CreatedBy: f.CreatedBy, UpdatedAt: f.UpdatedAt,
	}
	for _, b := range f.Bindings {
		shown := api.Binding{
			Slot: b.Slot, Connector: b.Connector, Template: b.Template, Environments: b.Environments, Scopes: b.Scopes,
			ConnectionID: b.ConnectionID, Organization: b.Owner != f.Tenant && b.ConnectionID != "", BoundBy: b.BoundBy,
		}
		if !b.BoundAt.IsZero() {
			shown.BoundAt = &b.BoundAt
		}
		out.Bindings = append(out.Bindings, shown)
	}
	return out
}

// Detailed is API with how it is with the connections. Of the organization's the
// status is all that is shown.
func (s *Service) Detailed(ctx context.Context, f Flow) (api.Flow, error) {
	out, finder, ready := f.API(), s.finder(), true
	for i := range f.Bindings {
		b, shown := &f.Bindings[i], &out.Bindings[i]
		if b.ConnectionID == "" {
			ready = false
			continue
		}
		c, err := finder.find(ctx, f.Tenant, b.ConnectionID)
		if errors.Is(err, connection.ErrNotFound) {
			ready = false
			continue
		}
		if err != nil {
			return api.Flow{}, err
		}
		status := connection.StatusOf(&c.Connection, s.Now())
		if shown.Status = status.Name; !shown.Organization {
			shown.Reason = string(status.Reason)
		}
		ready = ready && b.refusal(c, true, s.Now()) == nil
	}
	out.Ready = &ready
	return out, nil
}

// API returns what the API shows of the candidate at the given time.
func (c Candidate) API(now time.Time) api.Candidate {
	status := connection.StatusOf(&c.Connection, now)
	out := api.Candidate{
		ConnectionID: c.Connection.ID, Name: c.Connection.Name, Connector: c.Connection.Connector, Organization: c.Shared,
		Status: status.Name, Fits: c.Refusal == nil,
	}
	if !c.Shared {
		out.Environment, out.Reason = c.Connection.Environment, string(status.Reason)
	}
	if r := c.Refusal; r != nil {
		out.Refusal = &api.BindingRefusal{Code: r.Code, Detail: r.Detail, Remedy: r.Remedy, MissingScopes: r.Missing}
	}
	return out
}

// API returns what the API shows the caller of how far a move has come.
func (m Moved) API(caller auth.Caller) api.Rebound {
	out := api.Rebound{Moved: append([]string{}, m.Flows...), Left: m.Left, Remaining: m.Remaining, Complete: m.Remaining == 0}
	if m.Impact == nil {
		return out
	}
	out.Impact = &api.Impact{Allowed: m.Impact.Refused == nil}
	if m.Impact.Refused != nil {
		refused := fault.From(m.Impact.Refused)
		out.Impact.Code, out.Impact.Detail = string(refused.Code), refused.Detail
	}
	for _, u := range m.Impact.Uses[:min(mostNamed, len(m.Impact.Uses))] {
		out.Impact.Flows = append(out.Impact.Flows, u.API(caller.Tenant))
	}
	return out
}

// DefineFrom reads the request to register a flow.
func DefineFrom(in api.FlowPut) Define {
	d := Define{Name: in.Name, Kind: Kind(in.Kind), State: State(in.State)}
	for _, b := range in.Bindings {
		d.Bindings = append(d.Bindings, Binding{
			Slot: b.Slot, Connector: b.Connector, Template: b.Template, Environments: b.Environments, Scopes: b.Scopes, ConnectionID: b.ConnectionID,
		})
	}
	return d
}

// ChangeFrom reads the request to change a flow.
func ChangeFrom(in api.FlowUpdate) Change {
	change := Change{Name: in.Name}
	if in.State != nil {
		state := State(*in.State)
		change.State = &state
	}
	return change
}
