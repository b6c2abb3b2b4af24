package connector

import (
	"context"
	"encoding/json"
	"errors"
	"reflect"
	"regexp"
	"slices"
	"sync"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/fault"
)

// Plan is what Put would do with a definition.
type Plan struct {
	ID         string
	Definition []byte
	Revision   int      // Of what is there; zero for a new connector.
	Changed    []string // The members that differ from what is there, sorted.
}

// Unchanged reports whether there is nothing to do.
func (p Plan) Unchanged() bool { return p.Revision > 0 && len(p.Changed) == 0 }

var (
	idForm      = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^own-[a-z0-9-]{1,60}$`) })
	errNotYours = fault.New(fault.Denied, fault.CodeForbidden, "The connector is not defined like this here. Only the organization defines it: with a token of the tenant org that has the scope tenants:admin.").
			WithRemedy("contact_admin")
	errRetired = fault.New(fault.Conflict, fault.CodeConflict, "The connector was retired here and was defined otherwise. Define it anew first.")
)

// Plan says what Put of the definition would do, or why it would be refused. To
// whoever may not define connectors it says only whether this one is there as it
// stands. It changes nothing.
func (s *Service) Plan(ctx context.Context, caller auth.Caller, definition map[string]any) (Plan, error) {
	if err := s.Audit.Permit(ctx, caller, audit.TemplateImport); err != nil {
		return Plan{}, err
	}
	id, _ := definition["id"].(string)
	if !idForm().MatchString(id) {
		return Plan{}, invalid(fault.Field{Pointer: "/definition/id", Detail: "Must begin with " + catalog.OwnPrefix + "."})
	}
	p := Plan{ID: id}
	record, err := s.Store.Record(ctx, id)
	if err != nil {
		return p, err
	}
	if p.Definition, err = json.Marshal(definition); err != nil {
		return p, err
	}
	p.Revision = record.Revision
	if p.Revision > 0 {
		if p.Changed, err = differing(record.Definition, definition); err != nil || len(p.Changed) == 0 {
			return p, err
		}
	}
	if !caller.IsOrganization() || caller.Tenant != auth.Organization || !caller.Has(auth.TenantsAdmin) {
		return p, errNotYours
	}
	if record.Retired {
		return p, errRetired
	}
	wanted, err := s.check(id, p.Definition)
	if err != nil {
		return p, err
	}
	return p, keepsSchemes(record, wanted)
}

// differing names the members of a stored definition that the wanted one has
// otherwise.
func differing(stored []byte, wanted map[string]any) ([]string, error) {
	var there map[string]any
	if err := json.Unmarshal(stored, &there); err != nil {
		return nil, errors.New("stored definition cannot be decoded")
	}
	var names []string
	for name, value := range wanted {
		if had, ok := there[name]; !ok || !reflect.DeepEqual(had, value) {
			names = append(names, name)
		}
	}
	for name := range there {
		if _, ok := wanted[name]; !ok {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names, nil
}
