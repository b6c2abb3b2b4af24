package templatetests_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

const statefulFile = "stateful.txt"

// stateful are the types that hold something, and what is lost with one of them.
// When one of the properties named changes, CloudFormation replaces the resource, that is makes
// an empty one beside it.
var stateful = map[string]struct {
	loses    string
	replaces []string
}{
	"AWS::DynamoDB::Table":   {"every connection, sealed credential and audit record", []string{"KeySchema", "TableName"}},
	"AWS::KMS::Key":          {"what is encrypted with it, which nobody can read without it", []string{"KeySpec", "KeyUsage", "MultiRegion"}},
	"AWS::SQS::Queue":        {"the messages that wait in it", []string{"FifoQueue", "QueueName"}},
	"AWS::Events::EventBus":  {"the rules that customers have on it", []string{"Name"}},
	"AWS::Cognito::UserPool": {"its users, with their passwords and second factors", []string{"AliasAttributes", "Schema", "UsernameAttributes", "UsernameConfiguration"}},
	"AWS::S3::Bucket":        {"the files in it", []string{"BucketName"}},
	"AWS::EC2::EIP":          {"an address that customers have let in at their systems", []string{"Domain"}},
}

// TestStateful compares what holds state, in stage dev and its variants, with the
// ledger. -update adds lines; a line that is not true any more is removed by hand,
// by whoever has moved what it holds.
func TestStateful(t *testing.T) {
	t.Parallel()
	if !hasNode() {
		t.Skip("node is not installed")
	}
	content, err := os.ReadFile(statefulFile)
	if err != nil && !*update {
		t.Fatal(err)
	}
	recorded := strings.Split(strings.TrimSpace(string(content)), "\n")
	var found []string
	for _, d := range deployed(t) {
		for kind := range stateful {
			for _, id := range d.ids(kind) {
				found = append(found, statefulLine(d, id))
			}
		}
	}
	found = slices.Compact(sorted(found))
	if *update {
		isNew := func(line string) bool {
			return !slices.ContainsFunc(recorded, func(r string) bool { return named(r) == named(line) })
		}
		all := slices.Compact(sorted(append(recorded, slices.DeleteFunc(slices.Clone(found), func(line string) bool { return !isNew(line) })...)))
		if err := os.WriteFile(statefulFile, []byte(strings.TrimSpace(strings.Join(all, "\n"))+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		recorded = all
	}
	for _, line := range recorded {
		if parts := strings.Fields(line); len(parts) > 2 && !slices.Contains(found, line) {
			t.Errorf("the deployment would destroy or leave behind %s of %s, or what protects it: %s\nit was: %s",
				parts[1], parts[0], stateful[parts[2]].loses, line)
		}
	}
	for _, line := range found {
		if !slices.Contains(recorded, line) {
			t.Errorf("%s lacks this line; if it is new run make golden, if it is in place of another one the deployment may destroy what is there: %s", statefulFile, line)
		}
	}
}

// named is the part of a line that says which resource it is about.
func named(line string) string {
	return strings.Join(strings.Fields(line)[:min(3, len(strings.Fields(line)))], " ")
}

// statefulLine is the stack, the logical id, the type, what becomes of the resource
// when it is deleted or replaced, whether it is protected, and what it would be
// replaced for.
func statefulLine(d everything, id string) string {
	r := d.Resources[id]
	protected := "-"
	for _, property := range []string{"DeletionProtectionEnabled", "DeletionProtection"} {
		if v := r.Properties[property]; v != nil {
			protected = fmt.Sprint(v)
		}
	}
	line := fmt.Sprintf("%s %s %s deletion=%s replacement=%s protection=%s", d.stack[id], id, r.Type, cmp.Or(r.DeletionPolicy, "Delete"), cmp.Or(r.UpdateReplacePolicy, "Delete"), protected)
	for _, property := range stateful[r.Type].replaces {
		if v := r.Properties[property]; v != nil {
			text, err := json.Marshal(v)
			if err != nil {
				text = []byte(err.Error())
			}
			line += fmt.Sprintf(" %s=%s", property, text)
		}
	}
	return line
}
