package chaos_test

import (
	"context"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager/types"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/client"
	"github.com/tenonhq/tenon/shared/fault"
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
	lanes    map[string]*lane // By function.
	strikes  []*strike
}

// TestChanges strikes the creation, the replacement of the credential and the
// deletion of connections at every call, and repeats each request: then all of
// it must have happened, once.
func TestChanges(t *testing.T) {
	t.Parallel()
	seed := number(t, "CHAOS_SEED", time.Now().UnixNano())
	t.Logf("CHAOS_SEED=%d", seed)
	c := newChanges(t)
	begun := time.Now()
	c.plan(t, rand.New(rand.NewPCG(uint64(seed), 1)))
	c.strike(t)
	for left := runTime; left > 0; left -= 10 * time.Second {
		t.Logf("the Idempotency-Key of a dead request is held for %.0f s more", left.Seconds())
		wait(t, min(left, 10*time.Second))
	}
	for _, s := range c.strikes {
		switch s.operation {
		case routes.ConnectionCreate.Name:
			c.created(t, s)
		case routes.CredentialPut.Name:
			c.replaced(t, s)
		case routes.ConnectionDelete.Name:
			c.deleted(t, s)
		}
		if o := <-s.first; s.how == hangUp && (o.status == 0 || o.status == http.StatusInternalServerError) {
			t.Errorf("%s: answered %d %v", s, o.status, o.err)
		}
	}
	c.nothingLeft(t)
	t.Logf("done in %.0f s: %d requests struck; repeat it with CHAOS_SEED=%d", time.Since(begun).Seconds(), len(c.strikes), seed)
}

func newChanges(t *testing.T) *changes {
	t.Helper()
	e := newEnvironment(t)
	must(t, e.actor(t, auth.Organization), routes.TenantCreate, api.TenantCreate{ID: tenant, Name: "Chaos"})
	e.lab.control(t, http.MethodPatch, "/_lab/config", map[string]any{"apiKeys": []string{firstKey, secondKey}}, nil)
	c := &changes{e: e, ann: e.actor(t, tenant), lanes: map[string]*lane{}}
	c.template = must(t, e.actor(t, auth.Organization), routes.TemplateCreate, api.TemplateCreate{
		Connector: "custom-rest", Name: "Key", StableKey: "chaos-key", AuthScheme: "api_key_header",
		Inputs: map[string]string{"baseUrl": e.lab.issuer + "/api", "verifyPath": "apikey", "headerName": "X-Api-Key"},
	})
	return c
}

