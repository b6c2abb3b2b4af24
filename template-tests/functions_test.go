package templatetests_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/environ"
	"github.com/tenonhq/tenon/shared/routes"
)

// TestFunctions holds every function to its row: the table is complete, and
// what the row does not say is the stage's default.
func TestFunctions(t *testing.T) {
	t.Parallel()
	_, api := load(t)
	declared := api.ofType("AWS::Lambda::Function")
	if len(declared) != len(routes.All()) {
		t.Errorf("%d functions, want the %d of the table", len(declared), len(routes.All()))
	}
	for _, r := range routes.All() {
		t.Run(r.Name, func(t *testing.T) {
			got := declared[logical(r.Name)+"Function"].Properties
			delete(got, "Code") // The committed templates hold a placeholder.
			variables, _ := at(got, "Environment", "Variables").(object)
			for name, value := range variables {
				variables[name] = api.text(value)
			}
			if diff := cmp.Diff(wantFunction(r), got); diff != "" {
				t.Errorf("function (-row +template):\n%s", diff)
			}
		})
	}
}

func wantFunction(r *routes.Route) object {
	id := logical(r.Name)
	memory, limit := 128.0, "90MiB"
	if r.Memory == 256 {
		memory, limit = 256, "179MiB"
	}
	timeout := 10 * time.Second
	if r.Timeout != 0 {
		timeout = r.Timeout
	}
	return object{
		"FunctionName": "tenon-dev-" + r.Name, "Description": r.Summary,
		"Architectures": []any{"arm64"}, "Runtime": "provided.al2023", "Handler": "bootstrap",
		"MemorySize": memory, "Timeout": timeout.Seconds(),
		"Role":          object{"Fn::GetAtt": []any{id + "Role", "Arn"}},
		"TracingConfig": object{"Mode": "Active"},
		"LoggingConfig": object{
			"LogGroup": object{"Ref": id + "Logs"}, "LogFormat": "JSON",
			"SystemLogLevel": "WARN", "ApplicationLogLevel": "INFO",
		},
		"Environment": object{"Variables": wantEnvironment(r, limit)},
		"Tags":        []any{object{"Key": "tenon:function", "Value": r.Name}},
	}
}

func wantEnvironment(r *routes.Route, memoryLimit string) object {
	want := object{
		environ.Stage:         "dev",
		environ.Table:         "${Table}",
		environ.PublicURL:     "${Api.ApiEndpoint}",
		environ.EventBus:      "${Bus}",
		environ.TenantClaim:   "tenant",
		environ.MailFrom:      "tenon@mail.example",
		environ.CursorKey:     "${CursorKey.Arn}",
		environ.AssumingRoles: assumingRoles,
		"GOMAXPROCS":          "1",
		"GOGC":                "400",
		"GOMEMLIMIT":          memoryLimit,
	}
	if slices.Contains(r.Grants, routes.ProbeInvoke) {
		want[environ.ServerProbe] = serverProbe
	}
	if slices.Contains(r.Grants, routes.QueueSend) {
		var queues []string
		for _, consumer := range dueConsumers() {
			queues = append(queues, consumer.Name+"=${"+logical(consumer.Name)+"Queue}")
		}
		want[environ.Queues] = strings.Join(queues, ",")
	}
	if r.Name == routes.Console.Name {
		want[environ.Issuer] = "https://issuer.example/"
	}
	if r.Tenanted() && len(r.Grants) > 0 {
		want[environ.TenantRole] = "${" + logical(r.Name) + "TenantRole.Arn}"
	}
	return want
}

// TestRoles: no two functions share a role, and nobody but the service that
// runs it may take a role on.
func TestRoles(t *testing.T) {
	t.Parallel()
	_, api := load(t)
	holders := map[string]string{}
	for id, f := range api.ofType("AWS::Lambda::Function") {
		role := api.text(f.Properties["Role"])
		if other, taken := holders[role]; taken {
			t.Errorf("%s and %s share %s", id, other, role)
		}
		holders[role] = id
	}
	for id, r := range api.ofType("AWS::IAM::Role") {
		if r.Properties["ManagedPolicyArns"] != nil {
			t.Errorf("%s has managed policies", id)
		}
		if isSession(id) {
			continue // TestTenantRoles.
		}
		for _, trust := range r.Properties["AssumeRolePolicyDocument"].(object)["Statement"].([]any) {
			principal := api.text(at(trust, "Principal", "Service"))
			switch principal {
			case "lambda.amazonaws.com":
			case "scheduler.amazonaws.com":
				if at(trust, "Condition", "StringEquals", "aws:SourceAccount") == nil {
					t.Errorf("%s may be taken on by any account's scheduler", id)
				}
			default:
				t.Errorf("%s may be taken on by %q", id, principal)
			}
		}
	}
}
