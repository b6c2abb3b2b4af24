package crm

import "net/http"

const metadataWellKnown = "/.well-known/oauth-authorization-server"

// metadata answers the authorization server metadata of RFC 8414.
func (p *Provider) metadata(w http.ResponseWriter, _ *http.Request) {
	methods := []string{"client_secret_basic", "client_secret_post"}
	writeJSON(w, http.StatusOK, map[string]any{
		"issuer":                                         p.baseURL,
		"authorization_endpoint":                         p.baseURL + "/oauth/authorize",
		"token_endpoint":                                 p.baseURL + "/oauth/token",
		"revocation_endpoint":                            p.baseURL + "/oauth/revoke",
		"registration_endpoint":                          p.baseURL + "/clients",
		"userinfo_endpoint":                              p.baseURL + "/oauth/userinfo",
		"scopes_supported":                               supportedScopes(),
		"response_types_supported":                       []string{"code"},
		"grant_types_supported":                          []string{"authorization_code", "refresh_token", "client_credentials"},
		"token_endpoint_auth_methods_supported":          methods,
		"revocation_endpoint_auth_methods_supported":     methods,
		"code_challenge_methods_supported":               []string{"S256"},
		"authorization_response_iss_parameter_supported": true,
	})
}
