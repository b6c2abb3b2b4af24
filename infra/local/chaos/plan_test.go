package chaos_test

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/tenonhq/tenon/infra/local/template"
	"github.com/tenonhq/tenon/shared/environ"
	"github.com/tenonhq/tenon/shared/routes"
)

// strict is a provider that rotates refresh tokens and ends a grant whose old
// one comes again.
const strict = "strict"

// plan returns strikes: each side of each call of a refresh is killed once and
// hung up on once, whatever the calls are, and from the lease's acquisition on
// paused once; then come strikes chosen at random. Fewer than all of them are a
// random choice; zero is each once.
func plan(random *rand.Rand, calls map[kind][]call, count int) []*strike {
	var all []*strike
	add := func(how, provider string, k kind, at int, after bool) {
		all = append(all, &strike{how: how, operation: routes.ConnectionLease.Name, provider: provider, kind: k, at: at, after: after})
	}
	providers := []string{strict, graceful}
	fullest := kind{promoting: true, cold: true}
	for at := range calls[fullest] {
		for _, after := range []bool{false, true} {
			add(kill, providers[random.IntN(2)], fullest, at, after)
			add(hangUp, providers[random.IntN(2)], kind{cold: random.IntN(2) == 0}, 0, after)
			last := all[len(all)-1]
			last.at = at % len(calls[last.kind])
		}
	}
	k := kind{cold: true}
	for at := acquired(calls[k]); at < len(calls[k]); at++ {
		add(pause, providers[random.IntN(2)], k, at, false)
		add(pause, providers[random.IntN(2)], k, at, true)
	}
	random.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	if count == 0 {
		return all
	}
	for len(all) < count {
		k := kind{promoting: random.IntN(2) == 0, cold: random.IntN(2) == 0}
		add(kill, providers[random.IntN(2)], k, random.IntN(len(calls[k])), random.IntN(2) == 0)
	}
	return all[:count]
}

// acquired is the call that wins the lease: the first write of the record.
func acquired(calls []call) int {
	for at, c := range calls {
		if c.name == "DynamoDB PutItem connection" {
			return at
		}
	}
	return 0
}

// rehearse returns the calls of an undisturbed refresh of every kind.
func (r *run) rehearse(t *testing.T) map[kind][]call {
	t.Helper()
	kinds := []kind{{true, true}, {true, false}, {false, true}, {false, false}}
	connections, found := map[kind]string{}, map[kind][]call{}
	for _, k := range kinds {
		connections[k] = newConnection(t, r.e, r.ann, r.templates[strict], "rehearsal")
	}
	wait(t, tooOld)
	for _, k := range kinds {
		id := connections[k]
		r.prepare(t, &strike{kind: k, connection: id})
		r.e.provider.watch(id, r.lane.steps)
		r.lane.steps.watch(nil)
		if got := ask(t.Context(), r.ann.through(r.lane), id, freshest); got.status != 200 || !got.lease.Refreshed {
			t.Fatalf("a refresh that nothing disturbs: %d %v", got.status, got.err)
		}
		found[k] = r.lane.steps.seen()
		asked := slices.Index(found[k], call{name: providerCall, done: true})
		if asked < 0 || found[k][asked+1].name != saveCall {
			t.Fatalf("the provider's answer is not saved at once, by %s: %v", saveCall, found[k])
		}
		t.Logf("a refresh (%+v) makes %d calls", k, len(found[k]))
	}
	return found
}

// prepare brings about the kind of refresh that is to be struck.
func (r *run) prepare(t *testing.T, s *strike) {
	t.Helper()
	if s.promoting {
		r.age(t, s.connection)
	}
	if s.cold {
		r.lane.cool(t)
		return
	}
	if got := ask(t.Context(), r.ann.through(r.lane), r.other, 0); got.status != 200 {
		t.Fatalf("a lease that nothing disturbs: %d %v", got.status, got.err)
	}
}

// age makes a connection's secret as old as one that may be written again.
func (r *run) age(t *testing.T, connection string) {
	t.Helper()
	table := tableName(t, r.e.manifest)
	_, err := dynamodb.NewFromConfig(r.e.aws).UpdateItem(context.WithoutCancel(t.Context()), &dynamodb.UpdateItemInput{
		TableName: &table,
		Key: map[string]types.AttributeValue{
			"pk": &types.AttributeValueMemberS{Value: tenant + "#connection"},
			"sk": &types.AttributeValueMemberS{Value: connection},
		},
		UpdateExpression: new("SET credential.promotedAt = :past"),
		ExpressionAttributeValues: map[string]types.AttributeValue{
			":past": &types.AttributeValueMemberS{Value: time.Now().Add(-time.Hour).UTC().Format(time.RFC3339Nano)},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
}

func tableName(t *testing.T, m template.Manifest) string {
	t.Helper()
	for _, f := range m.Functions {
		if f.Name == routes.ConnectionLease.Name {
			return f.Env[environ.Table]
		}
	}
	t.Fatal("the templates have no function that leases")
	return ""
}
