package kms

import (
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/kms/types"
	"github.com/aws/smithy-go"

	"github.com/tenonhq/tenon/shared/awsconfig"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/vault"
)

// unusable is answered for a tenant whose key was disabled, scheduled for
// deletion, deleted or closed to us: only a person with rights over the key can
// change that.
var unusable = fault.New(fault.Conflict, fault.CodeCredentialUnavailable, "The tenant's key cannot be used.").WithRemedy("contact_admin")

// classify turns an error of a call that uses a key into a fault. Codes:
// https://docs.aws.amazon.com/kms/latest/APIReference/API_Decrypt.html#API_Decrypt_Errors.
func classify(doing string, err error) error {
	var api smithy.APIError
	if !errors.As(err, &api) {
		return awsconfig.Fault(doing, err)
	}
	switch api.ErrorCode() {
	case "InvalidCiphertextException", "IncorrectKeyException":
		return fault.New(fault.Unavailable, fault.CodeKeyIntegrity, "The stored credential does not belong where it was found.").
			Because(fmt.Errorf("%s: %w", doing, err))
	case "DisabledException", "KMSInvalidStateException", "NotFoundException":
		return unusable.Because(fmt.Errorf("%s: %w: %w", doing, vault.ErrKeyUnusable, err))
	case "AccessDeniedException": // It may be the permission of one function that is missing.
		return unusable.Because(fmt.Errorf("%s: %w", doing, err))
	default:
		return awsconfig.Fault(doing, err)
	}
}

func isNotFound(err error) bool {
	var absent *types.NotFoundException
	return errors.As(err, &absent)
}

func isExisting(err error) bool {
	var exists *types.AlreadyExistsException
	return errors.As(err, &exists)
}
