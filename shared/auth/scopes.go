package auth

// The scopes a caller's token may carry.
const (
	ConnectionsRead  = "connections:read"
	ConnectionsWrite = "connections:write"
	ConnectionsLease = "connections:lease"
	TemplatesRead    = "templates:read"
	TemplatesWrite   = "templates:write"
	FlowsRead        = "flows:read"
	FlowsWrite       = "flows:write"
	SettingsRead     = "settings:read"
	SettingsWrite    = "settings:write"
	AuditRead        = "audit:read"
	TenantsAdmin     = "tenants:admin"
)

// Scopes lists every scope, for the authorizer, the document and the dev issuer.
func Scopes() []string {
	return []string{
		ConnectionsRead, ConnectionsWrite, ConnectionsLease, TemplatesRead, TemplatesWrite, FlowsRead, FlowsWrite,
		SettingsRead, SettingsWrite, AuditRead, TenantsAdmin,
	}
}
