package iam_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/tenonhq/tenon/infra/local/iam"
)

// The account and principals of the cases.
const (
	account   = "123456789012"
	stranger  = "210987654321"
	roleARN   = "arn:aws:iam::123456789012:role/tenon/dev/lease"
	session   = "arn:aws:sts::123456789012:assumed-role/lease/call"
	rootARN   = "arn:aws:iam::123456789012:root"
	queueARN  = "arn:aws:sqs:eu-west-1:123456789012:work"
	keyARN    = "arn:aws:kms:eu-west-1:123456789012:key/one"
	foreignQ  = "arn:aws:sqs:eu-west-1:210987654321:work"
	targetARN = "arn:aws:iam::123456789012:role/target"
)

func lease() iam.Principal { return iam.Principal{ARN: roleARN, Session: session, Account: account} }

// document parses a policy of one or more statements in JSON.
func document(t *testing.T, statements string) iam.Document {
	t.Helper()
	d, err := parse(`{"Version": "2012-10-17", "Statement": [` + statements + `]}`)
	if err != nil {
		t.Fatalf("parse %s: %v", statements, err)
	}
	return d
}

func parse(text string) (iam.Document, error) {
	var decoded any
	if err := json.Unmarshal([]byte(text), &decoded); err != nil {
		return iam.Document{}, err
	}
	return iam.Parse(decoded)
}

const (
	send      = `{"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "*"}`
	noSending = `{"Sid": "Never", "Effect": "Deny", "Action": "sqs:*", "Resource": "*"}`
	receive   = `{"Effect": "Allow", "Action": "sqs:ReceiveMessage", "Resource": "*"}`
	decrypt   = `{"Effect": "Allow", "Action": "kms:Decrypt", "Resource": "*"}`
	assume    = `{"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"}`
)

// to is a statement of a resource's policy.
func to(effect, action, principal string) string {
	return `{"Effect": "` + effect + `", "Action": "` + action + `", "Resource": "*", "Principal": ` + principal + `}`
}

func aws(principal string) string { return `{"AWS": "` + principal + `"}` }

// trusts is a trust policy, whose statements have no resource.
func trusts(principal string) string {
	return `{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": ` + principal + `}`
}

