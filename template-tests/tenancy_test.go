package templatetests_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/routes"
)

const (
	sessionTenant = "${aws:PrincipalTag/tenon:tenant}"
	ofSession     = sessionTenant + " org"
	visits        = "handoff#* session#* browser#*"

	leadingKeys  = "ForAllValues:StringLike dynamodb:LeadingKeys"
	hasKeys      = "Null dynamodb:LeadingKeys"
	secretPrefix = "arn:${AWS::Partition}:secretsmanager:${AWS::Region}:${AWS::AccountId}:secret:tenon/dev/"
)

// A session uses the secrets of its tenant and the organization's.
const (
	ownSecrets     = secretPrefix + sessionTenant + "/*"
	sharedSecrets  = secretPrefix + "org/*"
	sessionSecrets = ownSecrets + " " + sharedSecrets
)

// ownerOnly are what a session does to its tenant's secrets alone.
var ownerOnly = []string{"secretsmanager:CreateSecret", "secretsmanager:TagResource", "secretsmanager:DeleteSecret"}

var (
	readable = map[string]string{leadingKeys: sessionTenant + " " + sessionTenant + "#* org org#* " + visits, hasKeys: "false"}
	writable = map[string]string{leadingKeys: sessionTenant + " " + sessionTenant + "#* org#audit org#audit-head org#connection org#connection-use#* org#outage org#template org#template-use#* org#tenant " + visits, hasKeys: "false"}
)

// sessionKinds are the statements of a role that is assumed for one tenant. Each
// holds what is asked for against the tag of the session.
var sessionKinds = []conditionalKind{
	{"table-of-session", []string{"${Table.Arn}"}, "dynamodb:GetItem", readable},
	{"table-of-session", []string{"${Table.Arn}", "${Table.Arn}/index/*"}, "dynamodb:Query", readable},
	{"table-of-session", []string{"${Table.Arn}"}, "dynamodb:", writable},
	{"tenant-key-of-session", []string{anyKey}, "kms:", also(tenantNamed, "StringEquals kms:EncryptionContext:tenon:tenant", ofSession)},
	{"tenant-key-via-secrets-of-session", []string{anyKey}, "kms:", also(secretKept, ofSecret, sessionSecrets)},
	{"tenant-key-of-new-secrets-of-session", []string{anyKey}, "kms:", also(secretMade, ofSecret, ownSecrets+" RequestToValidateKeyAccess")},
	{"signing-key-of-session", []string{anyKey}, "kms:Sign", also(signing, "StringEquals aws:ResourceTag/tenon:tenant", ofSession)},
	{"alias-of-session", []string{"arn:${AWS::Partition}:kms:${AWS::Region}:${AWS::AccountId}:alias/tenon/dev/" + sessionTenant + "/*"}, "kms:", map[string]string{}},
	{"new-signing-key-of-session", []string{"*"}, "kms:CreateKey", also(newSigning, "StringEquals aws:RequestTag/tenon:tenant", sessionTenant)},
	{"key-of-session", []string{anyKey}, "kms:", map[string]string{ofStage: "dev", "StringEquals aws:ResourceTag/tenon:tenant": sessionTenant}},
	{"new-signing-key-of-session", []string{anyKey}, "kms:TagResource", also(newSigningTags, "StringEquals aws:RequestTag/tenon:tenant", sessionTenant)},
}

// also returns conditions with another one.
func also(conditions map[string]string, key, value string) map[string]string {
	changed := maps.Clone(conditions)
	changed[key] = value
	return changed
}

// isSession reports whether a role is assumed for one tenant.
func isSession(role string) bool { return strings.HasSuffix(role, "TenantRole") }

// TestTenantRoles: a function that serves one tenant at a time has no way to data
// but by a role that only it can assume, and only with the tag of one tenant.
func TestTenantRoles(t *testing.T) {
	t.Parallel()
	_, api := load(t)
	tenanted := 0
	for _, r := range routes.All() {
		id := logical(r.Name)
		role, exists := api.Resources[id+"TenantRole"]
		told := api.text(at(api.Resources[id+"Function"].Properties, "Environment", "Variables", "TENON_TENANT_ROLE"))
		if want := r.Tenanted() && len(r.Grants) > 0; exists != want {
			t.Errorf("%s has a role for tenants: %t, want %t", r.Name, exists, want)
		}
		if !exists {
			continue
		}
		tenanted++
		if told != "${"+id+"TenantRole.Arn}" {
			t.Errorf("%s is told %s", r.Name, told)
		}
		want := []any{object{
			"Effect": "Allow", "Action": []any{"sts:AssumeRole", "sts:TagSession"},
			"Principal": object{"AWS": object{"Fn::GetAtt": []any{id + "Role", "Arn"}}},
			"Condition": object{
				"StringLike":                object{"aws:RequestTag/tenon:tenant": "?*"},
				"ForAllValues:StringEquals": object{"aws:TagKeys": []any{"tenon:tenant"}},
			},
		}}
		if diff := cmp.Diff(want, at(role.Properties, "AssumeRolePolicyDocument", "Statement")); diff != "" {
			t.Errorf("who may assume %s (-want +got):\n%s", id+"TenantRole", diff)
		}
		for p := range permissions(t, api, id+"Role") {
			if strings.HasPrefix(p.action, "dynamodb:") || strings.HasPrefix(p.action, "secretsmanager:") || strings.HasPrefix(p.action, "kms:") && p.kind != "cursor-key" {
				t.Errorf("%s may %s on %s by its own role", r.Name, p.action, p.kind)
			}
		}
	}
	if tenanted < 60 {
		t.Errorf("%d functions serve one tenant at a time", tenanted)
	}
}

// TestAcross names the functions with a token or a message that work on the data of
// several tenants at once. Another one needs a reason.
func TestAcross(t *testing.T) {
	t.Parallel()
	var across []string
	for _, r := range routes.All() {
		if !r.Tenanted() && !r.Public() && !r.IsJob() && !r.IsWorker() && r.Scope != "tenants:admin" {
			across = append(across, r.Name)
		}
	}
	slices.Sort(across)
	want := []string{"connection-rebind", "queue-reconcile", "queue-tenancy", "sunset-list", "template-delete", "template-update"}
	if diff := cmp.Diff(want, across); diff != "" {
		t.Errorf("functions across tenants (-want +got):\n%s", diff)
	}
}
