package connect_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/infra/local/cloud"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/connect"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/lease"
	"github.com/tenonhq/tenon/shared/outage"
	"github.com/tenonhq/tenon/shared/outage/outagetest"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/sts"
	"github.com/tenonhq/tenon/shared/template"
	"github.com/tenonhq/tenon/shared/tenant"
	"github.com/tenonhq/tenon/shared/tenant/tenanttest"
)

const (
	awsRole   = "arn:aws:iam::210987654321:role/access"
	awsUser   = "arn:aws:iam::210987654321:user/tenon"
	awsKeyID  = "AKIA0123456789ABCDEF"
	awsSecret = "awsSecret" + "0123456789012345678901234567890"
)

// awsConnector has both ways to an AWS account.
func awsConnector() catalog.Connector {
	region := catalog.Input{Name: "region", Title: "Region", Type: catalog.TypeEnum, Enum: []string{"eu-west-1", "us-east-1"}, Default: "eu-west-1"}
	text := func(name string) catalog.Input { return catalog.Input{Name: name, Title: name, Type: catalog.TypeText} }
	return catalog.Connector{
		ID: "aws", Name: "AWS", Hosts: []string{"*.amazonaws.com"}, Inputs: []catalog.Input{region},
		Schemes: []catalog.Scheme{
			{ID: "role", Type: "aws_assume_role", Name: "Role", Inputs: []catalog.Input{text("roleArn")}},
			{ID: "key", Type: "aws_access_key", Name: "Key", Fields: []catalog.Input{text("accessKeyId"), text("secretAccessKey")}},
		},
	}
}

// inAWS is a world before a local AWS whose one role trusts acme.
type inAWS struct {
	*world
	aws *cloud.Cloud
	ids tenant.ExternalIDs
}

func newInAWS(t *testing.T) inAWS {
	w := inAWS{newWorld(t), cloud.New(), tenant.ExternalIDs{Store: tenanttest.NewMemory()}}
	w.aws.Now = w.clock.now
	w.Templates.Catalog.Added, w.Templates.ExternalIDs = []catalog.Connector{awsConnector()}, w.ids
	w.Reach.Roles = sts.Roles{Account: "123456789012", Config: aws.Config{
		Region: "eu-west-1", BaseEndpoint: aws.String("http://aws.local"), HTTPClient: w.aws,
		Credentials: credentials.NewStaticCredentialsProvider("local", "local", ""), Retryer: func() aws.Retryer { return aws.NopRetryer{} },
	}}
	w.trust("acme")
	return w
}

// trust lets the role trust a tenant, and it alone.
func (w inAWS) trust(name string) {
	w.t.Helper()
	externalID, err := w.ids.ExternalID(w.t.Context(), name)
	must(w.t, err)
	w.aws.AddRole(cloud.Role{ARN: awsRole, ExternalID: externalID})
}

func (w inAWS) role(who auth.Caller, made template.Template) (connection.Connection, error) {
	return w.Create(w.t.Context(), who, connect.New{TemplateID: made.ID, Name: "AWS", Inputs: map[string]string{"roleArn": awsRole}})
}

// session returns what a lease hands out, which no one may find elsewhere.
func (w inAWS) session(id string) map[string]string {
	w.t.Helper()
	out := map[string]string{}
	for name, v := range w.hotCopy(id).Values {
		out[name] = v.Reveal()
		if name == "secretAccessKey" || name == "sessionToken" {
			w.conceal(v.Reveal())
		}
	}
	return out
}

func (w inAWS) refresher() *lease.Refresher {
	return &lease.Refresher{
		Store: w.Connections, Templates: w.Templates, Sealer: w.Sealer, Secrets: w.Secrets, Reach: w.Reach, Events: w.bus,
		Outages: &outage.Monitor{Store: new(outagetest.Memory), Events: w.bus, Now: w.clock.now}, Audit: w.Audit, Now: w.clock.now,
		Sleep: func(_ context.Context, d time.Duration) error { w.clock.advance(d); return nil },
	}
}

