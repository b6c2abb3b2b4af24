package kms

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"
)

// FindKey implements offboarding.Keys: the key behind the alias
// alias/tenon/<stage>/<name>, in whatever state.
func (k Keys) FindKey(ctx context.Context, name string) (string, error) {
	found, err := k.describe(ctx, "alias/tenon/"+k.Stage+"/"+name)
	if err != nil || found == nil {
		return "", err
	}
	return aws.ToString(found.Arn), nil
}

// DisableKey implements offboarding.Keys. A key that is pending deletion is
// disabled, and so is one that is gone.
func (k Keys) DisableKey(ctx context.Context, keyARN string) error {
	found, err := k.describe(ctx, keyARN)
	if err != nil || found == nil || found.KeyState == types.KeyStatePendingDeletion {
		return err
	}
	_, err = k.Client.DisableKey(ctx, &kms.DisableKeyInput{KeyId: found.KeyId})
	return wrap("disable key", err)
}

// ScheduleKeyDeletion implements offboarding.Keys. The date of a deletion that is
// scheduled stands; it is zero for a key that is gone.
func (k Keys) ScheduleKeyDeletion(ctx context.Context, keyARN string, days int) (time.Time, error) {
	found, err := k.describe(ctx, keyARN)
	if err != nil || found == nil {
		return time.Time{}, err
	}
	if found.KeyState == types.KeyStatePendingDeletion {
		return aws.ToTime(found.DeletionDate).UTC(), nil
	}
	scheduled, err := k.Client.ScheduleKeyDeletion(ctx, &kms.ScheduleKeyDeletionInput{KeyId: found.KeyId, PendingWindowInDays: aws.Int32(int32(days))})
	if err != nil {
		return time.Time{}, wrap("schedule key deletion", err)
	}
	return aws.ToTime(scheduled.DeletionDate).UTC(), nil
}

// describe returns what KMS says of a key or alias, nil for one that is gone.
func (k Keys) describe(ctx context.Context, id string) (*types.KeyMetadata, error) {
	found, err := k.Client.DescribeKey(ctx, &kms.DescribeKeyInput{KeyId: aws.String(id)})
	if isNotFound(err) {
		return nil, nil
	}
	if err != nil {
		return nil, wrap("describe key", err)
	}
	return found.KeyMetadata, nil
}
