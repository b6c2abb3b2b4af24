package kms

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"

	"github.com/tenonhq/tenon/shared/awsconfig"
)

// MACClient is what MAC calls; *kms.Client of the SDK implements it.
type MACClient interface {
	GenerateMac(context.Context, *kms.GenerateMacInput, ...func(*kms.Options)) (*kms.GenerateMacOutput, error)
	VerifyMac(context.Context, *kms.VerifyMacInput, ...func(*kms.Options)) (*kms.VerifyMacOutput, error)
}

// MAC implements page.MAC with an HMAC-SHA-256 key that never leaves KMS.
type MAC struct {
	Client MACClient
	KeyID  string
}

// Sign implements page.MAC.
func (m MAC) Sign(ctx context.Context, message []byte) ([]byte, error) {
	made, err := m.Client.GenerateMac(ctx, &kms.GenerateMacInput{
		KeyId: aws.String(m.KeyID), MacAlgorithm: types.MacAlgorithmSpecHmacSha256, Message: message,
	})
	if err != nil {
		return nil, awsconfig.Fault("generate MAC", err)
	}
	return made.Mac, nil
}

// Verify implements page.MAC.
func (m MAC) Verify(ctx context.Context, message, tag []byte) (bool, error) {
	_, err := m.Client.VerifyMac(ctx, &kms.VerifyMacInput{
		KeyId: aws.String(m.KeyID), MacAlgorithm: types.MacAlgorithmSpecHmacSha256, Message: message, Mac: tag,
	})
	var invalid *types.KMSInvalidMacException
	if errors.As(err, &invalid) {
		return false, nil
	}
	if err != nil {
		return false, awsconfig.Fault("verify MAC", err)
	}
	return true, nil
}
