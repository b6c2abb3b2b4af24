package chaos_test

import (
	"context"
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/client"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/secret"
)

// The keys that the system accepts: a connection is made with the first and
// then given the second.
const firstKey, secondKey = "chaos-key-one", "chaos-key-two"

// runTime is how long a creating request that died keeps its Idempotency-Key,
// and a second.
const runTime = 61 * time.Second

// changes is a run that strikes what changes connections with an API key.
type changes struct {
	e        *environment
	ann      *actor
	template api.Template
	lanes    map[string]*lanes // By function.
	strikes  []*strike
}

// TestSTO01TwoStores strikes the creation, the replacement of the credential and
// the deletion of connections at every call, and repeats each request: then all
// of it must have happened, once.
func TestSTO01TwoStores(t *testing.T) {
	t.Parallel()
	seed := number(t, "CHAOS_SEED", time.Now().UnixNano())
	t.Logf("CHAOS_SEED=%d", seed)
	c := newChanges(t)
	begun := time.Now()
	c.plan(t, rand.New(rand.NewPCG(uint64(seed), 1)))
	each(t, "struck", strikers, c.strikes, func(s *strike) { c.strike(t, s) })
	for left := runTime; left > 0; left -= 10 * time.Second {
		t.Logf("the Idempotency-Key of a dead request is held for %.0f s more", left.Seconds())
		wait(t, min(left, 10*time.Second))
	}
	byCase(t, c.strikes, (*strike).changes, func(t *testing.T, strikes []*strike) {
		each(t, "examined", atOnce, strikes, func(s *strike) { c.examine(t, s) })
	})
	c.e.tidy(t)
	c.nothingLeft(t)
	for _, operation := range slices.Sorted(maps.Keys(c.lanes)) {
		table(t, operation, c.strikes)
	}
	c.e.invariants.summary(t)
	t.Logf("done in %.0f s: %d requests struck; repeat it with CHAOS_SEED=%d", time.Since(begun).Seconds(), len(c.strikes), seed)
}

func newChanges(t *testing.T) *changes {
	t.Helper()
	e := newEnvironment(t)
	return &changes{e: e, ann: e.actor(t, tenant), lanes: map[string]*lanes{}, template: newKeyTemplate(t, e)}
}

// newKeyTemplate makes a template for the API keys that the system accepts.
func newKeyTemplate(t *testing.T, e *environment) api.Template {
	t.Helper()
	e.lab.control(t, http.MethodPatch, "/_lab/config", map[string]any{"apiKeys": []string{firstKey, secondKey}}, nil)
	return must(t, e.actor(t, auth.Organization), routes.TemplateCreate, api.TemplateCreate{
		Connector: "custom-rest", Name: "Key", StableKey: "chaos-key", AuthScheme: "api_key_header",
		Inputs: map[string]string{"baseUrl": e.lab.issuer + "/api", "verifyPath": "apikey", "headerName": "X-Api-Key"},
	})
}

// changes names the case of the security design that a strike at a change is one
// of.
func (s *strike) changes() string {
	switch {
	case s.operation == routes.CredentialPut.Name:
		return "CRD-03 a replacement is struck"
	case s.operation == routes.ConnectionDelete.Name:
		return "I7 a deletion is struck"
	case s.name == "secretsmanager CreateSecret" && !s.disturbs() && s.after:
		return "STO-03 the answer to CreateSecret is lost"
	case s.name == "secretsmanager CreateSecret":
		return "STO-02 the secret is not made"
	case s.name == "DynamoDB PutItem connection" || strings.HasPrefix(s.name, "DynamoDB TransactWriteItems"):
		return "STO-01 the record is not written"
	}
	return "API-02 a creation is struck"
}

// plan rehearses each operation, strikes either side of each of its calls and
// disturbs each call in every way.
func (c *changes) plan(t *testing.T, random *rand.Rand) {
	t.Helper()
	for _, operation := range []string{routes.ConnectionCreate.Name, routes.CredentialPut.Name, routes.ConnectionDelete.Name} {
		c.lanes[operation] = c.e.newLanes(t, operation)
		rehearsal := c.newStrike(t, operation, "rehearsal")
		c.strike(t, rehearsal)
		if o := rehearsal.answer(); o.status != http.StatusOK {
			t.Fatalf("%s that nothing disturbs: %d %v", operation, o.status, o.err)
		}
		t.Logf("%s makes %d calls", operation, len(rehearsal.calls))
		for at, made := range rehearsal.calls {
			afterwards := random.IntN(2)
			for i, how := range []string{kill, hangUp, string(fails), string(throttle), string(late), string(down)} {
				s := c.newStrike(t, operation, operation+" "+strconv.Itoa(at)+" "+how)
				s.how, s.at, s.name, s.after = how, at, made.name, i == afterwards
				c.strikes = append(c.strikes, s)
			}
		}
	}
	random.Shuffle(len(c.strikes), func(i, j int) { c.strikes[i], c.strikes[j] = c.strikes[j], c.strikes[i] })
}

// newStrike makes what the operation needs.
func (c *changes) newStrike(t *testing.T, operation, name string) *strike {
	t.Helper()
	s := &strike{operation: operation, kind: kind{cold: true}, provider: name}
	if operation != routes.ConnectionCreate.Name {
		s.connection = must(t, c.ann, routes.ConnectionCreate, c.creation(name)).ID
	}
	return s
}

func (c *changes) creation(name string) api.ConnectionCreate {
	return api.ConnectionCreate{
		IdempotencyKey: name, TemplateID: c.template.ID, Name: name, Credential: credential(firstKey),
	}
}

func credential(key string) map[string]secret.Bytes {
	return map[string]secret.Bytes{"headerValue": secret.FromString(key)}
}

// request performs the operation of a strike.
func (c *changes) request(ctx context.Context, s *strike, a *actor) outcome {
	var err error
	var made api.Connection
	switch s.operation {
	case routes.ConnectionCreate.Name:
		made, err = client.Call(ctx, a.client, routes.ConnectionCreate, c.creation(s.provider))
	case routes.CredentialPut.Name:
		put := api.CredentialPut{ConnectionID: s.connection, IfMatch: "*", Credential: credential(secondKey)}
		_, err = client.Call(ctx, a.client, routes.CredentialPut, put)
	case routes.ConnectionDelete.Name:
		_, err = client.Call(ctx, a.client, routes.ConnectionDelete, api.ConnectionEnd{ConnectionID: s.connection})
	}
	o := outcomeOf(err)
	o.made = made.ID
	return o
}

// strike lands a strike at a process that has just started.
func (c *changes) strike(t *testing.T, s *strike) {
	t.Helper()
	c.lanes[s.operation].strike(t, s, func() {
		s.lane.cool(t)
		s.land(t, func(ctx context.Context) outcome { return c.request(ctx, s, c.ann.through(s.lane)) })
	})
}
