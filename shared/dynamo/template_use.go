package dynamo

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/tenonhq/tenon/shared/template"
)

func useKey(u template.Use) key {
	return key{PK: u.Owner + "#template-use#" + u.TemplateID, SK: u.Tenant + "/" + u.ConnectionID}
}

// AddUse implements template.Store.
func (s Templates) AddUse(ctx context.Context, u template.Use) error {
	_, err := s.DB.PutItem(ctx, &dynamodb.PutItemInput{TableName: &s.Name, Item: useKey(u).attributes()})
	if err != nil {
		return failure(ctx, "write use", err)
	}
	return nil
}

// RemoveUse implements template.Store.
func (s Templates) RemoveUse(ctx context.Context, u template.Use) error {
	return s.delete(ctx, useKey(u))
}

// InUse implements template.Store.
func (s Templates) InUse(ctx context.Context, owner, id string) (bool, error) {
	q := partition(useKey(template.Use{Owner: owner, TemplateID: id}).PK, "")
	for _, err := range s.items(ctx, q, 1) {
		return err == nil, err
	}
	return false, nil
}
