package ses_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/infra/local/cloud"
	"github.com/tenonhq/tenon/shared/awsconfig/awstest"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/notify"
	"github.com/tenonhq/tenon/shared/ses"
)

var _ notify.Mailer = ses.Mailer{}

const from = "tenon@vendor.com"

func TestSend(t *testing.T) {
	t.Parallel()
	c := cloud.New()
	client := sesv2.NewFromConfig(awstest.Config(c))
	if _, err := client.CreateEmailIdentity(t.Context(), &sesv2.CreateEmailIdentityInput{EmailIdentity: aws.String(from)}); err != nil {
		t.Fatal(err)
	}
	mail := notify.Mail{To: []string{"ann@acme.com", "bo@acme.com"}, Subject: "Zugang läuft ab", Text: "Hello Ann & Bo\nbye", HTML: "<!doctype html><p>Hello Ann &amp; Bo"}
	if err := (ses.Mailer{Client: client, From: from}).Send(t.Context(), mail); err != nil {
		t.Fatal(err)
	}
	sent := c.Mails()
	if len(sent) != 1 {
		t.Fatalf("got %d mails, want 1", len(sent))
	}
	got := sent[0]
	if diff := cmp.Diff(mail, notify.Mail{To: got.To, Subject: got.Subject, Text: got.Text, HTML: got.HTML}); diff != "" {
		t.Errorf("mail (-want +got):\n%s", diff)
	}
	if got.From != from {
		t.Errorf("got sender %q", got.From)
	}
	mail.HTML = ""
	if err := (ses.Mailer{Client: client, From: from}).Send(t.Context(), mail); err != nil {
		t.Fatal(err)
	}
	if got := c.Mails()[1]; got.HTML != "" || got.Text != mail.Text {
		t.Errorf("got %+v, want the text alone", got)
	}
}

func TestSendFailures(t *testing.T) {
	t.Parallel()
	c := cloud.New()
	m := ses.Mailer{Client: sesv2.NewFromConfig(awstest.Config(c)), From: from}
	mail := notify.Mail{To: []string{"ann@acme.com"}, Subject: "s", Text: "t"}
	if code := fault.From(m.Send(t.Context(), mail)).Code; code != fault.CodeInternal {
		t.Errorf("unverified sender: got %s", code)
	}
	c.Fault = func(string, []byte) error { return &cloud.Error{Code: "TooManyRequestsException", Status: 429} }
	if err := m.Send(t.Context(), mail); !fault.Has(err, fault.CodeRetryLater) {
		t.Errorf("throttled: got %v, want %s", err, fault.CodeRetryLater)
	}
}
