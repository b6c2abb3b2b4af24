package tenant

import (
	"context"
	_ "embed"
	"net/url"
	"strings"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/auth"
)

// Assumer says who assumes the roles of tenants.
type Assumer struct {
	// Roles is the ARN pattern of our roles that do:
	// arn:aws:iam::123456789012:role/tenon/prod/*.
	Roles string
	// TemplateURL is where the stage keeps RoleTemplate for quick-create links, an
	// object in S3; empty where it keeps none.
	TemplateURL string
	Region      string // Of the stage.
}

// RoleTemplate is the CloudFormation template of a role that trusts us, for
// tenants to run in their own account. It holds nothing of a tenant.
//
//go:embed aws_role.yaml
var RoleTemplate string

// roleStack is the name of the tenant's stack, unless the tenant says otherwise.
const roleStack = "tenon-access"

// AWSTrust is what a role in a tenant's AWS account is given to trust us.
type AWSTrust struct {
	Assumer
	ExternalID string
}

// AWSTrust returns what the roles of the caller's tenant must trust.
func (s *Service) AWSTrust(ctx context.Context, caller auth.Caller) (AWSTrust, error) {
	if err := s.Audit.Check(ctx, caller, audit.AWSTrustRead, ""); err != nil {
		return AWSTrust{}, err
	}
	if _, err := s.Store.Get(ctx, caller.Tenant); err != nil {
		return AWSTrust{}, err
	}
	externalID, err := s.ExternalIDs.ExternalID(ctx, caller.Tenant)
	return AWSTrust{s.Assumer, externalID}, err
}

// Policy returns the trust policy of a role. It names the account and which of
// its roles: a role that is named alone loses the trust when it is made anew,
// and an account that is named alone is trusted with all that runs in it.
func (t AWSTrust) Policy() map[string]any {
	return map[string]any{
		"Version": "2012-10-17",
		"Statement": []any{map[string]any{
			"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": map[string]any{"AWS": t.account()},
			"Condition": map[string]any{
				"StringEquals": map[string]any{"sts:ExternalId": t.ExternalID},
				"ArnLike":      map[string]any{"aws:PrincipalArn": t.Roles},
			},
		}},
	}
}

// Parameters returns the values of the template's parameters.
func (t AWSTrust) Parameters() map[string]string {
	return map[string]string{"ExternalId": t.ExternalID, "PrincipalArn": t.Roles}
}

// QuickCreateURL returns the page of the AWS console that creates the role with
// one click, or nothing where the stage keeps no template for it
// (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cfn-console-create-stacks-quick-create-links.html).
func (t AWSTrust) QuickCreateURL() string {
	if t.TemplateURL == "" {
		return ""
	}
	query := url.Values{"templateURL": {t.TemplateURL}, "stackName": {roleStack}}
	for name, value := range t.Parameters() {
		query.Set("param_"+name, value)
	}
	// What follows the # is read by the console's own pages, which take + as it is.
	return "https://" + t.Region + ".console.aws.amazon.com/cloudformation/home?region=" + t.Region +
		"#/stacks/create/review?" + strings.ReplaceAll(query.Encode(), "+", "%20")
}

// account is the account of the roles, as a principal.
func (t AWSTrust) account() string {
	before, _, _ := strings.Cut(t.Roles, ":role/")
	return before + ":root"
}

// API returns what the API shows of the trust.
func (t AWSTrust) API() api.AWSTrust {
	return api.AWSTrust{
		PrincipalARN: t.Roles, ExternalID: t.ExternalID, TrustPolicy: t.Policy(),
		TemplateBody: RoleTemplate, TemplateParameters: t.Parameters(), QuickCreateURL: t.QuickCreateURL(),
	}
}
