package infra

import (
	"slices"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsec2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/jsii-runtime-go"

	"github.com/tenonhq/tenon/shared/routes"
)

// endpointOf is the endpoint that the use of a grant goes through; empty is the
// way everything else goes. STS is not here though it has one: the accounts of
// tenants see the address of who assumes their roles, and may trust it alone, only
// where the call comes over the internet. Nor is SES, which has none everywhere.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-sourceip
func endpointOf(g routes.Grant) string {
	switch g {
	case routes.TenantKeyUse, routes.TenantKeyNew, routes.TenantKeyEnd, routes.SigningKey, routes.SigningNew, routes.CursorKey:
		return "kms"
	case routes.SecretRead, routes.SecretNew, routes.SecretPut, routes.SecretLabel, routes.SecretDelete, routes.SecretList, routes.SecretOrphan:
		return "secretsmanager"
	case routes.EventPut:
		return "events"
	case routes.ProbeInvoke:
		return "lambda"
	case routes.QueueSend:
		return "sqs"
	}
	return ""
}

// endpoints are those that the functions in the network have a use for.
func endpoints() []string {
	var services []string
	for _, r := range routes.All() {
		if !slices.Contains(r.Grants, routes.Egress) {
			continue
		}
		for _, g := range r.Grants {
			if s := endpointOf(g); s != "" && !slices.Contains(services, s) {
				services = append(services, s)
			}
		}
	}
	slices.Sort(services)
	return services
}

// addEndpoints keeps the calls to AWS from the NAT gateways, which cost by the
// gigabyte, and lets who got hold of the network use none of them with the
// credentials of another account.
func (n *egressNetwork) addEndpoints(members ...awsec2.CfnSecurityGroup) {
	n.endpoint("Dynamodb", "dynamodb", &awsec2.CfnVPCEndpointProps{VpcEndpointType: jsii.String("Gateway"), RouteTableIds: &n.tables})
	var from []any
	for _, g := range members {
		from = append(from, &awsec2.CfnSecurityGroup_IngressProperty{
			IpProtocol: jsii.String("tcp"), FromPort: jsii.Number(443), ToPort: jsii.Number(443),
			SourceSecurityGroupId: g.AttrGroupId(), Description: jsii.String("Functions."),
		})
	}
	group := awsec2.NewCfnSecurityGroup(n.stack, jsii.String("EndpointsGroup"), &awsec2.CfnSecurityGroupProps{
		GroupDescription: jsii.String("Endpoints of AWS services."), VpcId: n.vpc.Ref(), SecurityGroupIngress: from,
		// A rule that leads nowhere; without one everything would be allowed.
		SecurityGroupEgress: []any{&awsec2.CfnSecurityGroup_EgressProperty{
			IpProtocol: jsii.String("-1"), CidrIp: jsii.String("127.0.0.1/32"), Description: jsii.String("Nothing."),
		}},
	})
	for _, service := range endpoints() {
		n.endpoint(logical(service), service, &awsec2.CfnVPCEndpointProps{
			VpcEndpointType: jsii.String("Interface"), PrivateDnsEnabled: true,
			SubnetIds: &n.subnets, SecurityGroupIds: &[]any{group.AttrGroupId()},
		})
	}
}

func (n *egressNetwork) endpoint(id, service string, props *awsec2.CfnVPCEndpointProps) {
	ours := allow([]string{service + ":*"}, []string{"*"}, condition{"StringEquals": {"aws:PrincipalAccount": *awscdk.Aws_ACCOUNT_ID()}})
	ours["Principal"] = map[string]any{"AWS": "*"}
	props.VpcId, props.PolicyDocument = n.vpc.Ref(), policy(ours)
	props.ServiceName = jsii.String("com.amazonaws." + *awscdk.Aws_REGION() + "." + service)
	awsec2.NewCfnVPCEndpoint(n.stack, jsii.String(id+"Endpoint"), props)
}

// addFlowLog records who was spoken to, and what was refused (Security Hub EC2.6).
// https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html
func (n *egressNetwork) addFlowLog() {
	logs := awslogs.NewCfnLogGroup(n.stack, jsii.String("FlowLogs"), &awslogs.CfnLogGroupProps{
		LogGroupName:    accessLogPrefix + n.props.name("network"),
		RetentionInDays: jsii.Number(n.props.LogDays),
		KmsKeyId:        n.data.logKey.AttrArn(),
	})
	logs.ApplyRemovalPolicy(awscdk.RemovalPolicy_DESTROY, nil)
	role := awsiam.NewCfnRole(n.stack, jsii.String("FlowLogsRole"), &awsiam.CfnRoleProps{
		AssumeRolePolicyDocument: assumedBy("vpc-flow-logs.amazonaws.com",
			condition{"StringEquals": {"aws:SourceAccount": *awscdk.Aws_ACCOUNT_ID()}}),
		Policies: inline("write", []map[string]any{
			allow([]string{"logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"}, []string{*logs.AttrArn()}, nil),
		}),
	})
	awsec2.NewCfnFlowLog(n.stack, jsii.String("FlowLog"), &awsec2.CfnFlowLogProps{
		ResourceId: n.vpc.Ref(), ResourceType: jsii.String("VPC"), TrafficType: jsii.String("ALL"),
		LogGroupName: logs.Ref(), DeliverLogsPermissionArn: role.AttrArn(),
	})
}
