package iam_test

import (
	"testing"

	"github.com/tenonhq/tenon/infra/local/iam"
)

// FuzzEvaluate: no document makes the evaluator panic, and what one document
// denies no other allows, wherever it stands.
func FuzzEvaluate(f *testing.F) {
	for _, statement := range []string{
		send, noSending, decrypt, trusts(aws(rootARN)), to("Deny", "sqs:*", `"*"`),
		`{"Effect": "Deny", "NotAction": "kms:*", "NotResource": "arn:aws:sqs:*:${aws:PrincipalAccount}:?", "Condition": {"ForAnyValue:StringNotLike": {"k": ["${aws:PrincipalTag/t, 'x'}*", "é"]}}}`,
		`{"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {"ArnLikeIfExists": {"k": "arn:*:?:*:${*}:*"}, "Null": {"k": false}, "NumericLessThan": {"k": 1e3}}}`,
	} {
		f.Add(`{"Version": "2012-10-17", "Statement": `+statement+`}`, "sqs:SendMessage", queueARN, "k", "value")
	}
	everything, err := parse(`{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}`)
	if err != nil {
		f.Fatal(err)
	}
	everybody, err := parse(`{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*", "Principal": "*"}}`)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text, action, resource, key, value string) {
		d, err := parse(text)
		if err != nil {
			return
		}
		r := iam.Request{Principal: lease(), Action: action, Resource: resource, Context: map[string][]string{key: {value}}}
		all := []iam.Document{everything}
		if iam.Evaluate(iam.Policies{Identity: []iam.Document{d}}, r).Reason == denied {
			notAllowed(t, iam.Policies{Identity: []iam.Document{everything, d}, Resource: &everybody, Session: all}, r)
			notAllowed(t, iam.Policies{Identity: all, Resource: &everybody, Session: []iam.Document{d, everything}}, r)
		}
		if iam.Evaluate(iam.Policies{Resource: &d, Key: true}, r).Reason == denied {
			notAllowed(t, iam.Policies{Identity: all, Resource: &d, Session: all}, r)
		}
	})
}

const denied = "explicit deny"

func notAllowed(t *testing.T, p iam.Policies, r iam.Request) {
	t.Helper()
	if got := iam.Evaluate(p, r); got.Allowed {
		t.Errorf("%+v is allowed: %+v", r, got)
	}
}
