package template_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/infra/local/template"
)

// TestNetworkIsPassedOver: a template with a network applies, without it, and what
// refers to it has something to refer to.
func TestNetworkIsPassedOver(t *testing.T) {
	t.Parallel()
	const network = `{
		"Resources": {
			"Vpc": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.90.0.0/16"}},
			"Address": {"Type": "AWS::EC2::EIP", "Properties": {"Domain": "vpc"}},
			"Subnet": {"Type": "AWS::EC2::Subnet", "Properties": {"AvailabilityZone": {"Fn::Select": [0, {"Fn::GetAZs": ""}]}, "VpcId": {"Ref": "Vpc"}}},
			"Close": {"Type": "AWS::Scheduler::Schedule", "Properties": {
				"ScheduleExpression": "rate(1 day)", "FlexibleTimeWindow": {"Mode": "OFF"}, "Target": {
					"Arn": {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":scheduler:::aws-sdk:ec2:revokeSecurityGroupIngress"]]},
					"RoleArn": "arn:aws:iam::123456789012:role/r", "Input": {"Fn::Join": ["", ["{\"GroupId\":\"", {"Fn::GetAtt": ["Vpc", "DefaultSecurityGroup"]}, "\"}"]]}
				}
			}}
		},
		"Outputs": {"EgressAddress1": {"Value": {"Ref": "Address"}}}
	}`
	m, err := template.Apply(t.Context(), newConfig(), options, []byte(network))
	if err != nil {
		t.Fatal(err)
	}
	want := template.Manifest{
		Outputs: map[string]string{"EgressAddress1": "tenon-local-Address"},
		Skipped: []string{"AWS::EC2::EIP Address", "AWS::EC2::Subnet Subnet", "AWS::EC2::VPC Vpc", "AWS::Scheduler::Schedule Close"},
	}
	if diff := cmp.Diff(want, m); diff != "" {
		t.Errorf("manifest (-want +got):\n%s", diff)
	}
}
