package templatetests_test

import (
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/infra/local/iam"
	"github.com/tenonhq/tenon/shared/environ"
	"github.com/tenonhq/tenon/shared/routes"
)

// breakGlassUsed is the rule that tells of the break-glass role, and its runbook.
const breakGlassUsed = "BreakGlassUsed"

const accountRoot = "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"

// variantData returns the stack of the data of a variant.
func variantData(t *testing.T, name string) *template {
	t.Helper()
	return parse(t, filepath.Join(synthesized(t), name, dataFile))
}

// uses returns the cryptographic uses that a key's policy allows, as
// "who action, action" → conditions, and fails for a use by everything or a
// statement that has no place there.
func uses(t *testing.T, data *template, id string) map[string]map[string]string {
	t.Helper()
	found := map[string]map[string]string{}
	for _, s := range at(data.Resources[id].Properties, "KeyPolicy", "Statement").([]any) {
		who, when := data.text(at(s, "Principal", "AWS")), flatten(data, at(s, "Condition"))
		if service := at(s, "Principal", "Service"); service != nil {
			who = data.text(service)
		}
		actions := sorted(data.texts(at(s, "Action")))
		if at(s, "Effect") == "Deny" {
			who = "deny " + who
		}
		if who == accountRoot && len(when) == 0 {
			wantAdministration(t, id, actions)
			continue
		}
		found[strings.TrimPrefix(who+" ", accountRoot+" ")+strings.ReplaceAll(strings.Join(actions, ","), "kms:", "")] = when
	}
	return found
}

func wantAdministration(t *testing.T, id string, actions []string) {
	t.Helper()
	if !slices.Contains(actions, "kms:PutKeyPolicy") || !slices.Contains(actions, "kms:EnableKey") {
		t.Errorf("%s: the account is locked out of %v", id, actions)
	}
	for _, action := range actions {
		for _, refused := range []string{"*", "Encrypt", "Decrypt", "DataKey", "Mac", "Sign", "CreateGrant", "Deletion", "Replicate", "Import"} {
			if strings.Contains(action, refused) {
				t.Errorf("%s: the account may %s without a condition", id, action)
			}
		}
	}
}

// The keys of a stage are used through the service they are for, or by the stage's
// functions, and by nobody who only administers the account.
func TestCDK03StageKeysServeTheirUseOnly(t *testing.T) {
	t.Parallel()
	data := variantData(t, "front")
	logs := "kms:EncryptionContext:aws:logs:arn"
	group := "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:"
	for id, want := range map[string]map[string]map[string]string{
		"TableKey": {
			"CreateGrant,Decrypt,Encrypt,GenerateDataKey,GenerateDataKeyWithoutPlaintext,ReEncryptFrom,ReEncryptTo": {
				via: viaDynamoDB, "StringEquals kms:CallerAccount": "${AWS::AccountId}",
			},
		},
		"CursorKey": {"GenerateMac,VerifyMac": {
			"StringEquals aws:PrincipalTag/application": "tenon", "StringEquals aws:PrincipalTag/stage": "dev", "StringEquals kms:MacAlgorithm": "HMAC_SHA_256",
		}},
		"LogKey": {
			"logs.${AWS::Region}.amazonaws.com Decrypt,DescribeKey,Encrypt,GenerateDataKey,GenerateDataKeyWithoutPlaintext,ReEncryptFrom,ReEncryptTo": {
				"ArnLike " + logs: group + "/aws/lambda/tenon-dev-* " + group + "/aws/vendedlogs/tenon-dev-*",
			},
		},
		"TenantKey": {
			"Decrypt,GenerateDataKey": nil, // Two statements, below.
			"deny * CreateGrant":      {},
		},
	} {
		got := uses(t, data, id)
		if id == "TenantKey" {
			got["Decrypt,GenerateDataKey"] = nil
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("uses of %s (-want +got):\n%s", id, diff)
		}
	}
}

