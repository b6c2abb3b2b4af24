package templatetests_test

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const controlsFile = "../infra/docs/controls.md"

// control is something that AWS asks of resources, and our answer.
type control struct {
	id     string
	page   string // Of the AWS documentation.
	asks   string
	types  []string // Of the resources it is about.
	check  check    // Nil where it is not met, or where there is nothing to check.
	absent []string // Types there are none of; one that ends in :: is a whole service.
	answer string   // What is to be known besides; why it is not met, where it is not.
}

// check returns what is wrong with a resource, or nothing.
type check func(d everything, id string, r resource) string

// verdict is what the table says of a control.
func (c control) verdict() string {
	switch {
	case c.check != nil:
		return "met"
	case c.absent != nil:
		return "not applicable"
	case c.types == nil:
		return "not in a template"
	}
	return "not met, accepted"
}

// hold runs one test per control, over stage dev and its variants.
func hold(t *testing.T, controls []control) {
	t.Helper()
	all := deployed(t)
	for _, c := range controls {
		t.Run(c.id, func(t *testing.T) {
			if c.check == nil && !isSentence(c.answer) {
				t.Errorf("%s is %s: say why in a sentence", c.id, c.verdict())
			}
			for _, d := range all {
				for _, id := range d.ids(c.absent...) {
					t.Errorf("%s: there is %s, a %s, so that the control applies", d.where(), id, d.Resources[id].Type)
				}
				if c.check == nil {
					continue
				}
				for _, id := range d.ids(c.types...) {
					if wrong := c.check(d, id, d.Resources[id]); wrong != "" {
						t.Errorf("%s: %s %s (%s)", d.where(), id, wrong, c.asks)
					}
				}
			}
		})
	}
}

// where names the variant in a failure.
func (d everything) where() string {
	if d.name == "" {
		return "dev"
	}
	return "dev as " + d.name
}

// TestControls: the document of the controls is that of the tables, and no resource
// is of a type whose controls nobody considered.
func TestControls(t *testing.T) {
	t.Parallel()
	var text strings.Builder
	text.WriteString(controlsHead)
	known := map[string]bool{}
	for _, kind := range withoutControls {
		known[kind] = true
	}
	for _, part := range []struct {
		title    string
		controls []control
	}{
		{"AWS Foundational Security Best Practices", slices.Concat(fsbp, fsbpEdge)},
		{"Well-Architected, Serverless Applications Lens", wellArchitected},
	} {
		fmt.Fprintf(&text, "\n## %s\n\n| Control | Asks | Here |\n|---|---|---|\n", part.title)
		for _, c := range part.controls {
			fmt.Fprintf(&text, "| [%s](%s) | %s | %s |\n", c.id, c.page, c.asks, strings.TrimSpace(c.verdict()+". "+c.answer))
			for _, kind := range c.types {
				known[kind] = true
			}
		}
	}
	for _, d := range deployed(t) {
		for _, id := range slices.Sorted(maps.Keys(d.Resources)) {
			if kind := d.Resources[id].Type; !known[kind] {
				t.Errorf("%s: %s is a %s: add its controls, or the type to withoutControls", d.where(), id, kind)
			}
		}
	}
	if *update {
		if err := os.WriteFile(controlsFile, []byte(text.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	written, err := os.ReadFile(controlsFile)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(written), text.String()); diff != "" {
		t.Errorf("%s, run make golden (-written +tables):\n%s", controlsFile, diff)
	}
}

const controlsHead = `# Controls

What AWS asks of the resources that the templates declare, and what is done here. Every line that is met is a test of its own in template-tests,
which runs over stage dev and its variants; the tables are written from those tests by ` + "`make golden`" + `. A resource of a type that no line is about
fails the tests until its controls are considered. What cdk-nag finds besides stands in template-tests/suppressions.txt with reasons, the patterns of
all policies in template-tests/wildcards.txt.

What concerns the account and not the stacks (CloudTrail, GuardDuty, Config, root user, IAM users, the S3 block of the account) is the operator's.
`

// withoutControls are types that no control is about.
var withoutControls = []string{
	"AWS::ApiGatewayV2::Api", "AWS::ApiGatewayV2::ApiMapping", "AWS::Budgets::Budget", "AWS::CDK::Metadata",
	"AWS::CloudFront::OriginAccessControl", "AWS::CloudFront::ResponseHeadersPolicy", "AWS::CloudWatch::Dashboard",
	"AWS::Cognito::ManagedLoginBranding", "AWS::Cognito::UserPoolClient", "AWS::Cognito::UserPoolDomain", "AWS::Cognito::UserPoolGroup", "AWS::Cognito::UserPoolResourceServer",
	"AWS::EC2::FlowLog", "AWS::EC2::InternetGateway", "AWS::EC2::NatGateway", "AWS::EC2::Route", "AWS::EC2::RouteTable", "AWS::EC2::SubnetRouteTableAssociation",
	"AWS::EC2::VPCGatewayAttachment", "AWS::Route53::RecordSet", "AWS::SNS::Subscription",
}
