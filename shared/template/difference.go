package template

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/connector"
	"github.com/tenonhq/tenon/shared/fault"
)

// differences lists what an import changes of a template that is there.
func differences(before, after Template) []api.TemplateImportField {
	var fields []api.TemplateImportField
	add := func(pointer, from, to string) {
		if from != to {
			fields = append(fields, api.TemplateImportField{Pointer: pointer, From: from, To: to})
		}
	}
	had, has := before.definition(), after.definition()
	add("/name", had.Name, has.Name)
	add("/credentials", had.Credentials, has.Credentials)
	add("/suppliedBy", had.SuppliedBy, has.SuppliedBy)
	add("/embedded", strconv.FormatBool(had.Embedded), strconv.FormatBool(has.Embedded))
	add("/scopes", strings.Join(had.Scopes, " "), strings.Join(has.Scopes, " "))
	names := slices.Concat(slices.Collect(maps.Keys(had.Inputs)), slices.Collect(maps.Keys(has.Inputs)))
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		add("/inputs/"+name, had.Inputs[name], has.Inputs[name])
	}
	return fields
}

// connectorChange says what becomes of a connector of the document.
func connectorChange(p connector.Plan, err error, at string) api.TemplateImportChange {
	change := api.TemplateImportChange{Kind: "connector", Connector: p.ID, Action: actionUpdated}
	switch {
	case err != nil:
		change.Action, change.Problem = actionRefused, problem(err, at)
		return change
	case p.Unchanged():
		change.Action = actionUnchanged
	case p.Revision == 0:
		change.Action = actionCreated
	}
	for _, name := range p.Changed {
		change.Fields = append(change.Fields, api.TemplateImportField{Pointer: "/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(name)})
	}
	return change
}

// refusal reports whether an error is the fault of the document, in this stage.
func refusal(err error) bool {
	if err == nil {
		return false
	}
	kind := fault.From(err).Kind
	return kind != fault.Internal && kind != fault.Unavailable
}

// problem shows a refusal, with pointers into the document.
func problem(err error, at string) *api.TemplateImportProblem {
	f := fault.From(err)
	p := &api.TemplateImportProblem{Code: string(f.Code), Detail: f.Detail}
	for _, field := range f.Fields {
		p.Errors = append(p.Errors, api.TemplateImportError{Pointer: at + strings.TrimPrefix(field.Pointer, "/definition"), Detail: field.Detail})
	}
	return p
}

func (p importPlan) refused() bool {
	for _, step := range p.connectors {
		if step.change.Action == actionRefused {
			return true
		}
	}
	for _, step := range p.templates {
		if step.change.Action == actionRefused {
			return true
		}
	}
	return false
}

// result is what the API shows of the plan, carried out or not.
func (p importPlan) result(s *Service, applied bool) api.TemplateImportResult {
	out := api.TemplateImportResult{Applied: applied, Changes: make([]api.TemplateImportChange, 0, len(p.connectors)+len(p.templates))}
	for _, step := range p.connectors {
		out.Changes = append(out.Changes, step.change)
	}
	for _, step := range p.templates {
		out.Changes = append(out.Changes, step.change)
		missing := step.after.Missing(step.scheme)
		if step.change.Action == actionRefused || len(missing) == 0 {
			continue
		}
		todo := api.TemplateImportTodo{StableKey: step.change.StableKey, Missing: missing}
		if applied || step.change.Action != actionCreated {
			todo.TemplateID = step.after.ID
			if step.scheme.Type == "oauth2_authorization_code" {
				todo.RedirectURI = s.RedirectURI(step.after.ID)
			}
		}
		out.Todo = append(out.Todo, todo)
	}
	out.Complete = len(out.Todo) == 0 && !p.refused()
	return out
}
