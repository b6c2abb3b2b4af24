package infra

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/jsii-runtime-go"

	"github.com/tenonhq/tenon/shared/environ"
)

// PrivateNetwork is the network that server-probe stands in, to reach servers
// that have no public address. The network is the operator's: it must let the
// function reach DynamoDB and KMS (ADR 0019). With Egress all others that call
// systems stand in a network of ours.
type PrivateNetwork struct {
	VPC            string   `json:"vpcId"`
	Subnets        []string `json:"subnetIds"`
	SecurityGroups []string `json:"securityGroupIds"`
	// AllowedCIDRs are the private addresses that servers may have; none means
	// that the function still reaches public addresses only, by the network's NAT.
	AllowedCIDRs []string `json:"allowedCidrs"`
}

// vpcID, subnetID and groupID are the identifiers of EC2.
var (
	vpcID    = regexp.MustCompile(`^vpc-[0-9a-f]{8,17}$`)
	subnetID = regexp.MustCompile(`^subnet-[0-9a-f]{8,17}$`)
	groupID  = regexp.MustCompile(`^sg-[0-9a-f]{8,17}$`)
)

// problems returns what is wrong with the network; one that is not asked for has
// no problem.
func (n *PrivateNetwork) problems() []error {
	if n == nil {
		return nil
	}
	var found []error
	if !vpcID.MatchString(n.VPC) {
		found = append(found, fmt.Errorf("privateNetwork vpcId %q: the id of a VPC is needed", n.VPC))
	}
	found = append(found, identifiers("subnetIds", n.Subnets, subnetID)...)
	found = append(found, identifiers("securityGroupIds", n.SecurityGroups, groupID)...)
	for _, cidr := range n.AllowedCIDRs {
		if p, err := environ.ParsePrefixes(cidr); err != nil {
			found = append(found, fmt.Errorf("privateNetwork allowedCidrs: %w", err))
		} else if len(p) != 1 {
			found = append(found, fmt.Errorf("privateNetwork allowedCidrs %q: one CIDR block each", cidr))
		}
	}
	return found
}

func identifiers(setting string, ids []string, form *regexp.Regexp) []error {
	if len(ids) == 0 {
		return []error{fmt.Errorf("privateNetwork %s: at least one is needed", setting)}
	}
	var found []error
	for _, id := range ids {
		if !form.MatchString(id) {
			found = append(found, fmt.Errorf("privateNetwork %s: %q is not such an id", setting, id))
		}
	}
	return found
}

// vpcConfig places a function.
func (n *PrivateNetwork) vpcConfig() any {
	if n == nil {
		return nil
	}
	return &awslambda.CfnFunction_VpcConfigProperty{
		SubnetIds: jsii.Strings(n.Subnets...), SecurityGroupIds: jsii.Strings(n.SecurityGroups...),
	}
}

// prefixes is what the function learns of the network.
func (n *PrivateNetwork) prefixes() string {
	if n == nil {
		return ""
	}
	return strings.Join(n.AllowedCIDRs, ",")
}

// statements let Lambda connect the function to its subnets, with the function's
// role, and keep the function's own code from doing so.
// https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-permissions
func (n *PrivateNetwork) statements(function string) []map[string]any {
	if n == nil {
		return nil
	}
	var ends []string
	for _, id := range n.Subnets {
		ends = append(ends, arn("ec2", "subnet/"+id))
	}
	for _, id := range n.SecurityGroups {
		ends = append(ends, arn("ec2", "security-group/"+id))
	}
	own := allow([]string{
		"ec2:AssignPrivateIpAddresses", "ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface",
		"ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets", "ec2:DetachNetworkInterface", "ec2:UnassignPrivateIpAddresses",
	}, []string{"*"}, condition{"ArnEquals": {"lambda:SourceFunctionArn": arn("lambda", "function:"+function)}})
	own["Effect"] = "Deny"
	return []map[string]any{
		allow([]string{"ec2:CreateNetworkInterface"}, ends, condition{"ArnEquals": {"ec2:Vpc": arn("ec2", "vpc/"+n.VPC)}}),
		allow([]string{"ec2:CreateNetworkInterface"}, []string{arn("ec2", "network-interface/*")}, nil),
		// Lambda tries these before an interface exists, so they name none.
		allow([]string{"ec2:AssignPrivateIpAddresses", "ec2:DeleteNetworkInterface", "ec2:UnassignPrivateIpAddresses"}, []string{arn("ec2", "*/*")}, nil),
		// These actions know neither resources nor conditions.
		allow([]string{"ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets"}, []string{"*"}, nil),
		own,
	}
}
