package sts

import (
	"errors"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/tenonhq/tenon/shared/awsconfig/securitytoken"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/method"
)

// What is said of what a tenant gave, and will be said again. Any other refusal
// of AssumeRole, InvalidClientTokenId above all, is of our own credentials; that
// nothing is allowed to us looks like a role that does not trust us, and is told
// from it by how many roles are refused at once (package outage).
// https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html.
var (
	roleRefusals = []string{"AccessDenied", "ValidationError"}
	keyRefusals  = []string{
		"InvalidClientTokenId", "SignatureDoesNotMatch", "ExpiredToken", "ExpiredTokenException", "IncompleteSignature",
		"UnrecognizedClientException", "AuthFailure",
	}
)

// classify turns an error of a call into one of method.RoleAssumer. What the SDK
// says of it names accounts and roles, and is for the log alone.
func classify(doing string, err error, refusals []string) error {
	if errors.Is(err, securitytoken.ErrUnreadable) {
		return method.Unreadable
	}
	var api smithy.APIError
	var response *smithyhttp.ResponseError
	code := ""
	if errors.As(err, &api) {
		code = api.ErrorCode()
	} else if !errors.As(err, &response) || response.HTTPStatusCode() == 0 {
		return method.Unreachable(err)
	}
	cause := fmt.Errorf("%s: %w", doing, err)
	switch {
	case slices.Contains(refusals, code):
		return fmt.Errorf("%w: %w", method.Definitive, cause)
	case code == "AccessDenied":
		return fault.New(fault.Denied, fault.CodeProviderError, "AWS does not allow the call.").Because(cause)
	case retry.IsErrorThrottles(retry.DefaultThrottles).IsErrorThrottle(err) == aws.TrueTernary:
		return fault.New(fault.RateLimited, fault.CodeProviderUnavailable, "AWS limits calls at the moment.").WithRemedy("retry").Because(cause)
	}
	return fault.New(fault.Unavailable, fault.CodeProviderUnavailable, "AWS has a problem at the moment.").WithRemedy("retry").Because(cause)
}
