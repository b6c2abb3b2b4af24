package infra_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/tenonhq/tenon/infra"
	"github.com/tenonhq/tenon/shared/routes"
)

func valid() infra.Props {
	return infra.Props{
		Stage: "eu-prod", Issuer: "https://login.example.com/tenon", Audience: "tenon", TenantClaim: "tenant",
		CORSOrigins: []string{"https://console.example.com"}, PublicURL: "https://api.example.com",
		MailFrom: "tenon@example.com", AlarmEmail: "ops@example.com", EgressAddresses: []string{"198.51.100.7", "2001:db8::7"},
		Console:       infra.Console{ClientID: "console", Origins: []string{"https://login.example.com:8443"}},
		RemovalPolicy: infra.Retain, LogDays: 365, Rate: 100, Burst: 200,
		TenantKeyMode: infra.SharedKey, BreakGlass: []string{"arn:aws-us-gov:iam::123456789012:role/on-call", "arn:aws:iam::123456789012:user/ops/ann@example.com"},
		Region: "us-gov-west-1", Tags: map[string]string{"cost center": "4711"}, MonthlyBudget: 500,
	}
}

func private() *infra.PrivateNetwork {
	return &infra.PrivateNetwork{
		VPC: "vpc-0123456789abcdef0", Subnets: []string{"subnet-01234567"}, SecurityGroups: []string{"sg-0123456789abcdef0"},
		AllowedCIDRs: []string{"10.20.0.0/16", "192.168.7.12/32", "fd12:3456::/32"},
	}
}

func TestValidatePrivateNetwork(t *testing.T) {
	t.Parallel()
	p := valid()
	p.PrivateNetwork = private()
	if err := p.Validate(); err != nil {
		t.Fatalf("a valid network: %v", err)
	}
	cidr := func(cidr string) func(*infra.PrivateNetwork) {
		return func(n *infra.PrivateNetwork) { n.AllowedCIDRs = []string{cidr} }
	}
	for name, tc := range map[string]struct {
		change func(*infra.PrivateNetwork)
		want   string
	}{
		"no VPC":             {func(n *infra.PrivateNetwork) { n.VPC = "" }, `vpcId ""`},
		"name of a VPC":      {func(n *infra.PrivateNetwork) { n.VPC = "main" }, `vpcId "main"`},
		"no subnet":          {func(n *infra.PrivateNetwork) { n.Subnets = nil }, "subnetIds: at least one"},
		"wildcard subnet":    {func(n *infra.PrivateNetwork) { n.Subnets = []string{"subnet-*"} }, `subnetIds: "subnet-*"`},
		"no group":           {func(n *infra.PrivateNetwork) { n.SecurityGroups = nil }, "securityGroupIds: at least one"},
		"subnet for a group": {func(n *infra.PrivateNetwork) { n.SecurityGroups = n.Subnets }, `securityGroupIds: "subnet-01234567"`},
		"everything":         {cidr("0.0.0.0/0"), "0.0.0.0/0 is every address"},
		"everything, IPv6":   {cidr("::/0"), "::/0 is every address"},
		"half of everything": {cidr("0.0.0.0/1"), "0.0.0.0/1"},
		"loopback":           {cidr("127.0.0.1/32"), "127.0.0.1/32"},
		"metadata":           {cidr("169.254.169.254/32"), "169.254.169.254/32"},
		"metadata, IPv6":     {cidr("fd00:ec2::254/128"), "fd00:ec2::254/128"},
		"link-local":         {cidr("fe80::/10"), "fe80::/10"},
		"an address":         {cidr("10.1.2.3"), `"10.1.2.3" is not a CIDR block`},
		"host bits":          {cidr("10.1.2.3/8"), `"10.1.2.3/8" is not a CIDR block`},
		"two in one":         {cidr("10.0.0.0/8,11.0.0.0/8"), "one CIDR block each"},
		"empty":              {cidr(""), "one CIDR block each"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := valid()
			p.PrivateNetwork = private()
			tc.change(p.PrivateNetwork)
			err := p.Validate()
			if err == nil || !strings.Contains(err.Error(), "privateNetwork") || !strings.Contains(err.Error(), tc.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("got %v, want one problem of privateNetwork with %s", err, tc.want)
			}
		})
	}
}

