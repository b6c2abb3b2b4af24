package e2e_test

import (
	"errors"
	"maps"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"

	"github.com/tenonhq/tenon/infra/local/cloud"
	"github.com/tenonhq/tenon/infra/local/cloud/cloudtest"
	"github.com/tenonhq/tenon/infra/local/template"
	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/environ"
	"github.com/tenonhq/tenon/shared/routes"
)

// asked is what the local AWS knows about the roles' calls.
type asked struct {
	Used   []cloud.Use    `json:"used"`
	Denied []cloud.Denial `json:"denied"`
}

func (e *environment) asked(t *testing.T) asked {
	t.Helper()
	var a asked
	e.exchange(t, http.MethodGet, *e.aws.BaseEndpoint+"/_dev/permissions", nil, &a)
	return a
}

// testRefusals makes sure that no function was refused anything it does, since
// the environment was started: each role has what its function needs.
func testRefusals(t *testing.T, e *environment) {
	a := e.asked(t)
	for _, d := range a.Denied {
		t.Errorf("%s was refused %s on %s, in %s: %s", d.Role, d.Action, d.Resource, d.Operation, d.Reason)
	}
	if len(a.Used) == 0 {
		t.Error("no role did anything; what was not refused means nothing")
	}
}

// testPermissions is an attacker inside of a function that only reads: with its
// credentials nothing can be had that its role does not allow.
func testPermissions(t *testing.T, e *environment) {
	testRefusals(t, e)
	e.logUnused(t)
	ann := onboard(t, e, "permissions")
	call(t, ann, routes.ConnectionList, api.ConnectionList{})
	cfg, table := e.within(t, routes.ConnectionList.Name), e.variable(t, environ.Table)
	db, audit := dynamodb.NewFromConfig(cfg), map[string]types.AttributeValue{"pk": textValue("permissions#audit"), "sk": textValue("aud_1")}
	for _, attempt := range []struct {
		name, action string
		call         func() error
	}{
		{"remove a record", "dynamodb:DeleteItem", func() error {
			_, err := db.DeleteItem(t.Context(), &dynamodb.DeleteItemInput{TableName: &table, Key: audit})
			return err
		}},
		{"read everything", "dynamodb:Scan", func() error {
			_, err := db.Scan(t.Context(), &dynamodb.ScanInput{TableName: &table})
			return err
		}},
		{"read a secret", "secretsmanager:GetSecretValue", func() error {
			_, err := secretsmanager.NewFromConfig(cfg).GetSecretValue(t.Context(), &secretsmanager.GetSecretValueInput{SecretId: aws.String("tenon/local/permissions/x")})
			return err
		}},
		{"end a key", "kms:ScheduleKeyDeletion", func() error {
			_, err := kms.NewFromConfig(cfg).ScheduleKeyDeletion(t.Context(), &kms.ScheduleKeyDeletionInput{KeyId: aws.String("alias/tenon/local/permissions")})
			return err
		}},
		{"become another role", "sts:AssumeRole", func() error {
			_, err := sts.NewFromConfig(cfg).AssumeRole(t.Context(), &sts.AssumeRoleInput{
				RoleArn: aws.String("arn:aws:iam::123456789012:role/QueueTenancyRole"), RoleSessionName: aws.String("other"),
			})
			return err
		}},
	} {
		failure, refused := errors.AsType[smithy.APIError](attempt.call())
		if !refused || !strings.HasPrefix(failure.ErrorCode(), "AccessDenied") || !strings.Contains(failure.ErrorMessage(), attempt.action) {
			t.Errorf("%s: got %v, want a refusal of %s", attempt.name, failure, attempt.action)
		}
	}
}

// within returns how a process of a function reaches AWS: with the credentials
// that are in its environment.
func (e *environment) within(t *testing.T, function string) aws.Config {
	t.Helper()
	found := map[string]string{}
	for _, p := range functionProcesses(t, e.root) {
		if p.binary != function {
			continue
		}
		text, err := exec.CommandContext(t.Context(), "ps", "eww", "-o", "command=", "-p", strconv.Itoa(p.pid)).Output()
		if err != nil {
			continue // It has just ended.
		}
		for _, variable := range strings.Fields(string(text)) {
			name, value, _ := strings.Cut(variable, "=")
			found[name] = value
		}
	}
	if !strings.HasPrefix(found["AWS_ACCESS_KEY_ID"], "ASIA") {
		t.Fatalf("the process of %s has the access key %q, want one of a session", function, found["AWS_ACCESS_KEY_ID"])
	}
	cfg := e.localAWS(t)
	cfg.Credentials = credentials.NewStaticCredentialsProvider(found["AWS_ACCESS_KEY_ID"], found["AWS_SECRET_ACCESS_KEY"], found["AWS_SESSION_TOKEN"])
	return cfg
}

// logUnused says which actions the roles of functions are allowed and did not
// do in this run. Such a permission may be one too many, or one without a test.
func (e *environment) logUnused(t *testing.T) {
	t.Helper()
	unused := map[string][]string{}
	used := e.asked(t).Used
	for _, r := range e.committedRoles(t) {
		for action := range allowedActions(r) {
			if !slices.Contains(used, cloud.Use{Role: r.ARN, Action: action}) {
				unused[action] = append(unused[action], r.ARN[strings.LastIndexByte(r.ARN, '/')+1:])
			}
		}
	}
	for _, action := range slices.Sorted(maps.Keys(unused)) {
		some := unused[action][:min(len(unused[action]), 5)]
		t.Logf("allowed and not used: %s by %d roles, such as %s", action, len(unused[action]), strings.Join(some, ", "))
	}
}

// committedRoles are the roles of the committed templates.
func (e *environment) committedRoles(t *testing.T) []template.Role {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(e.root, "infra", "templates", "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	var texts [][]byte
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, template.Restage(text, "dev", environ.LocalStage))
	}
	manifest, err := template.Apply(t.Context(), cloudtest.Config("http://cloud.local", cloud.New()), template.Options{}, texts...)
	if err != nil {
		t.Fatal(err)
	}
	return manifest.Roles
}

// allowedActions are those of the role's statements, but for what AWS does with
// the role of a function: its log, its traces, its network and its queue.
func allowedActions(r template.Role) map[string]bool {
	actions := map[string]bool{}
	for _, p := range r.Policies {
		document, _ := p.Document.(map[string]any)
		each, _ := document["Statement"].([]any)
		for _, s := range each {
			statement, _ := s.(map[string]any)
			listed, _ := statement["Action"].([]any)
			for _, action := range listed {
				name, _ := action.(string)
				service, _, _ := strings.Cut(name, ":")
				if statement["Effect"] == "Allow" && !slices.Contains([]string{"logs", "xray", "ec2"}, service) {
					actions[name] = true
				}
			}
		}
	}
	delete(actions, "sqs:ReceiveMessage")
	delete(actions, "sqs:DeleteMessage")
	return actions
}
