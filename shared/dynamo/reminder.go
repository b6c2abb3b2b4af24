package dynamo

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/expression"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/tenonhq/tenon/shared/expiry"
	"github.com/tenonhq/tenon/shared/notify"
)

// reminderItem is the marker of one step that is told once, as it is stored.
type reminderItem struct {
	key
	Kind     expiry.Kind       `dynamodbav:"kind"`
	Resource string            `dynamodbav:"resource"`
	Date     time.Time         `dynamodbav:"date"`
	Step     int               `dynamodbav:"step"`
	EventID  string            `dynamodbav:"eventId"`
	Type     string            `dynamodbav:"type"`
	At       time.Time         `dynamodbav:"at"`
	Detail   map[string]string `dynamodbav:"detail,omitempty"`
	Told     bool              `dynamodbav:"told,omitempty"`
	TTL      int64             `dynamodbav:"ttl"`
}

func reminderKey(m expiry.Marker) key {
	step := string(m.Kind) + "#" + m.Resource + "#" + stamp(m.Date) + "#" + strconv.Itoa(m.Step)
	return key{PK: m.Tenant + "#reminder", SK: step}
}

// Claim implements expiry.Store, in one conditional write.
func (s Ledger) Claim(ctx context.Context, m expiry.Marker) (expiry.Marker, bool, error) {
	item := reminderItem{
		key: reminderKey(m), Kind: m.Kind, Resource: m.Resource, Date: m.Date, Step: m.Step,
		EventID: m.Event.ID, Type: m.Event.Type, At: m.Event.At, Detail: m.Event.Detail, Told: m.Told,
		TTL: m.Event.At.Add(expiry.MarkerMemory).Unix(),
	}
	standing, err := s.put(ctx, item, absent())
	if err == nil {
		return m, true, nil
	}
	if !errors.Is(err, errRefused) || standing == nil {
		return expiry.Marker{}, false, fmt.Errorf("claim reminder: %w", err)
	}
	var found reminderItem
	if err := decode(standing, &found); err != nil {
		return expiry.Marker{}, false, err
	}
	return found.record(m.Tenant), false, nil
}

func (item reminderItem) record(tenant string) expiry.Marker {
	return expiry.Marker{
		Tenant: tenant, Kind: item.Kind, Resource: item.Resource, Date: item.Date, Step: item.Step, Told: item.Told,
		Event: notify.Event{ID: item.EventID, Type: item.Type, Tenant: tenant, Resource: item.Resource, At: item.At, Detail: item.Detail},
	}
}

// Told implements expiry.Store. A marker whose time has passed stays gone.
func (s Ledger) Told(ctx context.Context, m expiry.Marker) error {
	e, err := build(expression.NewBuilder().
		WithCondition(expression.Name("eventId").Equal(expression.Value(m.Event.ID))).
		WithUpdate(expression.Set(expression.Name("told"), expression.Value(true))))
	if err != nil {
		return err
	}
	_, err = s.DB.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName: &s.Name, Key: reminderKey(m).attributes(),
		UpdateExpression: e.Update(), ConditionExpression: e.Condition(),
		ExpressionAttributeNames: e.Names(), ExpressionAttributeValues: e.Values(),
	})
	var gone *types.ConditionalCheckFailedException
	if err == nil || errors.As(err, &gone) {
		return nil
	}
	return failure(ctx, "write item", err)
}
