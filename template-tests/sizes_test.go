package templatetests_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What AWS takes at most, less a reserve, and the longest stage and names there are.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
// https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
// https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
const (
	mostPolicies    = 9_500  // Of 10,240 characters of all inline policies of a role.
	mostTrust       = 1_900  // Of 2,048 characters.
	mostVariables   = 3_800  // Of 4 KB of a function's environment.
	mostKeyPolicy   = 30_000 // Of 32 KB.
	mostDescription = 256
	mostName        = 64  // Of functions, of rules and of schedules.
	mostRoutes      = 280 // Of 300 of an API.

	longStage     = "sixteen-letters-"
	longReference = 130 // Characters of an ARN or a URL that CloudFormation made up a name in.
)

// TestSizes: whatever stage and region it is, nothing is longer than AWS takes.
func TestSizes(t *testing.T) {
	t.Parallel()
	routes := 0
	for _, dir := range deployments(t) {
		for _, tp := range stacksIn(t, dir) {
			for id, r := range tp.Resources {
				for what, size := range sizes(tp, r) {
					if size.is > size.most {
						t.Errorf("%s: %s of %s has %d characters, want at most %d", filepath.Base(dir), what, id, size.is, size.most)
					}
				}
				if r.Type == "AWS::ApiGatewayV2::Route" && dir == templates {
					routes++
				}
			}
		}
	}
	if routes < 50 || routes > mostRoutes {
		t.Errorf("%d routes, want at most %d", routes, mostRoutes)
	}
}

type size struct{ is, most int }

// sizes measures what has a limit of a resource.
func sizes(tp *template, r resource) map[string]size {
	name := func(property string) size { return size{len(tp.longest(r.Properties[property])) - 2, mostName} }
	description := size{len(tp.longest(r.Properties["Description"])) - 2, mostDescription}
	switch r.Type {
	case "AWS::IAM::Role":
		policies := 0
		list, _ := r.Properties["Policies"].([]any)
		for _, p := range list {
			policies += len(tp.longest(at(p, "PolicyDocument")))
		}
		return map[string]size{
			"what it may": {policies, mostPolicies},
			"its trust":   {len(tp.longest(r.Properties["AssumeRolePolicyDocument"])), mostTrust},
		}
	case "AWS::Lambda::Function":
		return map[string]size{
			"the name": name("FunctionName"), "the description": description,
			"the environment": {len(tp.longest(at(r.Properties, "Environment", "Variables"))), mostVariables},
		}
	case "AWS::Events::Rule", "AWS::Scheduler::Schedule":
		return map[string]size{"the name": name("Name"), "the description": description}
	case "AWS::KMS::Key":
		return map[string]size{"the policy": {len(tp.longest(r.Properties["KeyPolicy"])), mostKeyPolicy}}
	}
	return nil
}

// longest is a value as JSON without whitespace, with the most that its references
// can become.
func (tp *template) longest(v any) string {
	encoded, err := json.Marshal(tp.rendered(v))
	if err != nil {
		panic(err) // It was JSON.
	}
	text := strings.NewReplacer(
		"${AWS::Partition}", "aws-us-gov", "${AWS::Region}", "ap-southeast-1", "${AWS::AccountId}", accountID,
		"${AWS::URLSuffix}", "amazonaws.com.cn", "tenon-dev-", "tenon-"+longStage+"-", "/dev/", "/"+longStage+"/",
	).Replace(string(encoded))
	return reference.ReplaceAllString(text, strings.Repeat("x", longReference))
}

// rendered replaces intrinsic functions by their text.
func (tp *template) rendered(v any) any {
	switch x := v.(type) {
	case []any:
		list := make([]any, 0, len(x))
		for _, each := range x {
			list = append(list, tp.rendered(each))
		}
		return list
	case object:
		made := object{}
		for key, each := range x {
			if key == "Ref" || strings.HasPrefix(key, "Fn::") {
				return tp.text(x)
			}
			made[key] = tp.rendered(each)
		}
		return made
	}
	return v
}

// deployments are the directories of the committed templates and of each variant.
func deployments(t *testing.T) []string {
	t.Helper()
	dirs := []string{templates}
	made, err := os.ReadDir(synthesized(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range made {
		if entry.IsDir() {
			dirs = append(dirs, filepath.Join(scratch, entry.Name()))
		}
	}
	return dirs
}

// stacksIn returns the stacks of a deployment, which resolve their imports from one
// another.
func stacksIn(t *testing.T, dir string) []*template {
	t.Helper()
	made, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil || len(made) == 0 {
		t.Fatalf("no templates in %s: %v", dir, err)
	}
	var all []*template
	exports := map[string]any{}
	for _, file := range made {
		if dir == templates {
			file = filepath.Base(file)
		}
		tp := parse(t, file)
		for _, output := range tp.Outputs {
			if name, ok := output.Export.Name.(string); ok {
				exports[name] = output.Value
			}
		}
		tp.exports = exports
		all = append(all, tp)
	}
	return all
}
