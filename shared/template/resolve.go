package template

import (
	"context"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/vault"
)

// Resolve returns everything a method needs to know about a connection, client
// secret included. The template's inputs win over the connection's: they are
// the organization's, and inherited live. The client is the one that speaks for
// the credential the connection has, which during a rotation may be the
// secondary. A refused primary gets another chance where a refusal costs
// nothing: while the access token still serves. The signing key is the one the
// credential was made with. A credential that was given for other hosts is
// connection.ErrMoved.
func (s *Service) Resolve(ctx context.Context, c connection.Connection) (method.Target, error) {
	now, pinned := s.Now(), ""
	if c.Credential != nil {
		pinned = c.Credential.SigningKey
	}
	return s.resolve(ctx, c, true, pinned, func(t *Template) *Client {
		retry := now.Sub(t.RefusedLast) >= retryPause && c.Fresh(now, time.Minute)
		m, _ := method.For(c.SchemeType)
		if _, ok := m.(method.Granter); ok {
			return t.granting(retry) // Every token is a grant of its own.
		}
		return t.holding(c.MintedBy(), retry)
	})
}

// ResolveGrant is Resolve for a grant that takes the place of whatever the
// connection has: it is the primary's, and the newest signing key's.
func (s *Service) ResolveGrant(ctx context.Context, c connection.Connection) (method.Target, error) {
	return s.resolve(ctx, c, false, "", func(t *Template) *Client { return t.granting(false) })
}

func (s *Service) resolve(ctx context.Context, c connection.Connection, held bool, pinned string, choose func(*Template) *Client) (method.Target, error) {
	t, err := s.Store.Get(ctx, c.TemplateOwner, c.TemplateID)
	if err != nil {
		return method.Target{}, err
	}
	client := choose(&t)
	target, err := s.target(ctx, t, c, client)
	if err != nil {
		return method.Target{}, err
	}
	if err := s.shown(t, c, target); err != nil {
		return method.Target{}, err
	}
	if held && c.Moved(target.Hosts) {
		return method.Target{}, connection.ErrMoved
	}
	if target.SigningKey, err = s.signingKey(ctx, t, target, pinned); err != nil {
		return method.Target{}, err
	}
	if target.Scheme.Type == (method.AssumeRole{}).Type() {
		// The role trusts the tenant whose connection it is, whoever made the template.
		if target.ExternalID, err = s.ExternalIDs.ExternalID(ctx, c.Tenant); err != nil {
			return method.Target{}, err
		}
	}
	if client.Secret == nil {
		return target, nil
	}
	if target.ClientSecret, err = s.clientSecret(ctx, t, client); err != nil {
		return method.Target{}, err
	}
	return target, nil
}

// ClientSecrets returns the secrets of the template's clients that have this
// id, the primary's first. A system whose client is being rotated signs with
// either.
func (s *Service) ClientSecrets(ctx context.Context, c connection.Connection, clientID string) ([]secret.Bytes, error) {
	t, err := s.Store.Get(ctx, c.TemplateOwner, c.TemplateID)
	if err != nil {
		return nil, err
	}
	var secrets []secret.Bytes
	for _, client := range t.clients() {
		if client.ClientID != clientID || client.Secret == nil {
			continue
		}
		value, err := s.clientSecret(ctx, t, client)
		if err != nil {
			return nil, err
		}
		secrets = append(secrets, value)
	}
	return secrets, nil
}

func (s *Service) clientSecret(ctx context.Context, t Template, client *Client) (secret.Bytes, error) {
	stored, err := s.Secrets.Get(ctx, client.Secret.At)
	if err != nil {
		return secret.Bytes{}, err
	}
	material, err := vault.DecodeMaterial(stored)
	if err != nil {
		return secret.Bytes{}, err
	}
	if material.Tenant != t.Owner || material.Resource != t.ID {
		return secret.Bytes{}, fault.New(fault.Unavailable, fault.CodeKeyIntegrity, "The stored client secret does not belong where it was found.")
	}
	return material.Fields[clientSecretField], nil
}

// Address is ResolveGrant without the client secret and the signing key, for what only builds URLs.
func (s *Service) Address(ctx context.Context, c connection.Connection) (method.Target, error) {
	t, err := s.Store.Get(ctx, c.TemplateOwner, c.TemplateID)
	if err != nil {
		return method.Target{}, err
	}
	return s.target(ctx, t, c, &t.Client)
}

// CheckInputs implements connection.InputChecker: the inputs a connection gives
// must be those the template leaves open, on hosts that no secret goes to which
// was meant for another.
func (s *Service) CheckInputs(ctx context.Context, c connection.Connection, given map[string]string) (map[string]string, error) {
	t, err := s.Store.Get(ctx, c.TemplateOwner, c.TemplateID)
	if err != nil {
		return nil, err
	}
	connector, err := s.Catalog.Find(ctx, t.Connector)
	if err != nil {
		return nil, err
	}
	scheme, _ := connector.Scheme(t.Scheme)
	open := slices.DeleteFunc(connector.InputsFor(scheme), func(in catalog.Input) bool {
		_, fixed := t.Inputs[in.Name]
		return fixed
	})
	kept, err := catalog.CheckInputs(open, given, s.Catalog.Local)
	if err != nil {
		return nil, err
	}
	if err := checkBound(open, c, kept, s.Catalog.Local); err != nil {
		return nil, err
	}
	return kept, checkShown(t, c, connector, scheme, kept, s.Catalog.Local)
}

