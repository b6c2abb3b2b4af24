package e2e_test

import (
	"context"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/infra/local/bench"
	"github.com/tenonhq/tenon/infra/local/cloud"
	"github.com/tenonhq/tenon/infra/local/dev"
	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/routes"
)

// TestCalls counts what leases ask of AWS.
func TestCalls(t *testing.T) {
	e := newEnvironment(t)
	c := startCounted(t, e)
	ann := onboard(t, e, "calls")
	rotating, steady := c.template(t, "rotating"), c.template(t, bench.SteadyClient)
	t.Run("hot lease", func(t *testing.T) { testHotLease(t, c, ann, rotating) })
	t.Run("secrets written", func(t *testing.T) { testSecretsWritten(t, c, ann, rotating, steady) })
}

// counted is an AWS whose calls are counted, and a provider.
type counted struct {
	e         *environment
	cloud     *cloud.Cloud
	provider  *bench.Provider
	providers string // Origin of the provider.
}

// startCounted runs the environment on an AWS that the test can look into, with
// one process for each function: the first lease opens the tenant's data key
// for all that follow.
func startCounted(t *testing.T, e *environment) *counted {
	t.Helper()
	c := &counted{e: e, cloud: cloud.New(), provider: bench.NewProvider()}
	server, provider := httptest.NewServer(c.cloud), httptest.NewServer(c.provider)
	t.Cleanup(server.Close)
	t.Cleanup(provider.Close)
	t.Cleanup(e.abandon) // Before the servers are closed.
	c.cloud.BaseURL, c.providers = server.URL, provider.URL
	e.aws = aws.Config{
		Region: c.cloud.Region, BaseEndpoint: &server.URL, HTTPClient: c.cloud,
		Credentials: credentials.NewStaticCredentialsProvider("local", "local", ""),
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	e.cancel, e.done = cancel, make(chan error, 1)
	go func() {
		defer close(e.done)
		e.done <- dev.Run(ctx, dev.Config{Root: e.root, State: e.state, Port: e.port, Processes: 1, Endpoint: server.URL, Out: e.out})
	}()
	for !e.ready(t) {
		select {
		case err := <-e.done:
			t.Fatalf("the environment ended: %v\n%s", err, e.out)
		case <-time.After(100 * time.Millisecond):
		}
	}
	return c
}

// template makes the template of a client of the provider.
func (c *counted) template(t *testing.T, clientID string) string {
	t.Helper()
	return call(t, c.e.actor(t, auth.Organization), routes.TemplateCreate, api.TemplateCreate{
		Connector: "custom-rest", AuthScheme: "oauth2_authorization_code", Name: clientID, StableKey: clientID,
		ClientID: clientID, ClientSecret: secretOf("secret of " + clientID), Scopes: []string{"read"},
		Inputs: map[string]string{
			"baseUrl": c.providers + "/api", "verifyPath": "me",
			"authorizeUrl": c.providers + "/authorize", "tokenUrl": c.providers + "/token",
		},
	}).ID
}

// connected returns a request for a lease of a new connection.
func connected(t *testing.T, a *actor, template string) api.LeaseRequest {
	t.Helper()
	id := call(t, a, routes.ConnectionCreate, api.ConnectionCreate{TemplateID: template, Name: t.Name()}).ID
	connect(t, a, id)
	return api.LeaseRequest{ConnectionID: id, Purpose: "calls"}
}

// calls returns what has been asked of AWS since the last reset, in order. The
// environment polls its queues all the time.
func (c *counted) calls() []string {
	var found []string
	for _, made := range c.cloud.Journal() {
		if !strings.HasPrefix(made.Target, "sqs.") {
			found = append(found, made.Target)
		}
	}
	return found
}

// age sets times in the credential of a connection's record to half a day ago.
func (c *counted) age(t *testing.T, a *actor, id string, names ...string) {
	t.Helper()
	table := ""
	for _, made := range c.cloud.Journal() {
		if made.Target == "dynamodb.GetItem" {
			table = made.Resource
		}
	}
	past := time.Now().Add(-12 * time.Hour).UTC().Format(time.RFC3339Nano)
	for _, name := range names {
		_, err := dynamodb.NewFromConfig(c.e.aws).UpdateItem(t.Context(), &dynamodb.UpdateItemInput{
			TableName: &table,
			Key: map[string]types.AttributeValue{
				"pk": &types.AttributeValueMemberS{Value: a.tenant + "#connection"}, "sk": &types.AttributeValueMemberS{Value: id},
			},
			UpdateExpression:          new("SET " + name + " = :past"),
			ExpressionAttributeValues: map[string]types.AttributeValue{":past": &types.AttributeValueMemberS{Value: past}},
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// testHotLease leases what needs no refresh: the audit record is written, the
// connection is read, and that is all but for the list of kill switches, which the
// process reads once in five seconds.
func testHotLease(t *testing.T, c *counted, ann *actor, template string) {
	request := connected(t, ann, template)
	cold := call(t, ann, routes.ConnectionLease, request)
	audited := func() int {
		return len(call(t, ann, routes.AuditList, api.AuditList{AuditFilter: api.AuditFilter{Action: "connection.lease", Resource: request.ConnectionID}}).Items)
	}
	before := audited()
	c.cloud.ResetJournal()
	c.provider.Reset()
	const leases = 20
	var hot api.Lease
	began := time.Now()
	for range leases {
		hot = call(t, ann, routes.ConnectionLease, request)
	}
	got := map[string]int{}
	for _, target := range c.calls() {
		got[target]++
	}
	gate := got["dynamodb.GetItem"] - leases
	if most := 1 + int(time.Since(began)/(5*time.Second)); gate < 0 || gate > most {
		t.Errorf("the kill switches were read %d times in %s, want at most %d", gate, time.Since(began), most)
	}
	if diff := cmp.Diff(map[string]int{"dynamodb.PutItem": leases, "dynamodb.GetItem": leases + gate}, got); diff != "" {
		t.Errorf("calls to AWS (-want +got):\n%s", diff)
	}
	if hot.AccessToken != cold.AccessToken || hot.Refreshed || c.provider.Counts().Refreshes != 0 {
		t.Errorf("a hot lease refreshed: %v", c.provider.Counts())
	}
	if left := audited() - before; left != leases {
		t.Errorf("%d hot leases left %d audit records", leases, left)
	}
}

// testSecretsWritten refreshes again and again and counts the versions that the
// secret store is given.
func testSecretsWritten(t *testing.T, c *counted, ann *actor, rotating, steady string) {
	const expired, promoted, waited = "credential.expiresAt", "credential.promotedAt", "promoteAt"
	for _, test := range []struct {
		name, template string
		refreshes      [][]string // What is half a day ago before each.
		versions       int
	}{
		{"STO-09 a refresh that does not rotate writes none", steady, [][]string{{expired, promoted}, {expired}}, 0},
		{"STO-09 two rotations in a row write one", rotating, [][]string{{expired, promoted}, {expired}}, 1},
		{"STO-09 a rotation half a day later writes another", rotating, [][]string{{expired, promoted}, {expired}, {expired, promoted, waited}}, 2},
	} {
		t.Run(test.name, func(t *testing.T) {
			request := connected(t, ann, test.template)
			last := call(t, ann, routes.ConnectionLease, request)
			c.provider.Reset()
			var writes []string
			for _, past := range test.refreshes {
				c.age(t, ann, request.ConnectionID, past...)
				c.cloud.ResetJournal()
				next := call(t, ann, routes.ConnectionLease, request)
				if !next.Refreshed || next.AccessToken == last.AccessToken {
					t.Fatal("the expired token was not refreshed")
				}
				last, writes = next, append(writes, secretWrites(c.calls())...)
			}
			versions := 0
			for _, target := range writes {
				if target == "secretsmanager.PutSecretValue" {
					versions++
				}
			}
			if versions != test.versions || test.versions == 0 && len(writes) > 0 {
				t.Errorf("got %d versions by %v, want %d", versions, writes, test.versions)
			}
			want := bench.Counts{Refreshes: len(test.refreshes)}
			if diff := cmp.Diff(want, c.provider.Counts()); diff != "" {
				t.Errorf("provider (-want +got):\n%s", diff)
			}
		})
	}
}

// secretWrites returns the calls that change the secret store.
func secretWrites(calls []string) []string {
	var found []string
	for _, target := range calls {
		name, ok := strings.CutPrefix(target, "secretsmanager.")
		if ok && !strings.HasPrefix(name, "Get") && !strings.HasPrefix(name, "Describe") && !strings.HasPrefix(name, "List") {
			found = append(found, target)
		}
	}
	return found
}
