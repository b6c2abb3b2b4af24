package infra

import (
	"encoding/json"
	"regexp"
	"strings"
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	gateway "github.com/aws/aws-cdk-go/awscdk/v2/awsapigatewayv2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/jsii-runtime-go"

	"github.com/tenonhq/tenon/shared/routes"
)

// integrationTimeout is how long the API waits for a function; HTTP APIs allow
// at most thirty seconds.
const integrationTimeout = 29 * time.Second

// accessLogPrefix is the prefix under which AWS needs no resource policy per
// log group to deliver to it.
const accessLogPrefix = "/aws/vendedlogs/"

// accessLog is one JSON line per request. It names the route and never the
// path, the query string or a header: those carry handoff ids, authorization
// codes and tokens.
var accessLog = map[string]string{
	"requestId":          "$context.requestId",
	"requestTime":        "$context.requestTime",
	"routeKey":           "$context.routeKey",
	"status":             "$context.status",
	"sourceIp":           "$context.identity.sourceIp",
	"protocol":           "$context.protocol",
	"responseLength":     "$context.responseLength",
	"responseLatency":    "$context.responseLatency",
	"integrationLatency": "$context.integrationLatency",
	"integrationStatus":  "$context.integrationStatus",
}

// api is the HTTP API, and the stack that functions are added to.
type api struct {
	stack      awscdk.Stack
	props      Props
	data       *data
	http       gateway.CfnApi
	authorizer gateway.CfnAuthorizer
	signIn     signIn
	alarms     *alarms
	egress     *egress
	queues     map[string]workQueue // By the name of the consumer; only in the stack of the work.
}

func newAPI(s awscdk.Stack, p Props, d *data) *api {
	a := &api{stack: s, props: p, data: d}
	a.http = gateway.NewCfnApi(s, jsii.String("Api"), &gateway.CfnApiProps{
		Name:              jsii.String("tenon-" + p.Stage),
		ProtocolType:      jsii.String("HTTP"),
		CorsConfiguration: cors(p),

		DisableExecuteApiEndpoint: disabled(p),
	})
	a.addDomain(a.addStage())
	a.addDistribution()
	a.signIn = newSignIn(a)
	a.authorizer = gateway.NewCfnAuthorizer(s, jsii.String("Authorizer"), &gateway.CfnAuthorizerProps{
		ApiId:          a.http.Ref(),
		Name:           jsii.String("jwt"),
		AuthorizerType: jsii.String("JWT"),
		IdentitySource: jsii.Strings("$request.header.Authorization"),
		JwtConfiguration: &gateway.CfnAuthorizer_JWTConfigurationProperty{
			Issuer: &a.signIn.issuer, Audience: jsii.Strings(a.signIn.audience...),
		},
	})
	a.alarms = newAlarms(a)
	addBudget(s, p)
	output(s, "ApiUrl", "Origin of the API.", a.publicURL())
	output(s, "Issuer", "Issuer of the tokens the API accepts.", a.signIn.issuer)
	output(s, "Audience", "Audience of the tokens the API accepts.", strings.Join(a.signIn.audience, ","))
	return a
}

// in returns the same API, to which functions are added in another stack. What
// they need of the API's own stack becomes an export of that and an import here.
func (a *api) in(s awscdk.Stack) *api {
	other := *a
	other.stack = s
	return &other
}

// publicURL is the origin of the API, without a trailing slash.
func (a *api) publicURL() string {
	if a.props.Domain != nil {
		return "https://" + a.props.Domain.host(a.props.Region)
	}
	if a.props.PublicURL != "" {
		return a.props.PublicURL
	}
	return *a.http.AttrApiEndpoint()
}

