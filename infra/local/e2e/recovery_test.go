package e2e_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/due"
	"github.com/tenonhq/tenon/shared/environ"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/routes"
)

// rehearsal is a tenant before and after its table was restored to an earlier time.
type rehearsal struct {
	*environment
	ann *actor

	idle, rotated, promoted *oauthClient // Not refreshed since; refreshed; refreshed and moved to the secret store.
	replaced, deleted       string       // Keys.
	made                    string       // A connection since.
	key                     api.Connection
	newer                   api.Lease // Of the key that was replaced.
	crmKeys                 api.Template
}

// TestRecovery loses the table, restores an older one under another name, and
// shows what heals by itself, what the command of the recovery heals, and what a
// person has to do. Then a key and a secret are lost, and come back.
func TestRecovery(t *testing.T) {
	r := &rehearsal{environment: newEnvironment(t)}
	r.start(t)
	r.ann = onboard(t, r.environment, "recovering")
	r.connectAll(t)
	saved := r.backUp(t)
	r.live(t)
	r.restore(t, saved)
	listed := r.follow(t, saved)
	said := r.follow(t, saved, "-write")
	if slices.Compare(lines(listed), lines(said)) != 0 {
		t.Errorf("listed\n%s\ndone\n%s", listed, said)
	}
	says(t, said, "newer", r.ann, r.promoted.connection)
	says(t, said, "newer", r.ann, r.replaced)
	says(t, said, "gone", r.ann, r.deleted)
	if again := r.follow(t, saved); strings.Contains(again, "newer\t") {
		t.Errorf("once more there is something to follow:\n%s", again)
	}
	templates := restoredTemplates(t, r.environment)
	r.stop(t)
	r.templates = templates
	r.start(t)
	t.Run("tenant of since is onboarded again", func(t *testing.T) { onboard(t, r.environment, "since") })
	if table := r.variable(t, environ.Table); table != restoredName {
		t.Fatalf("the functions use the table %s", table)
	}
	t.Run("keys", r.testKeys)
	t.Run("tokens", r.testTokens)
	t.Run("key of the tenant", r.testTenantKey)
	t.Run("deleted secret", r.testDeletedSecret)
	r.noDeadLetters(t)
	r.stop(t)
}

// lines returns the lines of a text in order; connections are looked at at once.
func lines(text string) []string { return slices.Sorted(strings.Lines(text)) }

// connectAll makes the connections of before.
func (r *rehearsal) connectAll(t *testing.T) {
	t.Helper()
	for name, c := range map[string]**oauthClient{"idle": &r.idle, "rotated": &r.rotated, "promoted": &r.promoted} {
		*c = newOAuthClient(t, r.environment, r.ann, name, 3600, openID(r.environment))
		connect(t, r.ann, (*c).connection)
	}
	r.crmKeys = crmTemplate(t, r.environment, "recovery-key", "api_key")
	r.key = r.newKey(t, "replaced")
	r.replaced, r.deleted = r.key.ID, r.newKey(t, "deleted").ID
}

func (r *rehearsal) newKey(t *testing.T, name string) api.Connection {
	t.Helper()
	return call(t, r.ann, routes.ConnectionCreate, api.ConnectionCreate{
		TemplateID: r.crmKeys.ID, Name: name, Credential: fields{"apiKey": secretOf(r.crm.newKey(t))},
	})
}

// live is what happens between the time of the backup and the loss of the table.
func (r *rehearsal) live(t *testing.T) {
	t.Helper()
	r.refresh(t, r.rotated)
	r.refresh(t, r.promoted)
	past := time.Now().UTC().Add(-time.Minute).Format(stamp)
	r.set(t, r.ann.tenant+"#connection", r.promoted.connection, map[string]string{"promoteAt": past})
	r.reconcile(t, r.promoted.connection)
	call(t, r.ann, routes.CredentialPut, api.CredentialPut{ConnectionID: r.replaced, IfMatch: r.key.ETag(), Credential: fields{"apiKey": secretOf(r.crm.newKey(t))}})
	r.newer = lease(t, r.ann, r.replaced, r.crm.base+"/api/key/me")
	call(t, r.ann, routes.ConnectionDelete, api.ConnectionEnd{ConnectionID: r.deleted})
	r.made = r.newKey(t, "made since").ID
	onboard(t, r.environment, "since")
}

