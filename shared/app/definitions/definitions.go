// Package definitions composes the defining of connectors by the organization.
// It depends on packages catalog/lint, egress, method and app/tables, and is
// apart from the rest because it alone links the JSON Schema module.
package definitions

import (
	"time"

	"github.com/tenonhq/tenon/shared/app"
	"github.com/tenonhq/tenon/shared/app/tables"
	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/catalog/lint"
	"github.com/tenonhq/tenon/shared/connector"
	"github.com/tenonhq/tenon/shared/egress"
	"github.com/tenonhq/tenon/shared/method"
)

// New returns the organization's connectors, to be changed.
func New(e *app.Env) *connector.Service {
	t := tables.New(e)
	return &connector.Service{
		Store: t.Connectors, Audit: t.Audit, Lint: Lint, Now: time.Now,
		CheckURL: func(address string) error { return egress.CheckURL(address, e.Config.Local()) },
	}
}

// Lint is the lint of a definition, with the auth schemes that there are.
func Lint(definition []byte) (catalog.Connector, []string) {
	var types []string
	for _, m := range method.All() {
		types = append(types, m.Type())
	}
	return lint.Read(definition, types...)
}