func (a *api) addStage() gateway.CfnStage {
	logs := awslogs.NewCfnLogGroup(a.stack, jsii.String("AccessLogs"), &awslogs.CfnLogGroupProps{
		LogGroupName:    accessLogPrefix + a.props.name("access"),
		RetentionInDays: jsii.Number(a.props.LogDays),
		KmsKeyId:        a.data.logKey.AttrArn(),
	})
	logs.ApplyRemovalPolicy(awscdk.RemovalPolicy_DESTROY, nil)
	format, err := json.Marshal(accessLog)
	if err != nil {
		panic(err) // A map of strings always marshals.
	}
	return gateway.NewCfnStage(a.stack, jsii.String("Stage"), &gateway.CfnStageProps{
		ApiId:      a.http.Ref(),
		StageName:  jsii.String("$default"),
		AutoDeploy: true,
		AccessLogSettings: &gateway.CfnStage_AccessLogSettingsProperty{
			DestinationArn: logs.AttrArn(), Format: jsii.String(string(format)),
		},
		DefaultRouteSettings: &gateway.CfnStage_RouteSettingsProperty{
			ThrottlingRateLimit: jsii.Number(a.props.Rate), ThrottlingBurstLimit: jsii.Number(a.props.Burst),
		},
	})
}

// addRoute puts the function behind its method and path. A row with a scope
// needs a token that carries it; a row without is public.
func (a *api) addRoute(r *routes.Route, f awslambda.CfnFunction) {
	id := logical(r.Name)
	integration := gateway.NewCfnIntegration(a.stack, jsii.String(id+"Integration"), &gateway.CfnIntegrationProps{
		ApiId:                a.http.Ref(),
		IntegrationType:      jsii.String("AWS_PROXY"),
		IntegrationUri:       f.AttrArn(),
		PayloadFormatVersion: jsii.String("2.0"),
		TimeoutInMillis:      jsii.Number(integrationTimeout.Milliseconds()),
	})
	for i, path := range r.Paths() {
		a.addPath(r, f, path, id+strings.Repeat("Also", i), "integrations/"+*integration.Ref())
	}
}

func (a *api) addPath(r *routes.Route, f awslambda.CfnFunction, path, id, target string) {
	props := &gateway.CfnRouteProps{
		ApiId:             a.http.Ref(),
		RouteKey:          jsii.String(r.Method + " " + path),
		OperationName:     &r.Name,
		Target:            &target,
		AuthorizationType: jsii.String("NONE"),
	}
	if !r.Public() {
		props.AuthorizationType = jsii.String("JWT")
		props.AuthorizerId = a.authorizer.Ref()
		props.AuthorizationScopes = jsii.Strings(r.Scope)
	}
	gateway.NewCfnRoute(a.stack, jsii.String(id+"Route"), props)
	awslambda.NewCfnPermission(a.stack, jsii.String(id+"Invoke"), &awslambda.CfnPermissionProps{
		Action:       jsii.String("lambda:InvokeFunction"),
		FunctionName: f.Ref(),
		Principal:    "apigateway.amazonaws.com",
		SourceArn:    arn("execute-api", *a.http.Ref()+"/*/"+r.Method+pathParameter.ReplaceAllString(path, "*")),
	})
}

// pathParameter matches {name}, which an invoke permission writes as *.
var pathParameter = regexp.MustCompile(`\{[^}]*\}`)

// cors admits the configured browser applications. Tokens travel in a header,
// so no cookie ever needs to cross origins.
func cors(p Props) any {
	if len(p.CORSOrigins) == 0 {
		return nil
	}
	return &gateway.CfnApi_CorsProperty{
		AllowOrigins:  jsii.Strings(p.CORSOrigins...),
		AllowMethods:  jsii.Strings("GET", "POST", "PUT", "PATCH", "DELETE"),
		AllowHeaders:  jsii.Strings("authorization", "content-type", "idempotency-key", "if-match", "tenon-tenant"),
		ExposeHeaders: jsii.Strings("etag", "location", "retry-after", "tenon-next-cursor"),
		MaxAge:        jsii.Number(600),
	}
}
