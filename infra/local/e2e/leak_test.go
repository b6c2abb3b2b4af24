package e2e_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/routes"
)

// eventQueue receives every event of the bus.
const eventQueue = "e2e-events"

// listen makes a queue that receives what the functions tell the bus.
func (e *environment) listen(t *testing.T) {
	t.Helper()
	queues, bus := sqs.NewFromConfig(e.aws), eventbridge.NewFromConfig(e.aws)
	arn := "arn:aws:sqs:eu-west-1:123456789012:" + eventQueue
	policy := `{"Statement":{"Effect":"Allow","Action":"sqs:SendMessage","Resource":"` + arn + `","Principal":{"Service":"events.amazonaws.com"}}}`
	if _, err := queues.CreateQueue(t.Context(), &sqs.CreateQueueInput{QueueName: aws.String(eventQueue), Attributes: map[string]string{"Policy": policy}}); err != nil {
		t.Fatal(err)
	}
	name := aws.String(e.busName(t))
	rule := &eventbridge.PutRuleInput{Name: aws.String(eventQueue), EventBusName: name, EventPattern: aws.String(`{"account":[{"exists":true}]}`)}
	if _, err := bus.PutRule(t.Context(), rule); err != nil {
		t.Fatal(err)
	}
	target := types.Target{Id: aws.String("queue"), Arn: &arn}
	if _, err := bus.PutTargets(t.Context(), &eventbridge.PutTargetsInput{Rule: rule.Name, EventBusName: name, Targets: []types.Target{target}}); err != nil {
		t.Fatal(err)
	}
}

// messages takes every message out of every queue.
func (e *environment) messages(t *testing.T) []item {
	t.Helper()
	client := sqs.NewFromConfig(e.aws)
	list, err := client.ListQueues(t.Context(), &sqs.ListQueuesInput{})
	if err != nil {
		t.Fatal(err)
	}
	var all []item
	for _, queue := range list.QueueUrls {
		for {
			in := &sqs.ReceiveMessageInput{QueueUrl: &queue, MaxNumberOfMessages: 10, MessageAttributeNames: []string{"All"}}
			got, err := client.ReceiveMessage(t.Context(), in)
			if err != nil {
				t.Fatal(err)
			}
			if len(got.Messages) == 0 {
				break
			}
			for _, m := range got.Messages {
				text, err := json.Marshal(m)
				if err != nil {
					t.Fatal(err)
				}
				all = append(all, item{"message in " + queue, text}, item{"message in " + queue, []byte(*m.Body)})
				if _, err := client.DeleteMessage(t.Context(), &sqs.DeleteMessageInput{QueueUrl: &queue, ReceiptHandle: m.ReceiptHandle}); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	return all
}

// mails returns everything that was mailed.
func (e *environment) mails(t *testing.T) item {
	t.Helper()
	var mails json.RawMessage
	e.exchange(t, http.MethodGet, *e.aws.BaseEndpoint+"/_dev/mails", nil, &mails)
	return item{"mailbox", mails}
}

// secretNames returns what Secrets Manager says about secrets besides their
// values: names, descriptions and tags.
func (e *environment) secretNames(t *testing.T) item {
	t.Helper()
	pages := secretsmanager.NewListSecretsPaginator(secretsmanager.NewFromConfig(e.aws), &secretsmanager.ListSecretsInput{})
	var all []any
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, secret := range page.SecretList {
			all = append(all, secret)
		}
	}
	text, err := json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	return item{"list of secrets", text}
}

// keepsHashes reports whether the attribute holds the hash of a one-time value,
// which is how those of handoffs and connect sessions are recognized; a browser
// that is signed in is found by that of its cookie.
func keepsHashes(pk, path string) bool {
	if strings.HasPrefix(pk, "browser#") && path == "pk" {
		return true
	}
	kept := strings.HasPrefix(pk, "handoff#") || strings.HasPrefix(pk, "session#")
	return kept && slices.Contains([]string{"ticketHash", "cookieHash", "formHash", "stateHash"}, path)
}

// testLeaks looks for every secret of the run, and makes sure that there was one
// of each kind.
func testLeaks(t *testing.T, e *environment) {
	index := e.searchLeaks(t)
	t.Run("planted", func(t *testing.T) {
		testPlanted(t, e, index, "access token", "refresh token", "id_token", "authorization code", "PKCE verifier", "client secret",
			"API key", "password", "ticket", "device code", "user code", "handoff cookie", "form value", "state", "nonce", "bearer token", "webhook secret")
	})
}

// searchLeaks looks for every secret of the run wherever one could have got to,
// and returns what it searched with. Secrets Manager is the only place where they
// may be, and the answers that exist to hand one out.
func (e *environment) searchLeaks(t *testing.T) search {
	t.Helper()
	readAudits(t, e)
	e.lab.collect(t, e)
	all := append(e.evidence.all(), e.mails(t), item{"output and logs", []byte(e.out.String())})
	events := e.messages(t)
	stored := e.attributes(t)
	for _, a := range stored {
		if !keepsHashes(a.pk, a.path) {
			all = append(all, item{a.String(), a.content})
		}
	}
	all = append(all, events...)
	all = append(all, e.secretNames(t))
	t.Logf("%d secrets, %d answers, %d event texts, %d stored values, %d bytes of output",
		len(e.secrets.kinds), len(e.evidence.all()), len(events), len(stored), len(e.out.String()))
	if len(events) == 0 || len(stored) == 0 || !strings.Contains(e.out.String(), `"msg":"request"`) {
		t.Error("a place that must hold something is empty; the search would prove nothing")
	}
	index := e.secrets.search()
	for _, place := range all {
		for _, hit := range index.in(place.content) {
			t.Errorf("%s: found a %s", place.where, hit)
		}
	}
	return index
}

// readAudits puts the audit of each tenant into the evidence, as the organization
// reads it: that of a tenant that is gone, too.
func readAudits(t *testing.T, e *environment) {
	t.Helper()
	org := e.actor(t, auth.Organization)
	tenants := call(t, org, routes.TenantList, api.TenantList{Page: api.Page{Limit: 100}})
	if len(tenants.Items) == 0 {
		t.Error("there is no tenant")
	}
	for _, tenant := range tenants.Items {
		a := *org
		a.client = org.client.For(tenant.ID)
		for in := (api.AuditList{Page: api.Page{Limit: 100}}); ; {
			if in.Cursor = call(t, &a, routes.AuditList, in).NextCursor; in.Cursor == "" {
				break
			}
		}
	}
}

// testPlanted leaves a secret in places that are searched, and finds it. Of the
// needed kinds there must be one.
func testPlanted(t *testing.T, e *environment, s search, needed ...string) {
	kinds := map[string]bool{}
	for value, kind := range e.secrets.kinds {
		if kinds[kind] {
			continue
		}
		kinds[kind] = true
		log, err := json.Marshal(map[string]string{"msg": "oops", "error": "POST https://x.example/?v=" + value})
		if err != nil {
			t.Fatal(err)
		}
		if len(s.in(log)) == 0 {
			t.Errorf("a %s in a log line is not found", kind)
		}
	}
	for _, kind := range needed {
		if !kinds[kind] {
			t.Errorf("no %s was pushed through", kind)
		}
	}
}
