package web

import (
	"errors"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/tenonhq/tenon/shared/fault"
)

// validate compares a decoded value with a schema and returns what is wrong,
// by place. The library's own errors carry the offending value; only their
// message and location are taken.
func validate(registry huma.Registry, schema *huma.Schema, place string, value any) []fault.Field {
	path := huma.NewPathBuffer(make([]byte, 0, 64), 0)
	result := &huma.ValidateResult{}
	huma.Validate(registry, schema, path, huma.ModeWriteToServer, value, result)
	var fields []fault.Field
	for _, err := range result.Errors[:min(len(result.Errors), fieldLimit)] {
		var detail *huma.ErrorDetail
		if !errors.As(err, &detail) {
			continue
		}
		fields = append(fields, fault.Field{Pointer: pointer(place, detail), Detail: sentence(detail.Message)})
	}
	return fields
}

// misspelt lists members whose name differs from a known one in case alone. The
// library and encoding/json take them for the known one, and the last of two
// would win unvalidated.
func misspelt(registry huma.Registry, schema *huma.Schema, place string, value any) []fault.Field {
	if schema.Ref != "" {
		schema = registry.SchemaFromRef(schema.Ref)
	}
	var fields []fault.Field
	switch value := value.(type) {
	case []any:
		for i, item := range value {
			if schema.Items != nil {
				fields = append(fields, misspelt(registry, schema.Items, place+"/"+strconv.Itoa(i), item)...)
			}
		}
	case map[string]any:
		for name, member := range value {
			if known, ok := schema.Properties[name]; ok {
				fields = append(fields, misspelt(registry, known, place+"/"+name, member)...)
				continue
			}
			for known := range schema.Properties {
				if strings.EqualFold(known, name) {
					fields = append(fields, fault.Field{Pointer: place + "/" + name, Detail: "Must be spelt " + known + "."})
				}
			}
		}
	}
	return fields
}

// pointer turns the library's "inputs.shop[2]" into RFC 6901's "/inputs/shop/2".
func pointer(place string, detail *huma.ErrorDetail) string {
	location := strings.NewReplacer(".", "/", "[", "/", "]", "").Replace(detail.Location)
	if place != "" {
		return place
	}
	return "/" + location
}

func sentence(message string) string {
	if message == "" {
		return "Is not valid."
	}
	return strings.ToUpper(message[:1]) + message[1:] + "."
}
