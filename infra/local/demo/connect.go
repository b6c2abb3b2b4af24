package demo

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/client"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/secret"
)

// crmClient is the OAuth client every demo CRM has.
const crmClient = "tenon-dev"

func (d *demo) createTenant(ctx context.Context) (string, error) {
	t, err := client.Call(ctx, d.organization, routes.TenantCreate, api.TenantCreate{ID: d.name, Name: "Demo"})
	if err != nil {
		return "", err
	}
	return t.ID + " is " + t.State + ", encrypted under " + t.KeyARN, nil
}

// createTemplate makes a template of the organization, which every tenant may
// use. Its stable key is the tenant's name, so that the demo can run again.
func (d *demo) createTemplate(ctx context.Context) (string, error) {
	var err error
	d.template, err = client.Call(ctx, d.organization, routes.TemplateCreate, api.TemplateCreate{
		Connector: "demo-crm", Name: "Demo CRM", StableKey: d.name, AuthScheme: "oauth2_authorization_code",
		Scopes: []string{"crm.read", "crm.write"}, Inputs: map[string]string{"baseUrl": d.crm},
		ClientID: crmClient, ClientSecret: secret.FromString(d.secret),
	})
	if err != nil {
		return "", err
	}
	return d.template.ID + " configures demo-crm, redirect URI " + d.template.RedirectURI, nil
}

func (d *demo) createConnection(ctx context.Context) (string, error) {
	var err error
	d.connection, err = client.Call(ctx, d.tenant, routes.ConnectionCreate, api.ConnectionCreate{TemplateID: d.template.ID, Name: "Alice's CRM"})
	if err != nil {
		return "", err
	}
	return d.connection.ID + " is " + d.connection.Status, nil
}

func (d *demo) authorize(ctx context.Context) (string, error) {
	handoff, err := client.Call(ctx, d.tenant, routes.ConnectionAuthorize, api.Authorize{ConnectionID: d.connection.ID})
	if err != nil {
		return "", err
	}
	d.startURL = handoff.StartURL
	return "handoff " + handoff.HandoffID + " is open until " + handoff.ExpiresAt.Local().Format("15:04:05"), nil
}

// consent goes through the pages of the handoff as Alice would.
func (d *demo) consent(ctx context.Context) (string, error) {
	v := visitor{http: d.http, cookies: map[string]map[string]string{}}
	start, err := v.open(ctx, d.startURL)
	if err != nil {
		return "", err
	}
	consent, err := v.submit(ctx, start, nil)
	if err != nil {
		return "", err
	}
	end, err := v.submit(ctx, consent, url.Values{"account": {"alice"}, "decision": {"allow"}})
	if err != nil {
		return "", err
	}
	d.connection, err = client.Call(ctx, d.tenant, routes.ConnectionGet, api.ConnectionRef{ConnectionID: d.connection.ID})
	if err != nil {
		return "", err
	}
	if !d.connection.Connected || d.connection.Account == nil {
		return "", fmt.Errorf("the last page says %q, but the connection is %s: %s", end.title(), d.connection.Status, d.connection.Message)
	}
	return fmt.Sprintf("%q, then %q: connected as %s with %s", start.title(), consent.title(), d.connection.Account.Name,
		strings.Join(d.connection.GrantedScopes, " ")), nil
}

// disconnect deletes the connection and prints the receipt.
func (d *demo) disconnect(ctx context.Context) (string, error) {
	change := api.ConnectionEnd{ConnectionID: d.connection.ID, IfMatch: d.connection.ETag()}
	receipt, err := client.Call(ctx, d.tenant, routes.ConnectionDelete, change)
	if err != nil {
		return "", err
	}
	if receipt.Revocation != "revoked" {
		return "", errors.New("the demo CRM did not revoke the token: " + receipt.Revocation)
	}
	return "receipt: " + receipt.ConnectionID + " is gone, the provider says " + receipt.Revocation, nil
}

func (d *demo) deleteTemplate(ctx context.Context) (string, error) {
	change := api.TemplateChange{TemplateID: d.template.ID, IfMatch: d.template.ETag()}
	if _, err := client.Call(ctx, d.organization, routes.TemplateDelete, change); err != nil {
		return "", err
	}
	return d.template.ID + " is deleted with its client secret", nil
}
