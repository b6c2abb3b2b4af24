package flow

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
)

// Define is what a flow is registered with. Of a binding it says Slot, Connector,
// Template, Environments, Scopes and ConnectionID. Empty, Kind is Steps, State is
// Active, and Environments are those of production.
type Define struct {
	Name     string
	Kind     Kind
	State    State
	Bindings []Binding
}

// production is the environment of a binding that names none.
const production = "production"

// Put registers a flow, or replaces the version named by ifMatch. A binding that
// names the connection it did stays bound since then, by whom it was.
func (s *Service) Put(ctx context.Context, caller auth.Caller, id, ifMatch string, d Define) (Flow, error) {
	d.Kind, d.State = cmp.Or(d.Kind, Steps), cmp.Or(d.State, Active)
	facts := map[string]string{"state": string(d.State)}
	for _, b := range d.Bindings {
		facts["binding."+b.Slot] = b.ConnectionID
	}
	if err := s.Audit.CheckFor(ctx, caller, audit.FlowPut, id, "", facts); err != nil {
		return Flow{}, err
	}
	if err := s.checkDefine(ctx, id, &d); err != nil {
		return Flow{}, err
	}
	f, err := s.Store.Update(ctx, caller.Tenant, id, func(f *Flow) ([]connection.Connection, error) {
		if err := matchPut(ifMatch, f); err != nil {
			return nil, err
		}
		before, now := *f, s.Now().UTC()
		if f.Version == 0 {
			f.CreatedAt, f.CreatedBy = now, caller.Actor()
		}
		f.Name, f.Kind, f.State, f.Revision, f.UpdatedAt = d.Name, d.Kind, d.State, f.Revision+1, now
		f.Bindings = slices.Clone(d.Bindings)
		for i := range f.Bindings {
			b := &f.Bindings[i]
			if old, ok := before.Binding(b.Slot); ok && old.ConnectionID == b.ConnectionID {
				b.Owner, b.BoundAt, b.BoundBy = old.Owner, old.BoundAt, old.BoundBy
			} else if b.ConnectionID != "" {
				b.BoundAt, b.BoundBy = now, caller.Actor()
			}
		}
		bound, err := s.fit(ctx, before, f)
		slices.SortFunc(f.Bindings, func(a, b Binding) int { return strings.Compare(a.Slot, b.Slot) })
		return bound, err
	})
	return f, s.Audit.Refuse(ctx, caller, audit.FlowPut, id, err)
}

// matchPut lets a flow be made without If-Match and be replaced with it.
func matchPut(ifMatch string, f *Flow) error {
	if f.Version == 0 && ifMatch == "" {
		return nil
	}
	if f.Version == 0 {
		return connection.MatchRevision(`"none"`, f.Revision)
	}
	return connection.MatchRevision(ifMatch, f.Revision)
}

// checkDefine completes what was left out, and checks what no other record is
// needed for.
func (s *Service) checkDefine(ctx context.Context, id string, d *Define) error {
	var wrong []fault.Field
	say := func(pointer, detail string) { wrong = append(wrong, fault.Field{Pointer: pointer, Detail: detail}) }
	if !idForm().MatchString(id) {
		say("/flowId", "Begins with a lower-case letter or a digit and has at most 64 of a-z, 0-9, dot, hyphen and underscore.")
	}
	if len(d.Bindings) > MostBindings {
		say("/bindings", "A flow has at most "+strconv.Itoa(MostBindings)+" bindings.")
	}
	d.Bindings = slices.Clone(d.Bindings)
	seen := map[string]bool{}
	for i := range d.Bindings {
		b, at := &d.Bindings[i], "/bindings/"+strconv.Itoa(i)
		if !slotForm().MatchString(b.Slot) {
			say(at+"/slot", "Begins with a letter or a digit and has at most 64 of letters, digits, dot, hyphen and underscore.")
		}
		if seen[b.Slot] {
			say(at+"/slot", "Names a slot twice.")
		}
		seen[b.Slot] = true
		b.Environments, b.Scopes = distinct(b.Environments), distinct(b.Scopes)
		if len(b.Environments) == 0 {
			b.Environments = []string{production}
		}
		if c, err := s.Catalog.Find(ctx, b.Connector); fault.Has(err, fault.CodeNotFound) {
			say(at+"/connector", "Is not in the catalog.")
		} else if err != nil {
			return err
		} else if len(b.Scopes) > 0 && !slices.ContainsFunc(c.Schemes, scoped) {
			say(at+"/scopes", "The connector has no scopes.")
		}
	}
	if d.Kind == Sync && !(len(d.Bindings) == 2 && seen["source"] && seen["destination"]) {
		say("/bindings", "A sync has exactly the slots source and destination.")
	}
	if len(wrong) == 0 {
		return nil
	}
	return &fault.Error{Kind: fault.Invalid, Code: fault.CodeValidationFailed, Detail: "The flow is not valid.", Remedy: "fix_input", Fields: wrong}
}

// scoped reports whether what is granted by a scheme has scopes.
func scoped(s catalog.Scheme) bool { return s.OAuth != nil }

// distinct returns the values in order, each once.
func distinct(values []string) []string { return slices.Compact(slices.Sorted(slices.Values(values))) }
