package cloud_test

import (
	"net/http"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	eventtypes "github.com/aws/aws-sdk-go-v2/service/eventbridge/types"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	mailtypes "github.com/aws/aws-sdk-go-v2/service/sesv2/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	queuetypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

func TestQueuePermissions(t *testing.T) {
	t.Parallel()
	c, _ := newCloud()
	url, arn := createQueue(t, c, "inbox")
	closed, closedARN := createQueue(t, c, "closed")
	policies := func(url, policy string) error {
		_, err := sqs.NewFromConfig(configOf(c)).SetQueueAttributes(t.Context(), &sqs.SetQueueAttributesInput{QueueUrl: &url, Attributes: map[string]string{"Policy": policy}})
		return err
	}
	check(t, policies(url, statements(`{"Effect":"Deny","Action":"sqs:*","Resource":"`+arn+`","Principal":{"AWS":"*"},"Condition":{"Bool":{"aws:SecureTransport":"false"}}}`)))
	check(t, policies(closed, statements(`{"Effect":"Deny","Action":"sqs:SendMessage","Resource":"`+closedARN+`","Principal":{"AWS":"`+roleARN+`"}}`)))
	wantCode(t, policies(closed, "{"), "InvalidAttributeValue")
	send := func(url string) func(aws.Config) error {
		return func(cfg aws.Config) error {
			_, err := sqs.NewFromConfig(cfg).SendMessageBatch(t.Context(), &sqs.SendMessageBatchInput{
				QueueUrl: &url, Entries: []queuetypes.SendMessageBatchRequestEntry{{Id: aws.String("a"), MessageBody: aws.String("x")}},
			})
			return err
		}
	}
	try(t, c, []attempt{
		{"a batch is its entries", []string{grant("sqs:SendMessage", arn)}, "", send(url)},
		{"another queue", []string{grant("sqs:SendMessage", arn+"2")}, "sqs:SendMessage on resource: " + arn, send(url)},
		{"the queue's own refusal", []string{grant("sqs:*", "*")}, "explicit deny", send(closed)},
		{"receive", []string{grant("sqs:SendMessage", "*")}, "sqs:ReceiveMessage", func(cfg aws.Config) error {
			_, err := sqs.NewFromConfig(cfg).ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{QueueUrl: &url})
			return err
		}},
	})
}

func TestEventPermissions(t *testing.T) {
	t.Parallel()
	c, _ := newCloud()
	_, err := eventbridge.NewFromConfig(configOf(c)).CreateEventBus(t.Context(), &eventbridge.CreateEventBusInput{Name: aws.String("own")})
	check(t, err)
	put := func(buses ...string) func(aws.Config) error {
		return func(cfg aws.Config) error {
			in := &eventbridge.PutEventsInput{}
			for _, bus := range buses {
				in.Entries = append(in.Entries, eventtypes.PutEventsRequestEntry{
					EventBusName: &bus, Source: aws.String("tenon"), DetailType: aws.String("a"), Detail: aws.String("{}"),
				})
			}
			_, err := eventbridge.NewFromConfig(cfg).PutEvents(t.Context(), in)
			return err
		}
	}
	own := grant("events:PutEvents", "arn:aws:events:"+region+"event-bus/own")
	try(t, c, []attempt{
		{"own bus", []string{own}, "", put("own")},
		{"another bus among the entries", []string{own}, "event-bus/default", put("own", "default")},
	})
}

func TestMailPermissions(t *testing.T) {
	t.Parallel()
	c, _ := newCloud()
	_, err := sesv2.NewFromConfig(configOf(c)).CreateEmailIdentity(t.Context(), &sesv2.CreateEmailIdentityInput{EmailIdentity: aws.String("example.com")})
	check(t, err)
	send := func(from string) func(aws.Config) error {
		return func(cfg aws.Config) error {
			_, err := sesv2.NewFromConfig(cfg).SendEmail(t.Context(), &sesv2.SendEmailInput{
				FromEmailAddress: &from, Destination: &mailtypes.Destination{ToAddresses: []string{"a@example.org"}},
				Content: &mailtypes.EmailContent{Simple: &mailtypes.Message{
					Subject: &mailtypes.Content{Data: aws.String("s")}, Body: &mailtypes.Body{Text: &mailtypes.Content{Data: aws.String("t")}},
				}},
			})
			return err
		}
	}
	sender := permit("ses:SendEmail", "arn:aws:ses:"+region+"identity/example.com", `{"StringEquals":{"ses:FromAddress":"noreply@example.com"}}`)
	try(t, c, []attempt{
		{"the sender", []string{sender}, "", send("Tenon <noreply@example.com>")},
		{"another sender of the domain", []string{sender}, "ses:SendEmail", send("ceo@example.com")},
	})
}

func TestInvocationPermissions(t *testing.T) {
	t.Parallel()
	c, _ := newCloud()
	c.Functions = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) })
	const probe = "arn:aws:lambda:" + region + "function:probe"
	invoke := func(function string) func(aws.Config) error {
		return func(cfg aws.Config) error {
			_, err := lambda.NewFromConfig(cfg).Invoke(t.Context(), &lambda.InvokeInput{FunctionName: &function})
			return err
		}
	}
	try(t, c, []attempt{
		{"by its name", []string{grant("lambda:InvokeFunction", probe)}, "", invoke("probe")},
		{"by its ARN", []string{grant("lambda:InvokeFunction", probe)}, "", invoke(probe)},
		{"another function", []string{grant("lambda:InvokeFunction", probe)}, "function:other", invoke("other")},
	})
}
