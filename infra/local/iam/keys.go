package iam

import "strings"

// keys are the condition keys of a request, in lower case, which is how IAM
// compares them.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
type keys map[string][]string

// Of the principal, and nothing the context says about them counts.
const (
	principalARN     = "aws:principalarn"
	principalAccount = "aws:principalaccount"
	principalService = "aws:principalservicename"
	principalIsAWS   = "aws:principalisawsservice"
	principalTag     = "aws:principaltag/"
)

func keysOf(r Request) keys {
	k := keys{}
	for key, values := range r.Context {
		key = strings.ToLower(key)
		switch key {
		case principalARN, principalAccount, principalService, principalIsAWS:
			continue
		}
		if !strings.HasPrefix(key, principalTag) {
			k[key] = append(k[key], values...)
		}
	}
	p := r.Principal
	if p.Service != "" {
		k[principalService], k[principalIsAWS] = []string{p.Service}, []string{"true"}
		return k
	}
	k[principalARN], k[principalAccount], k[principalIsAWS] = []string{p.ARN}, []string{p.Account}, []string{"false"}
	for tag, value := range p.Tags {
		key := principalTag + strings.ToLower(tag)
		k[key] = append(k[key], value)
	}
	return k
}

// single returns the value of a key that has exactly one.
func (k keys) single(key string) (string, bool) {
	values := k[strings.ToLower(key)]
	if len(values) != 1 {
		return "", false
	}
	return values[0], true
}