// refresh lets the sweep refresh a connection now and returns whether it brought a
// new token.
func (r *rehearsal) refresh(t *testing.T, c *oauthClient) bool {
	t.Helper()
	before := len(r.lab.tokenRequests(t, r.environment, c.basic, "refresh_token"))
	r.overdue(t, due.Refresh, due.Item{Tenant: r.ann.tenant, Kind: due.Connection, ID: c.connection})
	eventually(t, "the connection is refreshed", func() bool {
		return len(r.lab.tokenRequests(t, r.environment, c.basic, "refresh_token")) > before
	})
	r.drain(t)
	return call(t, r.ann, routes.ConnectionGet, api.ConnectionRef{ConnectionID: c.connection}).Status == "active"
}

func (r *rehearsal) reconcile(t *testing.T, connectionID string) {
	t.Helper()
	r.overdue(t, due.Reconcile, due.Item{Tenant: r.ann.tenant, Kind: due.Connection, ID: connectionID})
}

// testKeys: the key of since is handed out, that of a connection deleted since is
// not, and a connection made since is not there.
func (r *rehearsal) testKeys(t *testing.T) {
	r.reconcile(t, r.replaced)
	if got := lease(t, r.ann, r.replaced, r.crm.base+"/api/key/me"); got.Headers["X-Api-Key"] != r.newer.Headers["X-Api-Key"] {
		t.Error("the key of before is handed out")
	}
	refused(t, r.ann, routes.ConnectionLease, api.LeaseRequest{ConnectionID: r.deleted, Purpose: "rehearsal"}, fault.CodeReauthRequired)
	wantStatus(t, r.ann, r.deleted, "degraded", "reauth_required")
	call(t, r.ann, routes.ConnectionDelete, api.ConnectionEnd{ConnectionID: r.deleted})
	refused(t, r.ann, routes.ConnectionGet, api.ConnectionRef{ConnectionID: r.made}, fault.CodeNotFound)
}

// testTokens: an account is connected again only where the one token that the
// provider takes was in the lost table alone.
func (r *rehearsal) testTokens(t *testing.T) {
	before := r.lab.stats(t, r.environment).ReuseDetected
	for _, c := range []*oauthClient{r.idle, r.promoted} {
		if !r.refresh(t, c) {
			t.Errorf("%s has to be connected again", c.id)
		}
		lease(t, r.ann, c.connection, r.lab.issuer+"/api/me")
	}
	if got := r.lab.stats(t, r.environment).ReuseDetected; got != before {
		t.Errorf("%d used-up tokens were sent", got-before)
	}
	lease(t, r.ann, r.rotated.connection, r.lab.issuer+"/api/me") // The access token of before lives on.
	if r.refresh(t, r.rotated) {
		t.Error("a used-up refresh token was accepted; the rehearsal means nothing")
	}
	wantStatus(t, r.ann, r.rotated.connection, "degraded", "reauth_required")
	if p := refused(t, r.ann, routes.ConnectionLease, r.rotated.lease(), fault.CodeReauthRequired); p.Remedy != "reconnect" {
		t.Errorf("remedy %q", p.Remedy)
	}
	connect(t, r.ann, r.rotated.connection)
	wantStatus(t, r.ann, r.rotated.connection, "active", "")
}

