package main

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web/webtest"
)

func TestConnectorList(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	h := webtest.New(t, routes.ConnectorList, handle(w.Catalog()))
	for _, tenant := range []string{functionstest.Acme, functionstest.Globex} {
		var list api.Connectors
		h.As(tenant).Replay(functionstest.Event("connector-list")).Want(200, "").Decode(&list)
		var ids []string
		for _, card := range list.Items {
			ids = append(ids, card.ID)
		}
		want := []string{
			"activecampaign", "adobe-commerce", "airtable", "asana", "aws", "bamboohr", "bigcommerce", "box", "brevo",
			"constant-contact", "custom-graphql", "custom-oidc", "custom-rest", "custom-soap", "dropbox", "freshdesk", "github",
			"gitlab", "google-cloud", "google-workspace", "greenhouse", "hubspot", "intercom", "jira", "klaviyo", "linear", "mailchimp",
			"mailgun", "microsoft-365", "monday", "mysql", "netsuite", "notion", "paypal", "personio", "pipedrive", "postgresql",
			"postmark", "quickbooks", "salesforce", "sendgrid", "sftp", "shopify", "slack", "sqlserver", "square", "squarespace",
			"stripe", "twilio", "woocommerce", "xero", "zendesk", "zoho-books",
		}
		if diff := cmp.Diff(want, ids); diff != "" {
			t.Errorf("connectors (-want +got):\n%s", diff)
		}
		h.As(tenant).Replay(functionstest.Event("connector-list.filtered")).Want(200, `{"items": [
			{"id": "hubspot", "authSchemes": ["oauth2_authorization_code", "api_key"]},
			{"id": "salesforce", "authSchemes": ["oauth2_authorization_code", "oauth2_client_credentials", "oauth2_jwt_bearer"]}
		]}`)
	}
}
