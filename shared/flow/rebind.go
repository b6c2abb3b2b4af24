package flow

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"time"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
)

// Move asks to bind whatever is bound to one connection to another.
type Move struct {
	From, To string   // Connections.
	Flows    []string // Only these, "flow" or, of the organization, "tenant/flow"; empty for all.
	DryRun   bool
}

// Moved is how far a move has come. Repeated, the same move goes on.
type Moved struct {
	Flows     []string // Moved by this call.
	Left      []string // Changed meanwhile so that they do not accept the connection any more.
	Remaining int      // Flows that are still to be moved, those left included.
	Impact    *Impact  // Of a dry run.
}

// Impact is what a move would do.
type Impact struct {
	Uses    []connection.Use // Of the flows that would be moved, or that refuse.
	Refused error            // Nil if it would be done.
}

// margin is the time that is left for the answer.
const margin = 3 * time.Second

// Rebind checks every binding that names a connection against another, and then
// moves flow by flow, all bindings of one in one write. The fault binding_refused
// names the flows that do not accept it; nothing is changed then. The
// organization moves the flows of all tenants off its own connection, a tenant
// its own flows off any.
func (s *Service) Rebind(ctx context.Context, caller auth.Caller, m Move) (Moved, error) {
	facts := map[string]string{"to": m.To}
	if m.DryRun {
		facts["dryRun"] = strconv.FormatBool(m.DryRun)
	}
	if err := s.Audit.CheckFor(ctx, caller, audit.FlowRebind, m.From, "", facts); err != nil {
		return Moved{}, err
	}
	moved, err := s.rebind(ctx, caller, m)
	return moved, s.Audit.Refuse(ctx, caller, audit.FlowRebind, m.From, err)
}

func (s *Service) rebind(ctx context.Context, caller auth.Caller, m Move) (Moved, error) {
	if m.From == m.To {
		return Moved{}, invalid("/to", "Is the connection itself.")
	}
	r := &rebinding{finder: s.finder(), caller: caller, Move: m, targets: map[string]*candidate{}}
	if err := r.open(ctx); err != nil {
		return Moved{}, err
	}
	refusing, refused, err := r.check(ctx)
	if err != nil {
		return Moved{}, err
	}
	if m.DryRun {
		impact := &Impact{Uses: r.uses, Refused: refused}
		if refused != nil {
			impact.Uses = slices.DeleteFunc(r.uses, func(u connection.Use) bool { return !refusing[placeOf(u)] })
		}
		return Moved{Remaining: len(r.places), Impact: impact}, nil
	}
	if refused != nil {
		return Moved{}, refused
	}
	return r.run(ctx)
}

// run moves the flows one after the other, for as long as there is time.
func (r *rebinding) run(ctx context.Context) (Moved, error) {
	var done Moved
	for i, p := range r.places {
		if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) < margin {
			done.Remaining = len(r.places) - i
			break
		}
		switch err := r.move(ctx, p); {
		case err == nil:
			done.Flows = append(done.Flows, r.name(p))
		case errors.Is(err, errSettled):
		case fault.Has(err, fault.CodeBindingRefused), errors.Is(err, connection.ErrNotFound):
			done.Left = append(done.Left, r.name(p))
		default:
			return Moved{}, err
		}
	}
	done.Remaining += len(done.Left)
	return done, nil
}
