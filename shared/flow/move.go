package flow

import (
	"context"
	"errors"
	"strings"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/connection"
)

// errSettled says that a flow does not use the connection any more.
var errSettled = errors.New("the flow was moved or deleted by somebody else")

// move replaces one connection by another in every binding of a flow.
func (r *rebinding) move(ctx context.Context, p place) error {
	caller, recorded := r.caller, false
	caller.Tenant = p.tenant // The organization's moves stand in the audit of whose flow it is.
	_, err := r.change(ctx, p.tenant, p.flow, func(f *Flow) ([]connection.Connection, error) {
		slots := r.slots(f)
		if len(slots) == 0 {
			return nil, errSettled
		}
		to, err := r.find(ctx, p.tenant, r.To)
		if err != nil {
			return nil, err
		}
		if refusal := r.refusal(f, to); refusal != nil {
			var refused refusals
			refused.add("/to", refusal.Detail, refusal.Remedy)
			return nil, refused.fault()
		}
		if !recorded {
			if err := r.record(ctx, caller, p.flow, slots); err != nil {
				return nil, err
			}
			recorded = true
		}
		for _, b := range slots {
			b.Owner, b.ConnectionID, b.BoundAt, b.BoundBy = to.Tenant, to.ID, r.Now().UTC(), caller.Actor()
		}
		return []connection.Connection{to.Connection}, nil
	})
	if errors.Is(err, ErrNotFound) {
		return errSettled
	}
	return err
}

// record notes the move of one flow before it is made.
func (r *rebinding) record(ctx context.Context, caller auth.Caller, id string, slots []*Binding) error {
	var names []string
	for _, b := range slots {
		names = append(names, b.Slot)
	}
	facts := map[string]string{"slot": strings.Join(names, " "), "from": r.From, "to": r.To}
	return r.Audit.CheckFor(ctx, caller, audit.FlowRebind, id, "", facts)
}
