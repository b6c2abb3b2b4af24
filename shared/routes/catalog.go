package routes

import (
	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/auth"
)

// The catalog and the templates made from it.
var (
	ConnectorList = operation[api.ConnectorList, api.Connectors](Route{
		Name: "connector-list", Method: "GET", Path: "/v1/connectors", Scope: auth.ConnectionsRead,
		Grants:  []Grant{TableRead},
		Summary: "List the connector catalog, the organization's own connectors included.",
	})
	ConnectorGet = operation[api.ConnectorRef, api.Connector](Route{
		Name: "connector-get", Method: "GET", Path: "/v1/connectors/{connectorId}", Scope: auth.ConnectionsRead,
		Grants:  []Grant{TableRead},
		Summary: "Return one connector with its auth schemes, inputs and guide.",
	})
	ConnectorPut = operation[api.ConnectorPut, api.Connector](Route{
		Name: "connector-put", Method: "PUT", Path: "/v1/connectors/{connectorId}", Scope: auth.TenantsAdmin,
		Grants:  []Grant{TableRead, TableWrite},
		Summary: "Define a connector of the organization's own, or change it.",
	})
	ConnectorDelete = operation[api.ConnectorChange, api.None](Route{
		Name: "connector-delete", Method: "DELETE", Path: "/v1/connectors/{connectorId}", Scope: auth.TenantsAdmin, Status: 204,
		Grants:  []Grant{TableRead, TableWrite},
		Summary: "Retire a connector of the organization's own; connections that use it go on.",
	})
	SunsetList = operation[api.SunsetList, api.Sunsets](Route{
		Name: "sunset-list", Method: "GET", Path: "/v1/sunsets", Scope: auth.ConnectionsRead,
		Grants:  []Grant{TableRead, CursorKey},
		Across:  true, // The organization asks for all tenants.
		Summary: "List the dated changes of the systems and the connections they hit.",
	})
	ExpirationList = operation[api.ExpirationList, api.Expirations](Route{
		Name: "expiration-list", Method: "GET", Path: "/v1/expirations", Scope: auth.ConnectionsRead,
		Grants:  []Grant{TableRead, CursorKey},
		Summary: "List what ends: keys, certificates, tokens, client secrets, and dated changes of the systems.",
	})
	TemplateCreate = operation[api.TemplateCreate, api.Template](Route{
		Name: "template-create", Method: "POST", Path: "/v1/templates", Scope: auth.TemplatesWrite, Status: 201,
		Grants:  []Grant{TableRead, TableWrite, SecretNew, SecretPut, SecretDelete, Egress},
		Summary: "Configure a connector: auth scheme, OAuth client, scopes and inherited inputs.",
	})
	TemplateList = operation[api.TemplateList, api.Templates](Route{
		Name: "template-list", Method: "GET", Path: "/v1/templates", Scope: auth.TemplatesRead,
		Grants:  []Grant{TableRead, CursorKey},
		Summary: "List the templates the tenant may use.",
	})
	TemplateGet = operation[api.TemplateRef, api.Template](Route{
		Name: "template-get", Method: "GET", Path: "/v1/templates/{templateId}", Scope: auth.TemplatesRead,
		Grants:  []Grant{TableRead},
		Summary: "Return one template.",
	})
	TemplateUpdate = operation[api.TemplateUpdate, api.Template](Route{
		Name: "template-update", Method: "PATCH", Path: "/v1/templates/{templateId}", Scope: auth.TemplatesWrite,
		Grants:  []Grant{TableRead, TableWrite, SecretNew, SecretPut, SecretDelete, Egress},
		Across:  true,
		Summary: "Change a template; its connections inherit the change.",
	})
	TemplateDelete = operation[api.TemplateChange, api.None](Route{
		Name: "template-delete", Method: "DELETE", Path: "/v1/templates/{templateId}", Scope: auth.TemplatesWrite, Status: 204,
		Grants:  []Grant{TableRead, TableWrite, SecretDelete},
		Across:  true,
		Summary: "Delete a template no connection uses.",
	})
	TemplateExport = operation[api.TemplateExport, api.TemplateDocument](Route{
		Name: "template-export", Method: "POST", Path: "/v1/templates/export", Scope: auth.TemplatesRead,
		Grants:  []Grant{TableRead},
		Summary: "Export the definitions of the tenant's own templates, without secrets, for another stage.",
	})
	TemplateImport = operation[api.TemplateImport, api.TemplateImportResult](Route{
		Name: "template-import", Method: "POST", Path: "/v1/templates/import", Scope: auth.TemplatesWrite,
		Grants:  []Grant{TableRead, TableWrite, Egress},
		Summary: "Bring the tenant's own templates in line with an export of another stage, by stable key.",
	})
)
