package template

import (
	"context"
	"fmt"
	"strconv"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/connector"
	"github.com/tenonhq/tenon/shared/fault"
)

// Importer brings the templates of a tenant in line with a document that was
// exported in another stage.
type Importer struct {
	Templates  *Service
	Connectors *connector.Service
}

var errRaced = fault.New(fault.Conflict, fault.CodeConflict, "A template or a connector was changed at the same time. Import again: what was done stays, and the rest is done.").
	WithRemedy("retry")

// Import makes the caller's own templates say what the document says; they are
// matched by stable key. Everything is checked first, and while anything is refused
// nothing is changed. Then each change is one write, so that an import that was cut
// short is finished by another one. What a template here has of its own, its client
// above all, stays; a new one begins without a client. Nothing is deleted.
func (i *Importer) Import(ctx context.Context, caller auth.Caller, in api.TemplateImport) (api.TemplateImportResult, error) {
	s, facts := i.Templates, map[string]string{"dryRun": strconv.FormatBool(in.DryRun)}
	if err := s.Audit.CheckFor(ctx, caller, audit.TemplateImport, "", "", facts); err != nil {
		return api.TemplateImportResult{}, err
	}
	if err := checkDocument(in); err != nil {
		return api.TemplateImportResult{}, err
	}
	p, err := i.plan(ctx, caller, in)
	if err != nil {
		return api.TemplateImportResult{}, err
	}
	if in.DryRun || p.refused() {
		return p.result(s, false), nil
	}
	if err := i.carryOut(ctx, caller, p); err != nil {
		return api.TemplateImportResult{}, raced(err)
	}
	return p.result(s, true), nil
}

// checkDocument refuses a document that says two things of one template, and
// values to keep of none.
func checkDocument(in api.TemplateImport) error {
	var fields []fault.Field
	seen, connectors := map[string]bool{}, map[string]bool{}
	for i, definition := range in.Connectors {
		id, _ := definition["id"].(string)
		if connectors[id] {
			fields = append(fields, fault.Field{Pointer: fmt.Sprintf("/connectors/%d/id", i), Detail: "Stands twice."})
		}
		connectors[id] = true
	}
	for i, t := range in.Templates {
		if seen[t.StableKey] {
			fields = append(fields, fault.Field{Pointer: fmt.Sprintf("/templates/%d/stableKey", i), Detail: "Stands twice."})
		}
		seen[t.StableKey] = true
	}
	for key := range in.Keep {
		if !seen[key] {
			fields = append(fields, fault.Field{Pointer: "/keep", Detail: "Names a template that the document does not have."})
			break
		}
	}
	if len(fields) == 0 {
		return nil
	}
	const most = 20
	return &fault.Error{
		Kind: fault.Invalid, Code: fault.CodeValidationFailed, Detail: "The document is not valid.", Remedy: "fix_input",
		Fields: fields[:min(len(fields), most)],
	}
}

// carryOut makes the changes, the connectors first.
func (i *Importer) carryOut(ctx context.Context, caller auth.Caller, p importPlan) error {
	for _, step := range p.connectors {
		if step.change.Action == actionUnchanged {
			continue
		}
		if _, err := i.Connectors.Put(ctx, caller, step.plan.ID, revisionTag(step.plan.Revision), step.plan.Definition); err != nil {
			return err
		}
	}
	for _, step := range p.templates {
		if err := i.Templates.carryOut(ctx, caller, step); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) carryOut(ctx context.Context, caller auth.Caller, step templateStep) error {
	switch step.change.Action {
	case actionCreated:
		if err := s.Audit.Check(ctx, caller, audit.TemplateCreate, step.after.ID); err != nil {
			return err
		}
		return s.Store.Create(ctx, step.after)
	case actionUpdated:
		if err := s.Audit.Check(ctx, caller, audit.TemplateUpdate, step.after.ID); err != nil {
			return err
		}
		_, err := s.replace(ctx, revisionTag(step.before.Revision), step.before, step.after, step.scheme)
		return err
	}
	return nil
}

// revisionTag is the entity tag of a revision, empty for none.
func revisionTag(revision int) string {
	if revision == 0 {
		return ""
	}
	return strconv.Quote(strconv.Itoa(revision))
}

// raced says what to do about a change of someone else in between.
func raced(err error) error {
	f := fault.From(err)
	switch {
	case f.Kind == fault.PreconditionFailed, f.Kind == fault.PreconditionNeeded, f.Code == fault.CodeStableKeyTaken, f.Kind == fault.NotFound:
		return errRaced.Because(err)
	}
	return err
}