// plan rehearses each operation and strikes either side of each of its calls.
func (c *changes) plan(t *testing.T, random *rand.Rand) {
	t.Helper()
	for _, operation := range []string{routes.ConnectionCreate.Name, routes.CredentialPut.Name, routes.ConnectionDelete.Name} {
		c.lanes[operation] = c.e.newLane(t, 1, 0, operation)
		rehearsal := c.newStrike(t, operation, "rehearsal")
		c.lanes[operation].steps.watch(nil)
		if o := c.request(t.Context(), rehearsal, c.ann.through(c.lanes[operation])); o.status != http.StatusOK {
			t.Fatalf("%s that nothing disturbs: %d %v", operation, o.status, o.err)
		}
		calls := c.lanes[operation].steps.seen()
		t.Logf("%s makes %d calls", operation, len(calls))
		for at := range calls {
			for i, how := range []string{kill, hangUp} {
				s := c.newStrike(t, operation, operation+" "+strconv.Itoa(at)+" "+how)
				s.how, s.at, s.after = how, at, random.IntN(2) == i
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
		_, err = client.Call(ctx, a.client, routes.ConnectionDelete, api.ConnectionChange{ConnectionID: s.connection})
	}
	o := outcomeOf(err)
	o.made = made.ID
	return o
}

func (c *changes) strike(t *testing.T) {
	t.Helper()
	progress := newProgress(t, "struck", len(c.strikes))
	for _, s := range c.strikes {
		s.lane = c.lanes[s.operation]
		s.lane.cool(t)
		s.land(t, func(ctx context.Context) outcome { return c.request(ctx, s, c.ann.through(s.lane)) })
		if !s.reached {
			t.Errorf("%s: it was not made", s)
		}
		if s.how == hangUp && !finishes(s.first, 300*time.Millisecond) {
			c.lanes[s.operation] = c.e.newLane(t, 1, 0, s.operation)
		}
		progress.step()
	}
}

// created repeats a creation: there is one connection, with its credential.
func (c *changes) created(t *testing.T, s *strike) {
	t.Helper()
	o := c.request(t.Context(), s, c.ann)
	if o.status != http.StatusOK {
		t.Errorf("%s: repeated: %d %v", s, o.status, o.err)
		return
	}
	s.connection = o.made
	c.serves(t, s, firstKey)
	if secrets := c.secrets(t, s.connection); len(secrets) != 1 {
		t.Errorf("%s: %d secrets, want 1", s, len(secrets))
	}
}

// replaced finds one of the credentials in service, repeats the replacement,
// and finds the new one alone. A version that a dead request wrote may be kept
// until the next replacement; it holds what was to be the credential.
func (c *changes) replaced(t *testing.T, s *strike) {
	t.Helper()
	c.serves(t, s, firstKey, secondKey)
	if o := c.request(t.Context(), s, c.ann); o.status != http.StatusOK {
		t.Errorf("%s: repeated: %d %v", s, o.status, o.err)
		return
	}
	c.serves(t, s, secondKey)
	for _, found := range c.secrets(t, s.connection) {
		for version := range found.SecretVersionsToStages {
			if value := c.value(t, found, version); !strings.Contains(value, secondKey) || strings.Contains(value, firstKey) {
				t.Errorf("%s: the secret store keeps the credential that was replaced", s)
			}
		}
	}
}

// deleted repeats a deletion: nothing is left.
func (c *changes) deleted(t *testing.T, s *strike) {
	t.Helper()
	if o := c.request(t.Context(), s, c.ann); o.status != http.StatusOK && o.code != fault.CodeNotFound {
		t.Errorf("%s: repeated: %d %v", s, o.status, o.err)
	}
	if o := ask(t.Context(), c.ann, s.connection, 0); o.code != fault.CodeNotFound {
		t.Errorf("%s: a lease of what is deleted: %d %v", s, o.status, o.err)
	}
	if secrets := c.secrets(t, s.connection); len(secrets) != 0 {
		t.Errorf("%s: %d secrets are left", s, len(secrets))
	}
}

// serves leases the credential, which must be one of those.
func (c *changes) serves(t *testing.T, s *strike, keys ...string) {
	t.Helper()
	o := ask(t.Context(), c.ann, s.connection, 0)
	if o.status != http.StatusOK || !slices.Contains(keys, o.lease.Headers["X-Api-Key"]) {
		t.Errorf("%s: a lease: %d %v, or another key than %v", s, o.status, o.err, keys)
	}
}

// secrets returns what the secret store holds of a connection.
func (c *changes) secrets(t *testing.T, connection string) []types.SecretListEntry {
	t.Helper()
	var found []types.SecretListEntry
	pages := secretsmanager.NewListSecretsPaginator(secretsmanager.NewFromConfig(c.e.aws), &secretsmanager.ListSecretsInput{})
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, entry := range page.SecretList {
			if strings.Contains(aws.ToString(entry.Name), connection) {
				found = append(found, entry)
			}
		}
	}
	return found
}

func (c *changes) value(t *testing.T, of types.SecretListEntry, version string) string {
	t.Helper()
	in := &secretsmanager.GetSecretValueInput{SecretId: of.ARN, VersionId: &version}
	got, err := secretsmanager.NewFromConfig(c.e.aws).GetSecretValue(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	return aws.ToString(got.SecretString)
}

// nothingLeft deletes every connection; then the template is unused and the
// secret store empty.
func (c *changes) nothingLeft(t *testing.T) {
	t.Helper()
	names := map[string]int{}
	for {
		listed := must(t, c.ann, routes.ConnectionList, api.ConnectionList{})
		for _, found := range listed.Items {
			names[found.Name]++
			must(t, c.ann, routes.ConnectionDelete, api.ConnectionChange{ConnectionID: found.ID})
		}
		if len(listed.Items) == 0 {
			break
		}
	}
	for name, count := range names {
		if count != 1 {
			t.Errorf("%d connections are called %q", count, name)
		}
	}
	if left := c.secrets(t, "con_"); len(left) != 0 {
		t.Errorf("%d secrets of no connection are left", len(left))
	}
	organization := c.e.actor(t, auth.Organization)
	if _, err := client.Call(t.Context(), organization.client, routes.TemplateDelete, api.TemplateChange{TemplateID: c.template.ID}); err != nil {
		t.Errorf("delete the template that no connection uses: %v", err)
	}
}
