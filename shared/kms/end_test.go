package kms_test

import (
	"context"
	"errors"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"
	"github.com/aws/smithy-go"

	"github.com/tenonhq/tenon/shared/kms"
	"github.com/tenonhq/tenon/shared/vault"
)

// emptied is a key whose imported material is gone: KMS disables none.
type emptied struct{ kms.Client }

func (emptied) DescribeKey(context.Context, *sdk.DescribeKeyInput, ...func(*sdk.Options)) (*sdk.DescribeKeyOutput, error) {
	return &sdk.DescribeKeyOutput{KeyMetadata: &types.KeyMetadata{KeyId: aws.String("k"), KeyState: types.KeyStatePendingImport}}, nil
}

func (emptied) DisableKey(context.Context, *sdk.DisableKeyInput, ...func(*sdk.Options)) (*sdk.DisableKeyOutput, error) {
	return nil, &types.KMSInvalidStateException{}
}

func TestDisableKeyWithoutMaterial(t *testing.T) {
	t.Parallel()
	if err := (kms.Keys{Client: emptied{}}).DisableKey(t.Context(), "arn"); err != nil {
		t.Errorf("got %v, want nothing to do", err)
	}
}

// refuses answers every decryption with one error.
type refuses struct {
	kms.Client
	code string
}

func (r refuses) Decrypt(context.Context, *sdk.DecryptInput, ...func(*sdk.Options)) (*sdk.DecryptOutput, error) {
	return nil, &smithy.GenericAPIError{Code: r.code}
}

// What suspends a tenant is that its key cannot be used by anybody, and nothing
// that one function lacks or that passes.
func TestWhatMakesAKeyUnusable(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]bool{
		"DisabledException": true, "KMSInvalidStateException": true, "NotFoundException": true,
		"AccessDeniedException": false, "ThrottlingException": false, "LimitExceededException": false, "KMSInternalException": false,
		"DependencyTimeoutException": false, "KeyUnavailableException": false, "InvalidCiphertextException": false,
		"IncorrectKeyException": false, "ExpiredTokenException": false, "UnrecognizedClientException": false,
	} {
		_, err := kms.Keys{Client: refuses{code: code}}.Unwrap(t.Context(), "arn", nil, nil)
		if err == nil || errors.Is(err, vault.ErrKeyUnusable) != want {
			t.Errorf("%s: %v, unusable should be %t", code, err, want)
		}
	}
}
