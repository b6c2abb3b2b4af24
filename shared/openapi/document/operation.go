package document

import (
	"net/http"
	"reflect"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/routes"
)

// operation describes one row of the table.
func operation(registry huma.Registry, r *routes.Route) *huma.Operation {
	op := &huma.Operation{
		OperationID: r.Name, Method: r.Method, Path: r.Path, Summary: r.Summary, Tags: []string{resource(r)},
		Responses: responses(registry, r),
	}
	for _, f := range reflect.VisibleFields(r.In()) {
		if p := parameter(registry, f); p != nil {
			op.Parameters = append(op.Parameters, p)
		}
	}
	if !r.Public() {
		op.Security = []map[string][]string{{securityScheme: {r.Scope}}}
		op.Parameters = append(op.Parameters, &huma.Param{Ref: "#/components/parameters/Tenant"})
	}
	switch {
	case r.Body != "":
		op.RequestBody = body(r.Body, &huma.Schema{Type: huma.TypeObject, AdditionalProperties: &huma.Schema{Type: huma.TypeString}})
	case hasBody(r.In()):
		op.RequestBody = body("application/json", registry.Schema(r.In(), true, ""))
	}
	return op
}

// hasBody reports whether some field of a request type stands in the JSON body.
func hasBody(in reflect.Type) bool {
	for _, f := range reflect.VisibleFields(in) {
		if name, _, _ := strings.Cut(f.Tag.Get("json"), ","); !f.Anonymous && name != "-" {
			return true
		}
	}
	return false
}

func body(media string, schema *huma.Schema) *huma.RequestBody {
	return &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{media: {Schema: schema}}}
}

// parameter describes a field that does not stand in the body, or nil.
func parameter(registry huma.Registry, f reflect.StructField) *huma.Param {
	for _, in := range []string{"path", "query", "header"} {
		name, ok := f.Tag.Lookup(in)
		if !ok {
			continue
		}
		schema := huma.SchemaFromField(registry, f, "")
		p := &huma.Param{Name: name, In: in, Required: in == "path", Description: schema.Description, Schema: schema}
		schema.Description = ""
		return p
	}
	return nil
}

func responses(registry huma.Registry, r *routes.Route) map[string]*huma.Response {
	if r.Out() == reflect.TypeFor[api.Browser]() {
		return map[string]*huma.Response{
			"200": {Description: "A page.", Content: html()},
			"303": {
				Description: "The browser goes on.",
				Headers:     map[string]*huma.Header{"Location": {Schema: &huma.Schema{Type: huma.TypeString, Format: "uri"}}},
			},
			"default": {Ref: "#/components/responses/ErrorPage"},
		}
	}
	if r.Out() == reflect.TypeFor[api.Download]() {
		return map[string]*huma.Response{"200": download(), "default": {Ref: "#/components/responses/Problem"}}
	}
	status := success(r)
	response := &huma.Response{Description: http.StatusText(status)}
	if r.Out() != reflect.TypeFor[api.None]() {
		response.Content = map[string]*huma.MediaType{mediaType(r.Out()): {Schema: registry.Schema(r.Out(), true, "")}}
	}
	if r.Out().Implements(reflect.TypeFor[interface{ ETag() string }]()) {
		response.Headers = map[string]*huma.Header{"ETag": {
			Description: "The version, for If-Match.", Schema: &huma.Schema{Type: huma.TypeString},
		}}
	}
	return map[string]*huma.Response{
		strconv.Itoa(status): response,
		"default":            {Ref: "#/components/responses/Problem"},
	}
}

// mediaType is that of answers of the type.
func mediaType(out reflect.Type) string {
	if typed, ok := reflect.Zero(out).Interface().(interface{ MediaType() string }); ok {
		return typed.MediaType()
	}
	return "application/json"
}
