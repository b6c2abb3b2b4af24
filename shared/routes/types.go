package routes

import (
	"reflect"

	"github.com/tenonhq/tenon/shared/api"
)

// row is a Typed of any types. A Route does not hold its types itself: every
// function links all routes, and would with them link the types of all.
type row interface {
	route() *Route
	types() (in, out reflect.Type)
}

func (t Typed[In, Out]) route() *Route { return t.Route }

func (t Typed[In, Out]) types() (in, out reflect.Type) {
	return reflect.TypeFor[In](), reflect.TypeFor[Out]()
}

// In is the request type of the operation.
func (r *Route) In() reflect.Type {
	in, _ := r.types()
	return in
}

// Out is the response type of the operation.
func (r *Route) Out() reflect.Type {
	_, out := r.types()
	return out
}

// IsAsset reports whether the operation serves files to browsers, which is no part
// of the API.
func (r *Route) IsAsset() bool { return r.Out() == reflect.TypeFor[api.Asset]() }

// types finds those of a row of the table; anything else has none.
func (r *Route) types() (in, out reflect.Type) {
	for _, of := range append(all(), optional()...) {
		if of.route().Name == r.Name {
			return of.types()
		}
	}
	return nil, nil
}
