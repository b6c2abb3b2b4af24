package functionstest

import (
	"github.com/tenonhq/tenon/shared/connect"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/template"
)

// The organisations that Xero lists.
const (
	Organisation = "7f1c2a44-6f6a-4b3c-8e11-000000000001"
	Practice     = "7f1c2a44-6f6a-4b3c-8e11-000000000002"
)

func organisations() []any {
	return []any{
		map[string]any{"id": "1", "tenantId": Organisation, "tenantType": "ORGANISATION", "tenantName": "Acme Pty"},
		map[string]any{"id": "2", "tenantId": Practice, "tenantType": "PRACTICE", "tenantName": "Acme Books"},
	}
}

// Listed makes a connection of Acme to Xero, which lists two organisations of
// which none is chosen. It has revision 2.
func (w *World) Listed() {
	w.t.Helper()
	w.define(Acme, XeroTemplate, template.Define{
		Connector: "xero", Name: "Xero", ClientID: "fake-client-of-acme", ClientSecret: secret.FromString("fake-client-secret-of-acme-0001"),
	})
	w.create(Acme, XeroConnection, connect.New{TemplateID: XeroTemplate, Name: "Xero of Acme"})
	w.consent(Acme, XeroConnection, XeroTemplate)
}
