package template

import (
	"context"
	"slices"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/method"
)

// privateKeyJWT is the client authentication of OIDC Core 9 in which the client
// signs.
const privateKeyJWT = "private_key_jwt"

// signingKey returns the key that signs for the connection, zero where none of
// ours does. A client is its template's, and so is the key that speaks for it;
// anything else is signed for the connection's tenant, also what speaks for a
// client that the connection names: the owner's key speaks for other clients.
func (s *Service) signingKey(ctx context.Context, t Template, target method.Target, pinned string) (method.SigningKey, error) {
	if s.SigningKeys == nil || !signed(target.Scheme) {
		return method.SigningKey{}, nil
	}
	tenant := target.Tenant
	if target.Scheme.OAuth != nil && target.Scheme.OAuth.ClientAuth == privateKeyJWT && !clientGiven(t, target) {
		tenant = t.Owner
	}
	return s.SigningKeys.Find(ctx, tenant, target.Scheme.Assertion.Algorithm, pinned)
}

// signed reports whether a key of the tenant signs for the scheme: it shows an
// assertion, and no key to sign it with is uploaded.
func signed(scheme catalog.Scheme) bool {
	uploaded := slices.ContainsFunc(scheme.Fields, func(f catalog.Input) bool { return f.Type == catalog.TypeFile })
	return scheme.Assertion != nil && !uploaded
}

// clientGiven reports whether the client is one that the connection names, among
// its inputs or in its credential.
func clientGiven(t Template, target method.Target) bool {
	const name = "clientId"
	if slices.ContainsFunc(target.Scheme.Fields, func(f catalog.Input) bool { return f.Name == name }) {
		return true
	}
	_, fixed := t.Inputs[name]
	_, given := target.Values[name]
	return target.ClientID == "" && given && !fixed
}
