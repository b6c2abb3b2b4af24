package infra

import (
	"encoding/json"
	"slices"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsec2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsscheduler"
	"github.com/aws/jsii-runtime-go"
)

// portRange is a range of TCP ports.
type portRange struct{ from, to int }

func ports(each ...int) []portRange {
	var ranges []portRange
	for _, port := range each {
		ranges = append(ranges, portRange{port, port})
	}
	return ranges
}

func span(from, to int) []portRange { return []portRange{{from, to}} }

// group is a security group whose members nothing reaches and who reach some ports
// everywhere: those that package egress lets them dial. Names are resolved all the
// same, security groups do not hold up the resolver of a VPC.
// https://docs.aws.amazon.com/vpc/latest/userguide/vpc-security-groups.html
func (n *egressNetwork) group(id, description string, allowed ...[]portRange) awsec2.CfnSecurityGroup {
	var rules []any
	for _, p := range slices.Concat(allowed...) {
		rules = append(rules, &awsec2.CfnSecurityGroup_EgressProperty{
			IpProtocol: jsii.String("tcp"), FromPort: jsii.Number(p.from), ToPort: jsii.Number(p.to), CidrIp: jsii.String(anywhere),
			Description: jsii.String("Systems and AWS."),
		})
	}
	return awsec2.NewCfnSecurityGroup(n.stack, jsii.String(id+"Group"), &awsec2.CfnSecurityGroupProps{
		GroupDescription: &description, VpcId: n.vpc.Ref(), SecurityGroupEgress: rules,
	})
}

// closeDefaultGroup takes the rules off the group that every network comes with,
// so that what is put into it by mistake reaches nothing (Security Hub EC2.2).
// CloudFormation cannot; the scheduler can call EC2. It does so at once and every
// day: from then on EC2 answers that there is no such rule, unless somebody
// brought it back.
// https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-universal.html
func (n *egressNetwork) closeDefaultGroup() {
	group := *n.vpc.AttrDefaultSecurityGroup()
	role := awsiam.NewCfnRole(n.stack, jsii.String("DefaultGroupRole"), &awsiam.CfnRoleProps{
		AssumeRolePolicyDocument: assumedBy("scheduler.amazonaws.com",
			condition{"StringEquals": {"aws:SourceAccount": *awscdk.Aws_ACCOUNT_ID()}}),
		Policies: inline("close", []map[string]any{
			allow([]string{"ec2:RevokeSecurityGroupEgress", "ec2:RevokeSecurityGroupIngress"}, []string{arn("ec2", "security-group/"+group)}, nil),
		}),
	})
	n.revoke(role, "Ingress", map[string]any{"UserIdGroupPairs": []any{map[string]any{"GroupId": group}}})
	n.revoke(role, "Egress", map[string]any{"IpRanges": []any{map[string]any{"CidrIp": anywhere}}})
}

// revoke takes the rule of all protocols with some peers off the default group.
func (n *egressNetwork) revoke(role awsiam.CfnRole, direction string, peers map[string]any) {
	peers["IpProtocol"] = "-1"
	input, err := json.Marshal(map[string]any{"GroupId": *n.vpc.AttrDefaultSecurityGroup(), "IpPermissions": []any{peers}})
	if err != nil {
		panic(err) // Maps of strings always marshal.
	}
	awsscheduler.NewCfnSchedule(n.stack, jsii.String("DefaultGroup"+direction), &awsscheduler.CfnScheduleProps{
		Description:        jsii.String("Closes the default security group of the network."),
		ScheduleExpression: jsii.String("rate(1 day)"),
		FlexibleTimeWindow: &awsscheduler.CfnSchedule_FlexibleTimeWindowProperty{Mode: jsii.String("OFF")},
		Target: &awsscheduler.CfnSchedule_TargetProperty{
			Arn:     jsii.String("arn:" + *awscdk.Aws_PARTITION() + ":scheduler:::aws-sdk:ec2:revokeSecurityGroup" + direction),
			RoleArn: role.AttrArn(), Input: jsii.String(string(input)),
			// The role may be a moment too young for the first call.
			RetryPolicy: &awsscheduler.CfnSchedule_RetryPolicyProperty{
				MaximumRetryAttempts: jsii.Number(5), MaximumEventAgeInSeconds: jsii.Number(60 * 60),
			},
		},
	})
}
