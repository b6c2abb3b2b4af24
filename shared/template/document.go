package template

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/fault"
)

// documentVersion is the form of the documents that are exported. What is
// exported at once can be imported at once: a request holds 256 KiB.
const (
	documentVersion = 1
	documentMost    = 200
	documentBytes   = 240 << 10
)

var errDocumentLimit = fault.New(fault.Conflict, fault.CodeLimitExceeded, "A document holds at most 200 templates and 240 KiB. Name some of them in stableKeys, and the rest in further exports.").
	WithRemedy("fix_input")

// Export returns what the caller's own templates of these stable keys say, all of
// them where none is named. A definition of a connector is the organization's to
// see, so that a tenant's document holds none.
func (s *Service) Export(ctx context.Context, caller auth.Caller, stableKeys []string) (api.TemplateDocument, error) {
	if err := s.Audit.Check(ctx, caller, audit.TemplateRead, ""); err != nil {
		return api.TemplateDocument{}, err
	}
	own, err := s.byStableKey(ctx, caller.Tenant)
	if err != nil {
		return api.TemplateDocument{}, err
	}
	maps.DeleteFunc(own, func(_ string, t Template) bool { return t.Deleting })
	chosen, err := choose(own, stableKeys)
	if err != nil {
		return api.TemplateDocument{}, err
	}
	doc := api.TemplateDocument{Version: documentVersion, Templates: make([]api.TemplateDefinition, 0, len(chosen))}
	for _, t := range chosen {
		doc.Templates = append(doc.Templates, t.definition())
	}
	if caller.IsOrganization() {
		if doc.Connectors, err = s.definitions(ctx, chosen); err != nil {
			return api.TemplateDocument{}, err
		}
	}
	text, err := json.Marshal(doc)
	if err == nil && len(text) > documentBytes {
		err = errDocumentLimit
	}
	return doc, err
}

// choose returns the templates of the stable keys, in their order.
func choose(own map[string]Template, stableKeys []string) ([]Template, error) {
	if len(stableKeys) == 0 {
		stableKeys = slices.Collect(maps.Keys(own))
	}
	var chosen []Template
	for i, key := range stableKeys {
		t, ok := own[key]
		if !ok {
			return nil, &fault.Error{
				Kind: fault.NotFound, Code: fault.CodeNotFound, Detail: "You have no template with this stable key.",
				Fields: []fault.Field{{Pointer: fmt.Sprintf("/stableKeys/%d", i), Detail: "Is not there."}},
			}
		}
		chosen = append(chosen, t)
	}
	slices.SortFunc(chosen, func(a, b Template) int { return cmp.Compare(a.StableKey, b.StableKey) })
	chosen = slices.CompactFunc(chosen, func(a, b Template) bool { return a.ID == b.ID })
	if len(chosen) > documentMost {
		return nil, errDocumentLimit
	}
	return chosen, nil
}

// byStableKey returns the owner's templates, those that are being deleted included.
func (s *Service) byStableKey(ctx context.Context, owner string) (map[string]Template, error) {
	const page = 100
	own := map[string]Template{}
	for start := ""; ; {
		found, next, err := s.Store.List(ctx, owner, start, page)
		if err != nil {
			return nil, err
		}
		for _, t := range found {
			own[t.StableKey] = t
		}
		if next == "" {
			return own, nil
		}
		start = next
	}
}

// definition is what the template says in every stage.
func (t *Template) definition() api.TemplateDefinition {
	whose, who := t.Parties()
	return api.TemplateDefinition{
		StableKey: t.StableKey, Connector: t.Connector, Name: t.Name, AuthScheme: t.Scheme,
		Credentials: string(whose), SuppliedBy: string(who), Embedded: t.Embedded, Scopes: t.Scopes, Inputs: t.Inputs,
	}
}

// definitions returns those of the organization's connectors that the templates
// use, by id.
func (s *Service) definitions(ctx context.Context, chosen []Template) ([]map[string]any, error) {
	ids := map[string]bool{}
	for _, t := range chosen {
		if strings.HasPrefix(t.Connector, catalog.OwnPrefix) && s.Catalog.Own != nil {
			ids[t.Connector] = true
		}
	}
	var list []map[string]any
	for _, id := range slices.Sorted(maps.Keys(ids)) {
		text, err := s.Catalog.Own.Definition(ctx, id)
		if err != nil {
			return nil, err
		}
		var definition map[string]any
		if err := json.Unmarshal(text, &definition); err != nil {
			return nil, fmt.Errorf("export connector %s: not a definition", id)
		}
		list = append(list, definition)
	}
	return list, nil
}
