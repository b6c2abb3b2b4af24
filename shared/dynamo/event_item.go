package dynamo

import (
	"time"

	"github.com/tenonhq/tenon/shared/notify"
)

// eventItem is an event that nobody was told of yet, within the item of what it
// is about.
type eventItem struct {
	ID       string            `dynamodbav:"id,omitempty"`
	Type     string            `dynamodbav:"type,omitempty"`
	Tenant   string            `dynamodbav:"tenant,omitempty"`
	Resource string            `dynamodbav:"resource,omitempty"`
	At       time.Time         `dynamodbav:"at,omitempty"`
	Detail   map[string]string `dynamodbav:"detail,omitempty"`
}

func newEventItems(events []notify.Event) []eventItem {
	var items []eventItem
	for _, e := range events {
		items = append(items, eventItem(e))
	}
	return items
}

func eventRecords(items []eventItem) []notify.Event {
	var events []notify.Event
	for _, item := range items {
		events = append(events, notify.Event(item))
	}
	return events
}
