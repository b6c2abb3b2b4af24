package iam_test

import (
	"testing"

	"github.com/tenonhq/tenon/infra/local/iam"
)

// TestConditions has each operator with a value that fits, one that does not,
// and none. A request without the key has nil.
func TestConditions(t *testing.T) {
	t.Parallel()
	const rule = "arn:aws:events:eu-west-1:123456789012:rule/bus/x"
	for _, test := range []struct {
		operator, values string
		request          []string
		want             bool
	}{
		{"StringEquals", `"a"`, []string{"a"}, true},
		{"StringEquals", `["b", "a"]`, []string{"a"}, true},
		{"StringEquals", `"a"`, []string{"A"}, false},
		{"StringEquals", `"*"`, []string{"a"}, false},
		{"StringEquals", `"a"`, nil, false},
		{"StringEquals", `"a"`, []string{}, false},
		{"StringEquals", `"a"`, []string{"a", "a"}, false},
		{"StringEquals", `30`, []string{"30"}, true},
		{"StringEqualsIfExists", `"a"`, nil, true},
		{"StringEqualsIfExists", `"a"`, []string{"b"}, false},
		{"StringNotEquals", `["a", "b"]`, []string{"b"}, false},
		{"StringNotEquals", `["a", "b"]`, []string{"c"}, true},
		{"StringNotEquals", `"a"`, nil, true},
		{"StringEqualsIgnoreCase", `"Ab"`, []string{"aB"}, true},
		{"StringNotEqualsIgnoreCase", `"Ab"`, []string{"aB"}, false},
		{"StringLike", `"a*c?"`, []string{"abbcd"}, true},
		{"StringLike", `"a*c?"`, []string{"abbc"}, false},
		{"StringLike", `"*#audit"`, []string{"T#1#audit"}, true},
		{"StringLike", `"*#audit"`, []string{"T#1#audit-head"}, false},
		{"StringLike", `"*:*:*"`, []string{"a:b:c:d"}, true},
		{"StringNotLike", `"a*"`, []string{"abc"}, false},
		{"StringNotLike", `"a*"`, nil, true},

		{"ArnEquals", `"arn:aws:events:*:123456789012:rule/*"`, []string{rule}, true},
		{"ArnLike", `"arn:aws:events:*:123456789012:rule/*"`, []string{rule}, true},
		{"ArnLike", `"arn:aws:events:*:210987654321:rule/*"`, []string{rule}, false},
		{"ArnLike", `"arn:aws:events:eu*:123456789012:rule/*"`, []string{"arn:aws:events:eu:x:123456789012:rule/y"}, false},
		{"ArnNotLike", `"arn:aws:events:*:210987654321:rule/*"`, []string{rule}, true},
		{"ArnNotEquals", `"arn:aws:events:*:123456789012:rule/*"`, []string{rule}, false},
		{"ArnNotEquals", `"arn:aws:events:*:123456789012:rule/*"`, nil, true},

		{"Bool", `"false"`, []string{"false"}, true},
		{"Bool", `false`, []string{"False"}, true},
		{"Bool", `"false"`, []string{"true"}, false},
		{"Bool", `"false"`, nil, false},
		{"BoolIfExists", `"false"`, nil, true},

		{"Null", `"true"`, nil, true},
		{"Null", `"true"`, []string{"a"}, false},
		{"Null", `"false"`, []string{"a"}, true},
		{"Null", `"false"`, nil, false},

		{"NumericEquals", `30`, []string{"30.0"}, true},
		{"NumericNotEquals", `30`, []string{"30"}, false},
		{"NumericNotEquals", `30`, nil, true},
		{"NumericLessThan", `30`, []string{"30"}, false},
		{"NumericLessThanEquals", `30`, []string{"30"}, true},
		{"NumericGreaterThan", `"30"`, []string{"31"}, true},
		{"NumericGreaterThanEquals", `30`, []string{"9"}, false},
		{"NumericGreaterThanEquals", `30`, []string{"many"}, false},
		{"NumericGreaterThanEquals", `30`, nil, false},
		{"DateLessThan", `"2026-01-02T00:00:00Z"`, []string{"2026-01-01T23:59:59Z"}, true},
		{"DateGreaterThan", `"2026-01-02T00:00:00Z"`, []string{"1767225599"}, false},

		{"ForAllValues:StringEquals", `["a", "b"]`, []string{"b", "a"}, true},
		{"ForAllValues:StringEquals", `["a", "b"]`, []string{"a", "c"}, false},
		{"ForAllValues:StringEquals", `"a"`, nil, true},
		{"ForAllValues:StringEquals", `"a"`, []string{""}, true},
		{"ForAllValues:StringNotEquals", `"a"`, []string{"b", "a"}, false},
		{"ForAnyValue:StringEquals", `["a", "b"]`, []string{"c", "b"}, true},
		{"ForAnyValue:StringEquals", `"a"`, []string{"c", "d"}, false},
		{"ForAnyValue:StringEquals", `"a"`, nil, false},
		{"ForAnyValue:StringNotEquals", `"a"`, []string{"a", "b"}, true},
		{"ForAnyValue:StringNotEquals", `"a"`, nil, false},
		{"ForAnyValue:StringEqualsIfExists", `"a"`, nil, false},

		{"StringEquals", `"${aws:PrincipalTag/tenant}"`, []string{"one"}, true},
		{"StringLike", `"${aws:PrincipalTag/tenant}#*"`, []string{"two#x"}, false},
		{"StringEquals", `"${aws:PrincipalTag/none}"`, []string{"one"}, false},
		{"StringEquals", `["${aws:PrincipalTag/none}", "one"]`, []string{"one"}, true},
		{"StringNotEquals", `"${aws:PrincipalTag/none}"`, []string{"one"}, true},
		{"ForAnyValue:StringEquals", `"${some:key}"`, []string{"a"}, true},
		{"ForAnyValue:StringEquals", `"${some:key}"`, []string{"a", "b"}, false},
		{"StringEqualsIgnoreCase", `"ONE"`, []string{"one"}, true},
		{"ArnLike", `"${aws:PrincipalArn}"`, []string{roleARN}, true},
	} {
		t.Run(test.operator+" "+test.values, func(t *testing.T) {
			t.Parallel()
			d := document(t, `{"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"`+test.operator+`": {"Some:Key": `+test.values+`}}}`)
			request := iam.Request{Principal: lease(), Action: "sqs:SendMessage", Resource: queueARN}
			request.Principal.Tags = map[string]string{"tenant": "one"}
			if test.request != nil {
				request.Context = map[string][]string{"some:kEY": test.request}
			}
			if got := iam.Evaluate(iam.Policies{Identity: []iam.Document{d}}, request); got.Allowed != test.want {
				t.Errorf("with %q: got %+v, want %t", test.request, got, test.want)
			}
		})
	}
}

