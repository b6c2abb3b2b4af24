package template_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/infra/local/template"
)

// apart has an API and its authorizer, and nothing behind it.
const apart = `{
  "Resources": {
    "Api": {"Type": "AWS::ApiGatewayV2::Api", "Properties": {"Name": "tenon", "ProtocolType": "HTTP"}},
    "Authorizer": {"Type": "AWS::ApiGatewayV2::Authorizer", "Properties": {
      "ApiId": {"Ref": "Api"}, "AuthorizerType": "JWT", "JwtConfiguration": {"Issuer": "https://issuer.local", "Audience": ["tenon"]}}}
  },
  "Outputs": {
    "ApiId": {"Value": {"Ref": "Api"}, "Export": {"Name": "tenon-api:Api"}},
    "Url": {"Value": {"Fn::GetAtt": ["Api", "ApiEndpoint"]}, "Export": {"Name": "tenon-api:Url"}},
    "AuthorizerId": {"Value": {"Ref": "Authorizer"}, "Export": {"Name": "tenon-api:Authorizer"}}
  }
}`

// routed has a function with its route of that API.
const routed = `{
  "Resources": {
    "GetFunction": {"Type": "AWS::Lambda::Function", "Properties": {
      "FunctionName": "tenon-local-thing-get", "Environment": {"Variables": {"URL": {"Fn::ImportValue": "tenon-api:Url"}}}}},
    "GetIntegration": {"Type": "AWS::ApiGatewayV2::Integration", "Properties": {
      "ApiId": {"Fn::ImportValue": "tenon-api:Api"}, "IntegrationUri": {"Fn::GetAtt": ["GetFunction", "Arn"]}}},
    "GetRoute": {"Type": "AWS::ApiGatewayV2::Route", "Properties": {
      "ApiId": {"Fn::ImportValue": "tenon-api:Api"}, "RouteKey": "GET /v1/things", "AuthorizationType": "JWT",
      "AuthorizerId": {"Fn::ImportValue": "tenon-api:Authorizer"}, "AuthorizationScopes": ["things:read"],
      "Target": {"Fn::Join": ["", ["integrations/", {"Ref": "GetIntegration"}]]}}}
  }
}`

// TestRouteOfAnotherStack: a route of an API that another template declares keeps
// that one's authorizer, whichever template comes first.
func TestRouteOfAnotherStack(t *testing.T) {
	t.Parallel()
	for name, templates := range map[string][][]byte{
		"API first":   {[]byte(apart), []byte(routed)},
		"route first": {[]byte(routed), []byte(apart)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m, err := template.Apply(t.Context(), newConfig(), options, templates...)
			if err != nil {
				t.Fatal(err)
			}
			routes := []template.Route{{
				Key: "GET /v1/things", Function: "thing-get", Scopes: []string{"things:read"},
				Auth: &template.JWT{Issuer: "https://issuer.local", Audience: []string{"tenon"}},
			}}
			if diff := cmp.Diff(routes, m.Routes); diff != "" {
				t.Errorf("routes (-want +got):\n%s", diff)
			}
			functions := []template.Function{{
				Name: "thing-get", LogicalID: "GetFunction", ARN: "arn:aws:lambda:eu-west-1:123456789012:function:tenon-local-thing-get",
				Env: map[string]string{"URL": "http://127.0.0.1:8080"}, Timeout: 3 * time.Second, MemoryMB: 128,
			}}
			if diff := cmp.Diff(functions, m.Functions); diff != "" {
				t.Errorf("functions (-want +got):\n%s", diff)
			}
		})
	}
}

// TestRouteWithoutItsAuthorizer: a route whose authorizer nobody declares is
// refused, not served to everybody.
func TestRouteWithoutItsAuthorizer(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"not exported": strings.ReplaceAll(apart, `"tenon-api:Authorizer"`, `"other:Authorizer"`),
		"not declared": strings.ReplaceAll(apart, "AWS::ApiGatewayV2::Authorizer", "AWS::Custom::Authorizer"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := template.Apply(t.Context(), newConfig(), options, []byte(text), []byte(routed))
			if err == nil || !strings.Contains(err.Error(), "Authorizer") {
				t.Errorf("got %v, want an error about the authorizer", err)
			}
		})
	}
}
