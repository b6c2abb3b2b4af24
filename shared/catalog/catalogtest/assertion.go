package catalogtest

import (
	"cmp"
	"crypto"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"

	"github.com/go-jose/go-jose/v4"

	"github.com/tenonhq/tenon/shared/catalog"
)

// SigningKey is the public half of a tenant's key that the account knows.
type SigningKey struct {
	Public     crypto.PublicKey
	Thumbprint string // x5t#S256 of its certificate.
}

// errKey is an assertion that a key of nobody signed.
var errKey = errors.New("the assertion is signed with an unknown key")

// clientStatement is what the client's assertion must say (RFC 7523 3): that of
// the entry, unless it describes the grant.
func (p *Provider) clientStatement() catalog.Assertion {
	d := *p.Scheme.Assertion
	switch p.Scheme.Type {
	case "oauth2_jwt_bearer", "oauth2_token_exchange":
		d.Issuer, d.Subject, d.Audience, d.Claims, d.Scope = "", "", "", nil, false
	}
	d.Issuer, d.Subject = cmp.Or(d.Issuer, "{clientId}"), cmp.Or(d.Subject, "{clientId}")
	return d
}

// grantStatement is what the assertion must say that is the grant.
func (p *Provider) grantStatement() catalog.Assertion {
	d := *p.Scheme.Assertion
	if p.Scheme.Type == "service_account_key" {
		d.Issuer, d.Subject, d.KeyID, d.Scope = cmp.Or(d.Issuer, "{serviceAccount}"), cmp.Or(d.Subject, "{subject}"), cmp.Or(d.KeyID, "{keyId}"), true
	}
	d.Issuer = cmp.Or(d.Issuer, "{clientId}")
	return d
}

// open is what an assertion's templates may name.
func (p *Provider) open() map[string]string {
	vars := maps.Clone(p.vars)
	for _, in := range p.Scheme.Fields {
		if text, ok := p.Fields[in.Name]; ok && in.Type != catalog.TypeSecret && in.Type != catalog.TypeFile {
			vars[in.Name] = text
		}
	}
	if p.ClientID != "" {
		vars["clientId"] = p.ClientID
	}
	if file := p.Fields["key"]; p.Scheme.Type == "service_account_key" && file != "" {
		var k struct {
			Email string `json:"client_email"`
			ID    string `json:"private_key_id"`
		}
		_ = json.Unmarshal([]byte(file), &k) // What is missing shows in the assertion.
		vars["serviceAccount"], vars["keyId"] = k.Email, k.ID
	}
	return vars
}

// whole fills a template; it is empty where a value it names is absent.
func whole(template string, vars map[string]string) string {
	for _, name := range catalog.Names(template) {
		if vars[name] == "" {
			return ""
		}
	}
	return fill(template, vars)
}

// verify checks an assertion against what it must say, and takes each but once
// (RFC 7523 3). It returns the scope that is claimed; errKey means that the
// signature is that of another.
func (p *Provider) verify(compact string, d catalog.Assertion) (scope string, err error) {
	p.secrets = append(p.secrets, compact)
	signed, err := jose.ParseSignedCompact(compact, []jose.SignatureAlgorithm{jose.SignatureAlgorithm(d.Algorithm)})
	if err != nil {
		return "", fmt.Errorf("the assertion is no JWT signed with %s", d.Algorithm)
	}
	payload, err := p.opened(signed, d)
	if err != nil {
		return "", err
	}
	var said map[string]any
	if err := json.Unmarshal(payload, &said); err != nil {
		return "", errors.New("the assertion holds no claims")
	}
	if err := p.timely(said, d); err != nil {
		return "", err
	}
	vars := p.open()
	want := map[string]any{"iss": whole(d.Issuer, vars), "aud": whole(cmp.Or(d.Audience, p.oauth.TokenURL), vars), "sub": whole(d.Subject, vars)}
	for name, template := range d.Claims {
		want[name] = whole(template, vars)
	}
	scope, _ = said["scope"].(string)
	if d.Scope && scope != "" {
		want["scope"] = scope
	}
	maps.DeleteFunc(want, func(_ string, value any) bool { return value == "" })
	for _, name := range slices.Concat(slices.Collect(maps.Keys(want)), slices.Collect(maps.Keys(said))) {
		if want[name] != said[name] {
			return "", fmt.Errorf("claim %s of the assertion is wrong", name)
		}
	}
	return scope, nil
}

