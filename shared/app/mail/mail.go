// Package mail composes the sending of mail. It depends on packages app and
// ses.
package mail

import (
	awssesv2 "github.com/aws/aws-sdk-go-v2/service/sesv2"

	"github.com/tenonhq/tenon/shared/app"
	"github.com/tenonhq/tenon/shared/notify"
	"github.com/tenonhq/tenon/shared/ses"
)

// New returns the mailer that sends from the configured address, and nil where
// none is configured: then only events are published.
func New(e *app.Env) notify.Mailer {
	if e.Config.MailFrom == "" {
		return nil
	}
	return ses.Mailer{Client: awssesv2.NewFromConfig(e.AWS), From: e.Config.MailFrom}
}
