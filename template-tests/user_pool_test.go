package templatetests_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/routes"
)

// whole returns a variant with the stack of its data, and with what the stacks
// import from one another.
func whole(t *testing.T, name string) *template {
	t.Helper()
	all := variant(t, name)
	all.exports = map[string]any{}
	for _, file := range []string{dataFile, apiFile} {
		tp := parse(t, filepath.Join(synthesized(t), name, file))
		for id, r := range tp.Resources {
			all.Resources[id] = r
		}
		for _, output := range tp.Outputs {
			if export, ok := output.Export.Name.(string); ok {
				all.exports[export] = output.Value
			}
		}
	}
	return all
}

// TestNoFront: without being asked for there is no pool, no name, no distribution
// and nothing that belongs to them.
func TestNoFront(t *testing.T) {
	t.Parallel()
	for _, file := range files(t) {
		for _, word := range []string{"AWS::Cognito", "AWS::CloudFront", "AWS::S3", "AWS::Route53", "AWS::CertificateManager", "user-pool-token", "DisableExecuteApiEndpoint"} {
			if strings.Contains(read(t, file), word) {
				t.Errorf("%s has %s", file, word)
			}
		}
	}
}

// TestUserPool: administrators alone make users, with a second factor; the pool
// outlives its stack, and its tokens are made by our function.
func TestUserPool(t *testing.T) {
	t.Parallel()
	tp := whole(t, "front")
	pool := tp.Resources["UserPool"]
	if pool.DeletionPolicy != "Retain" || pool.UpdateReplacePolicy != "Retain" {
		t.Errorf("the pool goes with its stack: %s, %s", pool.DeletionPolicy, pool.UpdateReplacePolicy)
	}
	for path, want := range map[string]any{
		"AdminCreateUserConfig.AllowAdminCreateUserOnly": true,
		"MfaConfiguration": "ON",
		"UserPoolTier":     "ESSENTIALS",
		"LambdaConfig.PreTokenGenerationConfig.LambdaVersion":   "V3_0",
		"Policies.PasswordPolicy.MinimumLength":                 14.0,
		"Policies.PasswordPolicy.TemporaryPasswordValidityDays": 3.0,
		"UsernameConfiguration.CaseSensitive":                   false,
	} {
		if got := at(pool.Properties, strings.Split(path, ".")...); got != want {
			t.Errorf("%s: got %v, want %v", path, got, want)
		}
	}
	if diff := cmp.Diff([]string{"SOFTWARE_TOKEN_MFA"}, tp.texts(pool.Properties["EnabledMfas"])); diff != "" {
		t.Errorf("second factors (-want +got):\n%s", diff)
	}
	got := tp.text(at(pool.Properties, "LambdaConfig", "PreTokenGenerationConfig", "LambdaArn"))
	if want := "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:tenon-dev-user-pool-token"; got != want {
		t.Errorf("the tokens are made by %s, want %s", got, want)
	}
	var groups []string
	for _, g := range tp.ofType("AWS::Cognito::UserPoolGroup") {
		groups = append(groups, tp.text(g.Properties["GroupName"]))
	}
	if diff := cmp.Diff(auth.Groups(), sorted(groups)); diff != "" {
		t.Errorf("groups (-package auth +template):\n%s", diff)
	}
}