// TestPrincipalKeys: what is known of the principal is in every request, and
// nobody else says it.
func TestPrincipalKeys(t *testing.T) {
	t.Parallel()
	who := lease()
	who.Tags = map[string]string{"tenant": "one"}
	service := iam.Principal{Service: "events.amazonaws.com"}
	for _, test := range []struct {
		key, value string
		who        iam.Principal
		want       bool
	}{
		{"aws:PrincipalArn", roleARN, who, true},
		{"aws:PrincipalAccount", account, who, true},
		{"aws:PrincipalTag/Tenant", "one", who, true},
		{"aws:PrincipalIsAWSService", "false", who, true},
		{"aws:PrincipalServiceName", "events.amazonaws.com", service, true},
		{"aws:PrincipalArn", "forged", who, false},
		{"aws:PrincipalAccount", "forged", service, false},
		{"aws:PrincipalTag/other", "forged", who, false},
		{"aws:PrincipalServiceName", "forged", who, false},
		{"aws:SourceAccount", "forged", service, true},
	} {
		d := document(t, `{"Effect": "Allow", "Action": "*", "Resource": "*", "Principal": "*", "Condition": {"StringEquals": {"`+test.key+`": "`+test.value+`"}}}`)
		got := iam.Evaluate(iam.Policies{Resource: &d}, iam.Request{
			Principal: test.who, Action: "sqs:SendMessage", Resource: queueARN, Context: map[string][]string{test.key: {"forged"}},
		})
		if got.Allowed != test.want {
			t.Errorf("%s %s: got %+v, want %t", test.key, test.value, got, test.want)
		}
	}
}

// TestUnclearConditions: several values under an operator for one let nothing
// pass, unless another condition rules the statement out.
func TestUnclearConditions(t *testing.T) {
	t.Parallel()
	denying := func(conditions string) iam.Document {
		return document(t, send+`,{"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {"StringEquals": {`+conditions+`}}}`)
	}
	request := iam.Request{
		Principal: lease(), Action: "sqs:SendMessage", Resource: queueARN, Context: map[string][]string{"many": {"a", "b"}, "one": {"a"}},
	}
	for conditions, want := range map[string]bool{`"many": "c"`: false, `"many": "c", "one": "a"`: false, `"many": "c", "one": "b"`: true} {
		got := iam.Evaluate(iam.Policies{Identity: []iam.Document{denying(conditions)}}, request)
		if got.Allowed != want {
			t.Errorf("%s: got %+v, want %t", conditions, got, want)
		}
	}
}
