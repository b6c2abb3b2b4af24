package functionstest

import "github.com/tenonhq/tenon/shared/template"

// Importer returns the import of templates from another stage.
func (w *World) Importer() *template.Importer {
	return &template.Importer{Templates: w.Templates(), Connectors: w.Connectors()}
}
