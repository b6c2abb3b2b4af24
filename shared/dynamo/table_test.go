package dynamo_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/tenonhq/tenon/infra/local/cloud"
	"github.com/tenonhq/tenon/infra/local/cloud/cloudtest"
	"github.com/tenonhq/tenon/shared/connect"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/due"
	"github.com/tenonhq/tenon/shared/dynamo"
	"github.com/tenonhq/tenon/shared/dynamo/dynamotest"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/idempotency"
	"github.com/tenonhq/tenon/shared/template"
)

func TestDueIsOldestFirstAndFairInShards(t *testing.T) {
	t.Parallel()
	table := withTemplate(t, dynamotest.New(t))
	s := dynamo.Connections{Table: table}
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	dues, shards := map[string]time.Time{}, map[string]string{}
	for n := range 240 {
		c := made(fmt.Sprintf("con_%d", n))
		c.Due.Expiry = now.Add(-time.Duration(n*37%240) * time.Millisecond)
		created(t, s.Create(t.Context(), c))
		dues[c.ID] = c.Due.Expiry
		shards[c.ID] = item(t, table, "acme#connection", c.ID)["expiryShard"].(*types.AttributeValueMemberS).Value
	}
	refs, err := s.Due(t.Context(), connection.ExpiryDue, now, 5*due.Shards)
	if err != nil || len(refs) != 5*due.Shards {
		t.Fatalf("Due: got %d refs, %v; want five of each shard", len(refs), err)
	}
	last, perShard := map[string]time.Time{}, map[string]int{}
	for _, ref := range refs {
		if dues[ref.ID].Before(last[shards[ref.ID]]) {
			t.Errorf("%s of shard %s comes after a younger one", ref.ID, shards[ref.ID])
		}
		last[shards[ref.ID]] = dues[ref.ID]
		perShard[shards[ref.ID]]++
	}
	for id, at := range dues {
		if newest := last[shards[id]]; at.Before(newest) && !slices.Contains(refs, connection.Ref{Tenant: "acme", ID: id}) {
			t.Errorf("%s was passed over for a younger one of its shard", id)
		}
	}
	for n := range due.Shards {
		if got := perShard[fmt.Sprint(n)]; got != 5 {
			t.Errorf("shard %d got %d places, want 5", n, got)
		}
	}
}

func TestTimeToLive(t *testing.T) {
	t.Parallel()
	table := dynamotest.New(t)
	at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	created(t, dynamo.Handoffs{Table: table}.Create(t.Context(), connect.Handoff{ID: "hof_1", ExpiresAt: at}))
	_, _, err := dynamo.Idempotency{Table: table}.Reserve(t.Context(), idempotency.Record{Tenant: "acme", Key: "key", Expires: at}, at)
	created(t, err)
	for pk, c := range map[string]struct {
		sk   string
		want time.Time
	}{
		"handoff#hof_1":    {"handoff", at.Add(24 * time.Hour)},
		"acme#idempotency": {"key", at},
	} {
		got := item(t, table, pk, c.sk)["ttl"]
		want := &types.AttributeValueMemberN{Value: fmt.Sprint(c.want.Unix())}
		if diff := cmp.Diff(types.AttributeValue(want), got, cmpopts.IgnoreUnexported(types.AttributeValueMemberN{})); diff != "" {
			t.Errorf("ttl of %s differs (-want +got):\n%s", pk, diff)
		}
	}
}

func TestAnUpdateIsMadeOnceWhenItsAnswerIsLost(t *testing.T) {
	t.Parallel()
	table := withTemplate(t, dynamotest.New(t))
	created(t, dynamo.Connections{Table: table}.Create(t.Context(), made("con_1")))
	s := dynamo.Connections{Table: dynamo.Table{DB: resending{table.DB}, Name: table.Name}}
	got, err := s.Update(t.Context(), "acme", "con_1", func(c *connection.Connection) error { c.Revision++; return nil })
	if err != nil || got.Revision != 1 || got.Version != 2 {
		t.Errorf("Update: got revision %d and version %d, %v; want 1 and 2", got.Revision, got.Version, err)
	}
	if err := s.Create(t.Context(), made("con_2")); err != nil {
		t.Errorf("Create: %v", err)
	}
}

