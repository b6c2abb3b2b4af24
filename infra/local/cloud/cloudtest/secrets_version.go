package cloudtest

import (
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
)

var secretVersionProbes = []probe{
	{"version: a pending one does not change the current value", func(s *suite) {
		v := s.vault()
		s.ok(v.put("v2", secondToken, pendingStage))
		v.holds("", "v1")
		v.holds(pendingStage, "v2")
	}},
	{"version: read by ID", func(s *suite) {
		v := s.vault()
		s.ok(v.put("v2", secondToken, pendingStage))
		answer, err := v.client.GetSecretValue(s.ctx, &secretsmanager.GetSecretValueInput{SecretId: &v.name, VersionId: aws.String(secondToken)})
		s.ok(err)
		s.equal("value", aws.ToString(answer.SecretString), "v2")
	}},
	{"version: the same token and value is no error", func(s *suite) {
		v := s.vault()
		s.ok(v.put("v2", secondToken, pendingStage))
		s.ok(v.put("v2", secondToken, pendingStage))
	}},
	{"version: the same token with another value is refused and kept", func(s *suite) {
		v := s.vault()
		s.ok(v.put("v2", secondToken, pendingStage))
		s.code(v.put("changed", secondToken, pendingStage), secretExists)
		v.holds(pendingStage, "v2")
	}},
	{"version: a plain put becomes current", func(s *suite) {
		v := s.vault()
		s.ok(v.put("v2", ""))
		v.holds("", "v2")
		v.holds(previousStage, "v1")
	}},
	{"version: moving a label needs the version it leaves", func(s *suite) {
		v := s.vault()
		s.ok(v.put("v2", secondToken, pendingStage))
		s.code(v.promote(secondToken, ""), badParameter)
	}},
	{"version: a promoted one is read by its stage", func(s *suite) {
		s.promoted().holds(currentStage, "v2")
	}},
	{"version: a promoted one is read without a stage", func(s *suite) {
		s.promoted().holds("", "v2")
	}},
	{"version: a promoted one is read by a batch", func(s *suite) {
		v := s.promoted()
		answer := v.batch(secretsmanager.BatchGetSecretValueInput{SecretIdList: []string{v.name}})
		s.equal("values", len(answer.SecretValues), 1)
		s.equal("version", aws.ToString(answer.SecretValues[0].VersionId), secondToken)
	}},
	{"version: promotion makes the old one previous", func(s *suite) {
		v := s.promoted()
		v.holds(previousStage, "v1")
		s.equal("stages", v.describe().VersionIdsToStages[firstToken], []string{previousStage})
	}},
	{"version: promotion keeps the pending label", func(s *suite) {
		stages := s.promoted().describe().VersionIdsToStages[secondToken]
		s.expect("has the label", slices.Contains(stages, pendingStage))
	}},
	{"version: a put after a promotion moves the labels on", func(s *suite) {
		v := s.promoted()
		s.ok(v.put("v3", ""))
		v.holds(currentStage, "v3")
		v.holds(previousStage, "v2")
	}},
	{"version: list with and without deprecated ones", func(s *suite) {
		v := s.vault()
		s.ok(v.put("v2", ""))
		s.ok(v.put("v3", ""))
		list := func(deprecated bool) int {
			answer, err := v.client.ListSecretVersionIds(s.ctx, &secretsmanager.ListSecretVersionIdsInput{SecretId: &v.name, IncludeDeprecated: &deprecated})
			s.ok(err)
			return len(answer.Versions)
		}
		s.equal("with", list(true), 3)
		s.equal("without", list(false), 2)
	}},
}

func (v *vault) delete(days int64, force bool) error {
	in := &secretsmanager.DeleteSecretInput{SecretId: &v.name}
	if days != 0 {
		in.RecoveryWindowInDays = &days
	}
	if force {
		in.ForceDeleteWithoutRecovery = &force
	}
	_, err := v.client.DeleteSecret(v.ctx, in)
	return err
}

// doomed is a vault scheduled for deletion.
func (s *suite) doomed() *vault {
	v := s.vault()
	s.ok(v.delete(7, false))
	return v
}

var secretDeletionProbes = []probe{
	{"delete: a scheduled secret cannot be read", func(s *suite) {
		_, err := s.doomed().get("")
		s.code(err, badRequest)
	}},
	{"delete: a scheduled secret cannot be written", func(s *suite) {
		s.code(s.doomed().put("v2", ""), badRequest)
	}},
	{"delete: the name of a scheduled secret is taken", func(s *suite) {
		s.code(s.doomed().create("v1", secondToken), badRequest)
	}},
	{"delete: a scheduled secret has a deletion date", func(s *suite) {
		s.expect("DeletedDate is set", s.doomed().describe().DeletedDate != nil)
	}},
	{"delete: restoring brings the value back", func(s *suite) {
		v := s.doomed()
		_, err := v.client.RestoreSecret(s.ctx, &secretsmanager.RestoreSecretInput{SecretId: &v.name})
		s.ok(err)
		v.holds("", "v1")
	}},
	{"delete: a window of three days is invalid", func(s *suite) {
		s.code(s.vault().delete(3, false), badParameter)
	}},
	{"delete: a window and force together are invalid", func(s *suite) {
		s.code(s.vault().delete(7, true), badParameter)
	}},
	{"delete: by force at once", func(s *suite) {
		v := s.vault()
		s.ok(v.delete(0, true))
		_, err := v.get("")
		s.code(err, noSecret)
		s.ok(v.create("v1", firstToken))
	}},
	{"delete: by force of an absent secret is no error", func(s *suite) {
		v := s.vault()
		v.name = unique("never")
		s.ok(v.delete(0, true))
	}},
}