// A role costs no secret, names its account, and has a new session before the
// old one ends.
func TestRoleIsConnectedAndRefreshed(t *testing.T) {
	t.Parallel()
	w := newInAWS(t)
	c, err := w.role(w.caller, w.template("aws", "role", nil))
	must(t, err)
	first := w.session(c.ID)
	if !strings.HasPrefix(first["accessKeyId"], "ASIA") || first["region"] != "eu-west-1" || len(first) != 4 {
		t.Errorf("values of %s in %s", first["accessKeyId"], first["region"])
	}
	stored := w.get(c.ID)
	if diff := cmp.Diff(connection.Account{ID: "210987654321:role/access", Name: awsRole}, stored.Account); diff != "" {
		t.Errorf("account (-want +got):\n%s", diff)
	}
	left := stored.Credential.ExpiresAt.Sub(w.clock.now())
	if !stored.Credential.Refreshable || left > time.Hour || left < 59*time.Minute || !stored.Due.Refresh.Before(stored.Credential.ExpiresAt) {
		t.Errorf("lives for %s, refreshed at %s", left, stored.Due.Refresh)
	}
	if names := w.secretsOf("acme"); len(names) > 0 || w.status(c.ID) != "active" {
		t.Errorf("secrets %v, status %s", names, w.status(c.ID))
	}
	w.clock.advance(58 * time.Minute)
	_, err = w.refresher().Refresh(t.Context(), "acme", c.ID, func(c *connection.Connection) bool { return c.Fresh(w.clock.now(), 10*time.Minute) })
	must(t, err)
	second := w.session(c.ID)
	renewed := w.get(c.ID)
	if second["accessKeyId"] == first["accessKeyId"] || !renewed.Fresh(w.clock.now(), 50*time.Minute) {
		t.Error("the session is the same after a refresh")
	}
}

// A role that trusts one tenant is out of reach of another, who knows its name,
// whoever made the template and whatever it fixes: the external id is that of the
// tenant whose connection it is.
func TestRoleOfAnotherTenantCannotBeAssumed(t *testing.T) {
	t.Parallel()
	for name, inputs := range map[string]map[string]string{"its name is given": nil, "its name is the template's": {"roleArn": awsRole}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newInAWS(t)
			made := w.template("aws", "role", inputs)
			given := connect.New{TemplateID: made.ID, Name: "AWS", Inputs: map[string]string{"roleArn": awsRole}}
			if inputs != nil {
				given.Inputs = nil
			}
			_, err := w.Create(t.Context(), caller("globex", "eve"), given)
			refused(t, err, fault.CodeVerificationFailed)
			found, _, err := w.Connections.List(t.Context(), "globex", connection.Filter{}, "", 10)
			if err != nil || len(found) > 0 {
				t.Errorf("left %d connections, %v", len(found), err)
			}
			_, err = w.Create(t.Context(), w.caller, given)
			must(t, err)
		})
	}
}

// An external id is nobody's choice: it is no input of the connection.
func TestExternalIDCannotBeGiven(t *testing.T) {
	t.Parallel()
	w := newInAWS(t)
	theirs, err := w.ids.ExternalID(t.Context(), "acme")
	must(t, err)
	made := w.template("aws", "role", nil)
	for _, name := range []string{"externalId", "ExternalID"} {
		_, err := w.Create(t.Context(), caller("globex", "eve"), connect.New{TemplateID: made.ID, Name: "AWS", Inputs: map[string]string{"roleArn": awsRole, name: theirs}})
		refused(t, err, fault.CodeValidationFailed)
	}
}

