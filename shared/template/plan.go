package template

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/connector"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/id"
)

// What an import does to a member of the document.
const (
	actionCreated   = "created"
	actionUpdated   = "updated"
	actionUnchanged = "unchanged"
	actionRefused   = "refused"
)

// planAtOnce is how many templates are looked at at once: discovery asks issuers.
const planAtOnce = 8

var errStillDeleting = fault.New(fault.Conflict, fault.CodeConflict, "The template of this stable key is being deleted here. Delete it again, then import.")

// importPlan is what an import is going to do.
type importPlan struct {
	connectors []connectorStep
	templates  []templateStep
}

type connectorStep struct {
	plan   connector.Plan
	change api.TemplateImportChange
}

// templateStep takes a template from before, which is zero for a new one, to after.
type templateStep struct {
	before, after Template
	scheme        catalog.Scheme
	change        api.TemplateImportChange
}

func (i *Importer) plan(ctx context.Context, caller auth.Caller, in api.TemplateImport) (importPlan, error) {
	var p importPlan
	definitions := map[string][]byte{}
	for n, definition := range in.Connectors {
		plan, err := i.Connectors.Plan(ctx, caller, definition)
		if err != nil && !refusal(err) {
			return p, err
		}
		step := connectorStep{plan, connectorChange(plan, err, fmt.Sprintf("/connectors/%d", n))}
		if step.change.Action == actionCreated || step.change.Action == actionUpdated {
			definitions[plan.ID] = plan.Definition
		}
		p.connectors = append(p.connectors, step)
	}
	s := *i.Templates
	if len(definitions) > 0 {
		s.Catalog.Own = defined{i.Connectors.Store, definitions}
	}
	own, err := s.byStableKey(ctx, caller.Tenant)
	if err != nil {
		return p, err
	}
	p.templates, err = s.steps(ctx, caller, in, own)
	return p, err
}

// steps plans the templates, some at once.
func (s *Service) steps(ctx context.Context, caller auth.Caller, in api.TemplateImport, own map[string]Template) ([]templateStep, error) {
	steps, errs := make([]templateStep, len(in.Templates)), make([]error, len(in.Templates))
	places := make(chan struct{}, planAtOnce)
	var group sync.WaitGroup
	for n, definition := range in.Templates {
		places <- struct{}{}
		group.Go(func() {
			defer func() { <-places }()
			step, err := s.step(ctx, caller.Tenant, definition, own, in.Keep[definition.StableKey])
			step.change.Kind, step.change.StableKey, step.change.Connector = "template", definition.StableKey, definition.Connector
			if refusal(err) {
				step.change.Action, step.change.Fields = actionRefused, nil
				step.change.Problem, err = problem(err, fmt.Sprintf("/templates/%d", n)), nil
			}
			steps[n], errs[n] = step, err
		})
	}
	group.Wait()
	return steps, errors.Join(errs...)
}

func (s *Service) step(ctx context.Context, owner string, d api.TemplateDefinition, own map[string]Template, keep []string) (templateStep, error) {
	before, there := own[d.StableKey]
	switch {
	case !there:
		return s.addition(ctx, owner, d, keep)
	case before.Deleting:
		return templateStep{}, errStillDeleting
	case before.Connector != d.Connector:
		return templateStep{}, wrongField("/connector", "The template of this stable key is of another connector here, which cannot be changed.")
	case before.Scheme != d.AuthScheme:
		return templateStep{}, wrongField("/authScheme", "The template of this stable key has another auth scheme here, which cannot be changed.")
	}
	return s.adaptation(ctx, before, d, keep)
}

// addition is the step to a template that is not there yet.
func (s *Service) addition(ctx context.Context, owner string, d api.TemplateDefinition, keep []string) (templateStep, error) {
	whose, who := Party(d.Credentials), Party(d.SuppliedBy)
	t, scheme, err := s.draft(ctx, owner, s.IDs.New(id.Template), Define{
		Connector: d.Connector, Name: d.Name, StableKey: d.StableKey, Scheme: d.AuthScheme, Embedded: d.Embedded,
		Credentials: &whose, SuppliedBy: &who, Scopes: slices.Clone(d.Scopes), Inputs: d.Inputs,
	})
	step := templateStep{after: t, scheme: scheme, change: api.TemplateImportChange{Action: actionCreated}}
	if err == nil {
		err = s.checkKept(ctx, d, scheme, keep)
	}
	if err == nil {
		err = s.discover(ctx, &step.after, scheme)
	}
	return step, err
}

// adaptation is the step from a template that is there, by the rules of Update.
func (s *Service) adaptation(ctx context.Context, before Template, d api.TemplateDefinition, keep []string) (templateStep, error) {
	step := templateStep{before: before, after: before}
	whose, who := Party(d.Credentials), Party(d.SuppliedBy)
	change := Change{
		Name: &d.Name, Embedded: &d.Embedded, Credentials: &whose, SuppliedBy: &who, imported: true,
		Scopes: append([]string{}, d.Scopes...),
	}
	inputs, err := s.inputs(ctx, before, d, keep)
	if err != nil {
		return step, err
	}
	if !maps.Equal(inputs, before.Inputs) {
		change.Inputs = inputs
	}
	if step.scheme, err = s.apply(ctx, &step.after, change); err != nil {
		return step, err
	}
	if err := s.checkUsed(ctx, before, step.after); err != nil {
		return step, err
	}
	step.change.Action = actionUnchanged
	if step.change.Fields = differences(before, step.after); len(step.change.Fields) > 0 {
		step.change.Action = actionUpdated
	}
	return step, nil
}

// inputs returns those that the template is to have, as they are kept: the
// document's, but for those whose value here stays.
func (s *Service) inputs(ctx context.Context, before Template, d api.TemplateDefinition, keep []string) (map[string]string, error) {
	connector, err := s.Catalog.Find(ctx, before.Connector)
	if err != nil {
		return nil, err
	}
	scheme, _ := connector.Scheme(before.Scheme)
	if err := s.checkKept(ctx, d, scheme, keep); err != nil {
		return nil, err
	}
	wanted := map[string]string{}
	maps.Copy(wanted, d.Inputs)
	for _, name := range keep {
		delete(wanted, name)
		if value, ok := before.Inputs[name]; ok {
			wanted[name] = value
		}
	}
	return catalog.CheckPartialInputs(connector.InputsFor(scheme), wanted, s.Catalog.Local)
}

// checkKept refuses to keep the value of an input that there is not: misspelt, it
// would be overwritten.
func (s *Service) checkKept(ctx context.Context, d api.TemplateDefinition, scheme catalog.Scheme, keep []string) error {
	connector, err := s.Catalog.Find(ctx, d.Connector)
	if err != nil {
		return err
	}
	for _, name := range keep {
		if !slices.ContainsFunc(connector.InputsFor(scheme), func(in catalog.Input) bool { return in.Name == name }) {
			return wrongField("/inputs", "There is no input of a name that is to be kept.")
		}
	}
	return nil
}

// defined is the organization's connectors as they are going to be.
type defined struct {
	catalog.Own
	definitions map[string][]byte
}

// Definition implements catalog.Own.
func (d defined) Definition(ctx context.Context, id string) ([]byte, error) {
	if text, ok := d.definitions[id]; ok {
		return text, nil
	}
	return d.Own.Definition(ctx, id)
}

// Definitions implements catalog.Own. Of a connector that is changed the first is
// the one that counts.
func (d defined) Definitions(ctx context.Context) ([][]byte, error) {
	there, err := d.Own.Definitions(ctx)
	return append(slices.Collect(maps.Values(d.definitions)), there...), err
}
