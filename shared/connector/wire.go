package connector

import (
	"encoding/json"
	"errors"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/catalog"
)

// API returns the connector as the API shows it to the organization.
func (r Record) API() (api.Connector, error) {
	var c catalog.Connector
	if err := json.Unmarshal(r.Definition, &c); err != nil {
		return api.Connector{}, errors.New("stored definition cannot be decoded")
	}
	view := c.API()
	view.Definition, view.Revision = json.RawMessage(r.Definition), r.Revision
	return view, nil
}

// API returns what the API shows of a dated change.
func (s Sunset) API() api.SunsetHit {
	hit := api.SunsetHit{
		Connector: s.Connector.ID, ConnectorName: s.Connector.Name, Sunset: api.Sunset(s.Sunset), Connections: []api.SunsetConnection{},
	}
	for _, c := range s.Connections {
		hit.Connections = append(hit.Connections, api.SunsetConnection{Tenant: c.Tenant, ID: c.ID, Name: c.Name, Environment: c.Environment, AuthScheme: c.Scheme})
	}
	return hit
}