// The key that tenants share serves calls that name a tenant, and Secrets Manager
// for the stage's secrets. It is no tenant's, so that nobody who ends tenants' keys
// ends it, and it stays when the stage's mode changes.
func TestSharedTenantKey(t *testing.T) {
	t.Parallel()
	data, rest := variantData(t, "front"), variant(t, "front")
	key := data.Resources["TenantKey"]
	var conditions []map[string]string
	for _, s := range at(key.Properties, "KeyPolicy", "Statement").([]any) {
		if slices.Equal(data.texts(at(s, "Action")), []string{"kms:Decrypt", "kms:GenerateDataKey"}) {
			conditions = append(conditions, flatten(data, at(s, "Condition")))
		}
	}
	want := []map[string]string{
		{"Null kms:EncryptionContext:tenon:tenant": "false"},
		{via: viaSecrets, ofSecret: stageSecret + " RequestToValidateKeyAccess"},
	}
	if diff := cmp.Diff(want, conditions); diff != "" {
		t.Errorf("uses (-want +got):\n%s", diff)
	}
	tags := []any{object{"Key": "tenon:stage", "Value": "dev"}}
	if diff := cmp.Diff(tags, key.Properties["Tags"]); diff != "" || key.Properties["EnableKeyRotation"] != true || key.DeletionPolicy != "Retain" {
		t.Errorf("rotates %v, deletion %s, tags (-want +got):\n%s", key.Properties["EnableKeyRotation"], key.DeletionPolicy, diff)
	}
	for _, r := range routes.All() {
		creates := slices.Contains(r.Grants, routes.TenantKeyNew)
		told := at(rest.Resources[logical(r.Name)+"Function"].Properties, "Environment", "Variables", environ.TenantKey)
		if (told != nil) != creates {
			t.Errorf("%s is told of the key: %v", r.Name, told)
		}
		rest.exports = exported(data)
		if creates && permissions(t, rest, logical(r.Name)+"Role")[permission{"kms:CreateKey", "new-key"}] {
			t.Errorf("%s still makes keys", r.Name)
		}
	}
}

// exported returns what other stacks import from one.
func exported(tp *template) map[string]any {
	found := map[string]any{}
	for _, output := range tp.Outputs {
		if name, ok := output.Export.Name.(string); ok {
			found[name] = output.Value
		}
	}
	return found
}

// Who may do everything by IAM administers the stage's keys and uses none of them.
func TestCDK03AdministratorsUseNoStageKey(t *testing.T) {
	t.Parallel()
	data := variantData(t, "front")
	w := &world{names: newNaming(data)}
	everything := w.parse(t, data, object{"Statement": object{"Effect": "Allow", "Action": "kms:*", "Resource": "*"}})
	table := conditions{"kms:ViaService": {"dynamodb." + region + ".amazonaws.com"}, "kms:CallerAccount": {accountID}}
	mac := conditions{"kms:MacAlgorithm": {"HMAC_SHA_256"}}
	for id, k := range data.ofType("AWS::KMS::Key") {
		policy := w.parse(t, data, k.Properties["KeyPolicy"])
		for _, who := range []iam.Principal{
			{ARN: "arn:aws:iam::" + accountID + ":role/admin", Account: accountID}, {ARN: "arn:aws:iam::" + accountID + ":root", Account: accountID},
		} {
			may := func(action string, context conditions) bool {
				return iam.Evaluate(iam.Policies{Identity: []iam.Document{everything}, Resource: &policy, Key: true},
					iam.Request{Principal: who, Action: action, Resource: w.names.arn(id), Context: context}).Allowed
			}
			for _, action := range append(cryptography(), "kms:GenerateMac", "kms:VerifyMac", "kms:CreateGrant", "kms:ScheduleKeyDeletion") {
				if may(action, mac) {
					t.Errorf("%s: %s may %s", id, who.ARN, action)
				}
			}
			if !may("kms:PutKeyPolicy", nil) || !may("kms:DisableKey", nil) || !may("kms:EnableKey", nil) {
				t.Errorf("%s: %s is locked out", id, who.ARN)
			}
			if through := may("kms:Decrypt", table) && may("kms:CreateGrant", table); through != (id == "TableKey") {
				t.Errorf("%s: %s uses it through DynamoDB: %t", id, who.ARN, through)
			}
		}
	}
}

