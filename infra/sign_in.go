package infra

import (
	"errors"
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscognito"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/jsii-runtime-go"

	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/routes"
)

// accessMinutes is how long an access token of the user pool is valid: it is not
// asked after, so that who is removed keeps what they may for that long.
const accessMinutes = 15

// signIn is whose tokens the API accepts and how people get theirs.
type signIn struct {
	issuer   string
	audience []string
	client   string   // Of the console.
	origins  []string // Further ones that the console asks.
	scopes   []string // What the console asks for; none are the scopes by their names.
}

// signInProblems returns what is wrong with who signs people in.
func (p Props) signInProblems() []error {
	var found problems
	found.when(p.TenantClaim == "", "tenantClaim is not set")
	for _, scope := range p.Console.Scopes {
		found.when(!scopeToken.MatchString(scope), "console scopes %q: one scope each, without commas", scope)
	}
	if p.UserPool == nil {
		found.when(!isOrigin(p.Issuer, true), "issuer %q: an https URL is needed, or a userPool", p.Issuer)
		found.when(p.Audience == "", "audience is not set")
		return found
	}
	found.when(p.Issuer != "" || p.Audience != "", "issuer, audience and userPool: a userPool is the issuer, leave the others empty")
	found.when(p.Console.ClientID != "" || len(p.Console.Scopes) > 0, "console clientId, scopes and userPool: a userPool has a client for the console, leave the others empty")
	found.when(slices.Contains(reservedClaims, p.TenantClaim) || strings.Contains(p.TenantClaim, ":"), "tenantClaim %q: Cognito keeps it for itself", p.TenantClaim)
	return append(found, p.UserPool.problems()...)
}

// scopeToken matches a scope (RFC 6749 3.3) that can stand in a list.
var scopeToken = regexp.MustCompile(`^[\x21\x23-\x2B\x2D-\x5B\x5D-\x7E]+$`)

// reservedClaims are those of access tokens that a function may not set, and those
// that say something else to us.
// https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-token-generation.html
var reservedClaims = []string{
	"acr", "amr", "at_hash", "aud", "auth_time", "azp", "client_id", "device_key", "event_id", "exp", "iat", "identities", "iss", "jti", "nbf", "nonce",
	"origin_jti", "scope", "scp", "sub", "token_use", "username", "version",
}

// newSignIn returns what is configured, or what the user pool is.
func newSignIn(a *api) signIn {
	p, pool := a.props, a.data.pool
	if pool == nil {
		return signIn{issuer: p.Issuer, audience: []string{p.Audience}, client: p.Console.ClientID, origins: p.Console.Origins, scopes: p.Console.Scopes}
	}
	s := signIn{
		issuer: *pool.users.AttrProviderUrl(), client: *a.consoleClient(pool).Ref(),
		origins: slices.Concat([]string{pool.origin}, p.Console.Origins), scopes: []string{"openid"},
	}
	// Access tokens of Cognito have no audience, and the authorizer takes their
	// client for it.
	// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html
	s.audience = []string{s.client}
	for _, client := range pool.machines {
		s.audience = append(s.audience, *client.Ref())
	}
	return s
}

// consoleClient is public: a page keeps no secret (RFC 8252 8.5), PKCE stands in
// for one. Nobody signs in past the pages of the pool, and no client of people may
// write the attribute with their tenant.
func (a *api) consoleClient(of *pool) awscognito.CfnUserPoolClient {
	client := awscognito.NewCfnUserPoolClient(a.stack, jsii.String("ConsoleClient"), &awscognito.CfnUserPoolClientProps{
		UserPoolId: of.users.Ref(), ClientName: jsii.String(a.props.name("console")),
		GenerateSecret:                  false,
		AllowedOAuthFlowsUserPoolClient: true,
		AllowedOAuthFlows:               jsii.Strings("code"),
		AllowedOAuthScopes:              jsii.Strings("openid", "profile", "email"),
		CallbackUrLs:                    jsii.Strings(a.publicURL() + "/console/signed-in"),
		LogoutUrLs:                      jsii.Strings(a.publicURL() + "/console/signed-out"),
		SupportedIdentityProviders:      jsii.Strings("COGNITO"),
		ExplicitAuthFlows:               jsii.Strings("ALLOW_REFRESH_TOKEN_AUTH"),
		ReadAttributes:                  jsii.Strings("email", "name", auth.TenantAttribute), // What it may not read, the function is not sent.
		WriteAttributes:                 jsii.Strings("email", "name"),
		EnableTokenRevocation:           true,
		PreventUserExistenceErrors:      jsii.String("ENABLED"),
		AccessTokenValidity:             jsii.Number(accessMinutes),
		IdTokenValidity:                 jsii.Number(accessMinutes),
		RefreshTokenValidity:            jsii.Number(12),
		TokenValidityUnits: &awscognito.CfnUserPoolClient_TokenValidityUnitsProperty{
			AccessToken: jsii.String("minutes"), IdToken: jsii.String("minutes"), RefreshToken: jsii.String("hours"),
		},
	})
	awscognito.NewCfnManagedLoginBranding(a.stack, jsii.String("ConsoleClientBranding"), &awscognito.CfnManagedLoginBrandingProps{
		UserPoolId: of.users.Ref(), ClientId: client.Ref(), UseCognitoProvidedValues: true,
	})
	return client
}

// addUserPoolToken adds the function that the pool invokes, to the stack of the work.
func (a *api) addUserPoolToken(s *alarms) {
	if a.data.pool == nil {
		return
	}
	r := routes.UserPoolToken.Route
	f := a.addFunction(r)
	awslambda.NewCfnPermission(a.stack, jsii.String(logical(r.Name)+"Invoke"), &awslambda.CfnPermissionProps{
		Action: jsii.String("lambda:InvokeFunction"), FunctionName: f.Ref(), Principal: jsii.String("cognito-idp.amazonaws.com"),
		SourceArn: a.data.pool.users.AttrArn(), SourceAccount: awscdk.Aws_ACCOUNT_ID(),
	})
	s.addErrors(r, f)
}

var errOneRegion = errors.New("domain name: the stage is in several regions, which must have different names: say " + RegionPlace + " in it")

// AcrossRegions reports what is wrong with properties that several regions have in
// common.
func (p Props) AcrossRegions() error {
	if p.Domain == nil || strings.Contains(p.Domain.Name, RegionPlace) {
		return nil
	}
	return errOneRegion
}
