package infra

import (
	"fmt"
	"strings"

	"github.com/tenonhq/tenon/shared/routes"
)

// The stacks of a deployment: the end of their names, and of the names of their
// templates in lower case (ADR 0034).
const (
	dataStack         = "Data"
	networkStack      = "Network"
	apiStack          = "Api"
	connectionsStack  = "Connections"
	catalogStack      = "Catalog"
	flowsStack        = "Flows"
	organizationStack = "Organization"
	workStack         = "Work"
)

// Place returns the name of the stack that a row of the route table belongs to.
// The resource decides, the first segment of the path after /v1: a resource's
// operations stand together. What is not versioned belongs to the API itself, but for
// the page of connect sessions, and what serves no HTTP to the work. A resource
// without a place is an error. A row that is deployed changes its stack in two
// deployments only, see ADR 0034.
func Place(r *routes.Route) (string, error) {
	if !r.IsOperation() {
		return workStack, nil
	}
	rest, versioned := strings.CutPrefix(r.Path, "/v1/")
	if strings.HasPrefix(r.Path, "/connect/") {
		return connectionsStack, nil // The page of a resource there.
	}
	if !versioned {
		return apiStack, nil
	}
	resource, _, _ := strings.Cut(rest, "/")
	switch resource {
	case "connections", "expirations", "health", "oauth", "connect-sessions", "browser-session":
		return connectionsStack, nil
	case "connectors", "sunsets", "templates":
		return catalogStack, nil
	case "flows":
		return flowsStack, nil
	case "audit", "aws-trust", "egress", "kill-switches", "providers", "settings", "signing-keys", "tenants", "webhook-endpoints":
		return organizationStack, nil
	}
	return "", fmt.Errorf("%s: no stack has the resource %s: name one in infra/place.go (ADR 0034)", r.Name, resource)
}

// describe says what a stack holds.
func describe(stack string) string {
	return map[string]string{
		dataStack:         "what must outlive a deployment.",
		networkStack:      "the network that calls to systems come from.",
		apiStack:          "the HTTP API, its authorizer, its logs and the alarms.",
		connectionsStack:  "the operations on connections, credentials and handoffs.",
		catalogStack:      "the operations on connectors and templates.",
		flowsStack:        "the operations on flows.",
		organizationStack: "the operations on tenants, their settings and their audit.",
		workStack:         "the jobs, the queues and their consumers.",
	}[stack]
}
