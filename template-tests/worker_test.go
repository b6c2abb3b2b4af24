package templatetests_test

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/routes"
)

const serverProbe = "tenon-dev-server-probe"

// TestWorkersAreInvokedByFunctionsOnly: no service may invoke a worker, no route
// of the API and no schedule leads to it.
func TestWorkersAreInvokedByFunctionsOnly(t *testing.T) {
	t.Parallel()
	_, api := load(t)
	for _, r := range routes.Workers() {
		own := []string{logical(r.Name) + "Function", logical(r.Name) + "Logs", logical(r.Name) + "Role"}
		for id, found := range api.Resources {
			text, err := json.Marshal(found.Properties)
			if err != nil {
				t.Fatal(err)
			}
			names := strings.Contains(string(text), own[0]) || strings.Contains(string(text), "tenon-dev-"+r.Name+`"`)
			allowed := slices.Contains([]string{"AWS::Lambda::Function", "AWS::IAM::Role", "AWS::CloudWatch::Alarm", "AWS::Logs::LogGroup"}, found.Type)
			if names && !allowed {
				t.Errorf("%s %s leads to %s", found.Type, id, r.Name)
			}
		}
	}
}

// TestWhoMayInvokeFunctions: the scheduler its job, and the functions that
// verify the one worker.
func TestWhoMayInvokeFunctions(t *testing.T) {
	t.Parallel()
	_, api := load(t)
	var got []string
	for id := range api.ofType("AWS::IAM::Role") {
		for p := range permissions(t, api, id) {
			if strings.HasPrefix(p.action, "lambda:") && p.kind != "own-function" {
				got = append(got, strings.TrimSuffix(id, "Role")+" "+p.action+" "+p.kind)
			}
		}
	}
	var want []string
	for _, id := range []string{"ConnectSubmit", "ConnectionCreate", "ConnectionImport", "ConnectionVerify", "CredentialPromote", "CredentialPut", "QueueHealth", "TestCredentialsPut"} {
		want = append(want, id+" lambda:InvokeFunction server-probe")
	}
	if diff := cmp.Diff(want, sorted(got)); diff != "" {
		t.Errorf("who may invoke (-want +template):\n%s", diff)
	}
}

// TestNoPrivateNetwork: unless a stage asks for it no function stands in a
// network, knows addresses in one or may make an interface.
func TestNoPrivateNetwork(t *testing.T) {
	t.Parallel()
	for _, file := range files(t) {
		for _, word := range []string{"VpcConfig", "ec2:", "AWS::EC2::", "TENON_PRIVATE_PREFIXES"} {
			if strings.Contains(read(t, file), word) {
				t.Errorf("%s has %s", file, word)
			}
		}
	}
}

// TestSettings: a stage with a private network, lasting addresses, a client of the
// console, somebody to tell and a budget differs in the functions that are told, in
// the latter two, and in nothing else.
func TestSettings(t *testing.T) {
	t.Parallel()
	_, without := load(t)
	with := variant(t, "settings")
	with.exports = without.exports
	var differ []string
	for id, r := range with.Resources {
		if !cmp.Equal(without.Resources[id], r) {
			differ = append(differ, id)
		}
	}
	want := []string{"AlarmsEmail", "Budget", "ConsoleFunction", "EgressListFunction", "JobPendingExpiryFunction", "ServerProbeFunction", "ServerProbeRole"}
	if diff := cmp.Diff(want, sorted(differ)); diff != "" || len(with.Resources) != len(without.Resources)+2 {
		t.Fatalf("%d resources, before %d; differing (-want +got):\n%s", len(with.Resources), len(without.Resources), diff)
	}
	for _, told := range [][3]string{
		{"ConsoleFunction", "TENON_CONSOLE_CLIENT_ID", "console-client"},
		{"ConsoleFunction", "TENON_CONSOLE_ORIGINS", "https://login.example"},
		{"EgressListFunction", "TENON_EGRESS_ADDRESSES", "198.51.100.7,198.51.100.8"},
		{"ServerProbeFunction", "TENON_PRIVATE_PREFIXES", "10.20.0.0/16,fd12:3456::/32"},
	} {
		if got := at(with.Resources[told[0]].Properties, "Environment", "Variables", told[1]); got != told[2] {
			t.Errorf("%s of %s: got %v, want %s", told[1], told[0], got, told[2])
		}
	}
	f := with.Resources["ServerProbeFunction"].Properties
	network := object{"SubnetIds": []any{"subnet-0123456789abcdef0", "subnet-0123456789abcdef1"}, "SecurityGroupIds": []any{"sg-0123456789abcdef0"}}
	if diff := cmp.Diff(network, f["VpcConfig"]); diff != "" {
		t.Errorf("network (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(interfaces, added(without, with, "ServerProbeRole")); diff != "" {
		t.Errorf("permissions that are added (-want +got):\n%s", diff)
	}
}

// interfaces is what Lambda needs to connect the function, and what keeps the
// function's code from using it.
var interfaces = []string{
	"Allow ec2:AssignPrivateIpAddresses,ec2:DeleteNetworkInterface,ec2:UnassignPrivateIpAddresses on ${ec2}*/* when map[]",
	"Allow ec2:CreateNetworkInterface on ${ec2}network-interface/* when map[]",
	"Allow ec2:CreateNetworkInterface on ${ec2}subnet/subnet-0123456789abcdef0,${ec2}subnet/subnet-0123456789abcdef1," +
		"${ec2}security-group/sg-0123456789abcdef0 when map[ArnEquals ec2:Vpc:${ec2}vpc/vpc-0123456789abcdef0]",
	"Allow ec2:DescribeNetworkInterfaces,ec2:DescribeSubnets on * when map[]",
	"Deny ec2:AssignPrivateIpAddresses,ec2:CreateNetworkInterface,ec2:DeleteNetworkInterface,ec2:DescribeNetworkInterfaces," +
		"ec2:DescribeSubnets,ec2:DetachNetworkInterface,ec2:UnassignPrivateIpAddresses on * " +
		"when map[ArnEquals lambda:SourceFunctionArn:${lambda}function:" + serverProbe + "]",
}

// added renders the statements that a role has in one template only.
func added(before, after *template, role string) []string {
	had := map[string]bool{}
	for _, s := range rendered(before, role) {
		had[s] = true
	}
	return slices.DeleteFunc(rendered(after, role), func(s string) bool { return had[s] })
}

func rendered(tp *template, role string) []string {
	short := strings.NewReplacer(
		"arn:${AWS::Partition}:ec2:${AWS::Region}:${AWS::AccountId}:", "${ec2}",
		"arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:", "${lambda}",
	)
	var all []string
	for _, p := range tp.Resources[role].Properties["Policies"].([]any) {
		for _, s := range at(p, "PolicyDocument", "Statement").([]any) {
			conditions := flatten(tp, at(s, "Condition"))
			parts := []string{"map["}
			for _, key := range slices.Sorted(maps.Keys(conditions)) {
				parts = append(parts, key+":"+conditions[key])
			}
			all = append(all, short.Replace(tp.text(at(s, "Effect"))+" "+strings.Join(tp.texts(at(s, "Action")), ",")+
				" on "+strings.Join(tp.texts(at(s, "Resource")), ",")+" when "+strings.Join(parts, "")+"]"))
		}
	}
	return sorted(all)
}
