package template

import (
	"context"
	"net/url"
	"strings"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/vault"
)

// discover reads the issuer's metadata for a scheme that has no fixed
// endpoints (RFC 8414 3, OpenID Connect Discovery 4). The endpoints are kept
// with the template: a later change at the issuer does not move tokens
// elsewhere without a person's doing.
func (s *Service) discover(ctx context.Context, t *Template, scheme catalog.Scheme) error {
	if scheme.OAuth == nil || !scheme.OAuth.Discovery {
		return nil
	}
	issuer := t.Inputs["issuer"]
	if issuer == "" {
		return wrongField("/inputs/issuer", "Is required: the OAuth client is registered at this issuer.")
	}
	connector, err := s.Catalog.Find(ctx, t.Connector)
	if err != nil {
		return err
	}
	target := method.Target{
		Connector: connector, Scheme: scheme,
		Values: map[string]catalog.Value{"issuer": {Type: catalog.TypeURL, Text: issuer}},
	}
	metadata := catalog.Request{Method: "GET", URL: "{issuer}/.well-known/openid-configuration", Bare: true}
	answer, err := method.Call(ctx, method.Reach{HTTP: s.HTTP}, target, metadata, vault.Leasable{})
	if err != nil {
		return err
	}
	members, ok := answer.Members.(map[string]any)
	if answer.Outcome != catalog.OK || !ok {
		return rejected("The issuer's metadata could not be read.")
	}
	endpoints, err := s.endpoints(members, issuer)
	if err != nil {
		return err
	}
	endpoints.CheckedAt = s.Now().UTC()
	t.Endpoints = &endpoints
	return nil
}

// endpoints reads the metadata and holds every endpoint to the rules an input
// of type url has. The issuer must be exactly the one asked (RFC 8414 3.3).
func (s *Service) endpoints(m map[string]any, issuer string) (Endpoints, error) {
	member := func(name string) string {
		v, _ := m[name].(string)
		return v
	}
	e := Endpoints{
		Issuer: member("issuer"), Authorize: member("authorization_endpoint"), Token: member("token_endpoint"),
		Revoke: member("revocation_endpoint"), Userinfo: member("userinfo_endpoint"), JWKS: member("jwks_uri"),
	}
	e.IssuerInCallback, _ = m["authorization_response_iss_parameter_supported"].(bool)
	if strings.TrimSuffix(e.Issuer, "/") != issuer {
		return Endpoints{}, rejected("The issuer's metadata names another issuer.")
	}
	if e.Token == "" {
		return Endpoints{}, rejected("The issuer's metadata names no token endpoint.")
	}
	home, err := url.Parse(issuer)
	if err != nil {
		return Endpoints{}, rejected("The issuer is not a URL.")
	}
	for _, endpoint := range []string{e.Authorize, e.Token, e.Revoke, e.Userinfo, e.JWKS} {
		u, err := url.Parse(endpoint)
		if endpoint != "" && (err != nil || u.Scheme != home.Scheme || u.Host != home.Host || u.User != nil || u.Fragment != "") {
			return Endpoints{}, rejected("The issuer's metadata names an endpoint on another host.")
		}
	}
	return e, nil
}

func rejected(detail string) error {
	return fault.New(fault.Unprocessable, fault.CodeVerificationFailed, detail).WithRemedy("fix_input")
}

// fill puts the discovered endpoints into the scheme and its values.
func (e *Endpoints) fill(o *catalog.OAuth, values map[string]catalog.Value) {
	set := func(template *string, name, endpoint string) {
		*template = ""
		if endpoint != "" {
			*template = "{" + name + "}"
			values[name] = catalog.Value{Type: catalog.TypeURL, Text: endpoint}
		}
	}
	set(&o.AuthorizeURL, "authorizeEndpoint", e.Authorize)
	set(&o.TokenURL, "tokenEndpoint", e.Token)
	set(&o.RevokeURL, "revokeEndpoint", e.Revoke)
	if e.Userinfo != "" {
		values["userinfoEndpoint"] = catalog.Value{Type: catalog.TypeURL, Text: e.Userinfo}
	}
	o.JWKSURL, o.Issuer, o.IssuerRequired = e.JWKS, e.Issuer, e.IssuerInCallback
}
