package cloud_test

import (
	"context"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
)

func TestLongPollEndsWithTheRequest(t *testing.T) {
	t.Parallel()
	c, _ := newCloud()
	url, _ := createQueue(t, c, "inbox")
	ctx, cancel := context.WithCancel(t.Context())
	begun, done := make(chan struct{}), make(chan error, 1)
	c.Fault = func(string, []byte) error {
		close(begun)
		return nil
	}
	go func() {
		_, err := sqs.NewFromConfig(configOf(c)).ReceiveMessage(ctx, &sqs.ReceiveMessageInput{QueueUrl: &url, WaitTimeSeconds: 20})
		done <- err
	}()
	<-begun
	cancel()
	select {
	case err := <-done:
		if err == nil {
			t.Error("got no error from a cancelled request")
		}
	case <-time.After(15 * time.Second):
		t.Error("the request went on after it was cancelled")
	}
}

func TestLongPollWakesUp(t *testing.T) {
	t.Parallel()
	c, _ := newCloud()
	url, _ := createQueue(t, c, "inbox")
	client := sqs.NewFromConfig(configOf(c))
	done := make(chan int)
	go func() {
		answer, err := client.ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{QueueUrl: &url, WaitTimeSeconds: 20})
		if err != nil {
			t.Error(err)
		}
		done <- len(answer.Messages)
	}()
	_, err := client.SendMessage(t.Context(), &sqs.SendMessageInput{QueueUrl: &url, MessageBody: aws.String("hi")})
	check(t, err)
	if got := <-done; got != 1 {
		t.Errorf("got %d messages, want 1", got)
	}
}
