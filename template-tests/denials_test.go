package templatetests_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/routes"
)

// TestAUD02NobodyChangesRecords: no role updates or deletes what the audit
// recorded or sealed, also not among other items; the heads of the chains move.
func TestAUD02NobodyChangesRecords(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	table := w.names.arn("Table")
	for _, keys := range [][]string{{"t1#audit"}, {"t1#audit-seal"}, {"t1#connection", "t1#audit"}} {
		w.nobodyMay(t, "records stay", on(table, conditions{"dynamodb:LeadingKeys": keys},
			"dynamodb:UpdateItem", "dynamodb:DeleteItem", "dynamodb:BatchWriteItem", "dynamodb:PartiQLUpdate", "dynamodb:PartiQLDelete")...)
	}
	for _, c := range on(table, conditions{"dynamodb:LeadingKeys": {"t1#audit-head"}}, "dynamodb:PutItem", "dynamodb:UpdateItem") {
		if len(w.may(c)) == 0 {
			t.Errorf("nobody may %s the head", c.action)
		}
	}
}

// TestCDK01Leases: a lease writes records, events and the credential that a
// refresh returned, and nothing else.
func TestCDK01Leases(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	want := []string{
		"dynamodb:ConditionCheckItem", "dynamodb:DeleteItem", "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query", "dynamodb:UpdateItem",
		"events:PutEvents",
		"kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey", "kms:Sign",
		"secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue", "secretsmanager:PutSecretValue", "secretsmanager:UpdateSecretVersionStage",
		"sts:AssumeRole",
		"xray:PutTelemetryRecords", "xray:PutTraceSegments",
	}
	for _, r := range []*routes.Route{routes.ConnectionLease.Route, routes.BindingLease.Route} {
		var got []string
		for _, c := range w.calls() {
			if w.functionMay(r, c) && !strings.HasPrefix(c.action, "logs:") {
				got = append(got, c.action)
			}
		}
		if diff := cmp.Diff(want, slices.Compact(sorted(got))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", r.Name, diff)
		}
	}
}

// TestCDK01PublicRoutes: of the routes that anybody may call, those that speak to
// the provider read secrets and open what tenants sealed; none that manages
// tenants does.
func TestCDK01PublicRoutes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	opening := append(on(secret, nil, "secretsmanager:GetSecretValue"),
		on(tenantKey, with(taggedKey, boundToOne), "kms:Decrypt")...)
	opening = append(opening, on(tenantKey, with(taggedKey, viaSecret(secret)), "kms:Decrypt")...)
	speaks := []*routes.Route{routes.OAuthConfirm.Route, routes.OAuthCallback.Route, routes.ConnectSubmit.Route}
	for _, r := range routes.Operations() {
		if r.Scope != auth.TenantsAdmin && (!r.Public() || slices.Contains(speaks, r)) {
			continue
		}
		for _, c := range opening {
			if w.functionMay(r, c) {
				t.Errorf("%s (%s) may %s on %s", r.Name, r.Scope, c.action, c.resource)
			}
		}
	}
}

// TestCDK01ActionsByName: nobody has an action that no policy names, of any
// service that the policies know, nor of one that they do not.
func TestCDK01ActionsByName(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	calls := append(w.calls(), call{action: "ec2:Invented", resource: "*"})
	for _, c := range calls {
		service, _, _ := strings.Cut(c.action, ":")
		w.nobodyMay(t, "no action by pattern", call{service + ":Invented", c.resource, c.context})
	}
}

// TestPlaces: what a function may do in its stage it may not do to the same
// thing of another stage, account or region.
func TestPlaces(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	changed := 0
	for _, c := range w.calls() {
		for _, place := range []struct{ here, there string }{{"dev", "prod"}, {accountID, stranger}, {region, "eu-central-1"}} {
			other := c.replaced(place.here, place.there)
			if cmp.Equal(c.resource, other.resource) && cmp.Equal(with(c.context), other.context) {
				continue
			}
			changed++
			w.nobodyMay(t, place.there, other)
		}
	}
	if changed < 100 {
		t.Errorf("%d calls to other places", changed)
	}
}

// TestSecretsOfOthers: a secret that is not of Tenon is nobody's.
func TestSecretsOfOthers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, c := range w.calls() {
		if c.resource == secret {
			c.resource = "arn:aws:secretsmanager:" + localARN + "secret:payroll-AbCdEf"
			w.nobodyMay(t, "not of Tenon", c)
		}
	}
}
