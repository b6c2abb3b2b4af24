package templatetests_test

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/routes"
)

var update = flag.Bool("update", false, "rewrite permissions.txt")

const ledgerFile = "permissions.txt"

// permission is one action on one kind of resource.
type permission struct{ action, kind string }

// TestLedger compares what every role may do with the reviewed ledger. Run
// with -update after a change that is meant, and review its diff.
func TestLedger(t *testing.T) {
	t.Parallel()
	_, api := load(t)
	var lines []string
	for id := range api.ofType("AWS::IAM::Role") {
		lines = append(lines, strings.TrimSuffix(id, "Role")+": "+ledgerLine(permissions(t, api, id))+"\n")
	}
	got := strings.Join(sorted(lines), "")
	if *update {
		if err := os.WriteFile(ledgerFile, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(ledgerFile)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("permissions (-%s +template):\n%s", ledgerFile, diff)
	}
}

// ledgerLine writes service:Action,Action@kind for each service and kind.
func ledgerLine(allowed map[permission]bool) string {
	byKind := map[permission][]string{}
	for p := range allowed {
		service, action, _ := strings.Cut(p.action, ":")
		at := permission{service, p.kind}
		byKind[at] = append(byKind[at], action)
	}
	var parts []string
	for at, actions := range byKind {
		parts = append(parts, at.action+":"+strings.Join(sorted(actions), ",")+"@"+at.kind)
	}
	return strings.Join(sorted(parts), " ")
}

// TestGrants holds every function to the grants of its row: it has the
// telling permission of each grant, and of no grant it was not given.
func TestGrants(t *testing.T) {
	t.Parallel()
	telling := map[routes.Grant]permission{
		routes.TableRead:    {"dynamodb:GetItem", "table"},
		routes.TableWrite:   {"dynamodb:PutItem", "table"},
		routes.TenantKeyUse: {"kms:Decrypt", "tenant-key"},
		routes.TenantKeyNew: {"kms:CreateKey", "new-key"},
		routes.TenantKeyEnd: {"kms:ScheduleKeyDeletion", "ending-key"},
		routes.SigningKey:   {"kms:Sign", "signing-key"},
		routes.SigningNew:   {"kms:CreateKey", "new-signing-key"},
		routes.CursorKey:    {"kms:VerifyMac", "cursor-key"},
		routes.SecretRead:   {"secretsmanager:GetSecretValue", "secrets"},
		routes.SecretNew:    {"secretsmanager:CreateSecret", "secrets"},
		routes.SecretPut:    {"secretsmanager:PutSecretValue", "secrets"},
		routes.SecretLabel:  {"secretsmanager:UpdateSecretVersionStage", "secrets"},
		routes.SecretDelete: {"secretsmanager:DeleteSecret", "secrets"},
		routes.SecretList:   {"secretsmanager:ListSecrets", "secret-names"},
		routes.SecretOrphan: {"secretsmanager:DeleteSecret", "secrets-recoverable"},
		routes.EventPut:     {"events:PutEvents", "bus"},
		routes.MailSend:     {"ses:SendEmail", "sender"},
		routes.QueueSend:    {"sqs:SendMessage", "work-queues"},
		routes.ProbeInvoke:  {"lambda:InvokeFunction", "server-probe"},
		routes.RoleAssume:   {"sts:AssumeRole", "foreign-roles"},
	}
	_, api := load(t)
	for _, r := range routes.All() {
		allowed := permissions(t, api, logical(r.Name)+"Role")
		if id := logical(r.Name) + "TenantRole"; api.Resources[id].Type != "" {
			for p := range permissions(t, api, id) {
				allowed[permission{p.action, strings.TrimSuffix(p.kind, "-of-session")}] = true
			}
		}
		for grant, p := range telling {
			granted := slices.Contains(r.Grants, grant)
			if allowed[p] != granted {
				t.Errorf("%s: %s on %s is %v, grant %s is %v", r.Name, p.action, p.kind, allowed[p], grant, granted)
			}
		}
	}
}

// TestSecretReaders: of the routes anybody may call only those that speak to the
// provider, in the template's name or with what an end user entered, read a secret, and an operator who manages
// tenants reads none.
func TestSecretReaders(t *testing.T) {
	t.Parallel()
	_, api := load(t)
	for _, r := range routes.Operations() {
		reads := permissions(t, api, logical(r.Name)+"Role")[permission{"secretsmanager:GetSecretValue", "secrets"}]
		speaks := r == routes.OAuthConfirm.Route || r == routes.OAuthCallback.Route || r == routes.ConnectSubmit.Route
		if reads && (r.Public() && !speaks || r.Scope == "tenants:admin") {
			t.Errorf("%s (%s) reads secrets", r.Name, r.Scope)
		}
	}
}

// TestKeyPolicies: a key serves its own account's policies and, for the log
// key, CloudWatch Logs for this stage's groups; nobody else.
func TestKeyPolicies(t *testing.T) {
	t.Parallel()
	data, _ := load(t)
	for id, key := range data.ofType("AWS::KMS::Key") {
		for _, s := range at(key.Properties, "KeyPolicy", "Statement").([]any) {
			if account := at(s, "Principal", "AWS"); account != nil {
				if got := data.text(account); got != "arn:${AWS::Partition}:iam::${AWS::AccountId}:root" {
					t.Errorf("%s trusts %s", id, got)
				}
				continue
			}
			service := data.text(at(s, "Principal", "Service"))
			groups := data.texts(at(s, "Condition", "ArnLike", "kms:EncryptionContext:aws:logs:arn"))
			want := []string{
				"arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:/aws/lambda/tenon-dev-*",
				"arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:/aws/vendedlogs/tenon-dev-*",
			}
			if id != "LogKey" || service != "logs.${AWS::Region}.amazonaws.com" || !slices.Equal(groups, want) {
				t.Errorf("%s serves %s for %v", id, service, groups)
			}
		}
	}
}

// permissions returns what a role may do. Every statement must be of a known
// kind: an unknown resource, or a known one without its condition, fails.
func permissions(t *testing.T, api *template, role string) map[permission]bool {
	t.Helper()
	allowed := map[permission]bool{}
	for _, p := range api.Resources[role].Properties["Policies"].([]any) {
		for _, s := range at(p, "PolicyDocument", "Statement").([]any) {
			for _, action := range api.texts(at(s, "Action")) {
				if strings.Contains(action, "*") {
					t.Errorf("%s may %s", role, action)
				}
				for _, target := range api.texts(at(s, "Resource")) {
					kind, err := kindOf(api, role, action, target, s)
					if err != nil {
						t.Errorf("%s may %s: %v", role, action, err)
					}
					allowed[permission{action, kind}] = true
				}
			}
		}
	}
	return allowed
}

// kindOf names the kind of resource a statement opens, or says why a
// statement like it must not exist.
func kindOf(api *template, role, action, target string, statement any) (string, error) {
	own := strings.TrimSuffix(strings.TrimSuffix(role, "Role"), "Schedule")
	local := "${AWS::Region}:${AWS::AccountId}:"
	kinds := map[string]string{
		"${Table.Arn}": "table", "${Table.Arn}/index/*": "indexes", "${Bus.Arn}": "bus",
		"${DeadLetters.Arn}": "dead-letters", "${" + own + "Logs.Arn}": "own-logs", "${" + own + "Function.Arn}": "own-function",
		"arn:${AWS::Partition}:secretsmanager:" + local + "secret:tenon/dev/*": "secrets",
		"arn:${AWS::Partition}:kms:" + local + "alias/tenon/dev/*":             "stage-alias",
		"arn:${AWS::Partition}:lambda:" + local + "function:" + serverProbe:    "server-probe",
	}
	for _, r := range routes.Consumers() {
		kinds["${"+logical(r.Name)+"Queue.Arn}"] = "work-queues"
	}
	kinds["${"+own+"Queue.Arn}"] = "own-queue"
	conditions := flatten(api, at(statement, "Condition"))
	if effect := api.text(at(statement, "Effect")); effect != "Allow" {
		conditions["Effect"] = effect
	}
	if kind, found := kinds[target]; found && len(conditions) == 0 && !isSession(role) {
		return kind, nil
	}
	known := conditionalKinds
	if isSession(role) {
		known = slices.Concat(sessionKinds, conditionalKinds)
		if len(conditions) == 0 && (target == ownSecrets || target == sharedSecrets && !slices.Contains(ownerOnly, action)) {
			return "secrets-of-session", nil
		}
	}
	for _, k := range known {
		if !slices.Contains(k.targets, target) || !strings.HasPrefix(action, k.action) {
			continue
		}
		if maps.Equal(conditions, k.conditions) {
			return k.kind, nil
		}
	}
	return "", fmt.Errorf("on %s when %v", target, conditions)
}

// flatten renders a Condition element as "operator key" → values.
func flatten(api *template, when any) map[string]string {
	flat := map[string]string{}
	operators, _ := when.(object)
	for operator, keys := range operators {
		for key, value := range keys.(object) {
			flat[operator+" "+key] = strings.Join(api.texts(value), " ")
		}
	}
	return flat
}
