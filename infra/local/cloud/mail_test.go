package cloud_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/aws/aws-sdk-go-v2/service/sesv2/types"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/tenonhq/tenon/infra/local/cloud"
)

// sendMail verifies example.com and sends one mail.
func sendMail(t *testing.T, c *cloud.Cloud) {
	t.Helper()
	client := sesv2.NewFromConfig(configOf(c))
	_, err := client.CreateEmailIdentity(t.Context(), &sesv2.CreateEmailIdentityInput{EmailIdentity: aws.String("example.com")})
	check(t, err)
	_, err = client.SendEmail(t.Context(), &sesv2.SendEmailInput{
		FromEmailAddress: aws.String("Tenon <noreply@example.com>"),
		Destination:      &types.Destination{ToAddresses: []string{"a@example.org"}},
		Content: &types.EmailContent{Simple: &types.Message{
			Subject: &types.Content{Data: aws.String("Hello")},
			Body:    &types.Body{Text: &types.Content{Data: aws.String("text")}, Html: &types.Content{Data: aws.String("<p>html</p>")}},
		}},
	})
	check(t, err)
}

func TestMails(t *testing.T) {
	t.Parallel()
	c, at := newCloud()
	sendMail(t, c)
	raw := "From: noreply@example.com\r\nSubject: Raw\r\n\r\nbody"
	_, err := sesv2.NewFromConfig(configOf(c)).SendEmail(t.Context(), &sesv2.SendEmailInput{
		FromEmailAddress: aws.String("noreply@example.com"),
		Content:          &types.EmailContent{Raw: &types.RawMessage{Data: []byte(raw)}},
	})
	check(t, err)
	want := []cloud.Mail{
		{From: "Tenon <noreply@example.com>", To: []string{"a@example.org"}, Subject: "Hello", Text: "text", HTML: "<p>html</p>", At: at.Now()},
		{From: "noreply@example.com", Subject: "Raw", Raw: raw, At: at.Now()},
	}
	if diff := cmp.Diff(want, c.Mails(), cmpopts.IgnoreFields(cloud.Mail{}, "ID")); diff != "" {
		t.Errorf("mails differ (-want +got):\n%s", diff)
	}
	answer := httptest.NewRecorder()
	c.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "/_dev/mails", nil))
	var page struct{ Mails []cloud.Mail }
	check(t, json.Unmarshal(answer.Body.Bytes(), &page))
	if diff := cmp.Diff(c.Mails(), page.Mails); diff != "" {
		t.Errorf("mails over HTTP differ (-want +got):\n%s", diff)
	}
}
