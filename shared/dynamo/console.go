package dynamo

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/console"
)

// SignIns is the console.Store.
type SignIns struct{ Table }

// signInItem is a sign-in as it is stored.
type signInItem struct {
	key
	TTL       int64     `dynamodbav:"ttl"`
	Home      string    `dynamodbav:"home,omitempty"`
	Subject   string    `dynamodbav:"subject,omitempty"`
	ExpiresAt time.Time `dynamodbav:"expiresAt,omitempty"`
}

func signInKey(hash string) key { return key{PK: "browser#" + hash, SK: "browser"} }

// Put implements console.Store.
func (s SignIns) Put(ctx context.Context, in console.SignIn) error {
	_, err := s.put(ctx, signInItem{
		key: signInKey(in.Hash), TTL: in.ExpiresAt.Unix(), Home: in.Visitor.Home, Subject: in.Visitor.Subject, ExpiresAt: in.ExpiresAt,
	}, absent())
	return err
}

// Get implements console.Store.
func (s SignIns) Get(ctx context.Context, hash string) (console.SignIn, error) {
	var item signInItem
	found, err := s.get(ctx, signInKey(hash), &item)
	if err != nil {
		return console.SignIn{}, err
	}
	if !found {
		return console.SignIn{}, console.ErrNotFound
	}
	return console.SignIn{Hash: hash, Visitor: auth.Visitor{Home: item.Home, Subject: item.Subject}, ExpiresAt: item.ExpiresAt}, nil
}

// Delete implements console.Store.
func (s SignIns) Delete(ctx context.Context, hash string) error {
	_, err := s.DB.DeleteItem(ctx, &dynamodb.DeleteItemInput{TableName: &s.Name, Key: signInKey(hash).attributes()})
	if err != nil {
		return failure(ctx, "delete item", err)
	}
	return nil
}
