package e2e_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/tenonhq/tenon/shared/routes"
)

// attempt is how one tenant would misuse a route to get at another's property.
type attempt struct {
	query  string // With its question mark.
	body   string
	header map[string]string
	static bool // Uses the connection with a static credential.
	want   int
}

// attempts holds a row for every route that needs a token. The bodies are what
// the owner could send.
func attempts(p property) map[string]attempt {
	match := map[string]string{"If-Match": "*"}
	return map[string]attempt{
		"connector-list":   {want: 200},
		"connector-get":    {want: 404},
		"connector-put":    {want: 404, body: `{"definition":{}}`},
		"connector-delete": {want: 404, header: match},
		"sunset-list":      {want: 200},
		"expiration-list":  {want: 200},

		"template-create": {want: 201, body: `{"connector":"demo-crm","name":"new","stableKey":"fresh","authScheme":"api_key"}`},
		"template-list":   {want: 200},
		"template-get":    {want: 404},
		"template-update": {want: 404, body: `{"name":"taken","dropPrevious":true,"force":true}`, header: match},
		"template-delete": {want: 404},
		"template-export": {want: 200, body: `{}`},
		"template-import": {want: 200, body: `{"version":1,"templates":[{"stableKey":"brought","connector":"demo-crm","name":"brought","authScheme":"api_key","credentials":"customer","suppliedBy":"customer","embedded":true}]}`},

		"test-credentials-put": {want: 404, body: `{"credential":{"apiKey":"crm_key_demo_0123456789abcdef"}}`},
		"binding-lease":        {want: 404, body: `{"purpose":"steal"}`},

		"connection-create":    {want: 404, body: `{"templateId":"` + p.template + `","name":"mine","credential":{"apiKey":"crm_key_demo_0123456789abcdef"}}`},
		"connection-import":    {want: 200, body: `{"items":[{"externalId":"legacy-1","templateId":"` + p.template + `","name":"mine","credential":{"apiKey":"crm_key_demo_0123456789abcdef"}}]}`},
		"connection-list":      {want: 200},
		"connection-summary":   {want: 200},
		"connection-get":       {want: 404},
		"connection-update":    {want: 404, body: `{"name":"taken"}`, header: match},
		"connection-delete":    {want: 404},
		"connection-authorize": {want: 404, body: `{}`},
		"connection-scopes":    {want: 404},
		"credential-put":       {want: 404, body: `{"credential":{"apiKey":"crm_key_demo_0123456789abcdef"}}`, header: match, static: true},
		"credential-promote":   {want: 404, body: `{}`, header: match, static: true},
		"credential-discard":   {want: 404, body: `{}`, header: match, static: true},
		"account-list":         {want: 404},
		"account-put":          {want: 404, body: `{"accountId":"account-1","allowAccountChange":true}`, header: match},
		"connection-verify":    {want: 404},
		"connection-disable":   {want: 404},
		"connection-enable":    {want: 404},
		"dependent-list":       {want: 404},
		"connection-lease":     {want: 404, body: `{"purpose":"steal"}`},
		"health-refresh":       {want: 404, body: `{"connectionIds":["` + p.connection + `"],"probe":true}`},
		"connection-calls":     {want: 404, body: `{"calls":[{"at":"2026-11-20T00:00:00Z","outcome":"auth_error"}]}`},

		"flow-put":           {want: 404, body: `{"name":"mine","bindings":[{"slot":"source","connector":"demo-crm","connectionId":"` + p.connection + `"}]}`},
		"flow-list":          {want: 200},
		"flow-get":           {want: 404},
		"flow-update":        {want: 404, body: `{"state":"paused"}`, header: match},
		"flow-delete":        {want: 404},
		"binding-put":        {want: 404, body: `{"connectionId":"` + p.connection + `"}`},
		"binding-candidates": {want: 404},
		"connection-rebind":  {want: 404, body: `{"to":"con_01JD0000000000000000000001"}`},

		"connect-session-create": {want: 404, body: `{"endUser":"user-1","connectionId":"` + p.connection + `"}`},
		"connect-session-get":    {want: 404},
		"oauth-session-complete": {want: 404, body: `{"endUser":"user-1","sessionUri":"urn:fake"}`},
		"browser-session-put":    {want: 200},
		"browser-session-delete": {want: 200},

		"settings-get": {want: 200},
		"settings-put": {want: 200, body: `{"reminders":{"enabled":false}}`, header: match},

		"signing-key-create": {want: 201, body: `{"algorithm":"ES256"}`},
		"signing-key-list":   {want: 200},
		"signing-key-retire": {want: 404},

		"webhook-endpoint-create": {want: 201, body: `{"url":"https://hooks.acme.com/mine","events":["webhook.test"]}`},
		"webhook-endpoint-list":   {want: 200},
		"webhook-endpoint-get":    {want: 404},
		"webhook-endpoint-update": {want: 404, body: `{"url":"https://hooks.acme.com/taken"}`, header: match},
		"webhook-endpoint-delete": {want: 404},
		"webhook-endpoint-rotate": {want: 404},
		"webhook-endpoint-test":   {want: 404},
		"delivery-list":           {want: 404},

		"aws-trust-get":      {want: 200},
		"egress-list":        {want: 200},
		"tenant-create":      {want: 403, body: `{"id":"` + p.tenant + `","name":"mine"}`},
		"tenant-get":         {want: 404},
		"tenant-list":        {want: 200},
		"tenant-delete":      {want: 403},
		"provider-list":      {want: 200},
		"provider-confirm":   {want: 404, body: `{"provider":"salesforce"}`},
		"audit-list":         {want: 200, query: "?resource=" + p.connection},
		"audit-export":       {want: 200, query: "?resource=" + p.connection},
		"audit-integrity":    {want: 200},
		"kill-switch-create": {want: 403, body: `{"scope":"tenant","tenant":"` + p.tenant + `","reason":"harm","confirm":"` + p.tenant + `"}`},
		"kill-switch-list":   {want: 200},
		"kill-switch-get":    {want: 404},
		"kill-switch-lift":   {want: 404},
	}
}

// send makes the attempt with the ids of the victim in the path.
func (try attempt) send(t *testing.T, a *actor, r *routes.Route, victim property) raw {
	t.Helper()
	connection := victim.connection
	if try.static {
		connection = victim.static
	}
	path := strings.NewReplacer(
		"{connectionId}", connection, "{templateId}", victim.template, "{tenantId}", victim.tenant, "{connectorId}", "own-crm",
		"{signingKeyId}", victim.signingKey, "{killSwitchId}", victim.killSwitch, "{webhookEndpointId}", victim.webhook, "{sessionId}", victim.session,
		"{flowId}", victim.flow, "{slot}", "source",
	).Replace(r.Path)
	if strings.Contains(path, "{") {
		t.Fatalf("%s: fill in the parameters of %s", r.Name, path)
	}
	if r.Method == http.MethodGet && try.body != "" {
		t.Fatalf("%s: a GET has no body", r.Name)
	}
	return a.send(t, r.Method, path+try.query, try.body, try.header)
}
