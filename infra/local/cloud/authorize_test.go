package cloud_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/smithy-go"

	"github.com/tenonhq/tenon/infra/local/cloud"
	"github.com/tenonhq/tenon/infra/local/iam"
)

const (
	account  = "arn:aws:iam::123456789012:root"
	roleARN  = "arn:aws:iam::123456789012:role/tenon/reader"
	region   = "eu-west-1:123456789012:"
	whoReads = "arn:aws:sts::123456789012:assumed-role/reader/fn"
)

func policy(t *testing.T, text string) iam.Document {
	t.Helper()
	var document any
	check(t, json.Unmarshal([]byte(text), &document))
	parsed, err := iam.Parse(document)
	check(t, err)
	return parsed
}

// statements make a policy document.
func statements(each ...string) string {
	return `{"Version":"2012-10-17","Statement":[` + strings.Join(each, ",") + `]}`
}

// grant is a statement without a condition; permit is one with.
func grant(action, resource string) string { return permit(action, resource, `{}`) }

func permit(action, resource, condition string) string {
	return `{"Effect":"Allow","Action":"` + action + `","Resource":"` + resource + `","Condition":` + condition + `}`
}

// as returns a configuration of a function with a role of these statements.
func as(t *testing.T, c *cloud.Cloud, each ...string) aws.Config {
	t.Helper()
	role := cloud.Role{ARN: roleARN}
	if len(each) > 0 {
		role.Policies = []iam.Document{policy(t, statements(each...))}
	}
	c.AddRole(role)
	session, err := c.Session(roleARN, "fn")
	check(t, err)
	return asSession(c, session)
}

func asSession(c *cloud.Cloud, s cloud.Credentials) aws.Config {
	cfg := configOf(c)
	cfg.Credentials = credentials.NewStaticCredentialsProvider(s.AccessKeyID, s.SecretAccessKey, s.SessionToken)
	return cfg
}

// attempt is one call as a role with some statements; want is a part of the
// refusal, or empty for a call that is let through.
type attempt struct {
	name    string
	allowed []string
	want    string
	call    func(aws.Config) error
}

func try(t *testing.T, c *cloud.Cloud, attempts []attempt) {
	t.Helper()
	for _, a := range attempts {
		err := a.call(as(t, c, a.allowed...))
		failure, _ := errors.AsType[smithy.APIError](err)
		switch {
		case a.want == "" && err != nil:
			t.Errorf("%s: %v", a.name, err)
		case a.want != "" && (failure == nil || !strings.HasPrefix(failure.ErrorCode(), "AccessDenied") || !strings.Contains(failure.ErrorMessage(), a.want)):
			t.Errorf("%s: got %v, want a refusal with %q", a.name, err, a.want)
		}
	}
}
