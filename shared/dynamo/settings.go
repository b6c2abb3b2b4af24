package dynamo

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/expression"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/tenonhq/tenon/shared/tenant"
)

// settingsItem are a tenant's settings as they are stored.
type settingsItem struct {
	key
	Reminders    bool     `dynamodbav:"reminders,omitempty"`
	DaysBefore   []int    `dynamodbav:"daysBefore,omitempty"`
	RotationDays int      `dynamodbav:"rotationDays,omitempty"`
	Notices      bool     `dynamodbav:"notices,omitempty"`
	StaleDays    int      `dynamodbav:"staleDays,omitempty"`
	StaleDisable bool     `dynamodbav:"staleDisable,omitempty"`
	Admins       []string `dynamodbav:"admins,omitempty"`
	ReturnURLs   []string `dynamodbav:"returnUrls,omitempty"`
	Revision     int      `dynamodbav:"revision"`
}

func settingsKey(id string) key { return key{PK: id + "#tenant", SK: "settings"} }

// GetSettings implements tenant.Store.
func (s Tenants) GetSettings(ctx context.Context, id string) (tenant.Settings, error) {
	var item settingsItem
	if _, err := s.get(ctx, settingsKey(id), &item); err != nil {
		return tenant.Settings{}, err
	}
	return tenant.Settings{
		Reminders: item.Reminders, DaysBefore: item.DaysBefore, RotationDays: item.RotationDays, Notices: item.Notices,
		StaleDays: item.StaleDays, StaleDisable: item.StaleDisable, Admins: item.Admins, ReturnURLs: item.ReturnURLs, Revision: item.Revision,
	}, nil
}

// DeleteSettings implements tenant.Store.
func (s Tenants) DeleteSettings(ctx context.Context, id string) error {
	_, err := s.DB.DeleteItem(ctx, &dynamodb.DeleteItemInput{TableName: &s.Name, Key: settingsKey(id).attributes()})
	if err != nil {
		return failure(ctx, "delete item", err)
	}
	return nil
}

// PutSettings implements tenant.Store.
func (s Tenants) PutSettings(ctx context.Context, id string, wanted tenant.Settings) error {
	condition := expression.Name("revision").Equal(expression.Value(wanted.Revision - 1))
	if wanted.Revision == 1 {
		condition = absent()
	}
	_, err := s.put(ctx, settingsItem{
		key: settingsKey(id), Reminders: wanted.Reminders, DaysBefore: wanted.DaysBefore, RotationDays: wanted.RotationDays, Notices: wanted.Notices,
		StaleDays: wanted.StaleDays, StaleDisable: wanted.StaleDisable, Admins: wanted.Admins,
		ReturnURLs: wanted.ReturnURLs, Revision: wanted.Revision,
	}, condition)
	if errors.Is(err, errRefused) {
		return tenant.ErrStale
	}
	return err
}
