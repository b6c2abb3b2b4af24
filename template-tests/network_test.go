package templatetests_test

import (
	"encoding/json"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/routes"
)

// egress returns the variant with a network of its own: the stack of the data, and
// all others with what they import.
func egress(t *testing.T) (data, others *template) {
	t.Helper()
	others = variant(t, "network")
	others.exports = map[string]any{}
	made, err := filepath.Glob(filepath.Join(scratch, "network", "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range made {
		tp := parse(t, file)
		for _, output := range tp.Outputs {
			if name, ok := output.Export.Name.(string); ok {
				others.exports[name] = output.Value
			}
		}
		if filepath.Base(file) == dataFile {
			data = tp
		}
	}
	return data, others
}

// TestWhoStandsInTheNetwork: exactly the functions that call systems, each with the
// permissions for it and nothing else that changed; and no other has any.
func TestWhoStandsInTheNetwork(t *testing.T) {
	t.Parallel()
	_, without := load(t)
	_, with := egress(t)
	for _, r := range routes.All() {
		var want any
		group, more := "FunctionsGroup", []string{}
		if r == routes.ServerProbe.Route {
			group = "ProbeGroup"
		}
		if slices.Contains(r.Grants, routes.Egress) {
			want = []string{"${Private1Subnet}", "${Private2Subnet}", "${" + group + ".GroupId}"}
			more = placed(r.Name, group)
		}
		var got any
		if in := with.Resources[logical(r.Name)+"Function"].Properties["VpcConfig"]; in != nil {
			got = append(with.texts(at(in, "SubnetIds")), with.texts(at(in, "SecurityGroupIds"))...)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s stands in (-want +got):\n%s", r.Name, diff)
		}
		if diff := cmp.Diff(more, added(without, with, logical(r.Name)+"Role")); diff != "" {
			t.Errorf("%s may besides (-want +got):\n%s", r.Name, diff)
		}
	}
}

// placed are the permissions that a function in the network has, as interfaces are
// those in another.
func placed(function, group string) []string {
	replaced := strings.NewReplacer(
		"subnet/subnet-0123456789abcdef0", "subnet/${Private1Subnet}", "subnet/subnet-0123456789abcdef1", "subnet/${Private2Subnet}",
		"sg-0123456789abcdef0", "${"+group+".GroupId}", "vpc-0123456789abcdef0", "${Vpc}", serverProbe, "tenon-dev-"+function,
	)
	var all []string
	for _, s := range interfaces {
		all = append(all, replaced.Replace(s))
	}
	return sorted(all)
}

// TestEgressAddresses: each zone has an address that outlives everything, its
// gateway uses it, and whoever is told of addresses is told of exactly these.
func TestEgressAddresses(t *testing.T) {
	t.Parallel()
	data, with := egress(t)
	addresses := data.ofType("AWS::EC2::EIP")
	if len(addresses) != 2 {
		t.Fatalf("%d addresses, want one for each zone", len(addresses))
	}
	for id, r := range addresses {
		if r.DeletionPolicy != "Retain" || r.UpdateReplacePolicy != "Retain" {
			t.Errorf("%s does not outlive its stack", id)
		}
		if output := strings.TrimSuffix(id, "Ip"); data.text(data.Outputs[output].Value) != "${"+id+"}" {
			t.Errorf("output %s is %v", output, data.Outputs[output].Value)
		}
	}
	told := map[string]string{}
	for id, f := range with.ofType("AWS::Lambda::Function") {
		if v := at(f.Properties, "Environment", "Variables", "TENON_EGRESS_ADDRESSES"); v != nil {
			told[id] = with.text(v)
		}
	}
	const both = "${EgressAddress1Ip},${EgressAddress2Ip}"
	if diff := cmp.Diff(map[string]string{"EgressListFunction": both, "JobPendingExpiryFunction": both}, told); diff != "" {
		t.Errorf("who is told of the addresses (-want +got):\n%s", diff)
	}
	for id, r := range with.ofType("AWS::EC2::NatGateway") {
		n := strings.TrimPrefix(id, "Nat")
		if got := with.text(r.Properties["AllocationId"]); got != "${EgressAddress"+n+"Ip.AllocationId}" {
			t.Errorf("%s has the address %s", id, got)
		}
		if got := with.text(r.Properties["SubnetId"]); got != "${Public"+n+"Subnet}" {
			t.Errorf("%s is in %s", id, got)
		}
		if got := with.text(with.Resources["Private"+n+"Route"].Properties["NatGatewayId"]); got != "${"+id+"}" {
			t.Errorf("private subnet %s leads out by %s", n, got)
		}
	}
}

// TestNothingReachesTheNetwork: only the endpoints take calls, from the functions
// alone, and what leaves goes to the ports that functions dial.
func TestNothingReachesTheNetwork(t *testing.T) {
	t.Parallel()
	_, with := egress(t)
	in, out := []string{}, []string{}
	rule := func(id string, r any, peer string) string {
		return strings.Join([]string{id, with.text(at(r, "IpProtocol")), with.text(at(r, "FromPort")), with.text(at(r, "ToPort")), with.text(at(r, peer))}, " ")
	}
	for id, g := range with.ofType("AWS::EC2::SecurityGroup") {
		rules, _ := g.Properties["SecurityGroupIngress"].([]any)
		for _, r := range rules {
			in = append(in, rule(id, r, "SourceSecurityGroupId"))
		}
		rules, _ = g.Properties["SecurityGroupEgress"].([]any)
		for _, r := range rules {
			out = append(out, rule(id, r, "CidrIp"))
		}
	}
	if diff := cmp.Diff([]string{"EndpointsGroup tcp 443 443 ${FunctionsGroup.GroupId}", "EndpointsGroup tcp 443 443 ${ProbeGroup.GroupId}"}, sorted(in)); diff != "" {
		t.Errorf("what comes in (-want +got):\n%s", diff)
	}
	want := []string{
		"EndpointsGroup -1 <nil> <nil> 127.0.0.1/32", "FunctionsGroup tcp 443 443 0.0.0.0/0",
		"ProbeGroup tcp 1024 65535 0.0.0.0/0", "ProbeGroup tcp 22 22 0.0.0.0/0", "ProbeGroup tcp 443 443 0.0.0.0/0",
	}
	if diff := cmp.Diff(want, sorted(out)); diff != "" {
		t.Errorf("what goes out (-want +got):\n%s", diff)
	}
	for _, kind := range []string{"AWS::EC2::SecurityGroupIngress", "AWS::EC2::SecurityGroupEgress"} {
		if more := with.ofType(kind); len(more) > 0 {
			t.Errorf("rules that stand alone: %v", slices.Collect(maps.Keys(more)))
		}
	}
	for id, s := range with.ofType("AWS::EC2::Subnet") {
		if s.Properties["MapPublicIpOnLaunch"] != false {
			t.Errorf("%s gives public addresses away", id)
		}
	}
}

// TestEndpoints: the services that functions in the network call, for principals of
// our account alone. STS is none of them: tenants see who assumes their roles by
// the address only on the way over the internet.
func TestEndpoints(t *testing.T) {
	t.Parallel()
	_, with := egress(t)
	got := map[string]string{}
	for id, r := range with.ofType("AWS::EC2::VPCEndpoint") {
		service := strings.TrimPrefix(with.text(r.Properties["ServiceName"]), "com.amazonaws.${AWS::Region}.")
		got[service] = with.text(r.Properties["VpcEndpointType"])
		statements, _ := at(r.Properties, "PolicyDocument", "Statement").([]any)
		if len(statements) != 1 {
			t.Fatalf("%s: %d statements", id, len(statements))
		}
		want := map[string]string{"StringEquals aws:PrincipalAccount": "${AWS::AccountId}"}
		if diff := cmp.Diff(want, flatten(with, at(statements[0], "Condition"))); diff != "" || with.text(at(statements[0], "Effect")) != "Allow" {
			t.Errorf("%s is open under (-want +got):\n%s", id, diff)
		}
		if got[service] == "Gateway" {
			continue
		}
		if r.Properties["PrivateDnsEnabled"] != true || !slices.Equal(with.texts(r.Properties["SecurityGroupIds"]), []string{"${EndpointsGroup.GroupId}"}) ||
			len(with.texts(r.Properties["SubnetIds"])) != 2 {
			t.Errorf("%s is not found in both zones, by its name, behind its group", id)
		}
	}
	want := map[string]string{"dynamodb": "Gateway", "events": "Interface", "kms": "Interface", "lambda": "Interface", "secretsmanager": "Interface"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("endpoints (-want +got):\n%s", diff)
	}
}

// TestNetworkIsWatched: its flows are logged, encrypted, and the security group it
// comes with is closed.
func TestNetworkIsWatched(t *testing.T) {
	t.Parallel()
	_, with := egress(t)
	flows := with.Resources["FlowLog"].Properties
	if with.text(flows["ResourceId"]) != "${Vpc}" || flows["TrafficType"] != "ALL" || with.text(flows["LogGroupName"]) != "${FlowLogs}" {
		t.Errorf("flow log %v", flows)
	}
	if got := with.text(with.Resources["FlowLogs"].Properties["KmsKeyId"]); got != "${LogKey.Arn}" {
		t.Errorf("the flows are encrypted by %s", got)
	}
	for direction, peer := range map[string]string{"Ingress": `"UserIdGroupPairs":[{"GroupId":"${Vpc.DefaultSecurityGroup}"}]`, "Egress": `"IpRanges":[{"CidrIp":"0.0.0.0/0"}]`} {
		target := with.Resources["DefaultGroup"+direction].Properties["Target"]
		if got := with.text(at(target, "Arn")); got != "arn:${AWS::Partition}:scheduler:::aws-sdk:ec2:revokeSecurityGroup"+direction {
			t.Errorf("%s: the scheduler calls %s", direction, got)
		}
		input := with.text(at(target, "Input"))
		if !json.Valid([]byte(input)) || !strings.Contains(input, peer) || !strings.Contains(input, `{"GroupId":"${Vpc.DefaultSecurityGroup}",`) {
			t.Errorf("%s: it says %s", direction, input)
		}
	}
	if diff := cmp.Diff([]string{
		"Allow ec2:RevokeSecurityGroupEgress,ec2:RevokeSecurityGroupIngress on ${ec2}security-group/${Vpc.DefaultSecurityGroup} when map[]",
	}, rendered(with, "DefaultGroupRole")); diff != "" {
		t.Errorf("the scheduler may (-want +got):\n%s", diff)
	}
}
