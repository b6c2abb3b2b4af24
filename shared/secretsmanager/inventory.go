package secretsmanager

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager/types"

	"github.com/tenonhq/tenon/shared/vault"
)

// The tags of a secret.
const (
	tagStage  = "tenon:stage"
	tagTenant = "tenon:tenant"
	tagOrphan = "tenon:orphan-since" // RFC 3339, in UTC; absent while a record names the secret.
)

// recoveryDays is the shortest window the service offers, in days.
const recoveryDays = 7

// List implements vault.Inventory. The service's list is eventually consistent.
func (s Secrets) List(ctx context.Context, t time.Time, start string) (page []vault.Stored, next string, err error) {
	in := &secretsmanager.ListSecretsInput{
		MaxResults: aws.Int32(100),
		Filters:    []types.Filter{{Key: types.FilterNameStringTypeName, Values: []string{"tenon/" + s.Stage + "/"}}},
	}
	if start != "" {
		in.NextToken = aws.String(start)
	}
	found, err := s.Client.ListSecrets(ctx, in)
	if err != nil {
		return nil, "", classify("list secrets", err)
	}
	for _, entry := range found.SecretList {
		if aws.ToTime(entry.CreatedDate).Before(t) {
			page = append(page, stored(entry))
		}
	}
	return page, aws.ToString(found.NextToken), nil
}

// stored reads the tags. A quarantine that cannot be read has not begun.
func stored(entry types.SecretListEntry) vault.Stored {
	x := vault.Stored{Name: aws.ToString(entry.Name)}
	for _, tag := range entry.Tags {
		switch aws.ToString(tag.Key) {
		case tagTenant:
			x.Tenant = aws.ToString(tag.Value)
		case tagOrphan:
			if since, err := time.Parse(time.RFC3339, aws.ToString(tag.Value)); err == nil {
				x.OrphanSince = since.UTC()
			}
		}
	}
	return x
}

// Quarantine implements vault.Inventory.
func (s Secrets) Quarantine(ctx context.Context, name string, since time.Time) error {
	_, err := s.Client.TagResource(ctx, &secretsmanager.TagResourceInput{
		SecretId: aws.String(name),
		Tags:     []types.Tag{{Key: aws.String(tagOrphan), Value: aws.String(since.UTC().Format(time.RFC3339))}},
	})
	return unlessGone("tag secret", err)
}

// Release implements vault.Inventory.
func (s Secrets) Release(ctx context.Context, name string) error {
	_, err := s.Client.UntagResource(ctx, &secretsmanager.UntagResourceInput{SecretId: aws.String(name), TagKeys: []string{tagOrphan}})
	return unlessGone("untag secret", err)
}

// Discard implements vault.Inventory: RestoreSecret brings the secret back.
func (s Secrets) Discard(ctx context.Context, name string) error {
	_, err := s.Client.DeleteSecret(ctx, &secretsmanager.DeleteSecretInput{
		SecretId: aws.String(name), RecoveryWindowInDays: aws.Int64(recoveryDays),
	})
	return unlessGone("schedule deletion of secret", err)
}

// unlessGone forgives that the secret is gone or scheduled for deletion.
func unlessGone(doing string, err error) error {
	if err == nil || is(err, codeNotFound, codeRequest) {
		return nil
	}
	return classify(doing, err)
}
