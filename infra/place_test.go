package infra_test

import (
	"strings"
	"testing"

	"github.com/tenonhq/tenon/infra"
	"github.com/tenonhq/tenon/shared/routes"
)

// TestPlace: the resource decides, wherever in the path the operation is.
func TestPlace(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]string{
		"/healthz":                                "Api",
		"/v1/connections":                         "Connections",
		"/v1/connections/{connectionId}/lease":    "Connections",
		"/v1/oauth/callback/{contextId}":          "Connections",
		"/v1/connectors/{connectorId}":            "Catalog",
		"/v1/templates":                           "Catalog",
		"/connect/{sessionId}":                    "Connections",
		"/v1/flows/{flowId}/bindings/{slot}":      "Flows",
		"/v1/tenants/{tenantId}/jwks.json":        "Organization",
		"/v1/webhook-endpoints/{endpointId}/test": "Organization",
	} {
		if got, err := infra.Place(&routes.Route{Name: "x", Method: "GET", Path: path}); got != want || err != nil {
			t.Errorf("%s: got %q, %v, want %s", path, got, err, want)
		}
	}
}

// TestEveryRowHasAPlace fails for a resource nobody thought of.
func TestEveryRowHasAPlace(t *testing.T) {
	t.Parallel()
	for _, r := range routes.All() {
		place, err := infra.Place(r)
		if err != nil {
			t.Error(err)
		}
		if !r.IsOperation() && place != "Work" {
			t.Errorf("%s, which serves no HTTP, is in %s", r.Name, place)
		}
	}
	_, err := infra.Place(&routes.Route{Name: "thing-get", Method: "GET", Path: "/v1/things/{thingId}"})
	if err == nil || !strings.Contains(err.Error(), "no stack has the resource things") {
		t.Errorf("a resource without a stack: got %v", err)
	}
}
