package gateway

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// Route sends the requests that match a route key to a function.
type Route struct {
	Key      string // "GET /v1/x/{id}", "ANY /files/{path+}" or "$default"
	Function string // short name
	Auth     *JWT   // nil: no authorizer
	Scopes   []string
}

// route is a parsed Route.
type route struct {
	Route
	method   string // "ANY" matches every method
	segments []segment
}

// segment is one part of a path between slashes.
type segment struct {
	text     string // literal text or the variable's name
	variable bool
	greedy   bool // {name+}: the rest of the path, at least one segment
}

// routeTable holds the routes, the most specific first, which is the order of
// selection: full match, then greedy variable, then $default; a named method
// before ANY.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
type routeTable []route

func newRouteTable(routes []Route) (routeTable, error) {
	table := make(routeTable, 0, len(routes))
	for _, r := range routes {
		parsed, err := parseRoute(r)
		if err != nil {
			return nil, fmt.Errorf("route %q: %w", r.Key, err)
		}
		table = append(table, parsed)
	}
	slices.SortStableFunc(table, compareRoutes)
	return table, nil
}

// match finds the route of a request by its still escaped path. The values of
// the path's variables are unescaped.
func (t routeTable) match(method, escapedPath string) (route, map[string]string, bool) {
	parts := strings.Split(strings.TrimPrefix(escapedPath, "/"), "/")
	for i, part := range parts {
		if plain, err := url.PathUnescape(part); err == nil {
			parts[i] = plain
		}
	}
	for _, r := range t {
		if r.method != "ANY" && r.method != method {
			continue
		}
		if vars, ok := r.capture(parts); ok {
			return r, vars, true
		}
	}
	return route{}, nil, false
}

func (r route) capture(parts []string) (map[string]string, bool) {
	if r.Key == "$default" {
		return nil, true
	}
	vars := map[string]string{}
	for i, s := range r.segments {
		switch {
		case i >= len(parts):
			return nil, false
		case s.greedy:
			vars[s.text] = strings.Join(parts[i:], "/")
			return vars, vars[s.text] != ""
		case s.variable && parts[i] == "":
			return nil, false
		case s.variable:
			vars[s.text] = parts[i]
		case s.text != parts[i]:
			return nil, false
		}
	}
	return vars, len(parts) == len(r.segments)
}

func parseRoute(r Route) (route, error) {
	if r.Auth == nil && len(r.Scopes) > 0 {
		return route{}, fmt.Errorf("scopes need an authorizer")
	}
	if r.Key == "$default" {
		return route{Route: r, method: "ANY"}, nil
	}
	method, path, ok := strings.Cut(r.Key, " ")
	if !ok || method == "" || !strings.HasPrefix(path, "/") {
		return route{}, fmt.Errorf("want METHOD /path or $default")
	}
	out := route{Route: r, method: method}
	for part := range strings.SplitSeq(path[1:], "/") {
		name, variable := strings.CutPrefix(part, "{")
		s := segment{text: part, variable: variable}
		if variable {
			name = strings.TrimSuffix(name, "}")
			s.text, s.greedy = strings.CutSuffix(name, "+")
		}
		out.segments = append(out.segments, s)
	}
	return out, nil
}

// compareRoutes orders by path, segment by segment, then by method.
func compareRoutes(a, b route) int {
	for i := range max(len(a.segments), len(b.segments)) {
		if d := a.rank(i) - b.rank(i); d != 0 {
			return d
		}
	}
	switch {
	case a.method == "ANY" && b.method != "ANY":
		return 1
	case a.method != "ANY" && b.method == "ANY":
		return -1
	}
	return 0
}

// rank grades the segment at i: literal, variable, greedy, absent, $default.
func (r route) rank(i int) int {
	switch {
	case r.Key == "$default":
		return 4
	case i >= len(r.segments):
		return 3
	case r.segments[i].greedy:
		return 2
	case r.segments[i].variable:
		return 1
	}
	return 0
}
