package environ_test

import (
	"maps"
	"net/netip"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/environ"
)

var complete = map[string]string{
	"TENON_STAGE": "eu-prod", "TENON_TABLE": "table", "TENON_PUBLIC_URL": "https://tenon.example.com", "TENON_EVENT_BUS": "bus",
	"TENON_TENANT_CLAIM": "tenant", "TENON_MAIL_FROM": "tenon@example.com", "TENON_CURSOR_KEY_ID": "key",
	"TENON_SERVER_PROBE": "tenon-eu-prod-server-probe", "TENON_PRIVATE_PREFIXES": "10.20.0.0/16,fd12:3456::/32",
	"TENON_ASSUMING_ROLES": "arn:aws:iam::123456789012:role/tenon/eu-prod/*", "TENON_AWS_ROLE_TEMPLATE_URL": "https://bucket.s3.amazonaws.com/role.yaml",
	"TENON_TENANT_KEY":     "arn:aws:kms:eu-west-1:123456789012:key/shared",
	"TENON_CONSOLE_SCOPES": "openid,api://tenon/.default",
	"TENON_QUEUES":         "queue-refresh=https://sqs.example/1/refresh,queue-health=https://sqs.example/1/health",
}

func lookup(values map[string]string) func(string) (string, bool) {
	return func(name string) (string, bool) { v, ok := values[name]; return v, ok }
}

// Every variable reaches the member it is named for.
func TestRead(t *testing.T) {
	t.Parallel()
	got, err := environ.Read(lookup(complete))
	if err != nil {
		t.Fatal(err)
	}
	want := environ.Config{
		Stage: "eu-prod", Table: "table", PublicURL: "https://tenon.example.com", EventBus: "bus", TenantClaim: "tenant",
		MailFrom: "tenon@example.com", CursorKey: "key", ServerProbe: "tenon-eu-prod-server-probe",
		PrivatePrefixes: []netip.Prefix{netip.MustParsePrefix("10.20.0.0/16"), netip.MustParsePrefix("fd12:3456::/32")},
		AssumingRoles:   "arn:aws:iam::123456789012:role/tenon/eu-prod/*", AWSRoleTemplate: "https://bucket.s3.amazonaws.com/role.yaml",
		TenantKey:     "arn:aws:kms:eu-west-1:123456789012:key/shared",
		ConsoleScopes: []string{"openid", "api://tenon/.default"},
		Queues:        map[string]string{"queue-refresh": "https://sqs.example/1/refresh", "queue-health": "https://sqs.example/1/health"},
	}
	if diff := cmp.Diff(want, got, cmp.Comparer(func(a, b netip.Prefix) bool { return a == b })); diff != "" {
		t.Errorf("config (-want +got):\n%s", diff)
	}
	if got.Account() != "123456789012" || (environ.Config{}).Account() != "" {
		t.Errorf("account %q", got.Account())
	}
	if got.Partition() != "aws" || (environ.Config{}).Partition() != "" {
		t.Errorf("partition %q", got.Partition())
	}
	if got.Local() || !(environ.Config{Stage: "local"}).Local() {
		t.Error("only the stage local is a developer's machine")
	}
}

func TestReadReportsAllThatIsMissing(t *testing.T) {
	t.Parallel()
	required := []string{"TENON_STAGE", "TENON_TABLE", "TENON_PUBLIC_URL", "TENON_TENANT_CLAIM"}
	for _, empty := range []map[string]string{{}, {"TENON_STAGE": "", "TENON_TABLE": "", "TENON_PUBLIC_URL": "", "TENON_TENANT_CLAIM": ""}} {
		_, err := environ.Read(lookup(empty))
		if err == nil {
			t.Fatal("nothing is missing")
		}
		for _, name := range required {
			if !strings.Contains(err.Error(), name) {
				t.Errorf("%s is not reported", name)
			}
		}
	}
	for name := range complete {
		without := maps.Clone(complete)
		delete(without, name)
		_, err := environ.Read(lookup(without))
		needed := strings.Contains(strings.Join(required, " ")+" ", name+" ")
		if needed != (err != nil) || err != nil && strings.Count(err.Error(), "TENON_") != 1 {
			t.Errorf("without %s: %v", name, err)
		}
	}
}
