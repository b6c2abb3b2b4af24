// Package document builds the OpenAPI 3.1 document of the route table. It
// depends on packages api, auth, fault, routes, secret and web and on huma,
// whose schemas are those that web validates with. Nothing that is deployed
// imports it.
package document

import (
	"net/http"
	"reflect"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/web"
)

// securityScheme is the name of the one security scheme.
const securityScheme = "jwt"

// New returns the document of the HTTP operations among rs.
func New(rs []*routes.Route) *huma.OpenAPI {
	registry := huma.NewMapRegistry("#/components/schemas/", huma.DefaultSchemaNamer)
	registry.RegisterTypeAlias(reflect.TypeFor[secret.Bytes](), reflect.TypeFor[password]())
	requests := registerBodies(registry, rs)
	doc := &huma.OpenAPI{
		OpenAPI: "3.1.0",
		Info: &huma.Info{
			Title: "Tenon", Version: "1",
			Description: "Keeps the connections of an integration product alive: connects accounts, keeps their credentials fresh and leases them to flows.",
		},
		Components: &huma.Components{
			Schemas:    registry,
			Parameters: map[string]*huma.Param{"Tenant": tenantHeader()},
			Responses:  map[string]*huma.Response{"Problem": problemResponse(registry), "ErrorPage": errorPage()},
			SecuritySchemes: map[string]*huma.SecurityScheme{securityScheme: {
				Type: "http", Scheme: "bearer", BearerFormat: "JWT",
				Description: "An access token of the organization's OpenID provider with the operation's scope, one of " + strings.Join(auth.Scopes(), ", ") + ".",
			}},
		},
	}
	for _, r := range rs {
		if !r.IsOperation() || r.IsAsset() {
			continue
		}
		doc.AddOperation(operation(registry, r))
		if tag := resource(r); !tagged(doc.Tags, tag) {
			doc.Tags = append(doc.Tags, &huma.Tag{Name: tag})
		}
	}
	// A client must expect new members in answers; only requests are closed.
	for name, schema := range registry.Map() {
		if !requests[name] {
			schema.AdditionalProperties = nil
		}
	}
	return doc
}

// registerBodies adds the schemas of the request bodies and returns the names
// of all that they use.
func registerBodies(registry huma.Registry, rs []*routes.Route) map[string]bool {
	for _, r := range rs {
		if r.IsOperation() && hasBody(r.In()) {
			registry.Schema(r.In(), true, "")
		}
	}
	names := map[string]bool{}
	for name := range registry.Map() {
		names[name] = true
	}
	return names
}

// password is how a secret.Bytes stands in the document.
type password struct{}

// Schema implements huma.SchemaProvider.
func (password) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Format: "password", WriteOnly: true}
}

func tenantHeader() *huma.Param {
	return &huma.Param{
		Name: "Tenon-Tenant", In: "header", Schema: &huma.Schema{Type: huma.TypeString, MaxLength: ptr(63)},
		Description: "The tenant a token of the organization acts for.",
	}
}

// problemResponse is the answer of every failure, with every code there is.
func problemResponse(registry huma.Registry) *huma.Response {
	schema := registry.Schema(reflect.TypeFor[web.Problem](), true, "")
	code := registry.SchemaFromRef(schema.Ref).Properties["code"]
	for _, c := range fault.Codes() {
		code.Enum = append(code.Enum, string(c))
	}
	return &huma.Response{
		Description: "The request failed (RFC 9457).",
		Headers: map[string]*huma.Header{"Retry-After": {
			Description: "Seconds after which a repetition makes sense.", Schema: &huma.Schema{Type: huma.TypeInteger, Minimum: ptr(1.0)},
		}},
		Content: map[string]*huma.MediaType{"application/problem+json": {Schema: schema}},
	}
}

func errorPage() *huma.Response {
	return &huma.Response{Description: "A page that says what went wrong.", Content: html()}
}

func html() map[string]*huma.MediaType {
	return map[string]*huma.MediaType{"text/html": {Schema: &huma.Schema{Type: huma.TypeString}}}
}

// resource is the first word of the path below the version.
func resource(r *routes.Route) string {
	rest, ok := strings.CutPrefix(r.Path, "/v1/")
	if !ok {
		return "service"
	}
	name, _, _ := strings.Cut(rest, "/")
	return name
}

func tagged(tags []*huma.Tag, name string) bool {
	for _, tag := range tags {
		if tag.Name == name {
			return true
		}
	}
	return false
}

func success(r *routes.Route) int { return max(r.Status, http.StatusOK) }

func ptr[T any](v T) *T { return &v }
