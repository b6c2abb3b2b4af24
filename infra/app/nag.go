package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/cdklabs/cdk-nag-go/cdknag/v2"
)

// findingsFile is what the findings are written to: one per line, the rule and the
// path of the resource, sorted.
const findingsFile = "findings.txt"

// compliant is how reports write that a rule holds; they leave out rules that do not
// apply.
const compliant = "Compliant"

// check has cdk-nag look at every resource when the app is synthesized, by the rules
// for AWS solutions and those of NIST 800-53, revision 5. It changes no template.
func check(app awscdk.App) {
	props := &cdknag.NagPackProps{ReportFormats: &[]cdknag.NagReportFormat{cdknag.NagReportFormat_JSON}}
	awscdk.Aspects_Of(app).Add(cdknag.NewAwsSolutionsChecks(props), nil)
	awscdk.Aspects_Of(app).Add(cdknag.NewNIST80053R5Checks(props), nil)
}

// writeFindings gathers what cdk-nag reported on the stacks of an assembly. A rule
// that could not read a resource, because of an intrinsic function, is a finding.
func writeFindings(out, assembly string) error {
	reports, err := filepath.Glob(filepath.Join(assembly, "*-NagReport.json"))
	if err != nil {
		return fmt.Errorf("find reports of cdk-nag: %w", err)
	}
	if len(reports) == 0 {
		return fmt.Errorf("cdk-nag left no report in %s", assembly)
	}
	var findings []string
	for _, report := range reports {
		found, err := readReport(report)
		if err != nil {
			return err
		}
		findings = append(findings, found...)
	}
	slices.Sort(findings)
	text := strings.Join(slices.Compact(findings), "")
	if err := os.WriteFile(filepath.Join(out, findingsFile), []byte(text), 0o644); err != nil {
		return fmt.Errorf("write findings: %w", err)
	}
	return nil
}

func readReport(file string) ([]string, error) {
	content, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("read report of cdk-nag: %w", err)
	}
	var report struct{ Lines []cdknag.NagReportLine }
	if err := json.Unmarshal(content, &report); err != nil {
		return nil, fmt.Errorf("read report of cdk-nag: %w", err)
	}
	var findings []string
	for _, line := range report.Lines {
		if *line.Compliance != compliant {
			findings = append(findings, *line.RuleId+" "+*line.ResourceId+"\n")
		}
	}
	return findings, nil
}
