package infra_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tenonhq/tenon/infra"
	"github.com/tenonhq/tenon/shared/routes"
)

func valid() infra.Config {
	return infra.Config{
		Stage: "eu-prod", Issuer: "https://login.example.com/tenon", Audience: "tenon", TenantClaim: "tenant",
		CORSOrigins: []string{"https://console.example.com"}, PublicURL: "https://api.example.com",
		MailFrom: "tenon@example.com", AlarmEmail: "ops@example.com",
		RemovalPolicy: infra.Retain, LogDays: 365, Rate: 100, Burst: 200,
	}
}

func TestValidate(t *testing.T) {
	t.Parallel()
	if err := valid().Validate(); err != nil {
		t.Fatalf("a valid configuration: %v", err)
	}
	for name, tc := range map[string]struct {
		change func(*infra.Config)
		want   string
	}{
		"local stage":         {func(c *infra.Config) { c.Stage = "local" }, `stage "local"`},
		"stage in a name":     {func(c *infra.Config) { c.Stage = "EU/prod" }, `stage "EU/prod"`},
		"plain HTTP issuer":   {func(c *infra.Config) { c.Issuer = "http://login.example.com" }, "issuer"},
		"no audience":         {func(c *infra.Config) { c.Audience = "" }, "audience"},
		"no tenant claim":     {func(c *infra.Config) { c.TenantClaim = "" }, "tenantClaim"},
		"any origin":          {func(c *infra.Config) { c.CORSOrigins = []string{"*"} }, `corsOrigins "*"`},
		"wildcard sender":     {func(c *infra.Config) { c.MailFrom = "*@example.com" }, "mailFrom"},
		"public URL slash":    {func(c *infra.Config) { c.PublicURL = "https://api.example.com/" }, "publicUrl"},
		"plain HTTP template": {func(c *infra.Config) { c.AWSRoleTemplate = "http://bucket.s3.amazonaws.com/role.yaml" }, "awsRoleTemplateUrl"},
		"destroyable prod":    {func(c *infra.Config) { c.RemovalPolicy = infra.Destroy }, "removalPolicy"},
		"unknown removal":     {func(c *infra.Config) { c.RemovalPolicy = "keep" }, "removalPolicy"},
		"retention not sold":  {func(c *infra.Config) { c.LogDays = 42 }, "logDays 42"},
		"no throttle":         {func(c *infra.Config) { c.Rate = 0 }, "rate 0"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := valid()
			tc.change(&c)
			err := c.Validate()
			if err == nil || !strings.Contains(err.Error(), tc.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("got %v, want one problem that names %s", err, tc.want)
			}
		})
	}
}

func TestValidateReportsEveryProblem(t *testing.T) {
	t.Parallel()
	err := infra.Config{Stage: "prod"}.Validate()
	for _, setting := range []string{"issuer", "audience", "tenantClaim", "removalPolicy", "logDays", "rate"} {
		if err == nil || !strings.Contains(err.Error(), setting) {
			t.Errorf("%s is not named in: %v", setting, err)
		}
	}
}

func TestBuilt(t *testing.T) {
	t.Parallel()
	c := valid()
	c.Functions = t.TempDir()
	for _, r := range routes.All() {
		err := c.Built()
		if err == nil || !strings.Contains(err.Error(), "functions are not built") {
			t.Fatalf("before %s is built: got %v", r.Name, err)
		}
		if err := os.Mkdir(filepath.Join(c.Functions, r.Name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(c.Functions, r.Name, "bootstrap"), nil, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := c.Built(); err != nil {
		t.Errorf("after all are built: %v", err)
	}
}