// The role for emergencies is taken on by those who are named, with a second factor,
// for an hour; it undoes the end of keys and secrets of tenants, and reads nothing.
func TestBreakGlass(t *testing.T) {
	t.Parallel()
	data := variantData(t, "front")
	role := data.Resources["BreakGlass"].Properties
	trust := object{"Version": "2012-10-17", "Statement": []any{object{
		"Effect": "Allow", "Action": "sts:AssumeRole",
		"Principal": object{"AWS": []any{"arn:aws:iam::111122223333:role/security/on-call", "arn:aws:iam::111122223333:user/emergency"}},
		"Condition": object{"Bool": object{"aws:MultiFactorAuthPresent": "true"}},
	}}}
	if diff := cmp.Diff(trust, role["AssumeRolePolicyDocument"]); diff != "" {
		t.Errorf("trust (-want +got):\n%s", diff)
	}
	if role["Path"] != "/tenon-break-glass/dev/" || role["MaxSessionDuration"] != 3600.0 || role["ManagedPolicyArns"] != nil {
		t.Errorf("path %v, session of %v s, managed policies %v", role["Path"], role["MaxSessionDuration"], role["ManagedPolicyArns"])
	}
	mayEnd := map[string]string{ofStage: "dev", ofTenant: "false"}
	mayDelete := maps.Clone(mayEnd)
	mayDelete["NumericGreaterThanEquals kms:ScheduleKeyDeletionPendingWindowInDays"] = "30"
	want := map[string]map[string]string{
		"kms:CancelKeyDeletion,kms:DisableKey,kms:EnableKey on " + anyKey: mayEnd,
		"kms:ScheduleKeyDeletion on " + anyKey:                            mayDelete,
		"secretsmanager:RestoreSecret on " + stageSecret:                  {},
	}
	got := map[string]map[string]string{}
	for _, p := range role["Policies"].([]any) {
		for _, s := range at(p, "PolicyDocument", "Statement").([]any) {
			got[strings.Join(data.texts(at(s, "Action")), ",")+" on "+strings.Join(data.texts(at(s, "Resource")), ",")] = flatten(data, at(s, "Condition"))
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("permissions (-want +got):\n%s", diff)
	}
	if _, asked := parse(t, dataFile).Resources["BreakGlass"]; asked {
		t.Error("stage dev asked for none")
	}
}

// Who is told by the alarms is told that the role is used, and the alarms still
// reach them.
func TestBreakGlassIsTold(t *testing.T) {
	t.Parallel()
	data, rest := variantData(t, "front"), variant(t, "front")
	rest.exports = exported(data)
	rule := rest.Resources[breakGlassUsed].Properties
	alternatives, _ := at(rule, "EventPattern", "detail", "$or").([]any)
	if len(alternatives) != 2 {
		t.Fatalf("pattern %v", rule["EventPattern"])
	}
	for i, path := range [][]string{{"requestParameters", "roleArn"}, {"userIdentity", "sessionContext", "sessionIssuer", "arn"}} {
		if got := rest.texts(at(alternatives[i], path...)); !slices.Equal(got, []string{"${BreakGlass.Arn}"}) {
			t.Errorf("%v is %v", path, got)
		}
	}
	if target := at(rule["Targets"].([]any)[0], "Arn"); rest.text(target) != "${Alarms}" {
		t.Errorf("it tells %v", target)
	}
	if rule["State"] != "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS" { // AssumeRole counts as one that only reads.
		t.Errorf("the rule is %v", rule["State"])
	}
	publishers := map[string]map[string]string{}
	for _, s := range at(rest.Resources["AlarmsPolicy"].Properties, "PolicyDocument", "Statement").([]any) {
		if at(s, "Effect") == "Deny" {
			continue
		}
		publishers[rest.text(at(s, "Principal", "Service"))] = flatten(rest, at(s, "Condition"))
	}
	want := map[string]map[string]string{
		"cloudwatch.amazonaws.com": {
			"ArnLike aws:SourceArn":          "arn:${AWS::Partition}:cloudwatch:${AWS::Region}:${AWS::AccountId}:alarm:tenon-dev-*",
			"StringEquals aws:SourceAccount": "${AWS::AccountId}",
		},
		"events.amazonaws.com": {}, // EventBridge passes nothing that a condition could hold.
	}
	if diff := cmp.Diff(want, publishers); diff != "" {
		t.Errorf("who publishes to the topic (-want +got):\n%s", diff)
	}
	var kept []string
	for _, s := range at(data.Resources["DeadLettersPolicy"].Properties, "PolicyDocument", "Statement").([]any) {
		kept = append(kept, data.text(at(s, "Condition", "ArnEquals", "aws:SourceArn")))
	}
	if !slices.Contains(kept, "arn:${AWS::Partition}:events:${AWS::Region}:${AWS::AccountId}:rule/tenon-dev-BreakGlassUsed") {
		t.Errorf("what the rule cannot tell is lost: the dead letters take those of %v", kept)
	}
}
