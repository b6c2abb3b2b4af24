package eventbridge_test

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"
	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/infra/local/cloud"
	"github.com/tenonhq/tenon/shared/awsconfig/awstest"
	"github.com/tenonhq/tenon/shared/eventbridge"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/id"
	"github.com/tenonhq/tenon/shared/notify"
)

var _ notify.Publisher = eventbridge.Bus{}

var event = notify.Event{
	Type: notify.ConnectionStatus, Tenant: "acme", Resource: "con_1", At: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC),
	Detail: map[string]string{"status": "degraded", "reason": "auth_error", "tenant": "globex"},
}

// TestPublish reads the event as a rule of the stage delivers it.
func TestPublish(t *testing.T) {
	t.Parallel()
	c := cloud.New()
	delivered := make(chan []byte, 1)
	c.Invoke = func(_ context.Context, _ string, payload []byte) error {
		delivered <- payload
		return nil
	}
	client := sdk.NewFromConfig(awstest.Config(c))
	route(t, client)
	if err := (eventbridge.Bus{Client: client, Name: "tenon-dev"}).Publish(t.Context(), event); err != nil {
		t.Fatal(err)
	}
	var payload []byte
	select {
	case payload = <-delivered:
	case <-time.After(10 * time.Second):
		t.Fatal("the event matched no rule on its source and type")
	}
	var got struct {
		Source     string
		DetailType string `json:"detail-type"`
		Time       string
		Detail     map[string]string
	}
	if err := json.Unmarshal(payload, &got); err != nil {
		t.Fatal(err)
	}
	if !id.Valid(id.Event, got.Detail["id"]) {
		t.Errorf("got id %q of an event that had none", got.Detail["id"])
	}
	delete(got.Detail, "id")
	want := map[string]string{
		"tenant": "acme", "resource": "con_1", "at": "2026-03-01T12:00:00Z", "status": "degraded", "reason": "auth_error",
	}
	if diff := cmp.Diff(want, got.Detail); diff != "" {
		t.Errorf("detail (-want +got):\n%s", diff)
	}
	if got.Time != "2026-03-01T12:00:00Z" {
		t.Errorf("got time %q", got.Time)
	}
	if event.Detail["tenant"] != "globex" {
		t.Error("the caller's detail was changed")
	}
}

// route sends what comes from tenon with the event's type to a function.
func route(t *testing.T, client *sdk.Client) {
	t.Helper()
	if _, err := client.CreateEventBus(t.Context(), &sdk.CreateEventBusInput{Name: aws.String("tenon-dev")}); err != nil {
		t.Fatal(err)
	}
	pattern := `{"source":["tenon"],"detail-type":["connection.status"]}`
	_, err := client.PutRule(t.Context(), &sdk.PutRuleInput{Name: aws.String("r"), EventBusName: aws.String("tenon-dev"), EventPattern: aws.String(pattern)})
	if err != nil {
		t.Fatal(err)
	}
	_, err = client.PutTargets(t.Context(), &sdk.PutTargetsInput{
		Rule: aws.String("r"), EventBusName: aws.String("tenon-dev"),
		Targets: []types.Target{{Id: aws.String("f"), Arn: aws.String("arn:aws:lambda:eu-west-1:123456789012:function:f")}},
	})
	if err != nil {
		t.Fatal(err)
	}
}

// refusing answers as EventBridge does when it takes the call and not the
// event.
type refusing struct{}

func (refusing) PutEvents(context.Context, *sdk.PutEventsInput, ...func(*sdk.Options)) (*sdk.PutEventsOutput, error) {
	return &sdk.PutEventsOutput{
		FailedEntryCount: 1, Entries: []types.PutEventsResultEntry{{ErrorCode: aws.String("ThrottlingException")}},
	}, nil
}

func TestPublishFailures(t *testing.T) {
	t.Parallel()
	c := cloud.New()
	c.Fault = func(string, []byte) error { return &cloud.Error{Code: "InternalException", Status: 500} }
	for name, client := range map[string]eventbridge.Client{
		"refused entry": refusing{}, "failed call": sdk.NewFromConfig(awstest.Config(c)),
	} {
		err := eventbridge.Bus{Client: client, Name: "tenon-dev"}.Publish(t.Context(), event)
		if !fault.Has(err, fault.CodeRetryLater) {
			t.Errorf("%s: got %v, want %s", name, err, fault.CodeRetryLater)
		}
	}
}
