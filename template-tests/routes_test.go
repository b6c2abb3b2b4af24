package templatetests_test

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/routes"
)

type route struct {
	Function, Authorization, Authorizer string
	Scopes                              []string
	InvokedBy                           []string
}

var parameter = regexp.MustCompile(`\{[^}]*\}`)

// TestRoutes holds the API to the route table: every operation, nothing else,
// with exactly its scope; the rows without a scope, and only they, are public.
func TestRoutes(t *testing.T) {
	t.Parallel()
	_, api := load(t)
	want := map[string]route{}
	for _, r := range routes.Operations() {
		w := route{Function: "${" + logical(r.Name) + "Function.Arn}", Authorization: "NONE"}
		if r.Scope != "" {
			w.Authorization, w.Authorizer, w.Scopes = "JWT", "${Authorizer}", []string{r.Scope}
		}
		for _, path := range r.Paths() {
			w.InvokedBy = append(w.InvokedBy, "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/*/"+
				r.Method+parameter.ReplaceAllString(path, "*"))
		}
		w.InvokedBy = sorted(w.InvokedBy)
		for _, path := range r.Paths() {
			want[r.Method+" "+path] = w
		}
	}
	if diff := cmp.Diff(want, declaredRoutes(t, api)); diff != "" {
		t.Errorf("routes of the template (-table +template):\n%s", diff)
	}
}

func declaredRoutes(t *testing.T, api *template) map[string]route {
	t.Helper()
	invokers := map[string][]string{}
	for id, r := range api.ofType("AWS::Lambda::Permission") {
		p := r.Properties
		if p["Action"] != "lambda:InvokeFunction" || p["Principal"] != "apigateway.amazonaws.com" {
			t.Errorf("%s lets %v do %v", id, p["Principal"], p["Action"])
		}
		function := strings.TrimSuffix(api.text(p["FunctionName"]), "}") + ".Arn}"
		invokers[function] = sorted(append(invokers[function], api.text(p["SourceArn"])))
	}
	declared := map[string]route{}
	for _, r := range api.ofType("AWS::ApiGatewayV2::Route") {
		p := r.Properties
		target := strings.TrimSuffix(strings.TrimPrefix(api.text(p["Target"]), "integrations/${"), "}")
		function := api.text(api.Resources[target].Properties["IntegrationUri"])
		d := route{Function: function, Authorization: api.text(p["AuthorizationType"]), InvokedBy: invokers[function]}
		if p["AuthorizerId"] != nil {
			d.Authorizer = api.text(p["AuthorizerId"])
		}
		if p["AuthorizationScopes"] != nil {
			d.Scopes = api.texts(p["AuthorizationScopes"])
		}
		declared[api.text(p["RouteKey"])] = d
	}
	return declared
}

// TestPublicRoutes names the routes anybody may call. A row that loses its
// scope by mistake fails here and not only in the table.
func TestPublicRoutes(t *testing.T) {
	t.Parallel()
	_, api := load(t)
	var public []string
	for _, r := range api.ofType("AWS::ApiGatewayV2::Route") {
		if r.Properties["AuthorizationType"] == "NONE" {
			public = append(public, api.text(r.Properties["RouteKey"]))
		}
	}
	want := []string{
		"GET /connect/{sessionId}", "GET /console", "GET /console/{path+}", "GET /healthz", "GET /openapi.json", "GET /v1/oauth/callback/{contextId}",
		"GET /v1/oauth/start/{handoffId}", "GET /v1/tenants/{tenantId}/jwks.json", "POST /connect/{sessionId}", "POST /v1/oauth/start/{handoffId}",
	}
	if diff := cmp.Diff(want, sorted(public)); diff != "" {
		t.Errorf("public routes (-want +got):\n%s", diff)
	}
}

func TestAuthorizer(t *testing.T) {
	t.Parallel()
	_, api := load(t)
	got := api.Resources["Authorizer"].Properties
	want := object{
		"ApiId": object{"Ref": "Api"}, "AuthorizerType": "JWT", "Name": "jwt",
		"IdentitySource": []any{"$request.header.Authorization"},
		"JwtConfiguration": object{
			"Issuer": api.Outputs["Issuer"].Value, "Audience": []any{api.Outputs["Audience"].Value},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("authorizer (-want +got):\n%s", diff)
	}
}

func TestStage(t *testing.T) {
	t.Parallel()
	_, api := load(t)
	stage := api.Resources["Stage"].Properties
	if stage["StageName"] != "$default" {
		t.Errorf("stage %v, want $default", stage["StageName"])
	}
	for _, limit := range []string{"ThrottlingRateLimit", "ThrottlingBurstLimit"} {
		if n, _ := at(stage, "DefaultRouteSettings", limit).(float64); n <= 0 {
			t.Errorf("%s is %v, want a limit", limit, n)
		}
	}
	for id, r := range api.ofType("AWS::ApiGatewayV2::Integration") {
		p := r.Properties
		if p["PayloadFormatVersion"] != "2.0" || p["IntegrationType"] != "AWS_PROXY" || p["TimeoutInMillis"] != 29000.0 {
			t.Errorf("%s: %v", id, p)
		}
	}
}

// TestAccessLog: the log line names only facts that cannot carry a code, a
// state, a token or a handoff id.
func TestAccessLog(t *testing.T) {
	t.Parallel()
	_, api := load(t)
	format, _ := at(api.Resources["Stage"].Properties, "AccessLogSettings", "Format").(string)
	var line map[string]string
	if err := json.Unmarshal([]byte(format), &line); err != nil {
		t.Fatalf("access log is not JSON: %v", err)
	}
	harmless := map[string]bool{
		"$context.requestId": true, "$context.requestTime": true, "$context.routeKey": true, "$context.status": true,
		"$context.identity.sourceIp": true, "$context.protocol": true, "$context.responseLength": true,
		"$context.responseLatency": true, "$context.integrationLatency": true, "$context.integrationStatus": true,
	}
	for field, value := range line {
		if !harmless[value] {
			t.Errorf("access log writes %s = %s", field, value)
		}
	}
}

func TestCORS(t *testing.T) {
	t.Parallel()
	_, api := load(t)
	cors := at(api.Resources["Api"].Properties, "CorsConfiguration")
	for _, origin := range api.texts(at(cors, "AllowOrigins")) {
		if !strings.HasPrefix(origin, "https://") || strings.Contains(origin, "*") {
			t.Errorf("browsers of origin %q are admitted", origin)
		}
	}
	if at(cors, "AllowCredentials") != nil {
		t.Error("cookies are admitted across origins")
	}
}