// testTenantKey disables the key of a tenant, schedules its deletion, and takes both
// back: it is refused meanwhile, and nothing is lost.
func (r *rehearsal) testTenantKey(t *testing.T) {
	bea := onboard(t, r.environment, "locked")
	c := call(t, bea, routes.ConnectionCreate, api.ConnectionCreate{TemplateID: r.crmKeys.ID, Name: "key", Credential: fields{"apiKey": secretOf(r.crm.newKey(t))}})
	keys := kms.NewFromConfig(r.aws)
	key := call(t, r.actor(t, auth.Organization), routes.TenantGet, api.TenantRef{TenantID: "locked"}).KeyARN
	done := func(_ any, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	done(keys.DisableKey(t.Context(), &kms.DisableKeyInput{KeyId: &key}))
	done(keys.ScheduleKeyDeletion(t.Context(), &kms.ScheduleKeyDeletionInput{KeyId: &key, PendingWindowInDays: aws.Int32(7)}))
	r.stop(t) // No process keeps the data key that it has unwrapped.
	r.start(t)
	keys = kms.NewFromConfig(r.aws)
	want := api.LeaseRequest{ConnectionID: c.ID, Purpose: "rehearsal"}
	bea = r.actor(t, "locked")
	refused(t, bea, routes.ConnectionLease, want, fault.CodeCredentialUnavailable)
	wait(t, longestCut)
	refused(t, bea, routes.ConnectionLease, want, fault.CodeKeyUnavailable)
	if got := call(t, r.actor(t, auth.Organization), routes.TenantGet, api.TenantRef{TenantID: "locked"}); got.State != "suspended" {
		t.Errorf("the tenant is %s", got.State)
	}
	done(keys.CancelKeyDeletion(t.Context(), &kms.CancelKeyDeletionInput{KeyId: &key}))
	done(keys.EnableKey(t.Context(), &kms.EnableKeyInput{KeyId: &key}))
	r.set(t, "tenants", "locked", map[string]string{"touched": "here"})
	r.overdue(t, due.Tenancy, due.Item{Tenant: "locked", Kind: due.Tenant, ID: "tenant"})
	wait(t, longestCut)
	lease(t, bea, c.ID, r.crm.base+"/api/key/me")
}

// testDeletedSecret deletes the secret of a connection with a window, and restores
// it: the connection says that it cannot be used, and is mended by itself.
func (r *rehearsal) testDeletedSecret(t *testing.T) {
	r.ann = r.actor(t, r.ann.tenant)
	store := secretsmanager.NewFromConfig(r.aws)
	name := r.secretOf(t, r.rotated.connection)
	if _, err := store.DeleteSecret(t.Context(), &secretsmanager.DeleteSecretInput{SecretId: &name, RecoveryWindowInDays: aws.Int64(7)}); err != nil {
		t.Fatal(err)
	}
	item := due.Item{Tenant: r.ann.tenant, Kind: due.Connection, ID: r.rotated.connection}
	r.overdue(t, due.Refresh, item)
	eventually(t, "the connection says that its credential cannot be read", func() bool {
		got := call(t, r.ann, routes.ConnectionGet, api.ConnectionRef{ConnectionID: item.ID})
		return got.Status == "degraded" && got.Reason == "key_unavailable"
	})
	lease(t, r.ann, item.ID, r.lab.issuer+"/api/me") // The token that is there serves as long as it lives.
	if _, err := store.RestoreSecret(t.Context(), &secretsmanager.RestoreSecretInput{SecretId: &name}); err != nil {
		t.Fatal(err)
	}
	if !r.refresh(t, r.rotated) {
		t.Error("the connection is not active again")
	}
}

// secretOf returns the name of a connection's secret.
func (r *rehearsal) secretOf(t *testing.T, connectionID string) string {
	t.Helper()
	for _, a := range r.attributes(t) {
		if a.table == restoredName && a.sk == connectionID && a.path == "secretName" {
			return string(a.content)
		}
	}
	t.Fatalf("%s has no secret", connectionID)
	return ""
}
