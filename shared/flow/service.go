package flow

import (
	"context"
	"slices"
	"time"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/template"
)

// Service registers flows and binds connections to them.
type Service struct {
	Store       Store
	Connections connection.Store
	Templates   Templates
	Catalog     catalog.Catalog
	Audit       *audit.Log
	Now         func() time.Time
}

// Templates reads the template of a connection; template.Store does. An absent
// one is template.ErrNotFound.
type Templates interface {
	Get(ctx context.Context, owner, id string) (template.Template, error)
}

// Get returns one flow.
func (s *Service) Get(ctx context.Context, caller auth.Caller, id string) (Flow, error) {
	if err := s.Audit.Check(ctx, caller, audit.FlowRead, id); err != nil {
		return Flow{}, err
	}
	return s.get(ctx, caller.Tenant, id)
}

// Filter selects flows; empty fields select all.
type Filter struct {
	Connector string // Of any of the bindings.
	State     State
}

// List returns the tenant's flows in order of id, beginning after start. A page
// may be short before the end.
func (s *Service) List(ctx context.Context, caller auth.Caller, f Filter, start string, limit int) ([]Flow, string, error) {
	if err := s.Audit.Check(ctx, caller, audit.FlowRead, ""); err != nil {
		return nil, "", err
	}
	found, next, err := s.Store.List(ctx, caller.Tenant, start, limit)
	return slices.DeleteFunc(found, func(found Flow) bool { return !f.passes(found) }), next, err
}

func (f Filter) passes(found Flow) bool {
	uses := func(b Binding) bool { return b.Connector == f.Connector }
	return (f.State == "" || f.State == found.State) && (f.Connector == "" || slices.ContainsFunc(found.Bindings, uses))
}

// Change is what Update changes; nil members stay.
type Change struct {
	Name  *string
	State *State
}

// Update renames, pauses or activates the version of a flow named by ifMatch.
// Every binding is checked when it is activated: the fault binding_refused names
// those that are empty or do not fit.
func (s *Service) Update(ctx context.Context, caller auth.Caller, id, ifMatch string, change Change) (Flow, error) {
	facts := map[string]string{}
	if change.State != nil {
		facts["state"] = string(*change.State)
	}
	if err := s.Audit.CheckFor(ctx, caller, audit.FlowUpdate, id, "", facts); err != nil {
		return Flow{}, err
	}
	f, err := s.change(ctx, caller.Tenant, id, func(f *Flow) ([]connection.Connection, error) {
		if err := connection.MatchRevision(ifMatch, f.Revision); err != nil {
			return nil, err
		}
		before := *f
		if change.Name != nil {
			f.Name = *change.Name
		}
		if change.State != nil {
			f.State = *change.State
		}
		if before.State == f.State || f.State == Paused {
			return nil, nil
		}
		return s.fit(ctx, before, f)
	})
	return f, s.Audit.Refuse(ctx, caller, audit.FlowUpdate, id, err)
}

// Bound returns a binding of a flow, for packages that have checked their caller.
func (s *Service) Bound(ctx context.Context, tenant, id, slot string) (Flow, Binding, error) {
	f, err := s.get(ctx, tenant, id)
	if err != nil {
		return Flow{}, Binding{}, err
	}
	b, ok := f.Binding(slot)
	if !ok {
		return Flow{}, Binding{}, ErrNoSlot
	}
	return f, *b, nil
}

func (s *Service) get(ctx context.Context, tenant, id string) (Flow, error) {
	if !idForm().MatchString(id) {
		return Flow{}, ErrNotFound
	}
	return s.Store.Get(ctx, tenant, id)
}

// change updates a flow that is there and counts its revision.
func (s *Service) change(ctx context.Context, tenant, id string, apply func(*Flow) ([]connection.Connection, error)) (Flow, error) {
	if !idForm().MatchString(id) {
		return Flow{}, ErrNotFound
	}
	return s.Store.Update(ctx, tenant, id, func(f *Flow) ([]connection.Connection, error) {
		if f.Version == 0 {
			return nil, ErrNotFound
		}
		bound, err := apply(f)
		f.Revision, f.UpdatedAt = f.Revision+1, s.Now().UTC()
		return bound, err
	})
}
