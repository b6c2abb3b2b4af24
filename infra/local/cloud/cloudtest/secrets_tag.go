package cloudtest

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager/types"
)

func (v *vault) tag(key, value string) error {
	_, err := v.client.TagResource(v.ctx, &secretsmanager.TagResourceInput{
		SecretId: &v.name, Tags: []types.Tag{{Key: &key, Value: &value}},
	})
	return err
}

func (v *vault) untag(key string) error {
	_, err := v.client.UntagResource(v.ctx, &secretsmanager.UntagResourceInput{SecretId: &v.name, TagKeys: []string{key}})
	return err
}

// listed returns the tags that the list shows of the secret, nil when it is not
// listed, and whether it is scheduled for deletion.
func (v *vault) listed(planned bool) (tags map[string]string, scheduled bool) {
	answer, err := v.client.ListSecrets(v.ctx, &secretsmanager.ListSecretsInput{
		Filters: []types.Filter{{Key: "name", Values: []string{v.name}}}, IncludePlannedDeletion: &planned,
	})
	v.ok(err)
	for _, entry := range answer.SecretList {
		tags, scheduled = map[string]string{}, entry.DeletedDate != nil
		for _, tag := range entry.Tags {
			tags[aws.ToString(tag.Key)] = aws.ToString(tag.Value)
		}
		v.equal("different keys", len(tags), len(entry.Tags))
	}
	return tags, scheduled
}

var secretTagProbes = []probe{
	{"tag: a new one is listed beside the others", func(s *suite) {
		v := s.vault()
		s.ok(v.tag("since", "1"))
		tags, _ := v.listed(false)
		s.equal("tags", tags, map[string]string{"tenant": v.name, "since": "1"})
	}},
	{"tag: a second value replaces the first", func(s *suite) {
		v := s.vault()
		s.ok(v.tag("since", "1"))
		s.ok(v.tag("since", "2"))
		tags, _ := v.listed(false)
		s.equal("tags", tags, map[string]string{"tenant": v.name, "since": "2"})
	}},
	{"tag: a removed one is gone, and removing it again no error", func(s *suite) {
		v := s.vault()
		s.ok(v.tag("since", "1"))
		s.ok(v.untag("since"))
		s.ok(v.untag("since"))
		tags, _ := v.listed(false)
		s.equal("tags", tags, map[string]string{"tenant": v.name})
	}},
	{"tag: an absent secret is not found", func(s *suite) {
		v := s.vault()
		v.name = unique("never")
		s.code(v.tag("since", "1"), noSecret)
		s.code(v.untag("since"), noSecret)
	}},
	{"tag: a scheduled secret is listed on request only", func(s *suite) {
		v := s.doomed()
		tags, _ := v.listed(false)
		s.expect("it is not listed", tags == nil)
		tags, scheduled := v.listed(true)
		s.expect("it is listed on request, with its tags", tags["tenant"] == v.name && scheduled)
	}},
	{"tag: a restored secret has its tags", func(s *suite) {
		v := s.vault()
		s.ok(v.tag("since", "1"))
		s.ok(v.delete(7, false))
		_, err := v.client.RestoreSecret(s.ctx, &secretsmanager.RestoreSecretInput{SecretId: &v.name})
		s.ok(err)
		tags, scheduled := v.listed(false)
		s.expect("the tag is listed", tags["since"] == "1" && !scheduled)
	}},
	{"delete: scheduling it twice, and one that is absent, are refused", func(s *suite) {
		v := s.doomed()
		s.code(v.delete(7, false), badRequest)
		v.name = unique("never")
		s.code(v.delete(7, false), noSecret)
	}},
}
