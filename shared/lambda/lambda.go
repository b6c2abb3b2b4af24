// Package lambda invokes functions of this deployment. It implements
// probe.Functions and depends on packages awsconfig, fault and the SDK.
package lambda

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"

	"github.com/tenonhq/tenon/shared/awsconfig"
	"github.com/tenonhq/tenon/shared/fault"
)

// Client is what Functions calls; *lambda.Client of the SDK implements it. It
// should be made of awsconfig.Once: a function that is invoked again works again.
type Client interface {
	Invoke(context.Context, *lambda.InvokeInput, ...func(*lambda.Options)) (*lambda.InvokeOutput, error)
}

// Functions are the functions of the account.
type Functions struct{ Client Client }

// Invoke implements probe.Functions. A function that fails is the fault
// retry_later, as is a throttle, a timeout or a lost connection; what the
// failed function answered stands in no error.
// https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
func (f Functions) Invoke(ctx context.Context, function string, payload []byte) ([]byte, error) {
	doing := "invoke " + function
	out, err := f.Client.Invoke(ctx, &lambda.InvokeInput{FunctionName: aws.String(function), Payload: payload})
	if err != nil {
		return nil, awsconfig.Fault(doing, err)
	}
	if out.FunctionError != nil {
		return nil, fault.New(fault.Unavailable, fault.CodeRetryLater, "A service we depend on is not available. Repeat the request.").
			WithRemedy("retry").Because(fmt.Errorf("%s: %s", doing, *out.FunctionError))
	}
	return out.Payload, nil
}