// resending sends every write twice, as the SDK does when the first answer is lost.
type resending struct{ dynamo.Client }

func (r resending) PutItem(ctx context.Context, in *dynamodb.PutItemInput, options ...func(*dynamodb.Options)) (*dynamodb.PutItemOutput, error) {
	if out, err := r.Client.PutItem(ctx, in, options...); err != nil {
		return out, err
	}
	return r.Client.PutItem(ctx, in, options...)
}

func TestAnUpdateGivesUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		table := withTemplate(t, dynamotest.New(t))
		s := dynamo.Connections{Table: table}
		created(t, s.Create(t.Context(), made("con_1")))
		runs := 0
		_, err := s.Update(t.Context(), "acme", "con_1", func(*connection.Connection) error {
			runs++
			return s.SaveAnswer(t.Context(), "acme", "con_1", 0, []byte("always in between"))
		})
		if !fault.Has(err, fault.CodeRetryLater) || fault.From(err).Kind != fault.Unavailable || runs != 50 {
			t.Errorf("Update: got %v after %d runs, want retry_later after 50", err, runs)
		}
	})
}

func TestFailures(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		code   string
		status int
		want   fault.Code
	}{
		{"ProvisionedThroughputExceededException", 400, fault.CodeRetryLater},
		{"RequestLimitExceeded", 400, fault.CodeRetryLater},
		{"ThrottlingException", 400, fault.CodeRetryLater},
		{"InternalServerError", 500, fault.CodeRetryLater},
		{"ServiceUnavailable", 503, fault.CodeRetryLater},
		{"ValidationException", 400, fault.CodeInternal},
		{"AccessDeniedException", 400, fault.CodeInternal},
		{"ResourceNotFoundException", 400, fault.CodeInternal},
	} {
		t.Run(c.code, func(t *testing.T) {
			t.Parallel()
			account := cloud.New()
			table := dynamotest.On(t, cloudtest.Config("http://cloud.local", account))
			account.Fault = func(string, []byte) error { return &cloud.Error{Code: c.code, Status: c.status, Message: "not now"} }
			for name, err := range calls(t.Context(), table) {
				if got := fault.From(err); err == nil || got.Code != c.want || strings.Contains(got.Detail, "not now") {
					t.Errorf("%s: got %v, want %s", name, err, c.want)
				}
			}
		})
	}
}

func TestAnEndedContextIsReturned(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	table := dynamotest.New(t)
	cancel()
	for name, err := range calls(ctx, table) {
		if !errors.Is(err, context.Canceled) || fault.Has(err, fault.CodeRetryLater) {
			t.Errorf("%s: got %v, want context.Canceled", name, err)
		}
	}
}

// calls makes one call of every operation.
func calls(ctx context.Context, table dynamo.Table) map[string]error {
	connections, templates := dynamo.Connections{Table: table}, dynamo.Templates{Table: table}
	_, readErr := connections.Get(ctx, "acme", "con_1")
	_, _, listErr := connections.List(ctx, "acme", connection.Filter{}, "", 10)
	_, dueErr := connections.Due(ctx, connection.RefreshDue, time.Time{}, 10)
	return map[string]error{
		"Get": readErr, "List": listErr, "Due": dueErr,
		"Create":      connections.Create(ctx, made("con_1")),
		"SaveAnswer":  connections.SaveAnswer(ctx, "acme", "con_1", 0, nil),
		"Delete":      connections.Delete(ctx, "acme", "con_1"),
		"Transaction": templates.Create(ctx, template.Template{Owner: "acme", ID: "tpl_1", StableKey: "crm"}),
		"Finish":      dynamo.Idempotency{Table: table}.Finish(ctx, "acme", "key"),
	}
}

func item(t *testing.T, table dynamo.Table, pk, sk string) map[string]types.AttributeValue {
	t.Helper()
	got, err := table.DB.GetItem(t.Context(), &dynamodb.GetItemInput{TableName: &table.Name, ConsistentRead: aws.Bool(true), Key: map[string]types.AttributeValue{
		"pk": &types.AttributeValueMemberS{Value: pk}, "sk": &types.AttributeValueMemberS{Value: sk},
	}})
	if err != nil {
		t.Fatalf("read item: %v", err)
	}
	return got.Item
}