func TestValidate(t *testing.T) {
	t.Parallel()
	if err := valid().Validate(); err != nil {
		t.Fatalf("a valid configuration: %v", err)
	}
	for name, tc := range map[string]struct {
		change func(*infra.Props)
		want   string
	}{
		"local stage":          {func(p *infra.Props) { p.Stage = "local" }, `stage "local"`},
		"stage in a name":      {func(p *infra.Props) { p.Stage = "EU/prod" }, `stage "EU/prod"`},
		"plain HTTP issuer":    {func(p *infra.Props) { p.Issuer = "http://login.example.com" }, "issuer"},
		"no audience":          {func(p *infra.Props) { p.Audience = "" }, "audience"},
		"no tenant claim":      {func(p *infra.Props) { p.TenantClaim = "" }, "tenantClaim"},
		"any origin":           {func(p *infra.Props) { p.CORSOrigins = []string{"*"} }, `corsOrigins "*"`},
		"wildcard sender":      {func(p *infra.Props) { p.MailFrom = "*@example.com" }, "mailFrom"},
		"public URL slash":     {func(p *infra.Props) { p.PublicURL = "https://api.example.com/" }, "publicUrl"},
		"plain HTTP template":  {func(p *infra.Props) { p.AWSRoleTemplate = "http://bucket.s3.amazonaws.com/role.yaml" }, "awsRoleTemplateUrl"},
		"destroyable prod":     {func(p *infra.Props) { p.RemovalPolicy = infra.Destroy }, "removalPolicy"},
		"unknown removal":      {func(p *infra.Props) { p.RemovalPolicy = "keep" }, "removalPolicy"},
		"retention not sold":   {func(p *infra.Props) { p.LogDays = 42 }, "logDays 42"},
		"egress by name":       {func(p *infra.Props) { p.EgressAddresses = []string{"nat.example.com"} }, "egressAddresses"},
		"egress network":       {func(p *infra.Props) { p.EgressAddresses = []string{"198.51.100.0/24"} }, "egressAddresses"},
		"private egress":       {func(p *infra.Props) { p.EgressAddresses = []string{"10.1.2.3"} }, "egressAddresses"},
		"egress of a zone":     {func(p *infra.Props) { p.EgressAddresses = []string{"2001:db8::7%eth0"} }, "egressAddresses"},
		"no egress address":    {func(p *infra.Props) { p.EgressAddresses = []string{""} }, "egressAddresses"},
		"two egress in one":    {func(p *infra.Props) { p.EgressAddresses = []string{"198.51.100.7,198.51.100.8"} }, "egressAddresses"},
		"sign-in by HTTP":      {func(p *infra.Props) { p.Console.Origins = []string{"http://login.example.com"} }, "console.origins"},
		"sign-in path":         {func(p *infra.Props) { p.Console.Origins = []string{"https://login.example.com/"} }, "console.origins"},
		"sign-in anywhere":     {func(p *infra.Props) { p.Console.Origins = []string{"https://*"} }, "console.origins"},
		"a directive":          {func(p *infra.Props) { p.Console.Origins = []string{"https://a.example;script-src"} }, "console.origins"},
		"two in one":           {func(p *infra.Props) { p.Console.Origins = []string{"https://a.example,https://b.example"} }, "console.origins"},
		"no region":            {func(p *infra.Props) { p.Region = "Frankfurt" }, `region "Frankfurt"`},
		"a tag of ours":        {func(p *infra.Props) { p.Tags = map[string]string{"tenon:stage": "prod"} }, `tags: "tenon:stage"`},
		"a tag of AWS":         {func(p *infra.Props) { p.Tags = map[string]string{"AWS:team": "x"} }, `tags: "AWS:team"`},
		"a tag with a quote":   {func(p *infra.Props) { p.Tags = map[string]string{"team": "'x'"} }, `tags: "team"`},
		"an untold budget":     {func(p *infra.Props) { p.MonthlyBudget, p.AlarmEmail = 100, "" }, "monthlyBudget"},
		"a negative budget":    {func(p *infra.Props) { p.MonthlyBudget = -1 }, "monthlyBudget -1"},
		"a key for some":       {func(p *infra.Props) { p.TenantKeyMode = "per-connection" }, "tenantKeyMode"},
		"glass for all":        {func(p *infra.Props) { p.BreakGlass = []string{"*"} }, `breakGlass "*"`},
		"glass for a few":      {func(p *infra.Props) { p.BreakGlass = []string{"arn:aws:iam::123456789012:role/*"} }, "breakGlass"},
		"glass for an account": {func(p *infra.Props) { p.BreakGlass = []string{"arn:aws:iam::123456789012:root"} }, "breakGlass"},
		"glass for a session":  {func(p *infra.Props) { p.BreakGlass = []string{"arn:aws:sts::123456789012:assumed-role/on-call/ann"} }, "breakGlass"},
		"glass for one twice":  {func(p *infra.Props) { p.BreakGlass = append(p.BreakGlass, p.BreakGlass[0]) }, "breakGlass"},
		"a table by ARN":       {func(p *infra.Props) { p.TableName = "arn:aws:dynamodb:eu-central-1:1:table/t" }, "tableName"},
		"no throttle":          {func(p *infra.Props) { p.Rate = 0 }, "rate 0"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := valid()
			tc.change(&p)
			err := p.Validate()
			if err == nil || !strings.Contains(err.Error(), tc.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("got %v, want one problem that names %s", err, tc.want)
			}
		})
	}
}

func TestValidateReportsEveryProblem(t *testing.T) {
	t.Parallel()
	err := infra.Props{Stage: "prod"}.Validate()
	for _, setting := range []string{"issuer", "audience", "tenantClaim", "removalPolicy", "logDays", "rate"} {
		if err == nil || !strings.Contains(err.Error(), setting) {
			t.Errorf("%s is not named in: %v", setting, err)
		}
	}
}

func TestBuilt(t *testing.T) {
	t.Parallel()
	p := valid()
	p.Functions = t.TempDir()
	for _, r := range slices.Concat(routes.All(), routes.Optional()) {
		err := p.Built()
		if err == nil || !strings.Contains(err.Error(), "functions are not built") {
			t.Fatalf("before %s is built: got %v", r.Name, err)
		}
		if err := os.WriteFile(filepath.Join(p.Functions, r.Name+".zip"), nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := p.Built(); err != nil {
		t.Errorf("after all are built: %v", err)
	}
}
