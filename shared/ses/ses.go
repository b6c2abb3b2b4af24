// Package ses sends mail with Amazon SES. It implements notify.Mailer and
// depends on packages awsconfig and notify and the SDK.
package ses

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/aws/aws-sdk-go-v2/service/sesv2/types"

	"github.com/tenonhq/tenon/shared/awsconfig"
	"github.com/tenonhq/tenon/shared/notify"
)

// Client is what Mailer calls; *sesv2.Client of the SDK implements it.
type Client interface {
	SendEmail(context.Context, *sesv2.SendEmailInput, ...func(*sesv2.Options)) (*sesv2.SendEmailOutput, error)
}

// Mailer sends from one verified address.
type Mailer struct {
	Client Client
	From   string
}

// Send implements notify.Mailer with one message to all: the recipients are
// the admins of one tenant, at most 20, where SES allows 50.
func (m Mailer) Send(ctx context.Context, mail notify.Mail) error {
	_, err := m.Client.SendEmail(ctx, &sesv2.SendEmailInput{
		FromEmailAddress: aws.String(m.From),
		Destination:      &types.Destination{ToAddresses: mail.To},
		Content: &types.EmailContent{Simple: &types.Message{
			Subject: content(mail.Subject),
			Body:    body(mail),
		}},
	})
	if err != nil {
		return awsconfig.Fault("send mail", err)
	}
	return nil
}

func content(text string) *types.Content {
	return &types.Content{Data: aws.String(text), Charset: aws.String("UTF-8")}
}

func body(mail notify.Mail) *types.Body {
	if mail.HTML == "" {
		return &types.Body{Text: content(mail.Text)}
	}
	return &types.Body{Text: content(mail.Text), Html: content(mail.HTML)}
}
