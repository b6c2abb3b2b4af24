package flow

import (
	"context"
	"errors"
	"slices"
	"strconv"

	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
)

// fit reads the connections that the bindings name and returns them, having noted
// whose they are, or the fault of all that do not fit. What an active flow named
// before may have lost its credential since; everything else of it is checked.
func (s *Service) fit(ctx context.Context, before Flow, f *Flow) ([]connection.Connection, error) {
	var refused refusals
	read := map[string]*candidate{}
	finder := s.finder()
	for i := range f.Bindings {
		b, at := &f.Bindings[i], "/bindings/"+strconv.Itoa(i)+"/connectionId"
		if b.ConnectionID == "" {
			if f.State == Active {
				refused.add(at, b.Slot+": Nothing is bound, and the flow is active.", "")
			}
			continue
		}
		old, ok := before.Binding(b.Slot)
		kept := ok && old.ConnectionID == b.ConnectionID
		c := read[b.ConnectionID]
		if c == nil {
			found, err := finder.find(ctx, f.Tenant, b.ConnectionID)
			if errors.Is(err, connection.ErrNotFound) {
				refused.add(at, b.Slot+": "+connection.ErrNotFound.Detail, "")
				refused.unknown = refused.unknown || !kept
				continue
			}
			if err != nil {
				return nil, err
			}
			c, read[b.ConnectionID] = found, found
		}
		b.Owner = c.Tenant
		if r := b.refusal(c, f.State == Active && !(kept && before.State == Active), s.Now()); r != nil {
			refused.add(at, b.Slot+": "+r.Detail, r.Remedy)
		}
	}
	var bound []connection.Connection
	for _, c := range read {
		bound = append(bound, c.Connection)
	}
	return bound, refused.fault()
}

// refusals collects why connections are not accepted.
type refusals struct {
	fields   []fault.Field
	remedies []string
	unknown  bool // The request names a connection that there is not.
}

func (r *refusals) add(pointer, detail, remedy string) {
	r.fields = append(r.fields, fault.Field{Pointer: pointer, Detail: detail})
	r.remedies = append(r.remedies, remedy)
}

// fault returns them as one fault, nil if there are none. It has a remedy if one
// helps against all of them.
func (r *refusals) fault() error {
	if len(r.fields) == 0 {
		return nil
	}
	refused := fault.New(fault.Conflict, fault.CodeBindingRefused, "A binding does not accept its connection.")
	if r.unknown {
		refused = connection.ErrNotFound.Because(nil)
	}
	refused.Fields = r.fields
	if slices.Sort(r.remedies); r.remedies[0] == r.remedies[len(r.remedies)-1] {
		refused.Remedy = r.remedies[0]
	}
	return refused
}
