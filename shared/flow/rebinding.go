package flow

import (
	"context"
	"errors"
	"slices"

	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
)

// rebinding is one run of a move.
type rebinding struct {
	finder
	Move
	caller  auth.Caller
	from    connection.Ref
	uses    []connection.Use
	places  []place               // The flows of uses.
	targets map[string]*candidate // What To is for the flows of a tenant; nil where there is none.
}

// place names a flow.
type place struct{ tenant, flow string }

func placeOf(u connection.Use) place { return place{u.Tenant, u.Flow} }

// name is how the caller calls the flow.
func (r *rebinding) name(p place) string {
	if r.caller.Tenant == auth.Organization {
		return p.tenant + "/" + p.flow
	}
	return p.flow
}

// open finds both connections and who uses the first.
func (r *rebinding) open(ctx context.Context) error {
	owners := slices.Compact([]string{r.caller.Tenant, auth.Organization})
	for _, owner := range owners {
		r.from = connection.Ref{Tenant: owner, ID: r.From}
		if err := r.users(ctx); err != nil {
			return err
		}
		if len(r.uses) > 0 {
			break
		}
	}
	if len(r.uses) == 0 { // Nothing of the caller's says that the connection exists.
		if _, err := r.find(ctx, r.caller.Tenant, r.From); err != nil {
			return err
		}
	}
	_, err := r.find(ctx, r.caller.Tenant, r.To)
	if errors.Is(err, connection.ErrNotFound) {
		unknown := connection.ErrNotFound.Because(nil)
		unknown.Fields = []fault.Field{{Pointer: "/to", Detail: unknown.Detail}}
		return unknown
	}
	return err
}

// users reads the uses of the first connection by flows that the caller may move.
func (r *rebinding) users(ctx context.Context) error {
	start := ""
	if r.caller.Tenant != auth.Organization {
		start = r.caller.Tenant + "/" // Uses are in order of tenant.
	}
	for {
		found, next, err := r.Store.Uses(ctx, r.from.Tenant, r.from.ID, start, 100)
		if err != nil {
			return err
		}
		for _, u := range found {
			p := placeOf(u)
			if r.caller.Tenant != auth.Organization && u.Tenant != r.caller.Tenant {
				return nil
			}
			if len(r.Flows) > 0 && !slices.Contains(r.Flows, r.name(p)) {
				continue
			}
			r.uses = append(r.uses, u)
			if n := len(r.places); n == 0 || r.places[n-1] != p {
				r.places = append(r.places, p)
			}
		}
		if next == "" {
			return nil
		}
		start = next
	}
}

// slots returns the bindings of a flow that name the first connection.
func (r *rebinding) slots(f *Flow) []*Binding {
	var all []*Binding
	for i := range f.Bindings {
		if b := &f.Bindings[i]; b.Owner == r.from.Tenant && b.ConnectionID == r.from.ID {
			all = append(all, b)
		}
	}
	return all
}

// refusal returns why a flow does not accept the second connection in place of
// the first, nil if it does.
func (r *rebinding) refusal(f *Flow, to *candidate) *Refusal {
	for _, b := range r.slots(f) {
		if to == nil {
			return &Refusal{Detail: "Flows of their tenant may not use the connection."}
		}
		if refusal := b.refusal(to, f.State == Active, r.Now()); refusal != nil {
			return refusal
		}
	}
	return nil
}
