package smoke

import (
	"context"
	"encoding/json"
	"net/url"
	"strings"

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

// nobody is a host that nothing is sent to (RFC 2606).
const nobody = "example.com"

// system is the address the key is verified at. It is empty where the stage has an
// address of AWS: nothing in the cloud may be reached with a tenant's URL, and a
// connector without one takes every key.
func (s *smoke) system() string {
	if s.System != "" {
		return s.System
	}
	u, err := url.Parse(s.URL)
	if err != nil || strings.HasSuffix(u.Hostname(), ".amazonaws.com") || strings.HasSuffix(u.Hostname(), ".amazonaws.com.cn") {
		return ""
	}
	return s.URL + routes.Healthz.Path
}

// putConnector defines a system that takes a key in a header and answers whatever
// it is.
func (s *smoke) putConnector(ctx context.Context) (string, error) {
	verify, hosts, where := "", `"`+nobody+`"`, "it takes every key, because the stage has an address of AWS; --system gives one that is asked"
	if address := s.system(); address != "" {
		verify, hosts, where = `"verify": {"method": "GET", "url": "{systemUrl}"},`, `"{systemUrl}"`, "it is verified at "+address
	}
	const text = `{
		"id": "own-smoke", "name": "Smoke test", "description": "Made by a smoke test and deleted at its end.", "categories": ["custom"],
		"logo": {"letters": "S", "color": "#345a73"}, "network": "public", "hosts": [HOSTS], VERIFY
		"inputs": [{"name": "systemUrl", "title": "System", "type": "url"}],
		"schemes": [{"id": "api_key", "type": "api_key", "name": "Key", "fields": [{"name": "apiKey", "title": "Key", "type": "secret"}],
			"apply": {"headers": {"X-Smoke-Key": "{apiKey}"}},
			"rotation": [{"title": "Run the test again", "text": "Each run makes its own keys."}]}],
		"guide": [{"title": "Run the test", "text": "Run tenon smoke."}],
		"sources": [{"url": "https://www.rfc-editor.org/rfc/rfc2606", "checkedAt": "2026-11-21"}]}`
	var definition map[string]any
	if err := json.Unmarshal([]byte(strings.NewReplacer("HOSTS", hosts, "VERIFY", verify).Replace(text)), &definition); err != nil {
		return "", err
	}
	_, err := client.Call(ctx, s.organization, routes.ConnectorPut, api.ConnectorPut{ConnectorID: connectorID, IfMatch: "*", Definition: definition})
	return connectorID + " is defined: " + where, err
}

// createTemplate makes a template of the tenant's own.
func (s *smoke) createTemplate(ctx context.Context) (string, error) {
	address := s.system()
	if address == "" {
		address = "https://" + nobody
	}
	var err error
	s.template, err = client.Call(ctx, s.tenant, routes.TemplateCreate, api.TemplateCreate{
		Connector: connectorID, Name: "Smoke test", StableKey: stableKey, Inputs: map[string]string{"systemUrl": address},
	})
	return s.template.ID + " configures " + connectorID, err
}
