package smoke

import (
	"context"
	"encoding/json"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/client"
	"github.com/tenonhq/tenon/shared/routes"
)

// What a run makes: all of it in a tenant of its own.
const (
	tenantID    = "smoke"
	connectorID = "own-smoke"
	stableKey   = "smoke"
	header      = "X-Smoke-Key"
)

// putConnector defines a system that takes a key in a header and answers whatever
// it is.
func (s *smoke) putConnector(ctx context.Context) (string, error) {
	wanted, err := definition()
	if err != nil {
		return "", err
	}
	_, err = client.Call(ctx, s.organization, routes.ConnectorPut, api.ConnectorPut{ConnectorID: connectorID, IfMatch: "*", Definition: wanted})
	return connectorID + " is defined", err
}

// definition is the connector.
func definition() (map[string]any, error) {
	const text = `{
		"id": "own-smoke", "name": "Smoke test", "description": "Made by a smoke test and deleted at its end.", "categories": ["custom"],
		"logo": {"letters": "S", "color": "#345a73"}, "network": "public", "hosts": ["{systemUrl}"],
		"inputs": [{"name": "systemUrl", "title": "System", "type": "url"}],
		"verify": {"method": "GET", "url": "{systemUrl}"},
		"schemes": [{"id": "api_key", "type": "api_key", "name": "Key", "fields": [{"name": "apiKey", "title": "Key", "type": "secret"}],
			"apply": {"headers": {"X-Smoke-Key": "{apiKey}"}},
			"rotation": [{"title": "Run the test again", "text": "Each run makes its own keys."}]}],
		"guide": [{"title": "Run the test", "text": "Run tenon smoke."}],
		"sources": [{"url": "https://www.rfc-editor.org/rfc/rfc9110", "checkedAt": "2026-11-21"}]}`
	var made map[string]any
	err := json.Unmarshal([]byte(text), &made)
	return made, err
}

// createTemplate makes a template of the tenant's own.
func (s *smoke) createTemplate(ctx context.Context) (string, error) {
	system := s.System
	if system == "" {
		system = s.URL + routes.Healthz.Path
	}
	var err error
	s.template, err = client.Call(ctx, s.tenant, routes.TemplateCreate, api.TemplateCreate{
		Connector: connectorID, Name: "Smoke test", StableKey: stableKey, Inputs: map[string]string{"systemUrl": system},
	})
	return s.template.ID + " has keys verified at " + system, err
}
