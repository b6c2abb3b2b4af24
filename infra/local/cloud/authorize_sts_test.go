package cloud_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	ststypes "github.com/aws/aws-sdk-go-v2/service/sts/types"

	"github.com/tenonhq/tenon/infra/local/cloud"
	"github.com/tenonhq/tenon/infra/local/iam"
)

const scopedARN = "arn:aws:iam::123456789012:role/scoped"

// addScoped adds a role that reads the partitions of the tenant its session is
// tagged with, and that trusts the other one.
func addScoped(t *testing.T, c *cloud.Cloud) {
	t.Helper()
	trust := policy(t, statements(`{"Effect":"Allow","Action":["sts:AssumeRole","sts:TagSession"],"Principal":{"AWS":"`+account+`"},"Condition":{"ArnLike":{"aws:PrincipalArn":"`+roleARN+`"}}}`))
	own := policy(t, statements(permit("dynamodb:GetItem", connections, `{"ForAllValues:StringLike":{"dynamodb:LeadingKeys":"${aws:PrincipalTag/tenant}#*"}}`)))
	c.AddRole(cloud.Role{ARN: scopedARN, Trust: &trust, Policies: []iam.Document{own}})
}

func assume(t *testing.T, role string, tags ...string) func(aws.Config) error {
	return func(cfg aws.Config) error {
		_, err := session(t, cfg, role, nil, tags...)
		return err
	}
}

func session(t *testing.T, cfg aws.Config, role string, policy *string, tags ...string) (cloud.Credentials, error) {
	t.Helper()
	in := &sts.AssumeRoleInput{RoleArn: &role, RoleSessionName: aws.String("fn"), Policy: policy}
	for i := 0; i < len(tags); i += 2 {
		in.Tags = append(in.Tags, ststypes.Tag{Key: &tags[i], Value: &tags[i+1]})
	}
	out, err := sts.NewFromConfig(cfg).AssumeRole(t.Context(), in)
	if err != nil {
		return cloud.Credentials{}, err
	}
	return cloud.Credentials{AccessKeyID: *out.Credentials.AccessKeyId, SecretAccessKey: *out.Credentials.SecretAccessKey, SessionToken: *out.Credentials.SessionToken}, nil
}

func TestRolePermissions(t *testing.T) {
	t.Parallel()
	c, _ := newCloud()
	addScoped(t, c)
	closed := policy(t, statements(`{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"Service":"lambda.amazonaws.com"}}`))
	c.AddRole(cloud.Role{ARN: "arn:aws:iam::123456789012:role/closed", Trust: &closed})
	c.AddRole(cloud.Role{ARN: "arn:aws:iam::210987654321:role/abroad", ExternalID: "ours"})
	abroad := func(id *string) func(aws.Config) error {
		return func(cfg aws.Config) error {
			_, err := sts.NewFromConfig(cfg).AssumeRole(t.Context(), &sts.AssumeRoleInput{
				RoleArn: aws.String("arn:aws:iam::210987654321:role/abroad"), RoleSessionName: aws.String("fn"), ExternalId: id,
			})
			return err
		}
	}
	named := permit("sts:AssumeRole", "*", `{"Null":{"sts:ExternalId":"false"}}`)
	try(t, c, []attempt{
		{"allowed and trusted", []string{grant("sts:AssumeRole", scopedARN)}, "", assume(t, scopedARN)},
		{"trusted only", nil, "sts:AssumeRole", assume(t, scopedARN)},
		{"allowed only", []string{grant("sts:*", "*")}, "sts:AssumeRole", assume(t, "arn:aws:iam::123456789012:role/closed")},
		{"tagged without permission", []string{grant("sts:AssumeRole", scopedARN)}, "sts:TagSession", assume(t, scopedARN, "tenant", "acme")},
		{"tagged", []string{grant("sts:AssumeRole", scopedARN), grant("sts:TagSession", scopedARN)}, "", assume(t, scopedARN, "tenant", "acme")},
		{"another account, with its external id", []string{named}, "", abroad(aws.String("ours"))},
		{"another account, for nobody", []string{named}, "sts:AssumeRole", abroad(nil)},
		{"who am I", nil, "", func(cfg aws.Config) error {
			_, err := sts.NewFromConfig(cfg).GetCallerIdentity(t.Context(), &sts.GetCallerIdentityInput{})
			return err
		}},
	})
}