// TestEvaluate has one case for each rule of how policies combine.
func TestEvaluate(t *testing.T) {
	t.Parallel()
	service := iam.Principal{Service: "events.amazonaws.com"}
	root := iam.Principal{ARN: rootARN, Account: account}
	allows := `{"Effect": "Allow", "Action": "kms:*", "Resource": "*", "Principal": ` + aws(rootARN) + `}`
	for _, test := range []struct {
		name                        string
		identity, resource, session string
		key                         bool
		who                         iam.Principal
		action, on                  string
		want                        bool
	}{
		{"nothing allows", "", "", "", false, lease(), "sqs:SendMessage", queueARN, false},
		{"the identity allows", send, "", "", false, lease(), "sqs:SendMessage", queueARN, true},
		{"the identity allows another action", receive, "", "", false, lease(), "sqs:SendMessage", queueARN, false},
		{"deny beats allow", send + "," + noSending, "", "", false, lease(), "sqs:SendMessage", queueARN, false},
		{"deny of the resource beats the identity", send, to("Deny", "sqs:*", `"*"`), "", false, lease(), "sqs:SendMessage", queueARN, false},
		{"deny to the account is one to its roles", send, to("Deny", "sqs:*", aws(account)), "", false, lease(), "sqs:SendMessage", queueARN, false},
		{"deny to others", send, to("Deny", "sqs:*", aws(stranger)), "", false, lease(), "sqs:SendMessage", queueARN, true},
		{"deny of the session beats the resource", "", to("Allow", "sqs:*", aws(session)), noSending, false, lease(), "sqs:SendMessage", queueARN, false},

		{"the resource names the role", "", to("Allow", "sqs:*", aws(roleARN)), "", false, lease(), "sqs:SendMessage", queueARN, true},
		{"the resource names everybody", "", to("Allow", "sqs:*", `"*"`), "", false, lease(), "sqs:SendMessage", queueARN, true},
		{"the resource names the account only", "", to("Allow", "sqs:*", aws(account)), "", false, lease(), "sqs:SendMessage", queueARN, false},
		{"the resource names another role", "", to("Allow", "sqs:*", aws(targetARN)), "", false, lease(), "sqs:SendMessage", queueARN, false},
		{"the resource is silent and the identity allows", send, to("Allow", "sqs:*", aws(stranger)), "", false, lease(), "sqs:SendMessage", queueARN, true},
		{"the resource names the role and the account", "", to("Allow", "sqs:*", aws(roleARN)) + "," + to("Allow", "sqs:*", aws(account)), "", false, lease(), "sqs:SendMessage", queueARN, true},
		{"the root needs no policy", "", "", "", false, root, "sqs:SendMessage", queueARN, true},

		{"the resource names the service", "", to("Allow", "sqs:*", `{"Service": "events.amazonaws.com"}`), "", false, service, "sqs:SendMessage", queueARN, true},
		{"the resource names another service", "", to("Allow", "sqs:*", `{"Service": "sns.amazonaws.com"}`), "", false, service, "sqs:SendMessage", queueARN, false},
		{"a role is not a service", "", to("Allow", "sqs:*", `{"Service": "events.amazonaws.com"}`), "", false, lease(), "sqs:SendMessage", queueARN, false},
		{"a service has no policies of its own", send, to("Allow", "sqs:*", aws(account)), "", false, service, "sqs:SendMessage", queueARN, false},
		{"everybody is services too", "", to("Deny", "sqs:*", aws("*")) + "," + to("Allow", "sqs:*", `{"Service": "events.amazonaws.com"}`), "", false, service, "sqs:SendMessage", queueARN, false},

		{"a session policy limits the identity", send, "", receive, false, lease(), "sqs:SendMessage", queueARN, false},
		{"a session policy allows", send, "", send, false, lease(), "sqs:SendMessage", queueARN, true},
		{"a session policy alone gives nothing", "", "", send, false, lease(), "sqs:SendMessage", queueARN, false},
		{"a session policy limits what the role is given", "", to("Allow", "sqs:*", aws(roleARN)), receive, false, lease(), "sqs:SendMessage", queueARN, false},
		{"a session policy does not limit what the session is given", "", to("Allow", "sqs:*", aws(session)), receive, false, lease(), "sqs:SendMessage", queueARN, true},

		{"another account's resource needs both", send, to("Allow", "sqs:*", aws(roleARN)), "", false, lease(), "sqs:SendMessage", foreignQ, true},
		{"another account's resource does not suffice", "", to("Allow", "sqs:*", aws(roleARN)), "", false, lease(), "sqs:SendMessage", foreignQ, false},
		{"the identity does not suffice for another account", send, to("Allow", "sqs:*", aws(stranger)), "", false, lease(), "sqs:SendMessage", foreignQ, false},

		{"a key leaves it to the account", decrypt, allows, "", true, lease(), "kms:Decrypt", keyARN, true},
		{"a key leaves it to the account, which does not allow", "", allows, "", true, lease(), "kms:Decrypt", keyARN, false},
		{"a key names the role", "", to("Allow", "kms:Decrypt", aws(roleARN)), "", true, lease(), "kms:Decrypt", keyARN, true},
		{"a key is silent", decrypt, to("Allow", "kms:Decrypt", aws(stranger)), "", true, lease(), "kms:Decrypt", keyARN, false},
		{"a key without a policy", decrypt, "", "", true, lease(), "kms:Decrypt", keyARN, false},
		{"a key that does not know the root", "", to("Allow", "kms:Decrypt", aws(roleARN)), "", true, root, "kms:Decrypt", keyARN, false},

		{"trust of the role suffices", "", trusts(aws(roleARN)), "", false, lease(), "sts:AssumeRole", targetARN, true},
		{"trust of the account leaves it to the identity", assume, trusts(aws(rootARN)), "", false, lease(), "sts:AssumeRole", targetARN, true},
		{"trust of the account without the identity", "", trusts(aws(rootARN)), "", false, lease(), "sts:AssumeRole", targetARN, false},
		{"no role without its trust", assume, trusts(`{"Service": "lambda.amazonaws.com"}`), "", false, lease(), "sts:AssumeRole", targetARN, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			p := iam.Policies{Key: test.key, Identity: documents(t, test.identity), Session: documents(t, test.session)}
			for _, d := range documents(t, test.resource) {
				p.Resource = &d
			}
			got := iam.Evaluate(p, iam.Request{Principal: test.who, Action: test.action, Resource: test.on})
			if got.Allowed != test.want || got.Reason == "" {
				t.Errorf("got %+v, want %t", got, test.want)
			}
		})
	}
}

// documents is one document of the statements, none if there are none.
func documents(t *testing.T, statements string) []iam.Document {
	t.Helper()
	if statements == "" {
		return nil
	}
	return []iam.Document{document(t, statements)}
}

// TestEvaluateSaysWhy: a decision names the statement that made it.
func TestEvaluateSaysWhy(t *testing.T) {
	t.Parallel()
	named := document(t, receive+","+send)
	named.Name = "function"
	request := iam.Request{Principal: lease(), Action: "sqs:SendMessage", Resource: queueARN}
	for statement, identity := range map[string][]iam.Document{
		"Never":                          {document(t, send), document(t, noSending)},
		"identity policy 2, statement 1": {document(t, receive), document(t, send)},
		"function, statement 2":          {named},
		"":                               nil,
	} {
		got := iam.Evaluate(iam.Policies{Identity: identity}, request)
		if got.Statement != statement {
			t.Errorf("got %+v, want %q", got, statement)
		}
	}
}

// TestEvaluateKinds: a statement in the wrong kind of policy decides nothing
// and lets nothing pass.
func TestEvaluateKinds(t *testing.T) {
	t.Parallel()
	identity, resource := document(t, send), document(t, to("Allow", "sqs:*", `"*"`))
	request := iam.Request{Principal: lease(), Action: "sqs:SendMessage", Resource: queueARN}
	for _, p := range []iam.Policies{
		{Identity: []iam.Document{identity, resource}},
		{Identity: []iam.Document{identity}, Resource: &identity},
	} {
		if got := iam.Evaluate(p, request); got.Allowed || !strings.Contains(got.Reason, "principals") {
			t.Errorf("got %+v", got)
		}
	}
}
