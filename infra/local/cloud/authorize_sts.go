package cloud

import (
	"encoding/json"
	"slices"
	"strconv"

	"github.com/tenonhq/tenon/infra/local/iam"
)

// needPermissions registers the permissions of AWS STS. A role of our account
// also has to trust the caller; those of others decide by their external id.
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecuritytokenservice.html
func (s *identityStore) needPermissions() {
	none := func(*stsRequest) ([]access, error) { return nil, nil }
	need(s.cloud, stsAPI.name+".GetCallerIdentity", none)
	need(s.cloud, stsAPI.name+".AssumeRole", func(in *stsRequest) ([]access, error) {
		arn := in.form.Get("RoleArn")
		context := with(requestTags(in.tags()), given("sts:ExternalId", in.form.Get("ExternalId")), given("sts:RoleSessionName", in.form.Get("RoleSessionName")))
		a := access{action: "sts:AssumeRole", resource: arn, context: context}
		if accountOf(arn) == s.cloud.Account {
			a.policy, a.guarded = s.role(arn).Trust, true
		}
		tagged := a
		tagged.action = "sts:TagSession"
		if len(in.tags()) == 0 {
			return []access{a}, nil
		}
		return []access{a, tagged}, nil
	})
}

// tags are the session tags of an AssumeRole.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html
func (r *stsRequest) tags() map[string]string {
	out := map[string]string{}
	for i := 1; ; i++ {
		prefix := "Tags.member." + strconv.Itoa(i) + "."
		if !r.form.Has(prefix + "Key") {
			return out
		}
		out[r.form.Get(prefix+"Key")] = r.form.Get(prefix + "Value")
	}
}

// policies are the session policies of an AssumeRole: one in the request.
func (r *stsRequest) policies() ([]iam.Document, error) {
	if r.form.Has("PolicyArns.member.1.arn") {
		return nil, errorf("ValidationError", "Managed policies are not served.")
	}
	text := r.form.Get("Policy")
	if text == "" {
		return nil, nil
	}
	var document any
	err := json.Unmarshal([]byte(text), &document)
	if err != nil {
		return nil, errorf("MalformedPolicyDocument", "The session policy is not a JSON document.")
	}
	policy, err := iam.Parse(document)
	if err != nil {
		return nil, errorf("MalformedPolicyDocument", "The session policy is not one that is understood here: %v", err)
	}
	policy.Name = "session policy"
	return slices.Clip([]iam.Document{policy}), nil
}
