package secretsmanager

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"github.com/tenonhq/tenon/shared/vault"
)

// The staging labels of Secrets Manager. It moves AWSPREVIOUS by itself to the
// version that loses AWSCURRENT.
const (
	stageCurrent  = "AWSCURRENT"
	stagePending  = "AWSPENDING"
	stagePrevious = "AWSPREVIOUS"
)

// Promote implements vault.Secrets. The service moves the label only if it is
// where the call says it is, which makes the move a compare-and-swap; what a
// refused move means is then read from the labels.
func (s Secrets) Promote(ctx context.Context, name, version, from string) error {
	if from == "" {
		labels, err := s.labels(ctx, name)
		if err != nil {
			return classify("describe secret", err)
		}
		from = holder(labels, stageCurrent)
	}
	var moved error
	if from != version {
		moved = s.move(ctx, name, stageCurrent, version, from)
	}
	if moved != nil && !is(moved, codeParameter) {
		return classify("promote secret version", moved)
	}
	labels, err := s.labels(ctx, name)
	if err != nil {
		return classify("describe secret", err)
	}
	if !slices.Contains(labels[version], stageCurrent) {
		return superseded.Because(moved)
	}
	if !slices.Contains(labels[version], stagePending) {
		return nil
	}
	err = s.move(ctx, name, stagePending, "", version)
	if err != nil && !is(err, codeParameter) {
		return classify("remove pending label", err)
	}
	return nil
}

// Retire implements vault.Secrets. The current version keeps its label: only
// AWSPREVIOUS and AWSPENDING are removed, if the version has them.
func (s Secrets) Retire(ctx context.Context, at vault.Locator) error {
	for _, stage := range []string{stagePrevious, stagePending} {
		err := s.move(ctx, at.Secret, stage, "", at.Version)
		if err != nil && !is(err, codeParameter, codeNotFound, codeRequest) {
			return classify("remove label", err)
		}
	}
	return nil
}

// move takes a label from one version and, unless to is empty, puts it on
// another. A label that is not on from is InvalidParameterException.
func (s Secrets) move(ctx context.Context, name, stage, to, from string) error {
	in := &secretsmanager.UpdateSecretVersionStageInput{SecretId: aws.String(name), VersionStage: aws.String(stage)}
	if to != "" {
		in.MoveToVersionId = aws.String(to)
	}
	if from != "" {
		in.RemoveFromVersionId = aws.String(from)
	}
	_, err := s.Client.UpdateSecretVersionStage(ctx, in)
	return err
}

// holder returns the version that has the label; empty for none.
func holder(labels map[string][]string, label string) string {
	for version, of := range labels {
		if slices.Contains(of, label) {
			return version
		}
	}
	return ""
}

// labels returns the labels of every version that has one.
func (s Secrets) labels(ctx context.Context, name string) (map[string][]string, error) {
	found, err := s.Client.DescribeSecret(ctx, &secretsmanager.DescribeSecretInput{SecretId: aws.String(name)})
	if err != nil {
		return nil, err
	}
	return found.VersionIdsToStages, nil
}
