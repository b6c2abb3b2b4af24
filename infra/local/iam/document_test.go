package iam_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/tenonhq/tenon/infra/local/iam"
)

// TestParseRefuses: whatever the evaluator does not know is an error.
func TestParseRefuses(t *testing.T) {
	t.Parallel()
	with := func(elements string) string {
		return `{"Statement": {"Effect": "Allow", ` + elements + `}}`
	}
	all := `"Action": "*", "Resource": "*", `
	for _, text := range []string{
		`"text"`, `{}`, `{"Statement": []}`, `{"Statement": [1]}`, `{"Statement": {}}`,
		`{"Version": "2020-01-01", "Statement": ` + send + `}`,
		`{"Other": 1, "Statement": ` + send + `}`,
		`{"Statement": {"Effect": "allow", "Action": "*", "Resource": "*"}}`,
		with(all + `"Other": 1`), with(all + `"Sid": 1`), with(all + `"NotPrincipal": "*"`),
		with(`"Resource": "*"`), with(`"Action": "*"`), with(`"Action": [], "Resource": "*"`), with(`"Action": "*", "Resource": []`),
		with(`"Action": "*", "NotAction": "*", "Resource": "*"`), with(`"Action": "*", "Resource": "*", "NotResource": "*"`),
		with(`"Action": "SendMessage", "Resource": "*"`), with(`"Action": {"a": 1}, "Resource": "*"`), with(`"Action": "*", "Resource": "table/x"`),
		with(all + `"Principal": {}`), with(all + `"Principal": "me"`), with(all + `"Principal": {"Federated": "x"}`),
		with(all + `"Principal": {"AWS": "AROAEXAMPLE"}`), with(all + `"Principal": {"AWS": "arn:aws:iam::123456789012:role/*"}`),
		with(all + `"Condition": []`), with(all + `"Condition": {"StringEquals": "a"}`), with(all + `"Condition": {"StringEquals": {"k": {}}}`),
		with(all + `"Condition": {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}`), with(all + `"Condition": {"stringequals": {"k": "v"}}`),
		with(all + `"Condition": {"NumericNotLessThan": {"k": 1}}`), with(all + `"Condition": {"BoolNotEquals": {"k": true}}`),
		with(all + `"Condition": {"ForSome:StringEquals": {"k": "v"}}`), with(all + `"Condition": {"NullIfExists": {"k": "true"}}`),
		with(all + `"Condition": {"Bool": {"k": "yes"}}`), with(all + `"Condition": {"Null": {"k": "yes"}}`),
		with(all + `"Condition": {"NumericEquals": {"k": "many"}}`), with(all + `"Condition": {"DateEquals": {"k": "today"}}`),
		with(all + `"Condition": {"ArnLike": {"k": "*"}}`),
		`{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "arn:${aws:username"}}`,
		`{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "arn:${}"}}`,
		`{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "arn:${k, default}"}}`,
	} {
		if _, err := parse(text); err == nil {
			t.Errorf("%s parses", text)
		}
	}
}

// TestParseNumbers: numbers keep their digits, however they were decoded.
func TestParseNumbers(t *testing.T) {
	t.Parallel()
	decoder := json.NewDecoder(strings.NewReader(`{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"StringEquals": {"k": 1209600}}}}`))
	decoder.UseNumber()
	var decoded any
	if err := decoder.Decode(&decoded); err != nil {
		t.Fatal(err)
	}
	d, err := iam.Parse(decoded)
	if err != nil {
		t.Fatal(err)
	}
	request := iam.Request{Principal: lease(), Action: "sqs:SendMessage", Resource: queueARN, Context: map[string][]string{"k": {"1209600"}}}
	if got := iam.Evaluate(iam.Policies{Identity: []iam.Document{d}}, request); !got.Allowed {
		t.Errorf("got %+v", got)
	}
}