// TestUserPoolClients: people sign in by code at the pages of the pool, programs
// by a secret; no client writes the tenant of a person, and what a program is
// granted is one tenant and its scopes.
func TestUserPoolClients(t *testing.T) {
	t.Parallel()
	tp := whole(t, "front")
	type client struct {
		Secret                   bool
		Flows, Scopes, Callbacks []string
	}
	got := map[string]client{}
	for id, r := range tp.ofType("AWS::Cognito::UserPoolClient") {
		p := r.Properties
		c := client{Secret: p["GenerateSecret"] == true, Flows: tp.texts(p["AllowedOAuthFlows"]), Scopes: tp.texts(p["AllowedOAuthScopes"])}
		if p["CallbackURLs"] != nil {
			c.Callbacks = append(tp.texts(p["CallbackURLs"]), tp.texts(p["LogoutURLs"])...)
		}
		got[id] = c
		if diff := cmp.Diff([]string{"ALLOW_REFRESH_TOKEN_AUTH"}, tp.texts(p["ExplicitAuthFlows"])); diff != "" {
			t.Errorf("%s signs in past the pages of the pool (-want +got):\n%s", id, diff)
		}
		for _, attribute := range append(tp.texts(p["WriteAttributes"]), tp.text(p["WriteAttributes"])) {
			if p["WriteAttributes"] == nil || attribute == auth.TenantAttribute {
				t.Errorf("%s writes %s", id, attribute)
			}
		}
		if p["EnableTokenRevocation"] != true || p["PreventUserExistenceErrors"] != "ENABLED" || p["AccessTokenValidity"] != 15.0 {
			t.Errorf("%s: %v", id, p)
		}
	}
	want := map[string]client{
		"ConsoleClient": {Flows: []string{"code"}, Scopes: []string{"openid", "profile", "email"},
			Callbacks: []string{"https://tenon.example.com/console/signed-in", "http://localhost:8976/signed-in", "https://tenon.example.com/console/signed-out"}},
		"UserPoolClientFlowRunner": {Secret: true, Flows: []string{"client_credentials"}, Scopes: []string{"tenant/acme", "tenon/connections:read", "tenon/connections:lease"}},
		"UserPoolClientOnboarding": {Secret: true, Flows: []string{"client_credentials"}, Scopes: []string{"tenant/org", "tenon/tenants:admin"}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("clients (-want +got):\n%s", diff)
	}
}

// TestUserPoolIsTheIssuer: of the authorizer, for its own clients only, and of the
// console, which may reach it.
func TestUserPoolIsTheIssuer(t *testing.T) {
	t.Parallel()
	tp := whole(t, "front")
	jwt := at(tp.Resources["Authorizer"].Properties, "JwtConfiguration")
	if got := tp.text(at(jwt, "Issuer")); got != "${UserPool.ProviderURL}" {
		t.Errorf("issuer %s", got)
	}
	if diff := cmp.Diff([]string{"${ConsoleClient}", "${UserPoolClientFlowRunner}", "${UserPoolClientOnboarding}"}, tp.texts(at(jwt, "Audience"))); diff != "" {
		t.Errorf("audience (-want +got):\n%s", diff)
	}
	told := at(tp.Resources["ConsoleFunction"].Properties, "Environment", "Variables")
	for name, want := range map[string]string{
		"TENON_ISSUER": "${UserPool.ProviderURL}", "TENON_CONSOLE_CLIENT_ID": "${ConsoleClient}", "TENON_CONSOLE_SCOPES": "openid",
		"TENON_CONSOLE_ORIGINS": "https://tenon-example.auth.${AWS::Region}.amazoncognito.com",
	} {
		if got := tp.text(at(told, name)); got != want {
			t.Errorf("%s: got %s, want %s", name, got, want)
		}
	}
}

// TestUserPoolToken: the function is that of its row, may do nothing but write its
// log, and is invoked by the one pool alone; it is watched.
func TestUserPoolToken(t *testing.T) {
	t.Parallel()
	tp := whole(t, "front")
	r := routes.UserPoolToken.Route
	f := tp.Resources["UserPoolTokenFunction"].Properties
	if f["FunctionName"] != "tenon-dev-"+r.Name || f["Timeout"] != r.Timeout.Seconds() || f["Description"] != r.Summary {
		t.Errorf("function %v", f)
	}
	if diff := cmp.Diff([]string{
		"Allow logs:CreateLogStream,logs:PutLogEvents on ${UserPoolTokenLogs.Arn} when map[]",
		"Allow xray:PutTelemetryRecords,xray:PutTraceSegments on * when map[]",
	}, rendered(tp, "UserPoolTokenRole")); diff != "" {
		t.Errorf("permissions (-want +got):\n%s", diff)
	}
	var invokers []string
	for _, p := range tp.ofType("AWS::Lambda::Permission") {
		if tp.text(p.Properties["FunctionName"]) == "${UserPoolTokenFunction}" {
			invokers = append(invokers, tp.text(p.Properties["Principal"])+" "+tp.text(p.Properties["SourceArn"])+" "+tp.text(p.Properties["SourceAccount"]))
		}
	}
	if diff := cmp.Diff([]string{"cognito-idp.amazonaws.com ${UserPool.Arn} ${AWS::AccountId}"}, invokers); diff != "" {
		t.Errorf("invokers (-want +got):\n%s", diff)
	}
	alarm := logical(r.Name) + "Errors"
	if _, err := os.Stat(filepath.Join(runbooks, alarm+".md")); err != nil || tp.Resources[alarm].Type == "" {
		t.Errorf("nobody is told that it fails: alarm %q, %v", tp.Resources[alarm].Type, err)
	}
}
