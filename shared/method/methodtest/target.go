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
	grant, open, device := oauth, oauth, oauth
	open.ClientAuth, device.DeviceURL = "none", "https://auth.example.com/device"
	assertion := catalog.Assertion{Algorithm: "ES256", Issuer: "{clientId}", Subject: "{username}"}
	return catalog.Connector{
		ID: "crm", Name: "CRM", BaseURL: "https://api.example.com/v1", Hosts: []string{"api.example.com", "auth.example.com"},
		Schemes: []catalog.Scheme{
			{ID: "api_key", Type: "api_key", Apply: catalog.Placement{
				Headers: map[string]string{"X-Key": "{apiKey}"}, Query: map[string]string{"key": "{apiKey}"},
			}},
			{ID: "basic", Type: "basic", Apply: catalog.Placement{Headers: map[string]string{"Authorization": "Basic {basic}"}}},
			{ID: "client_certificate", Type: "client_certificate", Apply: catalog.Placement{
				Values: map[string]string{"certificate": "{certificate}", "privateKey": "{privateKey}"},
			}},
			{ID: "oauth2_authorization_code", Type: "oauth2_authorization_code", Apply: bearer, OAuth: &oauth},
			{ID: "oauth2_client_credentials", Type: "oauth2_client_credentials", Apply: bearer, OAuth: &grant},
			{ID: "oauth1", Type: "oauth1", OAuth1: &catalog.OAuth1{
				RequestURL: "https://auth.example.com/request", AuthorizeURL: "https://auth.example.com/authorize", AccessURL: "https://auth.example.com/token",
				SignatureMethod: "HMAC-SHA1", Realm: "{shop}",
			}},
			{ID: "netsuite_tba", Type: "netsuite_tba"},
			{ID: "session_token", Type: "session_token", Apply: bearer, Login: &catalog.Login{
				Request: catalog.Request{
					Method: "POST", URL: "https://auth.example.com/login", Headers: map[string]string{"Content-Type": "application/json"},
					Body: `{"user":"{username}","password":"{password}"}`,
				},
				Token: "access_token", ExpiresIn: "expires_in",
				Logout: &catalog.Request{Method: "POST", URL: "https://auth.example.com/revoke"},
			}},
			{ID: "none", Type: "none"},
			{ID: "aws_assume_role", Type: "aws_assume_role"},
			{ID: "aws_access_key", Type: "aws_access_key"},
			{ID: "oauth2_jwt_bearer", Type: "oauth2_jwt_bearer", Apply: bearer, OAuth: &grant, Assertion: &assertion},
			{ID: "oauth2_token_exchange", Type: "oauth2_token_exchange", Apply: bearer, OAuth: &grant, Assertion: &assertion},
			{ID: "service_account_key", Type: "service_account_key", Apply: bearer, OAuth: &open, Assertion: &catalog.Assertion{Algorithm: "ES256"}},
			{ID: "oauth2_device_code", Type: "oauth2_device_code", Apply: bearer, OAuth: &device},
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
	t := method.Target{
		Connector: c, Scheme: s, SigningKey: method.SigningKey{ID: "key-1", ARN: KeyARN, Algorithm: "ES256"},
		Values:   map[string]catalog.Value{"serviceAccount": {Type: catalog.TypeText, Text: "robot@example.com"}},
		ClientID: ClientID, ClientSecret: secret.FromString(ClientSecret),
		RedirectURI: "https://tenon.example.com/v1/oauth/callback/tpl_1",
	}
	if scheme == "aws_assume_role" || scheme == "aws_access_key" {
		t.Tenant, t.Connection, t.ExternalID = "acme", "con_1", "external-id-of-acme"
		t.Values = map[string]catalog.Value{
			"roleArn": {Type: catalog.TypeText, Text: "arn:aws:iam::210987654321:role/access"}, "region": {Type: catalog.TypeText, Text: "eu-west-1"},
		}
	}
	return t
}
