package secretsmanager

import (
	"errors"
	"fmt"

	"github.com/aws/smithy-go"

	"github.com/tenonhq/tenon/shared/awsconfig"
	"github.com/tenonhq/tenon/shared/fault"
)

// The error codes that are looked at. The list of the service:
// https://docs.aws.amazon.com/secretsmanager/latest/apireference/CommonErrors.html
// and the errors of each operation.
const (
	codeExists    = "ResourceExistsException"
	codeNotFound  = "ResourceNotFoundException"
	codeRequest   = "InvalidRequestException" // Above all: scheduled for deletion.
	codeParameter = "InvalidParameterException"
	codeDecrypt   = "DecryptionFailure"
	codeEncrypt   = "EncryptionFailure"
	codeDenied    = "AccessDeniedException" // By a resource policy or the key's policy.
)

var (
	unavailable = fault.New(fault.Conflict, fault.CodeCredentialUnavailable, "The stored credential cannot be used.").WithRemedy("contact_admin")
	superseded  = fault.New(fault.Conflict, fault.CodeConflict, "The credential was changed by someone else.")
)

// classify turns an error of a call into a fault.
func classify(doing string, err error) error {
	if is(err, codeNotFound, codeRequest, codeDecrypt, codeEncrypt, codeDenied) {
		return unavailable.Because(fmt.Errorf("%s: %w", doing, err))
	}
	return awsconfig.Fault(doing, err)
}

func is(err error, codes ...string) bool {
	var api smithy.APIError
	if !errors.As(err, &api) {
		return false
	}
	for _, code := range codes {
		if api.ErrorCode() == code {
			return true
		}
	}
	return false
}
