package infra

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3assets"
	"github.com/aws/jsii-runtime-go"

	"github.com/tenonhq/tenon/shared/environ"
	"github.com/tenonhq/tenon/shared/routes"
)

// What a row of the route table gets when it says nothing.
const (
	defaultMemory  = 128
	defaultTimeout = 10 * time.Second
)

const logGroupPrefix = "/aws/lambda/"

// addFunction declares the function of one row with its role and log group.
func (a *api) addFunction(r *routes.Route) awslambda.CfnFunction {
	id := logical(r.Name)
	logs := awslogs.NewCfnLogGroup(a.stack, jsii.String(id+"Logs"), &awslogs.CfnLogGroupProps{
		LogGroupName:    logGroupPrefix + a.props.name(r.Name),
		RetentionInDays: jsii.Number(a.props.LogDays),
		KmsKeyId:        a.data.logKey.AttrArn(),
	})
	logs.ApplyRemovalPolicy(awscdk.RemovalPolicy_DESTROY, nil)
	role := awsiam.NewCfnRole(a.stack, jsii.String(id+"Role"), &awsiam.CfnRoleProps{
		Path:                     a.path(r),
		AssumeRolePolicyDocument: assumedBy("lambda.amazonaws.com", nil),
		Policies:                 inline("function", a.permissions(r, logs)),
	})
	code := awss3assets.NewAsset(a.stack, jsii.String(id+"Code"), &awss3assets.AssetProps{
		Path: jsii.String(a.props.code(r)),
	})
	return awslambda.NewCfnFunction(a.stack, jsii.String(id+"Function"), &awslambda.CfnFunctionProps{
		FunctionName: jsii.String(a.props.name(r.Name)),
		Description:  &r.Summary,
		Code: &awslambda.CfnFunction_CodeProperty{
			S3Bucket: code.S3BucketName(), S3Key: code.S3ObjectKey(),
		},
		Handler:       jsii.String("bootstrap"),
		Runtime:       jsii.String("provided.al2023"),
		Architectures: jsii.Strings("arm64"),
		MemorySize:    jsii.Number(memory(r)),
		Timeout:       jsii.Number(timeout(r).Seconds()),
		Role:          role.AttrArn(),
		TracingConfig: &awslambda.CfnFunction_TracingConfigProperty{Mode: jsii.String("Active")},
		LoggingConfig: &awslambda.CfnFunction_LoggingConfigProperty{
			LogGroup: logs.Ref(), LogFormat: jsii.String("JSON"),
			SystemLogLevel: jsii.String("WARN"), ApplicationLogLevel: jsii.String("INFO"),
		},
		Environment: &awslambda.CfnFunction_EnvironmentProperty{Variables: a.environment(r, a.addTenantRole(r, role))},
		VpcConfig:   a.network(r).vpcConfig(),
		Tags:        &[]*awscdk.CfnTag{{Key: jsii.String("tenon:function"), Value: &r.Name}},
	})
}

// permissions are what the function's role may do: write its own log, send
// traces, use its grants, stand in its network and, for a job, hand over a run
// that failed.
func (a *api) permissions(r *routes.Route, logs awslogs.CfnLogGroup) []map[string]any {
	allowed := []map[string]any{
		allow([]string{"logs:CreateLogStream", "logs:PutLogEvents"}, []string{*logs.AttrArn()}, nil),
		allow([]string{"xray:PutTelemetryRecords", "xray:PutTraceSegments"}, []string{"*"}, nil),
	}
	own, _ := granted(r)
	for _, g := range own {
		if g == routes.QueueSend {
			allowed = append(allowed, a.queueSend())
			continue
		}
		allowed = append(allowed, statements(g, a.props, a.data, allTenants)...)
	}
	if r.IsConsumer() {
		allowed = append(allowed, a.queueUse(r))
	}
	allowed = append(allowed, a.network(r).statements(a.props.name(r.Name))...)
	if r.IsJob() {
		allowed = append(allowed, allow([]string{"sqs:SendMessage"}, []string{*a.data.letters.AttrArn()}, nil))
	}
	return allowed
}

// path is where the function's role stands; nil is the usual place.
func (a *api) path(r *routes.Route) *string {
	if !slices.Contains(r.Grants, routes.RoleAssume) {
		return endingPath(r, a.props)
	}
	return jsii.String(assumingPath(a.props))
}

// environment is what the function learns of its deployment, and the settings
// of the Go runtime: one thread of work, and few collections below the limit.
func (a *api) environment(r *routes.Route, tenantRole string) map[string]*string {
	variables := map[string]string{
		environ.Stage:           a.props.Stage,
		environ.Table:           *a.data.table.Ref(),
		environ.PublicURL:       a.publicURL(),
		environ.EventBus:        *a.data.bus.Ref(),
		environ.TenantClaim:     a.props.TenantClaim,
		environ.MailFrom:        a.props.MailFrom,
		environ.CursorKey:       *a.data.cursorKey.AttrArn(),
		environ.AssumingRoles:   assumingRoles(a.props),
		environ.AWSRoleTemplate: a.props.AWSRoleTemplate,
		environ.TenantRole:      tenantRole,
		environ.TenantKey:       a.data.sharedTenantKey(r),
		"GOMAXPROCS":            "1",
		"GOGC":                  "400",
		"GOMEMLIMIT":            fmt.Sprintf("%dMiB", (memory(r)*70+50)/100),
	}
	if slices.Contains(r.Grants, routes.ProbeInvoke) {
		variables[environ.ServerProbe] = a.props.name(routes.ServerProbe.Name)
	}
	if slices.Contains(r.Grants, routes.QueueSend) {
		variables[environ.Queues] = a.queueURLs()
	}
	switch r.Name {
	case routes.EgressList.Name, routes.JobPendingExpiry.Name:
		variables[environ.EgressAddresses] = a.egressAddresses()
	case routes.Console.Name:
		variables[environ.Issuer] = a.signIn.issuer
		variables[environ.ConsoleClient] = a.signIn.client
		variables[environ.ConsoleOrigins] = strings.Join(a.signIn.origins, ",")
		variables[environ.ConsoleScopes] = strings.Join(a.signIn.scopes, ",")
	}
	variables[environ.PrivatePrefixes] = a.network(r).prefixes()
	pointers := map[string]*string{}
	for name, value := range variables {
		if value != "" {
			pointers[name] = &value
		}
	}
	return pointers
}

func inline(name string, statements []map[string]any) []any {
	return []any{&awsiam.CfnRole_PolicyProperty{PolicyName: &name, PolicyDocument: policy(statements...)}}
}

func memory(r *routes.Route) int {
	if r.Memory == 0 {
		return defaultMemory
	}
	return r.Memory
}

// timeout is how long the function may run. API Gateway gives up on an HTTP
// operation after integrationTimeout; the function may still finish its work.
func timeout(r *routes.Route) time.Duration {
	if r.Timeout == 0 {
		return defaultTimeout
	}
	return r.Timeout
}
