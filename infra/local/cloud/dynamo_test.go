package cloud_test

import (
	"context"
	"strconv"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/google/go-cmp/cmp"
)

func TestTickDeletesExpiredItems(t *testing.T) {
	t.Parallel()
	c, at := newCloud()
	stream := createTable(t, c, "sessions")
	expiry := &types.AttributeValueMemberN{Value: strconv.FormatInt(at.Now().Add(time.Minute).Unix(), 10)}
	putItem(t, c, "sessions", map[string]types.AttributeValue{"pk": text("short"), "ttl": expiry})
	putItem(t, c, "sessions", map[string]types.AttributeValue{"pk": text("long")})
	at.Advance(2 * time.Minute)
	if getItem(t, c, "sessions", "short") == nil {
		t.Error("the item was gone before it was deleted")
	}
	c.Tick()
	if got := getItem(t, c, "sessions", "short"); got != nil {
		t.Errorf("got item %v after it expired", got)
	}
	if getItem(t, c, "sessions", "long") == nil {
		t.Error("an item without an expiry was deleted")
	}
	want := []string{"INSERT short", "INSERT long", "REMOVE short by dynamodb.amazonaws.com"}
	if got := streamEvents(t, c, stream); !cmp.Equal(got, want) {
		t.Errorf("got stream %q, want %q", got, want)
	}
}

func TestTickForgetsOldStreamRecords(t *testing.T) {
	t.Parallel()
	c, at := newCloud()
	stream := createTable(t, c, "connections")
	putItem(t, c, "connections", map[string]types.AttributeValue{"pk": text("old")})
	at.Advance(25 * time.Hour)
	putItem(t, c, "connections", map[string]types.AttributeValue{"pk": text("new")})
	c.Tick()
	if got, want := streamEvents(t, c, stream), []string{"INSERT new"}; !cmp.Equal(got, want) {
		t.Errorf("got stream %q, want %q", got, want)
	}
}

func TestLongPollEndsWithTheRequest(t *testing.T) {
	t.Parallel()
	c, _ := newCloud()
	url, _ := createQueue(t, c, "inbox")
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() {
		_, err := sqs.NewFromConfig(configOf(c)).ReceiveMessage(ctx, &sqs.ReceiveMessageInput{QueueUrl: &url, WaitTimeSeconds: 20})
		done <- err
	}()
	cancel()
	select {
	case err := <-done:
		if err == nil {
			t.Error("got no error from a cancelled request")
		}
	case <-time.After(5 * time.Second):
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
