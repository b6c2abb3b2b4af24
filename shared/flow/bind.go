package flow

import (
	"context"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
)

// Bind names the connection of one binding; none while the flow is paused. What
// the binding named before stands in the audit.
func (s *Service) Bind(ctx context.Context, caller auth.Caller, id, slot, ifMatch, connectionID string) (Flow, error) {
	if err := s.Audit.Permit(ctx, caller, audit.FlowBind); err != nil {
		return Flow{}, err
	}
	recorded := map[string]bool{}
	f, err := s.change(ctx, caller.Tenant, id, func(f *Flow) ([]connection.Connection, error) {
		b, ok := f.Binding(slot)
		if !ok {
			return nil, ErrNoSlot
		}
		if from := b.ConnectionID; !recorded[from] {
			facts := map[string]string{"slot": slot, "from": from, "to": connectionID}
			if err := s.Audit.CheckFor(ctx, caller, audit.FlowBind, id, "", facts); err != nil {
				return nil, err
			}
			recorded[from] = true
		}
		if err := connection.MatchIfGiven(ifMatch, f.Revision); err != nil {
			return nil, err
		}
		return s.bind(ctx, caller, f, b, connectionID)
	})
	return f, s.Audit.Refuse(ctx, caller, audit.FlowBind, id, err)
}

func (s *Service) bind(ctx context.Context, caller auth.Caller, f *Flow, b *Binding, connectionID string) ([]connection.Connection, error) {
	var refused refusals
	if connectionID == "" {
		if f.State == Active {
			refused.add("/connectionId", "Pause the flow first: an active one has a connection in every binding.", "")
			return nil, refused.fault()
		}
		b.unbind()
		return nil, nil
	}
	c, err := s.finder().find(ctx, f.Tenant, connectionID)
	if err != nil {
		return nil, err
	}
	if r := b.refusal(c, f.State == Active, s.Now()); r != nil {
		refused.add("/connectionId", r.Detail, r.Remedy)
		return nil, refused.fault()
	}
	if b.ConnectionID != c.ID {
		b.Owner, b.ConnectionID, b.BoundAt, b.BoundBy = c.Tenant, c.ID, s.Now().UTC(), caller.Actor()
	}
	return []connection.Connection{c.Connection}, nil
}

// unbind empties the binding.
func (b *Binding) unbind() {
	*b = Binding{Slot: b.Slot, Connector: b.Connector, Template: b.Template, Environments: b.Environments, Scopes: b.Scopes}
}

// invalid is the fault of a request whose member is wrong.
func invalid(pointer, detail string) error {
	return &fault.Error{
		Kind: fault.Invalid, Code: fault.CodeValidationFailed, Detail: "The request is not valid.", Remedy: "fix_input",
		Fields: []fault.Field{{Pointer: pointer, Detail: detail}},
	}
}
