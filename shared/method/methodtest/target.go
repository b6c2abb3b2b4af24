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
	grant := oauth
	return catalog.Connector{
		ID: "crm", Name: "CRM", BaseURL: "https://api.example.com/v1", Hosts: []string{"api.example.com", "auth.example.com"},
		Schemes: []catalog.Scheme{
			{ID: "api_key", Type: "api_key", Apply: catalog.Placement{
				Headers: map[string]string{"X-Key": "{apiKey}"}, Query: map[string]string{"key": "{apiKey}"},
			}},
			{ID: "basic", Type: "basic", Apply: catalog.Placement{Headers: map[string]string{"Authorization": "Basic {basic}"}}},
			{ID: "oauth2_authorization_code", Type: "oauth2_authorization_code", Apply: bearer, OAuth: &oauth},
			{ID: "oauth2_client_credentials", Type: "oauth2_client_credentials", Apply: bearer, OAuth: &grant},
			{
				ID: "ssh_key", Type: "ssh_key", Apply: catalog.Placement{Values: login("privateKey", "passphrase", "hostKey")},
				Server: &catalog.Server{Protocol: "sftp", Host: "sftp.example.com", Port: "22"},
			},
			{
				ID: "database", Type: "database", Apply: catalog.Placement{Values: login("database", "tlsMode", "ca", "clientCertificate", "clientKey")},
				Server: &catalog.Server{Protocol: "postgres", Host: "db.example.com", Port: "5432"},
			},
		},
		Verify: &catalog.Request{Method: "GET", URL: "https://api.example.com/me", Account: &catalog.AccountPath{ID: "id", Name: "name"}},
	}
}

// login places what a login to a server of one connection takes.
func login(more ...string) map[string]string {
	values := map[string]string{}
	for _, name := range append([]string{"username", "password"}, more...) {
		values[name] = "{" + name + "}"
	}
	return values
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