// TestSessionsOfATenant: what a session may reach is decided by its tags and
// ends with it.
func TestSessionsOfATenant(t *testing.T) {
	t.Parallel()
	c, at := newCloud()
	createTable(t, c, "connections")
	addScoped(t, c)
	get := func(s cloud.Credentials, pk string) error {
		_, err := dynamodb.NewFromConfig(asSession(c, s)).GetItem(t.Context(), &dynamodb.GetItemInput{
			TableName: aws.String("connections"), Key: map[string]types.AttributeValue{"pk": text(pk)},
		})
		return err
	}
	fn := as(t, c, grant("sts:*", scopedARN))
	acme, err := session(t, fn, scopedARN, nil, "tenant", "acme")
	check(t, err)
	untagged, err := session(t, fn, scopedARN, nil)
	check(t, err)
	limited, err := session(t, fn, scopedARN, aws.String(statements(grant("dynamodb:Query", "*"))), "tenant", "acme")
	check(t, err)
	check(t, get(acme, "acme#1"))
	wantCode(t, get(acme, "umbrella#1"), "AccessDeniedException")
	wantCode(t, get(untagged, "acme#1"), "AccessDeniedException")
	wantCode(t, get(limited, "acme#1"), "AccessDeniedException")

	forged := acme
	forged.SecretAccessKey = "another"
	wantCode(t, get(forged, "acme#1"), "InvalidSignatureException")
	wantCode(t, get(cloud.Credentials{AccessKeyID: "ASIA0123456789ABCDEF", SecretAccessKey: "s", SessionToken: "t"}, "acme#1"), "UnrecognizedClientException")
	at.Advance(time.Hour)
	wantCode(t, get(acme, "acme#1"), "ExpiredTokenException")

	journal := c.Journal()
	last := journal[len(journal)-5]
	if last.Role != scopedARN || last.Denied == "" || last.Resource != "connections" {
		t.Errorf("the journal has %+v", last)
	}
}

// TestTagsOfRoles: a role's tags are its sessions', unless these have others.
func TestTagsOfRoles(t *testing.T) {
	t.Parallel()
	c, _ := newCloud()
	trust := policy(t, statements(`{"Effect":"Allow","Action":"sts:*","Principal":{"AWS":"`+account+`"}}`))
	own := policy(t, statements(permit("sqs:GetQueueUrl", "*", `{"StringEquals":{"aws:PrincipalTag/tenant":"acme"}}`)))
	c.AddRole(cloud.Role{ARN: scopedARN, Trust: &trust, Policies: []iam.Document{own}, Tags: map[string]string{"tenant": "acme"}})
	createQueue(t, c, "inbox")
	fn := as(t, c, grant("sts:*", "*"))
	for _, each := range []struct {
		tags []string
		want string
	}{{nil, ""}, {[]string{"tenant", "umbrella"}, "AccessDeniedException"}} {
		of, err := session(t, fn, scopedARN, nil, each.tags...)
		check(t, err)
		_, err = sqs.NewFromConfig(asSession(c, of)).GetQueueUrl(t.Context(), &sqs.GetQueueUrlInput{QueueName: aws.String("inbox")})
		if each.want == "" {
			check(t, err)
			continue
		}
		wantCode(t, err, each.want)
	}
}

// TestUses: what a role was allowed can be compared with what it is granted.
func TestUses(t *testing.T) {
	t.Parallel()
	c, _ := newCloud()
	addScoped(t, c)
	check(t, assume(t, scopedARN)(as(t, c, grant("sts:AssumeRole", scopedARN))))
	if got := c.Uses(); len(got) != 1 || got[0] != (cloud.Use{Role: roleARN, Action: "sts:AssumeRole"}) {
		t.Errorf("uses: %+v", got)
	}
}