// When the role stops trusting us the connection needs a person; when it trusts
// us again, putting nothing mends it.
func TestRoleIsMended(t *testing.T) {
	t.Parallel()
	w := newInAWS(t)
	c, err := w.role(w.caller, w.template("aws", "role", nil))
	must(t, err)
	first := w.session(c.ID)
	w.trust("globex")
	w.clock.advance(58 * time.Minute)
	fresh := func(c *connection.Connection) bool { return c.Fresh(w.clock.now(), 10*time.Minute) }
	_, err = w.refresher().Refresh(t.Context(), "acme", c.ID, fresh)
	refused(t, err, fault.CodeReauthRequired)
	if got := w.status(c.ID); got != "degraded/reauth_required" {
		t.Errorf("status %s", got)
	}
	_, err = w.PutCredential(t.Context(), w.caller, c.ID, "*", nil)
	refused(t, err, fault.CodeVerificationFailed)
	w.trust("acme")
	_, err = w.PutCredential(t.Context(), w.caller, c.ID, "*", nil)
	must(t, err)
	if got := w.status(c.ID); got != "active" || w.session(c.ID)["accessKeyId"] == first["accessKeyId"] {
		t.Errorf("status %s after the role trusts again", got)
	}
}

func TestAccessKeyIsConnectedAndReplaced(t *testing.T) {
	t.Parallel()
	w := newInAWS(t)
	made := w.template("aws", "key", nil)
	pair := func(id, key string) map[string]secret.Bytes {
		w.conceal(key)
		return map[string]secret.Bytes{"accessKeyId": secret.FromString(id), "secretAccessKey": secret.FromString(key)}
	}
	add := func(key map[string]secret.Bytes) (connection.Connection, error) {
		return w.Create(t.Context(), w.caller, connect.New{TemplateID: made.ID, Name: "AWS", Credential: key})
	}
	_, err := add(pair(awsKeyID, awsSecret))
	refused(t, err, fault.CodeVerificationFailed)
	_, err = add(pair("ASIA0123456789ABCDEF", awsSecret))
	refused(t, err, fault.CodeValidationFailed)
	w.aws.AddKey(awsUser, awsKeyID, awsSecret)
	c, err := add(pair(awsKeyID, awsSecret))
	must(t, err)
	if k := w.get(c.ID).Credential; k.User != awsKeyID || k.Last4 != "CDEF" || k.Refreshable || w.get(c.ID).Account.ID != "210987654321:user/tenon" {
		t.Errorf("credential %+v of %s", k, w.get(c.ID).Account.ID)
	}
	_, err = w.PutCredential(t.Context(), w.caller, c.ID, "*", nil)
	refused(t, err, fault.CodeValidationFailed)
	next := strings.Replace(awsSecret, "0", "1", 1)
	w.aws.AddKey(awsUser, "AKIA1111111111111111", next)
	_, err = w.PutCredential(t.Context(), w.caller, c.ID, "*", pair("AKIA1111111111111111", next))
	must(t, err)
	if got := w.session(c.ID); got["accessKeyId"] != "AKIA1111111111111111" || got["secretAccessKey"] != next {
		t.Errorf("leased is %s", got["accessKeyId"])
	}
	w.aws.AddKey("arn:aws:iam::210987654321:user/other", "AKIA2222222222222222", awsSecret)
	_, err = w.PutCredential(t.Context(), w.caller, c.ID, "*", pair("AKIA2222222222222222", awsSecret))
	refused(t, err, fault.CodeAccountMismatch)
}

// A role of our own account is refused before AWS is asked; any other is asked
// for once and proved once.
func TestRoleOfOurOwnAccountCannotBeAssumed(t *testing.T) {
	t.Parallel()
	w := newInAWS(t)
	own := "arn:aws:iam::123456789012:role/admin"
	w.aws.AddRole(cloud.Role{ARN: own})
	w.aws.ResetJournal()
	made := w.template("aws", "role", nil)
	_, err := w.Create(t.Context(), w.caller, connect.New{TemplateID: made.ID, Name: "AWS", Inputs: map[string]string{"roleArn": own}})
	refused(t, err, fault.CodeVerificationFailed)
	if calls := w.aws.Journal(); len(calls) > 0 {
		t.Errorf("AWS was asked: %v", calls)
	}
	_, err = w.role(w.caller, made)
	must(t, err)
	if calls := w.aws.Journal(); len(calls) != 2 || calls[0].Target != "sts.AssumeRole" || calls[1].Target != "sts.GetCallerIdentity" {
		t.Errorf("AWS was asked %v", calls)
	}
}
