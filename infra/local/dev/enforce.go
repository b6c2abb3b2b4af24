package dev

import (
	"fmt"

	"github.com/tenonhq/tenon/infra/local/cloud"
	"github.com/tenonhq/tenon/infra/local/iam"
	"github.com/tenonhq/tenon/infra/local/template"
)

// Enforce registers the roles of the templates and returns, by the functions'
// short names, the variables with which each acts as its own role, the way
// Lambda gives a function the credentials of its role.
// https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html
func Enforce(c *cloud.Cloud, manifest template.Manifest) (map[string]map[string]string, error) {
	for _, r := range manifest.Roles {
		registered, err := roleOf(r)
		if err != nil {
			return nil, fmt.Errorf("role %s: %w", r.ARN, err)
		}
		c.AddRole(registered)
	}
	variables := map[string]map[string]string{}
	for _, f := range manifest.Functions {
		if f.RoleARN == "" {
			continue
		}
		session, err := c.Session(f.RoleARN, f.Name)
		if err != nil {
			return nil, fmt.Errorf("function %s: %w", f.Name, err)
		}
		variables[f.Name] = map[string]string{
			"AWS_ACCESS_KEY_ID": session.AccessKeyID, "AWS_SECRET_ACCESS_KEY": session.SecretAccessKey, "AWS_SESSION_TOKEN": session.SessionToken,
		}
	}
	return variables, nil
}

func roleOf(r template.Role) (cloud.Role, error) {
	out := cloud.Role{ARN: r.ARN, Tags: r.Tags}
	trust, err := iam.Parse(r.Trust)
	if err != nil {
		return out, fmt.Errorf("trust policy: %w", err)
	}
	trust.Name, out.Trust = "trust policy", &trust
	for _, p := range r.Policies {
		document, err := iam.Parse(p.Document)
		if err != nil {
			return out, fmt.Errorf("policy %s: %w", p.Name, err)
		}
		document.Name = p.Name
		out.Policies = append(out.Policies, document)
	}
	return out, nil
}

// tellDenied writes each call that a role was refused, so that a developer sees
// which permission is missing, or which call is too much.
func (b *awsBackend) tellDenied() {
	b.cloud.Denied = func(d cloud.Denial) {
		_, _ = fmt.Fprintf(b.out, "aws: denied %s: %s on %s, in %s: %s\n", d.Role, d.Action, d.Resource, d.Operation, d.Reason)
	}
}
