package method

import (
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/secret"
)

// The lifetime of an assertion where the catalog names none, the longest that is
// accepted anywhere, and how long the key service may take for a signature.
const (
	assertionLife    = time.Minute
	longestAssertion = time.Hour
	signTimeout      = 5 * time.Second
)

// Assertion is a JWT (RFC 7519) that a token request shows (RFC 7521). It is made
// and signed when the request is sent: no two requests show the same one.
type Assertion struct {
	Parameter  string            // Of the request that carries it.
	Claims     map[string]string // In addition to iat, exp and jti.
	Header     map[string]string // In addition to alg and typ.
	Algorithm  string            // RS256, PS256, ES256.
	Lifetime   time.Duration
	KeyARN     string       // Of the tenant's key that signs it…
	PrivateKey secret.Bytes // …unless a person gave the key itself, as PEM.
}

// newAssertion fills in what the catalog says of an assertion. The key is the one
// a person gave, if any, else the tenant's.
func newAssertion(t Target, d catalog.Assertion, vars map[string]string, parameter string, privateKey secret.Bytes) (Assertion, error) {
	a := Assertion{
		Parameter: parameter, Algorithm: cmp.Or(d.Algorithm, t.SigningKey.Algorithm), Header: map[string]string{}, PrivateKey: privateKey,
		Lifetime: min(cmp.Or(time.Duration(d.Seconds)*time.Second, assertionLife), longestAssertion),
	}
	kid, err := optional(d.KeyID, vars)
	if err != nil {
		return Assertion{}, err
	}
	if privateKey.IsZero() {
		if t.SigningKey.ARN == "" {
			return Assertion{}, fault.New(fault.Conflict, fault.CodeCredentialUnavailable, "The tenant has no key to sign with.").WithRemedy("contact_admin")
		}
		a.KeyARN = t.SigningKey.ARN
		kid = cmp.Or(kid, t.SigningKey.ID)
		if d.Thumb {
			a.Header["x5t#S256"] = t.SigningKey.Thumbprint
		}
	}
	a.Header["kid"] = kid
	maps.DeleteFunc(a.Header, func(_, value string) bool { return value == "" })
	a.Claims, err = claims(t, d, vars)
	return a, err
}

// claims returns iss, sub, aud and the further claims. A subject or a further
// claim that names an absent value is left out; issuer and audience never are.
func claims(t Target, d catalog.Assertion, vars map[string]string) (map[string]string, error) {
	out := map[string]string{}
	for name, template := range d.Claims {
		text, err := optional(template, vars)
		if err != nil {
			return nil, err
		}
		out[name] = text
	}
	var err error
	if out["sub"], err = optional(d.Subject, vars); err != nil {
		return nil, err
	}
	out["scope"] = ""
	if d.Scope {
		out["scope"] = strings.Join(t.Scopes, separator(t.Scheme.OAuth))
	}
	maps.DeleteFunc(out, func(_, value string) bool { return value == "" })
	if out["iss"], err = catalog.ExpandText(d.Issuer, vars); err != nil {
		return nil, fmt.Errorf("issuer of the assertion of %s: %w", t.Connector.ID, err)
	}
	if d.Audience == "" {
		out["aud"], err = tokenURL(t)
	} else {
		out["aud"], err = catalog.ExpandText(d.Audience, vars)
	}
	if err != nil {
		return nil, fmt.Errorf("audience of the assertion of %s: %w", t.Connector.ID, err)
	}
	return out, nil
}

// optional expands a template, to nothing where a value it names is absent.
func optional(template string, vars map[string]string) (string, error) {
	text, err := catalog.ExpandText(template, vars)
	if errors.Is(err, catalog.ErrMissing) {
		return "", nil
	}
	return text, err
}

// openVariables returns what an assertion's templates may name: the connection's
// values, the fields that are no secret, and clientId.
func openVariables(t Target, fields map[string]secret.Bytes) map[string]string {
	vars := variables(t, nil)
	for _, in := range t.Scheme.Fields {
		if in.Type != catalog.TypeSecret && in.Type != catalog.TypeFile && !fields[in.Name].IsZero() {
			vars[in.Name] = fields[in.Name].Reveal()
		}
	}
	if t.ClientID != "" {
		vars[fieldClientID] = t.ClientID
	}
	return vars
}

// sign returns the assertion in the compact form (RFC 7515 7.1). Every error says
// that nothing was sent.
func (a Assertion) sign(ctx context.Context, reach Reach) (secret.Bytes, error) {
	signed, err := a.compact(ctx, reach)
	if err != nil {
		return secret.Bytes{}, fmt.Errorf("sign assertion: %w: %w", ErrNotSent, err)
	}
	return secret.FromString(signed), nil
}

func (a Assertion) compact(ctx context.Context, reach Reach) (string, error) {
	if reach.Now == nil || reach.Random == nil || a.PrivateKey.IsZero() && reach.Keys == nil {
		return "", fault.New(fault.Unprocessable, fault.CodeSchemeMismatch, "The auth scheme is not supported here.")
	}
	payload, err := a.payload(reach)
	if err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(ctx, signTimeout)
	defer cancel()
	var key any = keptKey{a.Algorithm, func(message []byte) ([]byte, error) {
		return reach.Keys.Sign(ctx, a.KeyARN, a.Algorithm, message)
	}}
	if !a.PrivateKey.IsZero() {
		if key, err = parsePrivateKey(a.PrivateKey); err != nil {
			return "", err
		}
	}
	options := (&jose.SignerOptions{}).WithType("JWT")
	for name, value := range a.Header {
		options.WithHeader(jose.HeaderKey(name), value)
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.SignatureAlgorithm(a.Algorithm), Key: key}, options)
	if err != nil {
		return "", err
	}
	signed, err := signer.Sign(payload)
	if err != nil {
		return "", err
	}
	return signed.CompactSerialize()
}

// payload states when the assertion was made and that there is no other like it.
func (a Assertion) payload(reach Reach) ([]byte, error) {
	var unique [16]byte
	if _, err := io.ReadFull(reach.Random, unique[:]); err != nil {
		return nil, fmt.Errorf("draw jti: %w", err)
	}
	now := reach.Now()
	members := map[string]any{
		"iat": now.Unix(), "exp": now.Add(a.Lifetime).Unix(), "jti": base64.RawURLEncoding.EncodeToString(unique[:]),
	}
	for name, value := range a.Claims {
		if _, own := members[name]; !own {
			members[name] = value
		}
	}
	return json.Marshal(members)
}

// keptKey is a jose.OpaqueSigner of a key that stays at the key service.
type keptKey struct {
	algorithm string
	sign      func([]byte) ([]byte, error)
}

// Public implements jose.OpaqueSigner; nobody asks for it here.
func (keptKey) Public() *jose.JSONWebKey { return nil }

// Algs implements jose.OpaqueSigner.
func (k keptKey) Algs() []jose.SignatureAlgorithm {
	return []jose.SignatureAlgorithm{jose.SignatureAlgorithm(k.algorithm)}
}

// SignPayload implements jose.OpaqueSigner.
func (k keptKey) SignPayload(message []byte, _ jose.SignatureAlgorithm) ([]byte, error) {
	return k.sign(message)
}
