package template

import (
	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/catalog"
)

// fields says of every input of the scheme whether the template gives its value to
// all connections or the customer gives one to each.
func fields(t Template, inputs []catalog.Input) []api.TemplateField {
	list := make([]api.TemplateField, 0, len(inputs))
	for _, in := range inputs {
		f := api.TemplateField{Name: in.Name, From: "customer", Required: !in.Optional && in.Default == ""}
		if _, fixed := t.Inputs[in.Name]; fixed {
			f.From, f.Required = "global", false
		}
		list = append(list, f)
	}
	return list
}
