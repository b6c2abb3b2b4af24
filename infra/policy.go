package infra

import "github.com/aws/aws-cdk-go/awscdk/v2"

// condition is the Condition element of a statement: operator, key, value.
type condition map[string]map[string]any

// allow returns a statement of an identity policy. The empty condition stands
// for none.
func allow(actions, resources []string, when condition) map[string]any {
	s := map[string]any{"Effect": "Allow", "Action": actions, "Resource": resources}
	if len(when) > 0 {
		s["Condition"] = when
	}
	return s
}

// deny returns a statement that no other statement overrules.
func deny(actions, resources []string) map[string]any {
	return map[string]any{"Effect": "Deny", "Action": actions, "Resource": resources}
}

// denyWhen is deny under a condition.
func denyWhen(actions, resources []string, when condition) map[string]any {
	s := deny(actions, resources)
	s["Condition"] = when
	return s
}

// policy returns a policy document.
func policy(statements ...map[string]any) map[string]any {
	return map[string]any{"Version": "2012-10-17", "Statement": statements}
}

// assumedBy is the trust policy of a role one AWS service uses on behalf of
// this account.
func assumedBy(service string, when condition) map[string]any {
	s := map[string]any{
		"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": map[string]any{"Service": service},
	}
	if len(when) > 0 {
		s["Condition"] = when
	}
	return policy(s)
}

// logsEncrypt lets CloudWatch Logs encrypt the log groups of the stage.
func logsEncrypt(p Props) map[string]any {
	s := allow([]string{
		"kms:Encrypt", "kms:Decrypt", "kms:ReEncryptFrom", "kms:ReEncryptTo",
		"kms:GenerateDataKey", "kms:GenerateDataKeyWithoutPlaintext", "kms:DescribeKey",
	}, []string{"*"}, condition{"ArnLike": {
		"kms:EncryptionContext:aws:logs:arn": []string{
			arn("logs", "log-group:"+logGroupPrefix+p.name("*")),
			arn("logs", "log-group:"+accessLogPrefix+p.name("*")),
		},
	}})
	s["Principal"] = map[string]any{"Service": "logs." + *awscdk.Aws_REGION() + ".amazonaws.com"}
	return s
}

// tlsOnly denies every use of a queue over plain HTTP.
func tlsOnly(queue string) map[string]any {
	return map[string]any{
		"Effect": "Deny", "Action": "sqs:*", "Resource": queue, "Principal": map[string]any{"AWS": "*"},
		"Condition": condition{"Bool": {"aws:SecureTransport": "false"}},
	}
}

// sentByRule lets one rule of the bus send to a queue.
func sentByRule(queue, rule string) map[string]any {
	return map[string]any{
		"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": queue, "Principal": map[string]any{"Service": "events.amazonaws.com"},
		"Condition": condition{"ArnEquals": {"aws:SourceArn": rule}},
	}
}

// accountPuts says of the bus that events are put by this account, whose roles need
// a permission of their own besides; no other account puts any.
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html
func accountPuts(p Props) map[string]any {
	s := allow([]string{"events:PutEvents"}, []string{arn("events", "event-bus/tenon-"+p.Stage)}, nil)
	s["Principal"] = map[string]any{"AWS": "arn:" + *awscdk.Aws_PARTITION() + ":iam::" + *awscdk.Aws_ACCOUNT_ID() + ":root"}
	return s
}