// Place implements connection.InputChecker.
func (s *Service) Place(ctx context.Context, c connection.Connection) (string, map[string]string, error) {
	target, err := s.Address(ctx, c)
	return target.BaseURL(), target.Hosts, err
}

// RedirectURI is the one redirect URI of the template: registered at the
// provider, and the context that the callback compares (COAT).
func (s *Service) RedirectURI(templateID string) string {
	return s.PublicURL + "/v1/oauth/callback/" + templateID
}

func (s *Service) target(ctx context.Context, t Template, c connection.Connection, client *Client) (method.Target, error) {
	connector, err := s.Catalog.Find(ctx, t.Connector)
	if err != nil {
		return method.Target{}, err
	}
	scheme, ok := connector.Scheme(t.Scheme)
	if !ok {
		return method.Target{}, fault.New(fault.Conflict, fault.CodeSchemeMismatch, "The connector no longer has this auth scheme.")
	}
	inputs := maps.Clone(c.Inputs)
	if inputs == nil {
		inputs = map[string]string{}
	}
	maps.Copy(inputs, t.Inputs)
	for _, in := range connector.InputsFor(scheme) {
		if _, given := inputs[in.Name]; !given && in.Default != "" {
			inputs[in.Name] = in.Default // The template gave one when the connection was made.
		}
	}
	values := catalog.Values(connector.InputsFor(scheme), inputs)
	for _, capture := range scheme.Captures() {
		if text, ok := c.Captured[capture.Name]; ok {
			values[capture.Name] = catalog.Value{Type: capture.Type, Text: text}
		}
	}
	hosts := s.hosts(connector, scheme, values)
	if scheme.OAuth != nil {
		oauth := *scheme.OAuth
		if t.Endpoints != nil {
			t.Endpoints.fill(&oauth, values)
		}
		scheme.OAuth = &oauth
	}
	scopes := templateScopes(t, scheme)
	return method.Target{
		Provider: s.provider(t, c, connector, scheme, values), HostGiven: hostGiven(t, scheme), Tenant: c.Tenant, Connection: c.ID, Connector: connector, Scheme: scheme, Values: values,
		ClientKey: client.ClientKey, ClientID: client.ClientID, ClientNoted: t.noted(),
		Scopes: c.NextScopes(scheme, scopes), TemplateScopes: scopes, RedirectURI: s.RedirectURI(t.ID),
		TemplateRevision: t.Revision, Hosts: hosts,
	}, nil
}

// provider names who is called for tokens. A connector with hosts of its own is
// one provider, unless tokens are had at a host of somebody's choice: then, and of
// a connector without hosts of its own, the host is, and whoever named it. No
// tenant can spoil what another one is told of a host.
func (s *Service) provider(t Template, c connection.Connection, connector catalog.Connector, scheme catalog.Scheme, values map[string]catalog.Value) string {
	chosen := slices.ContainsFunc(connector.InputsFor(scheme), func(in catalog.Input) bool {
		return slices.Contains(catalog.Names(scheme.TokenURL()), in.Name) && free(in, s.Catalog.Local)
	})
	for _, host := range connector.Hosts {
		if names := catalog.Names(host); !chosen && (len(names) != 1 || host != "{"+names[0]+"}") {
			return connector.ID
		}
	}
	if scheme.TokenURL() == "" {
		return connector.ID
	}
	address, err := catalog.Expand(scheme.TokenURL(), values)
	if err != nil {
		return connector.ID // Nothing can be sent there.
	}
	owner := t.Owner
	for _, name := range catalog.Names(scheme.TokenURL()) {
		_, fixed := t.Inputs[name]
		_, given := c.Inputs[name]
		if given && !fixed {
			owner = c.Tenant
		}
	}
	u, err := url.Parse(address)
	if err != nil {
		return connector.ID
	}
	return owner + " " + u.Host
}

// hostGiven reports whether a value that the template leaves open stands in the
// host of the token endpoint.
func hostGiven(t Template, scheme catalog.Scheme) bool {
	_, rest, found := strings.Cut(scheme.TokenURL(), "://")
	host, _, _ := strings.Cut(rest, "/")
	if !found {
		host = scheme.TokenURL()
	}
	return slices.ContainsFunc(catalog.Names(host), func(name string) bool {
		_, fixed := t.Inputs[name]
		return !fixed && name != "tokenEndpoint"
	})
}

// templateScopes returns the scopes that the template asks for: those of the
// connector where it names none.
func templateScopes(t Template, scheme catalog.Scheme) []string {
	if scheme.OAuth == nil {
		return nil
	}
	if len(t.Scopes) > 0 {
		return t.Scopes
	}
	return scheme.OAuth.DefaultScopes
}
