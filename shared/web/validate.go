package web

import (
	"errors"
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
	for _, err := range result.Errors {
		var detail *huma.ErrorDetail
		if !errors.As(err, &detail) {
			continue
		}
		fields = append(fields, fault.Field{Pointer: pointer(place, detail), Detail: sentence(detail.Message)})
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
