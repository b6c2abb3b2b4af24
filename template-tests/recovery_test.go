package templatetests_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const restored = "tenon-dev-restored"

// A restored table takes the place of the stack's own in every function and in
// every permission; the keys stay those it is encrypted with.
func TestRestoredTableIsUsed(t *testing.T) {
	t.Parallel()
	v := variant(t, "front-cloudfront")
	named := 0
	for id, r := range v.ofType("AWS::Lambda::Function") {
		if table := v.text(at(r.Properties, "Environment", "Variables", "TENON_TABLE")); table != restored {
			t.Errorf("%s uses the table %s", id, table)
		}
		named++
	}
	if named == 0 {
		t.Fatal("no functions")
	}
	var resources []string
	for _, r := range v.ofType("AWS::IAM::Role") {
		for _, p := range listOf(r.Properties["Policies"]) {
			for _, s := range listOf(at(p, "PolicyDocument", "Statement")) {
				if slices.ContainsFunc(v.texts(at(s, "Action")), func(a string) bool { return strings.HasPrefix(a, "dynamodb:") }) {
					resources = append(resources, v.texts(at(s, "Resource"))...)
				}
			}
		}
	}
	slices.Sort(resources)
	const table = "arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/" + restored
	if diff := cmp.Diff([]string{table, table + "/index/*"}, slices.Compact(resources)); diff != "" {
		t.Errorf("tables that a role may use (-want +got):\n%s", diff)
	}
}

func listOf(v any) []any {
	list, _ := v.([]any)
	return list
}

// The stack's own table is left as it is, and its exports too: CloudFormation would
// refuse a deployment that takes away what other stacks import still.
func TestRestoredTableLeavesTheOwnAlone(t *testing.T) {
	t.Parallel()
	dir := synthesized(t)
	own, with := parse(t, filepath.Join(dir, dataFile)), parse(t, filepath.Join(dir, "front-cloudfront", dataFile))
	if diff := cmp.Diff(own.Resources, with.Resources); diff != "" {
		t.Errorf("resources (-own +restored):\n%s", diff)
	}
	exported := func(tp *template) map[string]any {
		names := map[string]any{}
		for _, output := range tp.Outputs {
			if name, ok := output.Export.Name.(string); ok {
				names[name] = output.Value
			}
		}
		return names
	}
	if diff := cmp.Diff(exported(own), exported(with)); diff != "" || len(exported(own)) == 0 {
		t.Errorf("exports (-own +restored):\n%s", diff)
	}
	if got := with.Outputs["TableName"].Value; got != restored {
		t.Errorf("output TableName: got %v", got)
	}
}
