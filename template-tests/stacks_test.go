package templatetests_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/routes"
)

const stacksFile = "stacks.txt"

// TestStacks compares the stack that each function stands in with the ledger.
// Run with -update after functions were added or removed. A function that is in
// another stack than the ledger says is not updated: the names of what it consists
// of are taken until the old stack is deployed without it (ADR 0034), so whoever
// moves one changes its line by hand.
func TestStacks(t *testing.T) {
	t.Parallel()
	content, err := os.ReadFile(stacksFile)
	if err != nil {
		t.Fatal(err)
	}
	recorded := map[string]string{}
	for line := range strings.Lines(string(content)) {
		function, stack, _ := strings.Cut(strings.TrimSpace(line), ": ")
		recorded[function] = stack
	}
	var lines []string
	for function, stack := range standing(t) {
		if was, known := recorded[function]; known && was != stack {
			t.Errorf("%s moved from the stack of %s.json to that of %s.json: two deployments, see infra/adr/0034", function, was, stack)
		}
		lines = append(lines, fmt.Sprintf("%s: %s\n", function, stack))
	}
	got := strings.Join(sorted(lines), "")
	if *update && !t.Failed() {
		if err := os.WriteFile(stacksFile, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(string(content), got); diff != "" {
		t.Errorf("stacks of the functions (-%s +templates):\n%s", stacksFile, diff)
	}
}

// standing returns the template that each function is in, without its extension.
func standing(t *testing.T) map[string]string {
	t.Helper()
	found := map[string]string{}
	for _, file := range files(t) {
		for _, f := range parse(t, file).ofType("AWS::Lambda::Function") {
			name, _ := f.Properties["FunctionName"].(string)
			found[strings.TrimPrefix(name, "tenon-dev-")] = strings.TrimSuffix(file, ".json")
		}
	}
	return found
}

// TestFunctionsStandTogether: what belongs to one function is in one stack, so
// that a deployment that fails leaves no route without its function, and only the
// API and the data are referred to from other stacks.
func TestFunctionsStandTogether(t *testing.T) {
	t.Parallel()
	in := standing(t)
	for _, r := range routes.All() {
		tp := parse(t, in[r.Name]+".json")
		parts := []string{"Function", "Role", "Logs"}
		if r.IsOperation() {
			parts = append(parts, "Integration", "Route", "Invoke")
		}
		for _, part := range parts {
			if tp.Resources[logical(r.Name)+part].Type == "" {
				t.Errorf("%s.json has no %s of %s", in[r.Name], part, r.Name)
			}
		}
	}
	for _, file := range files(t) {
		for id, output := range parse(t, file).Outputs {
			if output.Export.Name != nil && !slices.Contains([]string{dataFile, apiFile}, file) {
				t.Errorf("%s exports %s", file, id)
			}
		}
	}
}
