package template

import (
	"context"
	"maps"
	"time"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/due"
	"github.com/tenonhq/tenon/shared/fault"
)

// Inheritance is the walk that takes a change of the template to the connections
// made from it. Package inheritance walks.
type Inheritance struct {
	Revision int    // Of the template that they are to have; zero when they have.
	Cursor   string // Of UsedBy: how far the pass has come.
	Passes   int    // That left something.
	Left     int    // Connections of this pass that could not take the change over.
	Owner    string // Run that walks; empty when none does.
	Until    time.Time
	Due      time.Time // When the walk goes on; zero is never.
}

// inherit begins the walk anew where connections made from what was before have
// something to take over.
func (t *Template) inherit(before Template, scheme catalog.Scheme, now time.Time) {
	t.Inheritance = before.Inheritance
	// A request of OAuth 1.0 is signed with the client's secret, which is among what a
	// lease hands out.
	signs := scheme.OAuth1 != nil && t.ClientKey != before.ClientKey
	if signs || !maps.Equal(t.Inputs, before.Inputs) || !sameEndpoints(t.Endpoints, before.Endpoints) {
		t.Inheritance = Inheritance{Revision: t.Revision, Due: now.Add(due.Soon)}
	}
}

func sameEndpoints(a, b *Endpoints) bool {
	if a == nil || b == nil {
		return a == b
	}
	x, y := *a, *b
	x.CheckedAt, y.CheckedAt = time.Time{}, time.Time{}
	return x == y
}

var errValueInUse = fault.New(fault.Conflict, fault.CodeTemplateInUse, "Connections rely on a value that they would have to give themselves. Give another value, or delete them.")

// checkUsed refuses what connections that there are could not go along with: other
// owners, and a required value that nobody would give any more.
func (s *Service) checkUsed(ctx context.Context, before, t Template) error {
	if err := s.checkOwners(ctx, before, t); err != nil {
		return err
	}
	connector, err := s.Catalog.Find(ctx, t.Connector)
	if err != nil {
		return err
	}
	scheme, _ := connector.Scheme(t.Scheme)
	for _, in := range connector.InputsFor(scheme) {
		_, given := before.Inputs[in.Name]
		_, stays := t.Inputs[in.Name]
		if !given || stays || in.Optional || in.Default != "" {
			continue
		}
		used, err := s.Store.InUse(ctx, t.Owner, t.ID)
		if err == nil && used {
			err = errValueInUse
		}
		return err
	}
	return nil
}
