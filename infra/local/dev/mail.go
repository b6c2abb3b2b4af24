package dev

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/aws/aws-sdk-go-v2/service/sesv2/types"

	"github.com/tenonhq/tenon/infra/local/template"
	"github.com/tenonhq/tenon/shared/environ"
)

// verifySenders has the local mail service take mail from the address that the
// functions send from. On a deployed stage a person has that verified; the
// templates only name it.
func verifySenders(ctx context.Context, awsConfig aws.Config, manifest template.Manifest) error {
	done := map[string]bool{"": true}
	for _, f := range manifest.Functions {
		from := f.Env[environ.MailFrom]
		if done[from] {
			continue
		}
		done[from] = true
		_, err := sesv2.NewFromConfig(awsConfig).CreateEmailIdentity(ctx, &sesv2.CreateEmailIdentityInput{EmailIdentity: &from})
		var exists *types.AlreadyExistsException
		if err != nil && !errors.As(err, &exists) {
			return fmt.Errorf("verify the sender of mail: %w", err)
		}
	}
	return nil
}
