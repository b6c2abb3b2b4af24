package templatetests_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// unknownToLint are findings of cfn-lint on what it does not know yet: properties
// that are younger than its schemas, by rule and the words of the finding.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudwatch-dashboard.html
var unknownToLint = []string{
	":E3002:Additional properties are not allowed ('Tags' was unexpected)", // Of dashboards.
}

// TestLint has cfn-lint look at the committed templates, and at the variants, where
// it is installed and asked for (make cfn-lint): it takes a processor half a minute.
func TestLint(t *testing.T) {
	t.Parallel()
	if os.Getenv("TENON_CFN_LINT") == "" {
		t.Skip("not asked for: make cfn-lint")
	}
	lint, err := exec.LookPath("cfn-lint")
	if err != nil {
		t.Skip("cfn-lint is not installed (pip install cfn-lint)")
	}
	all := []string{filepath.Join(templates, "*.json")}
	if hasNode() {
		all = append(all, filepath.Join(synthesized(t), "*", "*.json"))
	}
	var paths []string
	for _, pattern := range all {
		found, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		paths = append(paths, found...)
	}
	// It fails when it finds something, which the lines say better.
	output, err := exec.CommandContext(t.Context(), lint, append([]string{"--format", "parseable", "--template"}, paths...)...).CombinedOutput()
	if err != nil && len(output) == 0 {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(output)) {
		line = strings.TrimSpace(line)
		if line != "" && !known(line) {
			t.Error(line)
		}
	}
}

func known(finding string) bool {
	for _, words := range unknownToLint {
		if strings.HasSuffix(finding, words) {
			return true
		}
	}
	return false
}
