package demo

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/client"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/secret"
)

// seededFlow is the flow of the tenant acme.
const seededFlow = "contact-sync"

// Seed gives the dev environment at url what there is to see in its console:
// the tenants acme and globex, templates of the organization for the demo CRM,
// by OAuth ("demo-crm") and by key ("demo-crm-key"), and in acme the paused flow
// contact-sync with nothing bound. What is there already stays as it is, so it
// may be called again at any time.
func Seed(ctx context.Context, url string) error {
	d := &demo{Config: Config{URL: strings.TrimSuffix(url, "/")}, http: &http.Client{Timeout: time.Minute}}
	d.organization = client.New(d.URL, d.token(auth.Organization), d.http).Tries(1)
	d.tenant = d.organization.For("acme")
	acme, err := d.seedTenant(ctx, "acme", "Acme")
	if err != nil {
		return err
	}
	if _, err := d.seedTenant(ctx, "globex", "Globex"); err != nil {
		return err
	}
	if err := d.seedTemplates(ctx); err != nil {
		return err
	}
	if acme.State != "ready" {
		return nil // Somebody has it removed.
	}
	return d.seedFlow(ctx)
}

// seedTenant creates a tenant that is not there, and goes on with one that is
// half made.
func (d *demo) seedTenant(ctx context.Context, id, name string) (api.Tenant, error) {
	t, err := client.Call(ctx, d.organization, routes.TenantGet, api.TenantRef{TenantID: id})
	if err == nil && t.State != "provisioning" || err != nil && !missing(err) {
		return t, seeding("tenant "+id, err)
	}
	t, err = client.Call(ctx, d.organization, routes.TenantCreate, api.TenantCreate{ID: id, Name: name})
	return t, seeding("tenant "+id, err)
}

func (d *demo) seedTemplates(ctx context.Context) error {
	there, err := d.templates(ctx)
	if err != nil {
		return seeding("templates", err)
	}
	if _, err := d.readClient(ctx); err != nil {
		return seeding("demo CRM", err)
	}
	embedded, inputs := true, map[string]string{"baseUrl": d.crm}
	for _, wanted := range []api.TemplateCreate{
		{
			Connector: "demo-crm", Name: "Demo CRM", StableKey: "demo-crm", AuthScheme: "oauth2_authorization_code", Embedded: &embedded,
			Scopes: []string{"crm.read", "crm.write"}, Inputs: inputs, ClientID: crmClient, ClientSecret: secret.FromString(d.secret),
		},
		{Connector: "demo-crm", Name: "Demo CRM with a key", StableKey: "demo-crm-key", AuthScheme: "api_key", Embedded: &embedded, Inputs: inputs},
	} {
		if slices.Contains(there, wanted.StableKey) {
			continue
		}
		if _, err := client.Call(ctx, d.organization, routes.TemplateCreate, wanted); err != nil {
			return seeding("template "+wanted.StableKey, err)
		}
	}
	return nil
}

// templates returns the stable keys of the organization's templates of the demo
// CRM.
func (d *demo) templates(ctx context.Context) ([]string, error) {
	var keys []string
	ask := api.TemplateList{Connector: "demo-crm", Page: api.Page{Limit: 100}}
	for {
		page, err := client.Call(ctx, d.organization, routes.TemplateList, ask)
		if err != nil {
			return nil, err
		}
		for _, t := range page.Items {
			keys = append(keys, t.StableKey)
		}
		if page.NextCursor == "" {
			return keys, nil
		}
		ask.Cursor = page.NextCursor
	}
}

func (d *demo) seedFlow(ctx context.Context) error {
	_, err := client.Call(ctx, d.tenant, routes.FlowGet, api.FlowRef{FlowID: seededFlow})
	if missing(err) {
		_, err = client.Call(ctx, d.tenant, routes.FlowPut, api.FlowPut{
			FlowID: seededFlow, Name: "Contact sync", Kind: "sync", State: "paused",
			Bindings: []api.BindingPut{{Slot: "source", Connector: "demo-crm"}, {Slot: "destination", Connector: "demo-crm"}},
		})
	}
	return seeding("flow "+seededFlow, err)
}

// missing reports whether the API knows no such thing.
func missing(err error) bool {
	var problem *client.Problem
	return errors.As(err, &problem) && problem.Status == http.StatusNotFound
}

func seeding(what string, err error) error {
	if err != nil {
		return fmt.Errorf("seed the %s: %w", what, err)
	}
	return nil
}
