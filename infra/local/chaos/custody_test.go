package chaos_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	awskms "github.com/aws/aws-sdk-go-v2/service/kms"
	awssecretsmanager "github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"github.com/tenonhq/tenon/infra/local/template"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/dynamo"
	"github.com/tenonhq/tenon/shared/environ"
	"github.com/tenonhq/tenon/shared/kms"
	"github.com/tenonhq/tenon/shared/lease"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/secretsmanager"
	"github.com/tenonhq/tenon/shared/vault"
)

// custody reads, past the functions, where credentials are kept.
type custody struct {
	db     *dynamodb.Client
	sm     *awssecretsmanager.Client
	table  dynamo.Table
	sealer *vault.Sealer
}

func newCustody(t *testing.T, cfg aws.Config, m template.Manifest) *custody {
	t.Helper()
	k := &custody{db: dynamodb.NewFromConfig(cfg), sm: awssecretsmanager.NewFromConfig(cfg)}
	for _, f := range m.Functions {
		if f.Name == routes.ConnectionLease.Name {
			k.table = dynamo.Table{DB: k.db, Name: f.Env[environ.Table]}
		}
	}
	if k.table.Name == "" {
		t.Fatal("the templates have no function that leases")
	}
	keys := kms.Keys{Client: awskms.NewFromConfig(cfg), Stage: environ.LocalStage, Owner: kms.Owner{Partition: "aws", Account: "123456789012", Region: "eu-west-1"}}
	k.sealer = &vault.Sealer{Keys: keys, DataKeys: dynamo.Tenants{Table: k.table}}
	return k
}

// of returns a connection and every refresh token that is kept of it: in the
// record, in an answer that waits to be settled and in the secret store.
func (k *custody) of(ctx context.Context, id string) (connection.Connection, []string, error) {
	c, err := dynamo.Connections{Table: k.table}.Get(ctx, tenant, id)
	if err != nil {
		return c, nil, err
	}
	material, err := lease.Material(ctx, secretsmanager.Secrets{Client: k.sm, Stage: environ.LocalStage}, c)
	if err != nil {
		return c, nil, err
	}
	tokens := []string{material.RefreshToken.Reveal()}
	if len(c.Refresh.Token) > 0 {
		place := vault.Place{Tenant: tenant, Resource: id, Purpose: vault.PurposeRefresh, Version: c.Refresh.TokenEpoch}
		token, err := k.sealer.Open(ctx, place, c.Refresh.Token)
		if err != nil {
			return c, nil, err
		}
		tokens = append(tokens, token.Reveal())
	}
	if len(c.Refresh.Answer) > 0 {
		token, err := k.answered(ctx, c)
		if err != nil {
			return c, nil, err
		}
		tokens = append(tokens, token)
	}
	return c, tokens, nil
}

// answered returns the refresh token in a saved answer.
func (k *custody) answered(ctx context.Context, c connection.Connection) (string, error) {
	place := vault.Place{Tenant: tenant, Resource: c.ID, Purpose: vault.PurposeAnswer, Version: c.Refresh.Epoch}
	opened, err := k.sealer.Open(ctx, place, c.Refresh.Answer)
	if err != nil {
		return "", err
	}
	answer, err := method.DecodeAnswer(opened)
	if err != nil {
		return "", err
	}
	var body struct {
		Token string `json:"refresh_token"`
	}
	_ = json.Unmarshal([]byte(answer.Body.Reveal()), &body) // A refusal has none.
	return body.Token, nil
}

// records returns the connections of the tenant.
func (k *custody) records(t *testing.T) []connection.Connection {
	t.Helper()
	var all []connection.Connection
	for start := ""; ; {
		page, next, err := dynamo.Connections{Table: k.table}.List(t.Context(), tenant, connection.Filter{}, start, 100)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, page...)
		if start = next; start == "" {
			return all
		}
	}
}

// stored is one secret and the versions that have a label.
type stored struct {
	name     string
	versions []string
}

// secrets returns what the secret store holds under a name with this part.
func (k *custody) secrets(t *testing.T, part string) []stored {
	t.Helper()
	var found []stored
	pages := awssecretsmanager.NewListSecretsPaginator(k.sm, &awssecretsmanager.ListSecretsInput{})
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, entry := range page.SecretList {
			s := stored{name: aws.ToString(entry.Name)}
			for version := range entry.SecretVersionsToStages {
				s.versions = append(s.versions, version)
			}
			if strings.Contains(s.name, part) {
				found = append(found, s)
			}
		}
	}
	return found
}

// value returns what a version holds.
func (k *custody) value(t *testing.T, name, version string) string {
	t.Helper()
	got, err := k.sm.GetSecretValue(t.Context(), &awssecretsmanager.GetSecretValueInput{SecretId: &name, VersionId: &version})
	if err != nil {
		t.Fatal(err)
	}
	return aws.ToString(got.SecretString)
}

// backdate moves times of a connection's record into the past: as long as a
// promotion waits at most.
func (k *custody) backdate(t *testing.T, id string, attributes ...string) {
	t.Helper()
	past := time.Now().Add(-12 * time.Hour).UTC().Format("2006-01-02T15:04:05.000000000Z")
	_, err := k.db.UpdateItem(context.WithoutCancel(t.Context()), &dynamodb.UpdateItemInput{
		TableName: &k.table.Name,
		Key: map[string]types.AttributeValue{
			"pk": &types.AttributeValueMemberS{Value: tenant + "#connection"},
			"sk": &types.AttributeValueMemberS{Value: id},
		},
		ConditionExpression:       new("attribute_exists(pk)"),
		UpdateExpression:          new("SET " + strings.Join(attributes, " = :past, ") + " = :past"),
		ExpressionAttributeValues: map[string]types.AttributeValue{":past": &types.AttributeValueMemberS{Value: past}},
	})
	if err != nil {
		t.Errorf("backdate %s: %v", id, err)
	}
}

// expire lets the access token of a connection end.
func (k *custody) expire(t *testing.T, id string) {
	t.Helper()
	k.backdate(t, id, "credential.expiresAt")
}
