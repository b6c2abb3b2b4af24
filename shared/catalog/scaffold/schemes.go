package scaffold

// scheme is what a type adds to the file. The members are JSON text, indented as
// they stand there.
type scheme struct {
	kind      string
	network   string
	connector []string // Of the connector.
	members   []string // Of the scheme.
	verify    bool     // The entry says by which request a credential is proved.
}

// schemes returns what each type needs.
func schemes() []scheme {
	web := func(kind string, members ...string) scheme {
		return scheme{kind: kind, network: "public", connector: address, members: members, verify: true}
	}
	apart := func(kind, network, hosts string, members ...string) scheme {
		return scheme{kind: kind, network: network, connector: []string{hosts}, members: members}
	}
	return []scheme{
		web("oauth2_authorization_code", bearer, signIn),
		web("oauth2_client_credentials", bearer, tokenOnly),
		web("oauth2_jwt_bearer", bearer, tokenOnly, assertion),
		web("oauth2_token_exchange", bearer, tokenOnly, assertion),
		web("oauth2_device_code", bearer, device),
		web("api_key", fields(secretField("apiKey", "API key")), `"apply": {"headers": {"Authorization": "Bearer {apiKey}"}}`, rotation),
		web("basic", fields(textField("username", "User name"), secretField("password", "Password")), `"apply": {"headers": {"Authorization": "Basic {basic}"}}`, rotation),
		web("service_account_key", fields(fileField("key", "Key file")), bearer, tokenOpen, `"assertion": {"algorithm": "RS256"}`, rotation),
		web("client_certificate", fields(fileField("certificate", "Certificate"), fileField("privateKey", "Private key")),
			`"apply": {"values": {"certificate": "{certificate}", "privateKey": "{privateKey}"}}`, rotation),
		apart("aws_assume_role", "public", amazon, inputs(textField("roleArn", "Role ARN"), textField("region", "Region"))),
		apart("aws_access_key", "public", amazon, inputs(textField("region", "Region")),
			fields(textField("accessKeyId", "Access key ID"), secretField("secretAccessKey", "Secret access key")), rotation),
		web("oauth1", fields(secretField("consumerKey", "Consumer key"), secretField("consumerSecret", "Consumer secret"),
			secretField("token", "Token"), secretField("tokenSecret", "Token secret")), `"oauth1": {"signatureMethod": "HMAC-SHA256"}`, rotation),
		web("netsuite_tba", inputs(textField("accountId", "Account ID")), fields(secretField("consumerKey", "Consumer key"), secretField("consumerSecret", "Consumer secret"),
			secretField("tokenId", "Token ID"), secretField("tokenSecret", "Token secret")), rotation),
		web("session_token", fields(textField("username", "User name"), secretField("password", "Password")), bearer, login, rotation),
		apart("ssh_key", "private", `  "hosts": ["{host}"]`, inputs(field("host", "Host", "server"), field("port", "Port", "port"), hostKey),
			fields(textField("username", "User name"), fileField("privateKey", "Private key")),
			`"apply": {"values": {"username": "{username}", "privateKey": "{privateKey}", "hostKey": "{hostKey}"}}`, `"server": {"protocol": "sftp", "host": "{host}", "port": "{port}"}`, rotation),
		apart("database", "private", `  "hosts": ["{host}"]`, inputs(field("host", "Host", "server"), field("port", "Port", "port"), textField("database", "Database")),
			fields(textField("username", "User name"), secretField("password", "Password")),
			`"apply": {"values": {"database": "{database}", "username": "{username}", "password": "{password}"}}`,
			`"server": {"protocol": "postgres", "host": "{host}", "port": "{port}"}`, rotation),
		web("none", inputs(textField("account", "Account"))),
	}
}

// address is where a system is that speaks HTTP.
var address = []string{`  "baseUrl": "https://fill-in.example.com/v1"`, `  "hosts": ["fill-in.example.com"]`}

const amazon = `  "hosts": ["*.amazonaws.com"]`

// hostKey is left out at first: the server's is shown then, and confirmed.
const hostKey = `        {
          "name": "hostKey",
          "title": "Host key",
          "help": "The fingerprint of the server's host key. Leave it empty to be shown it.",
          "type": "text",
          "pattern": "SHA256:[A-Za-z0-9+/]{43}",
          "optional": true
        }`

const bearer = `"apply": {"headers": {"Authorization": "Bearer {accessToken}"}}`

const signIn = `"oauth": {
        "authorizeUrl": "https://fill-in.example.com/oauth/authorize",
        "tokenUrl": "https://fill-in.example.com/oauth/token",
        "revokeUrl": "https://fill-in.example.com/oauth/revoke",
        "clientAuth": "client_secret_basic",
        "pkce": "supported",
        "scopes": [
          {"name": "read", "description": "FILL IN: name and meaning of each scope, as the system's documentation lists them.", "required": true}
        ],
        "defaultScopes": ["read"],
        "refresh": {"supported": true, "rotates": true, "reuse": "revokes_family", "accessSeconds": 3600}
      }`

const login = `"login": {
        "request": {
          "method": "POST",
          "url": "https://fill-in.example.com/v1/login",
          "headers": {"Content-Type": "application/json"},
          "body": "{\"username\":\"{username}\",\"password\":\"{password}\"}"
        },
        "token": "token",
        "seconds": 3600
      }`

const device = `"oauth": {
        "deviceUrl": "https://fill-in.example.com/oauth/device",
        "tokenUrl": "https://fill-in.example.com/oauth/token",
        "clientAuth": "client_secret_basic",
        "pkce": "unsupported",
        "refresh": {"supported": true, "rotates": true, "reuse": "revokes_family", "accessSeconds": 3600}
      }`

const tokenOnly = `"oauth": {
        "tokenUrl": "https://fill-in.example.com/oauth/token",
        "clientAuth": "client_secret_basic",
        "pkce": "unsupported",
        "refresh": {"supported": false, "accessSeconds": 3600}
      }`

const tokenOpen = `"oauth": {
        "tokenUrl": "https://fill-in.example.com/oauth/token",
        "clientAuth": "none",
        "pkce": "unsupported",
        "refresh": {"supported": false, "accessSeconds": 3600}
      }`

const assertion = `"assertion": {"algorithm": "RS256", "issuer": "{clientId}", "subject": "{clientId}", "audience": "https://fill-in.example.com/oauth/token"}`

const rotation = `"rotation": [
        {
          "title": "Create a second one",
          "text": "FILL IN: where a second credential is made that works beside the old one."
        },
        {
          "title": "Stage and promote it",
          "text": "Save the new one here as the pending credential, see that it is verified, and promote it. The old one serves until then."
        },
        {
          "title": "Delete the old one",
          "text": "FILL IN: where the old credential is withdrawn when no call uses it any more."
        }
      ]`

const verify = `  "verify": {
    "method": "GET",
    "url": "https://fill-in.example.com/v1/me",
    "account": {"id": "id", "name": "name"}
  }`

const guide = `  "guide": [
    {
      "title": "FILL IN: a step, as an order",
      "text": "FILL IN: where a person clicks to get what is asked for above, in Markdown. Give the least rights that will do.",
      "url": "https://fill-in.example.com/docs/setup"
    }
  ]`