// timely takes out of the claims when the assertion was made, for how long, and
// its unique id.
func (p *Provider) timely(said map[string]any, d catalog.Assertion) error {
	iat, _ := said["iat"].(float64)
	exp, _ := said["exp"].(float64)
	jti, _ := said["jti"].(string)
	now := float64(p.Now().Unix())
	switch {
	case iat > now, exp <= now, exp-iat != float64(cmp.Or(d.Seconds, 60)):
		return errors.New("iat or exp of the assertion is wrong")
	case len(jti) < 16 || slices.Contains(p.once, jti):
		return errors.New("jti of the assertion can be guessed or was used before")
	}
	p.once = append(p.once, jti)
	maps.DeleteFunc(said, func(name string, _ any) bool { return name == "iat" || name == "exp" || name == "jti" })
	return nil
}

// opened verifies the signature, by the key that the header names.
func (p *Provider) opened(signed *jose.JSONWebSignature, d catalog.Assertion) ([]byte, error) {
	header, kid := signed.Signatures[0].Protected, whole(d.KeyID, p.open())
	if uploaded := p.uploaded(); uploaded != nil {
		payload, err := signed.Verify(uploaded)
		if err != nil || header.KeyID != kid {
			return nil, errKey
		}
		return payload, nil
	}
	if kid != "" && header.KeyID != kid {
		return nil, errors.New("kid of the assertion is wrong")
	}
	for id, key := range p.Registered {
		if kid == "" && header.KeyID != id {
			continue
		}
		payload, err := signed.Verify(key.Public)
		if err != nil {
			continue
		}
		if thumb, _ := header.ExtraHeaders["x5t#S256"].(string); d.Thumb && thumb != key.Thumbprint || !d.Thumb && thumb != "" {
			return nil, errors.New("x5t#S256 of the assertion is wrong")
		}
		return payload, nil
	}
	return nil, errKey
}

// uploaded returns the public half of the private key that the credential is, or
// nil.
func (p *Provider) uploaded() crypto.PublicKey {
	text := p.Fields["privateKey"]
	if p.Scheme.Type == "service_account_key" {
		var k struct {
			PrivateKey string `json:"private_key"`
		}
		_ = json.Unmarshal([]byte(p.Fields["key"]), &k) // Without a file there is no key.
		text = k.PrivateKey
	}
	block, _ := pem.Decode([]byte(text))
	if block == nil {
		return nil
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if signer, ok := key.(crypto.Signer); ok && err == nil {
		return signer.Public()
	}
	return nil
}

// assert is the grant of RFC 7523 2.1.
func (p *Provider) assert(form url.Values) (int, any) {
	want := map[string]string{"grant_type": grantJWT, "assertion": form.Get("assertion")}
	maps.Copy(want, p.further())
	d := p.grantStatement()
	scope, err := p.verify(form.Get("assertion"), d)
	if errors.Is(err, errKey) {
		return refuse(http.StatusBadRequest, "invalid_grant")
	}
	if err != nil {
		p.complain("token: %v", err)
		return refuse(http.StatusBadRequest, "invalid_grant")
	}
	g := p.asked(form, want, d.Scope, scope)
	if !p.expect(Token, form, want) {
		return refuse(http.StatusBadRequest, "invalid_request")
	}
	return http.StatusOK, p.tokens(g, "", true)
}
