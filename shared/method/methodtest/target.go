package methodtest

import (
	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/secret"
)

// Connector describes a Provider: one scheme of every type, named as its type.
func Connector() catalog.Connector {
	bearer := catalog.Placement{Headers: map[string]string{"Authorization": "Bearer {accessToken}"}}
	oauth := catalog.OAuth{
		AuthorizeURL: "https://auth.example.com/authorize", TokenURL: "https://auth.example.com/token",
		RevokeURL: "https://auth.example.com/revoke", ClientAuth: "client_secret_basic", PKCE: "required",
		Refresh: catalog.Refresh{Supported: true, Rotates: true, Reuse: "revokes_family"},
	}
	grant, device := oauth, oauth
	device.DeviceURL = "https://auth.example.com/device"
	return catalog.Connector{
		ID: "crm", Name: "CRM", BaseURL: "https://api.example.com/v1", Hosts: []string{"api.example.com", "auth.example.com"},
		Schemes: []catalog.Scheme{
			{ID: "api_key", Type: "api_key", Apply: catalog.Placement{
				Headers: map[string]string{"X-Key": "{apiKey}"}, Query: map[string]string{"key": "{apiKey}"},
			}},
			{ID: "basic", Type: "basic", Apply: catalog.Placement{Headers: map[string]string{"Authorization": "Basic {basic}"}}},
			{ID: "oauth2_authorization_code", Type: "oauth2_authorization_code", Apply: bearer, OAuth: &oauth},
			{ID: "oauth2_client_credentials", Type: "oauth2_client_credentials", Apply: bearer, OAuth: &grant},
			{ID: "oauth2_device_code", Type: "oauth2_device_code", Apply: bearer, OAuth: &device},
		},
		Verify: &catalog.Request{Method: "GET", URL: "https://api.example.com/me", Account: &catalog.AccountPath{ID: "id", Name: "name"}},
	}
}

// Target returns what a method needs to know of a Provider.
func Target(scheme string) method.Target {
	c := Connector()
	s, _ := c.Scheme(scheme)
	return method.Target{
		Connector: c, Scheme: s, ClientID: ClientID, ClientSecret: secret.FromString(ClientSecret),
		RedirectURI: "https://tenon.example.com/v1/oauth/callback/tpl_1",
	}
}
