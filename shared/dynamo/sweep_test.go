package dynamo_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/due"
	"github.com/tenonhq/tenon/shared/due/duetest"
	"github.com/tenonhq/tenon/shared/dynamo"
	"github.com/tenonhq/tenon/shared/dynamo/dynamotest"
)

func TestSweepsAreASource(t *testing.T) {
	duetest.RunSource(t, func(t *testing.T) (due.Source, func(due.Index, due.Item)) {
		table := dynamotest.New(t)
		return dynamo.Sweeps{Table: table}, func(index due.Index, item due.Item) { planned(t, table, index, item) }
	})
}

func TestSweepsAreAMemory(t *testing.T) {
	duetest.RunMemory(t, func(t *testing.T) due.Memory { return dynamo.Sweeps{Table: dynamotest.New(t)} })
}

// planned stores a record of any kind with its entry in an index.
func planned(t *testing.T, table dynamo.Table, index due.Index, item due.Item) {
	t.Helper()
	job := strings.TrimSuffix(string(index), "-due")
	record := map[string]types.AttributeValue{
		"pk": &types.AttributeValueMemberS{Value: item.Tenant + "#" + item.Kind}, "sk": &types.AttributeValueMemberS{Value: item.ID},
		job + "Shard": &types.AttributeValueMemberS{Value: strconv.Itoa(due.Shard(item.ID))},
		job + "Due":   &types.AttributeValueMemberS{Value: item.At.UTC().Format("2006-01-02T15:04:05.000000000Z")},
	}
	if item.Connector != "" {
		record["connector"] = &types.AttributeValueMemberS{Value: item.Connector}
	}
	_, err := table.DB.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: &table.Name, Item: record})
	created(t, err)
}

// A connection is in the index of every kind of work it waits for, under its
// connector, and leaves it when nothing is planned.
func TestConnectionsAreEntries(t *testing.T) {
	t.Parallel()
	table := withTemplate(t, dynamotest.New(t))
	store, sweeps := dynamo.Connections{Table: table}, dynamo.Sweeps{Table: table}
	c := filled[connection.Connection]()
	c.Version, c.TemplateOwner, c.TemplateID = 0, "org", "tpl_1"
	created(t, store.Create(t.Context(), c))
	indexes := map[due.Index]*due.Item{due.Refresh: {At: c.Due.Refresh}, due.Health: {At: c.Due.Health}, due.Expiry: {At: c.Due.Expiry}, due.Reconcile: {At: c.Due.Reconcile}}
	for index, want := range indexes {
		want.Tenant, want.Kind, want.ID, want.Connector = c.Tenant, "connection", c.ID, c.Connector
		found, err := sweeps.Due(t.Context(), index, due.Shard(c.ID), want.At.Add(-1), want.At, 5)
		same(t, found, err, []due.Item{*want})
	}
	_, err := store.Update(t.Context(), c.Tenant, c.ID, func(c *connection.Connection) error { c.Due = connection.Due{}; return nil })
	created(t, err)
	for index := range indexes {
		found, err := sweeps.Due(t.Context(), index, due.Shard(c.ID), c.Due.Refresh.AddDate(-1, 0, 0), c.Due.Refresh.AddDate(1, 0, 0), 5)
		same(t, found, err, []due.Item(nil))
	}
}
