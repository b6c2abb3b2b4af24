package bench

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/tenonhq/tenon/shared/environ"
)

// Names of the records in the events.
const (
	eventSignIn     = "tpl_01M7VZGC000000000000000001"
	eventKeyed      = "tpl_01M7VZGC000000000000000002"
	eventUnused     = "tpl_01M7VZGC000000000000000003"
	eventStatic     = "con_01M7VZGC000000000000000001"
	eventConnected  = "con_01M7VZGC000000000000000002"
	eventPending    = "con_01M7VZGC000000000000000003"
	eventAdded      = "con_01M7VZGC000000000000000004"
	eventEndpoint   = "whe_01M7VZGC000000000000000001"
	eventSigningKey = "sgk_01M7VZGC000000000000000001"
	eventKillSwitch = "kls_01M7VZGC000000000000000001"
)

// The bodies that let the events run on the provider of the benchmark, which is
// of this machine, instead of on those of others.
const (
	signInTemplate = `{"connector":"custom-rest","authScheme":"oauth2_authorization_code","name":"Salesforce","stableKey":"%s","clientId":"rotating",` +
		`"clientSecret":"fake-client-secret-of-acme-0001","scopes":["api"],"inputs":{"baseUrl":"{provider}/api","verifyPath":"me","authorizeUrl":"{provider}/authorize","tokenUrl":"{provider}/token"}}`
	keyedTemplate = `{"connector":"custom-rest","authScheme":"api_key_header","name":"Stripe","stableKey":"stripe",` +
		`"inputs":{"baseUrl":"{provider}/api","verifyPath":"me","headerName":"X-Api-Key"}}`
	keyedConnection  = `{"templateId":"` + eventKeyed + `","name":"Stripe of the sales team","labels":{"team":"sales"},"credential":{"headerValue":"rk_test_fake_acme_0001"}}`
	signInConnection = `{"templateId":"` + eventSignIn + `","name":"Salesforce of the service team","environment":"production","labels":{"team":"service"}}`
	newKey           = `{"credential":{"headerValue":"rk_test_fake_acme_0003"}}`
	stagedKey        = `{"mode":"staged","credential":{"headerValue":"rk_test_fake_acme_0003"}}`
	orders           = `{"name":"Orders to Stripe","kind":"sync","bindings":[{"slot":"source","connector":"custom-rest","template":"salesforce","scopes":["api"],"connectionId":"` + eventConnected + `"},` +
		`{"slot":"destination","connector":"custom-rest","template":"stripe","connectionId":"` + eventStatic + `"}]}`
	sessionForm = `form=` + eventSessionForm + `&template=` + eventSignIn + `&name=My+Salesforce`
)

// signIn are the steps in which a person connects what stands as pending.
func signIn() []step {
	return append(confirmed(), step{event: "oauth-callback"})
}

func authorized() []step {
	return []step{{event: "connection-authorize", body: `{"returnUrl":"https://app.acme.example/connections/done"}`}}
}

func started() []step   { return append(authorized(), step{event: "oauth-start"}) }
func confirmed() []step { return append(started(), step{event: "oauth-confirm"}) }

// seed makes the records that the events name.
func (p *player) seed(ctx context.Context) error {
	p.names[eventSessionForm] = eventSessionForm
	steps := []step{
		{event: "tenant-create", body: `{"id":"acme","name":"Acme GmbH"}`},
		{event: "tenant-create", body: `{"id":"globex","name":"Globex Corporation"}`},
		{event: "settings-put", header: map[string]string{"if-match": `"0"`}},
		{event: "template-create", as: eventSignIn, body: fmt.Sprintf(signInTemplate, "salesforce")},
		{event: "template-create", as: eventKeyed, body: keyedTemplate},
		{event: "template-create", as: eventUnused, body: fmt.Sprintf(signInTemplate, "unused")},
		{event: "connection-create", as: eventStatic, body: keyedConnection},
	}
	for _, name := range []string{eventConnected, eventAdded} {
		steps = append(steps, step{event: "connection-create", as: eventPending, body: signInConnection})
		steps = append(steps, signIn()...)
		steps = append(steps, step{as: name}) // It is not pending any more.
	}
	steps = append(steps,
		step{event: "connection-create", as: eventPending, body: signInConnection},
		step{event: "flow-put", body: orders},
		step{event: "webhook-endpoint-create", as: eventEndpoint, body: `{"url":"{provider}/hook","description":"Operations","events":[]}`},
		step{event: "signing-key-create", as: eventSigningKey},
	)
	for _, s := range steps {
		if s.event == "" {
			p.names[s.as] = p.names[eventPending]
			continue
		}
		if err := p.play(ctx, s); err != nil {
			return err
		}
	}
	return nil
}

// expire lets the token of a connection, and what is due of it, be of the past.
func (p *player) expire(ctx context.Context, name string) error {
	return p.antedate(ctx, p.names[name], "refreshDue", "healthDue", "expiryDue", "credential.expiresAt", "credential.refreshedAt")
}

// antedate sets times of a connection's record that are there to the past.
func (p *player) antedate(ctx context.Context, id string, attributes ...string) error {
	db := dynamodb.NewFromConfig(p.stage.aws)
	table, now := p.table(), time.Now()
	key := map[string]types.AttributeValue{"pk": text("acme#connection"), "sk": text(id)}
	for _, attribute := range attributes {
		ago := time.Minute
		if attribute == "credential.refreshedAt" {
			ago += tokenLifetime
		}
		if _, err := db.UpdateItem(ctx, &dynamodb.UpdateItemInput{
			TableName: &table, Key: key,
			UpdateExpression:          new("SET " + attribute + " = :past"),
			ConditionExpression:       new("attribute_exists(" + attribute + ")"),
			ExpressionAttributeValues: map[string]types.AttributeValue{":past": stamp(now.Add(-ago))},
		}); err != nil && !errors.As(err, new(*types.ConditionalCheckFailedException)) {
			return fmt.Errorf("antedate %s: %w", id, err)
		}
	}
	return nil
}

// table is that of the functions' environment.
func (p *player) table() string {
	for _, f := range p.stage.manifest.Functions {
		if name := f.Env[environ.Table]; name != "" {
			return name
		}
	}
	return ""
}
