package iam_test

import (
	"testing"

	"github.com/tenonhq/tenon/infra/local/iam"
)

// TestMatching: which actions and resources a statement is about.
func TestMatching(t *testing.T) {
	t.Parallel()
	const table = "arn:aws:dynamodb:eu-west-1:123456789012:table/Tenon"
	for _, test := range []struct {
		name, elements, action, resource string
		want                             bool
	}{
		{"an action", `"Action": "sqs:SendMessage", "Resource": "*"`, "sqs:SendMessage", queueARN, true},
		{"in any case", `"Action": "SQS:sendmessage", "Resource": "*"`, "sqs:SendMessage", queueARN, true},
		{"of a list", `"Action": ["sqs:GetQueueUrl", "sqs:SendMessage"], "Resource": "*"`, "sqs:SendMessage", queueARN, true},
		{"every", `"Action": "*", "Resource": "*"`, "sqs:SendMessage", queueARN, true},
		{"with *", `"Action": "sqs:*Message", "Resource": "*"`, "sqs:SendMessage", queueARN, true},
		{"with * and a longer name", `"Action": "sqs:*Message", "Resource": "*"`, "sqs:SendMessageBatch", queueARN, false},
		{"with ?", `"Action": "kms:?ncrypt", "Resource": "*"`, "kms:Encrypt", keyARN, true},
		{"? is not two", `"Action": "kms:?crypt", "Resource": "*"`, "kms:Encrypt", keyARN, false},
		{"of another service", `"Action": "kms:*", "Resource": "*"`, "sqs:SendMessage", queueARN, false},
		{"another than", `"NotAction": "sqs:SendMessage", "Resource": "*"`, "sqs:ReceiveMessage", queueARN, true},
		{"not another than", `"NotAction": "sqs:SendMessage", "Resource": "*"`, "sqs:SendMessage", queueARN, false},

		{"a resource", `"Action": "*", "Resource": "` + table + `"`, "dynamodb:GetItem", table, true},
		{"in that case only", `"Action": "*", "Resource": "` + table + `"`, "dynamodb:GetItem", "arn:aws:dynamodb:eu-west-1:123456789012:table/tenon", false},
		{"not what is below it", `"Action": "*", "Resource": "` + table + `"`, "dynamodb:Query", table + "/index/due", false},
		{"* crosses slashes", `"Action": "*", "Resource": "arn:aws:dynamodb:*:123456789012:table/*"`, "dynamodb:Query", table + "/index/due", true},
		{"* stays in its segment", `"Action": "*", "Resource": "arn:aws:dynamodb:eu*1:123456789012:table/*"`, "dynamodb:Query", "arn:aws:dynamodb:eu:1:123456789012:table/x", false},
		{"* at a segment's end does not", `"Action": "*", "Resource": "arn:aws:dynamodb:eu*:123456789012:table/*"`, "dynamodb:Query", "arn:aws:dynamodb:eu:1:123456789012:table/x", true},
		{"? stays in its segment", `"Action": "*", "Resource": "arn:aws:dynamodb:eu?1:123456789012:table/*"`, "dynamodb:Query", "arn:aws:dynamodb:eu:1:123456789012:table/x", false},
		{"* crosses colons in the last", `"Action": "*", "Resource": "arn:aws:logs:eu-west-1:123456789012:log-group:/aws/*x"`, "logs:PutLogEvents", "arn:aws:logs:eu-west-1:123456789012:log-group:/aws/a:b:x", true},
		{"an action without resources needs *", `"Action": "*", "Resource": "arn:aws:kms:*:*:key/*"`, "kms:CreateKey", "*", false},
		{"other resources than", `"Action": "*", "NotResource": "` + table + `"`, "dynamodb:GetItem", table + "2", true},
		{"not other resources than", `"Action": "*", "NotResource": "` + table + `"`, "dynamodb:GetItem", table, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			d := document(t, `{"Effect": "Allow", `+test.elements+`}`)
			got := iam.Evaluate(iam.Policies{Identity: []iam.Document{d}}, iam.Request{
				Principal: lease(), Action: test.action, Resource: test.resource,
			})
			if got.Allowed != test.want {
				t.Errorf("got %+v, want %t", got, test.want)
			}
		})
	}
}

// TestVariables: what stands for the request's own values.
func TestVariables(t *testing.T) {
	t.Parallel()
	const secret = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:"
	tagged := func(tags map[string]string) iam.Principal {
		return iam.Principal{ARN: roleARN, Account: account, Tags: tags}
	}
	one := tagged(map[string]string{"Tenant": "one"})
	for _, test := range []struct {
		name, version, pattern string
		who                    iam.Principal
		resource               string
		want                   bool
	}{
		{"a tag", "2012-10-17", secret + "${aws:PrincipalTag/tenant}/*", one, secret + "one/x", true},
		{"another's", "2012-10-17", secret + "${aws:PrincipalTag/tenant}/*", one, secret + "two/x", false},
		{"no tag matches nothing", "2012-10-17", secret + "${aws:PrincipalTag/tenant}*", tagged(nil), secret + "one/x", false},
		{"wildcards in a value are text", "2012-10-17", secret + "${aws:PrincipalTag/tenant}/x", tagged(map[string]string{"tenant": "*"}), secret + "one/x", false},
		{"a default", "2012-10-17", secret + "${aws:PrincipalTag/tenant, 'none'}/x", tagged(nil), secret + "none/x", true},
		{"a default is not for those who have one", "2012-10-17", secret + "${aws:PrincipalTag/tenant, 'none'}/x", one, secret + "none/x", false},
		{"a literal *", "2012-10-17", secret + "a${*}b", one, secret + "a*b", true},
		{"which is no wildcard", "2012-10-17", secret + "a${*}b", one, secret + "axb", false},
		{"a literal $", "2012-10-17", secret + "a${$}b", one, secret + "a$b", true},
		{"a user's name, which a role has not", "2012-10-17", secret + "${aws:username}", one, secret, false},
		{"the older language has none", "2008-10-17", secret + "${aws:PrincipalTag/tenant}", one, secret + "one", false},
		{"but the text", "2008-10-17", secret + "${aws:PrincipalTag/tenant}", one, secret + "${aws:PrincipalTag/tenant}", true},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			d, err := parse(`{"Version": "` + test.version + `", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "` + test.pattern + `"}}`)
			if err != nil {
				t.Fatal(err)
			}
			got := iam.Evaluate(iam.Policies{Identity: []iam.Document{d}}, iam.Request{
				Principal: test.who, Action: "secretsmanager:GetSecretValue", Resource: test.resource,
			})
			if got.Allowed != test.want {
				t.Errorf("got %+v, want %t", got, test.want)
			}
		})
	}
}
