// Package eventbridge publishes events on the stage's EventBridge bus. It
// implements notify.Publisher and depends on packages awsconfig and notify and
// the SDK.
package eventbridge

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"

	"github.com/tenonhq/tenon/shared/awsconfig"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/id"
	"github.com/tenonhq/tenon/shared/notify"
)

// Source is the source of every event; rules match on it.
const Source = "tenon"

// Client is what Bus calls; *eventbridge.Client of the SDK implements it.
type Client interface {
	PutEvents(context.Context, *eventbridge.PutEventsInput, ...func(*eventbridge.Options)) (*eventbridge.PutEventsOutput, error)
}

// Bus publishes on the bus of a name. IDs are for events that have none and may
// be zero.
type Bus struct {
	Client Client
	Name   string
	IDs    id.Maker
}

// Publish implements notify.Publisher. The detail of the event on the bus is
// one flat object: id, tenant, resource, at (RFC 3339) and the event's own
// detail, which cannot replace those four.
func (b Bus) Publish(ctx context.Context, e notify.Event) error {
	flat := maps.Clone(e.Detail)
	if flat == nil {
		flat = map[string]string{}
	}
	if flat["id"] = e.ID; e.ID == "" {
		flat["id"] = b.IDs.New(id.Event)
	}
	flat["tenant"], flat["resource"], flat["at"] = e.Tenant, e.Resource, e.At.UTC().Format(time.RFC3339Nano)
	detail, err := json.Marshal(flat)
	if err != nil {
		return fmt.Errorf("encode event %s: %w", e.Type, err)
	}
	answer, err := b.Client.PutEvents(ctx, &eventbridge.PutEventsInput{Entries: []types.PutEventsRequestEntry{{
		EventBusName: aws.String(b.Name), Source: aws.String(Source),
		DetailType: aws.String(e.Type), Detail: aws.String(string(detail)), Time: aws.Time(e.At),
	}}})
	if err != nil {
		return awsconfig.Fault("put event "+e.Type, err)
	}
	if answer.FailedEntryCount == 0 {
		return nil
	}
	refused := fmt.Errorf("put event %s: refused", e.Type)
	if len(answer.Entries) == 1 {
		refused = fmt.Errorf("%w: %s", refused, aws.ToString(answer.Entries[0].ErrorCode))
	}
	return fault.New(fault.Unavailable, fault.CodeRetryLater, "The event could not be published.").Because(refused)
}
