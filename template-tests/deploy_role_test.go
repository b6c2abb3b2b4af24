package templatetests_test

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestDeployRole: the role of a GitHub environment is for that environment of that
// repository, and can do nothing but assume roles of the CDK bootstrap.
func TestDeployRole(t *testing.T) {
	t.Parallel()
	content, err := os.ReadFile("../infra/release/deploy-role.json")
	if err != nil {
		t.Fatal(err)
	}
	var tp template
	if err := json.Unmarshal(content, &tp); err != nil {
		t.Fatal(err)
	}
	if got := len(tp.Resources); got != 2 {
		t.Errorf("%d resources, want the identity provider and the role", got)
	}
	role := tp.Resources["Role"].Properties
	if _, attached := role["ManagedPolicyArns"]; attached {
		t.Error("the role has a managed policy")
	}
	trust := only(t, at(role, "AssumeRolePolicyDocument", "Statement"))
	want := object{"StringEquals": object{
		"token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
		"token.actions.githubusercontent.com:sub": object{"Fn::Sub": "repo:${Repository}:environment:${Environment}"},
	}}
	if diff := cmp.Diff(want, trust["Condition"]); diff != "" || trust["Action"] != "sts:AssumeRoleWithWebIdentity" {
		t.Errorf("the role is assumed by %v, if (-want +got):\n%s", trust["Action"], diff)
	}
	allowed := only(t, at(only(t, role["Policies"]), "PolicyDocument", "Statement"))
	if allowed["Action"] != "sts:AssumeRole" {
		t.Errorf("the role may %v", allowed["Action"])
	}
	choice, _ := at(allowed["Resource"], "Fn::If").([]any)
	if len(choice) != 3 || choice[0] != "Deploys" {
		t.Fatalf("the role may assume %v", allowed["Resource"])
	}
	bootstrap := func(names ...string) []string {
		for i, name := range names {
			names[i] = "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/cdk-${Qualifier}-" + name + "-role-${AWS::AccountId}-*"
		}
		return names
	}
	if diff := cmp.Diff(bootstrap("deploy", "file-publishing", "lookup"), tp.texts(choice[1])); diff != "" {
		t.Errorf("with Access deploy it may assume (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(bootstrap("lookup"), tp.texts(choice[2])); diff != "" {
		t.Errorf("with Access diff it may assume (-want +got):\n%s", diff)
	}
	if text := fmt.Sprint(tp.Resources); strings.Contains(text, "StringLike") || slices.Contains(strings.Fields(text), "*") {
		t.Error("a wildcard decides who may deploy")
	}
}

// only returns the one element of a list.
func only(t *testing.T, list any) object {
	t.Helper()
	elements, _ := list.([]any)
	if len(elements) != 1 {
		t.Fatalf("got %v, want one element", list)
	}
	return elements[0].(object)
}
