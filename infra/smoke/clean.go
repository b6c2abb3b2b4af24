package smoke

import (
	"context"
	"fmt"
	"net/http"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/client"
	"github.com/tenonhq/tenon/shared/routes"
)

// most is how many things a page lists.
const most = 100

// clean deletes what is there of this run and of any before: the connections and
// templates of the tenant that are of the connector, then the connector.
func (s *smoke) clean(ctx context.Context) (string, error) {
	connections, err := client.Call(ctx, s.tenant, routes.ConnectionList, api.ConnectionList{Page: api.Page{Limit: most}, Connector: connectorID})
	if err != nil {
		return "", err
	}
	for _, c := range connections.Items {
		if err := ended(client.Call(ctx, s.tenant, routes.ConnectionDelete, api.ConnectionEnd{ConnectionID: c.ID, IfMatch: "*"})); err != nil {
			return "", err
		}
	}
	templates, err := client.Call(ctx, s.tenant, routes.TemplateList, api.TemplateList{Page: api.Page{Limit: most}, Connector: connectorID})
	if err != nil {
		return "", err
	}
	for _, t := range templates.Items {
		if err := ended(client.Call(ctx, s.tenant, routes.TemplateDelete, api.TemplateChange{TemplateID: t.ID, IfMatch: "*"})); err != nil {
			return "", err
		}
	}
	if err := ended(client.Call(ctx, s.organization, routes.ConnectorDelete, api.ConnectorChange{ConnectorID: connectorID, IfMatch: "*"})); err != nil {
		return "", err
	}
	return fmt.Sprintf("deleted %d connections, %d templates and the connector; the tenant %s stays", len(connections.Items), len(templates.Items), tenantID), nil
}

// ended takes what is gone already for deleted.
func ended[T any](_ T, err error) error {
	if status(err) == http.StatusNotFound {
		return nil
	}
	return err
}
