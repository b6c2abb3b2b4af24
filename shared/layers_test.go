package shared_test

import (
	"slices"
	"strings"
	"testing"
)

// A layer is a set of packages with the same rule. What its packages may import
// besides the standard library is listed and nothing else is allowed: other
// layers or packages of ours by name, modules by the beginning of their path.
type layer struct {
	name     string
	packages []string // "dir/*" is every package directly in dir.
	ours     []string
	modules  []string
	http     []string // The packages that may import net/http; nil means all.
}

// layers places every package. A package that is not here fails the test: say
// first where it belongs.
func layers() []layer {
	const aws, cdk = "github.com/aws/aws-sdk-go-v2", "github.com/aws/aws-cdk-go"
	return []layer{
		{
			name:     "leaves",
			packages: []string{"shared/api", "shared/auth", "shared/browser", "shared/environ", "shared/fault", "shared/id", "shared/metric", "shared/oauth1", "shared/secret"},
			ours:     []string{"leaves"},
			modules:  []string{"github.com/oklog/ulid/v2"},
			http:     []string{},
		},
		{
			name:     "surface",
			packages: []string{"shared/routes", "shared/openapi", "shared/client"},
			ours:     []string{"leaves", "surface"},
			modules:  []string{"golang.org/x/oauth2"},
			http:     []string{"shared/client"},
		},
		{
			name: "domain",
			packages: []string{
				"shared/audit", "shared/catalog", "shared/connect", "shared/connection", "shared/connector", "shared/delivery", "shared/due", "shared/expiry", "shared/flow",
				"shared/console", "shared/session",
				"shared/health", "shared/idempotency", "shared/inheritance", "shared/killswitch", "shared/lease", "shared/method", "shared/notify", "shared/outage", "shared/page",
				"shared/probe", "shared/reconcile", "shared/scope", "shared/signing", "shared/stale", "shared/template", "shared/tenant", "shared/vault",
				"shared/notify/mail", "shared/offboarding", "shared/webhook",
			},
			ours:    []string{"leaves", "domain"},
			modules: []string{"golang.org/x/oauth2", "golang.org/x/crypto/ssh", "github.com/go-jose/go-jose/v4", "software.sslmate.com/src/go-pkcs12"},
			http:    []string{"shared/connect", "shared/method", "shared/session", "shared/webhook"}, // For its types and words; they serve nothing.
		},
		{
			name:     "entries",
			packages: []string{"shared/catalog/lint", "shared/catalog/scaffold"},
			ours:     []string{"shared/catalog"},
			modules:  []string{"github.com/santhosh-tekuri/jsonschema/v6"},
		},
		{
			name:     "aws",
			packages: []string{"shared/awsconfig", "shared/awsconfig/securitytoken", "shared/awsconfig/tenancy"},
			ours:     []string{"leaves", "aws"},
			modules:  []string{aws, "github.com/aws/smithy-go"},
		},
		{
			name: "adapters",
			packages: []string{
				"shared/dynamo", "shared/egress", "shared/eventbridge", "shared/kms", "shared/lambda", "shared/oidc",
				"shared/secretsmanager", "shared/servers", "shared/ses", "shared/sqs", "shared/sts",
			},
			ours: []string{"leaves", "domain", "aws"}, // Not one another.
			modules: []string{aws, "github.com/aws/smithy-go", "github.com/coreos/go-oidc/v3", "github.com/go-jose/go-jose/v4", "code.dny.dev/ssrf",
				"golang.org/x/crypto/ssh", "github.com/pkg/sftp", "github.com/jackc/pgx/v5", "github.com/go-sql-driver/mysql", "github.com/microsoft/go-mssqldb"},
		},
		{
			name:     "transport",
			packages: []string{"shared/web"},
			ours:     []string{"leaves", "surface"},
			modules:  []string{"github.com/aws/aws-lambda-go", "github.com/danielgtaylor/huma/v2"},
		},
		{
			name:     "composition",
			packages: []string{"shared/app", "shared/app/*"},
			ours:     []string{"leaves", "surface", "domain", "entries", "aws", "adapters", "transport", "composition"},
			modules:  []string{aws, "github.com/aws/aws-lambda-go"},
		},
		{
			name:     "functions",
			packages: []string{"functions/*"},
			// Package oidc is composed by the one function that needs it.
			ours: []string{"leaves", "surface", "domain", "transport", "composition", "shared/oidc"},
		},
		{
			name:     "credentials",
			packages: []string{"shared/client/awscredentials"},
			ours:     []string{"leaves", "surface"},
			modules:  []string{aws},
		},
		{
			name:     "documents",
			packages: []string{"shared/openapi/document"},
			ours:     []string{"leaves", "surface", "transport"},
			modules:  []string{"github.com/danielgtaylor/huma/v2"},
		},
		{
			name:     "infrastructure",
			packages: []string{"infra", "infra/app"},
			ours:     []string{"infra", "shared/routes", "shared/environ", "shared/auth", "shared/metric"},
			modules:  []string{cdk, "github.com/aws/constructs-go", "github.com/aws/jsii-runtime-go", "github.com/cdklabs/cdk-nag-go"},
		},
		{
			name:     "recovery",
			packages: []string{"infra/restored"},
			ours:     []string{"aws", "shared/connection", "shared/dynamo"},
			modules:  []string{aws},
		},
		{
			name:     "bundle",
			packages: []string{"infra/bundle"},
			modules:  []string{"github.com/evanw/esbuild/pkg/api"},
		},
		{name: "package", packages: []string{"infra/package"}},
		{
			name:     "smoke",
			packages: []string{"infra/smoke"},
			ours:     []string{"leaves", "surface"},
			modules:  []string{"golang.org/x/oauth2"},
		},
		{
			name: "local",
			packages: []string{
				"infra/local/cloud", "infra/local/cloud/expression", "infra/local/crm", "infra/local/dev",
				"infra/local/gateway", "infra/local/iam", "infra/local/issuer", "infra/local/page", "infra/local/template",
			},
			ours:    []string{"local", "shared/environ", "shared/routes"},
			modules: []string{aws, "github.com/aws/smithy-go", "github.com/go-jose/go-jose/v4"},
		},
		{
			name:     "demo",
			packages: []string{"infra/local/demo"},
			ours:     []string{"leaves", "surface"},
		},
		{
			name:     "bench",
			packages: []string{"infra/local/bench", "infra/local/bench/rig"},
			ours:     []string{"leaves", "surface", "local", "bench", "simulation"},
			modules:  []string{aws},
		},
		{
			name:     "hello",
			packages: []string{"infra/local/bench/hello"},
			modules:  []string{"github.com/aws/aws-lambda-go"},
		},
		{
			name:     "simulation",
			packages: []string{"infra/local/simulate"},
			ours:     []string{"leaves", "surface", "domain", "composition", "shared/dynamo"}, // The last to measure records.
			modules:  []string{aws},
		},
		{
			name:     "command",
			packages: []string{"shared/cmd/tenon"},
			ours:     []string{"leaves", "surface", "local", "demo", "smoke", "bench", "simulation", "entries", "client commands", "shared/method"},
			modules:  []string{"github.com/alecthomas/kong"},
		},
		{
			name:     "client commands",
			packages: []string{"shared/cmd/tenon/*"},
			ours:     []string{"leaves", "surface", "smoke", "client commands"},
			modules:  []string{"github.com/alecthomas/kong", "golang.org/x/oauth2"},
		},
		{name: "tests", packages: []string{"template-tests", "infra/local/e2e", "infra/local/chaos"}},
	}
}

func importsFollowTheLayers(t *testing.T, all []source) {
	placed := map[string]bool{}
	for _, s := range all {
		if s.test() {
			continue
		}
		l, ok := layerOf(s.dir)
		if !ok {
			t.Errorf("%s: package %s is in no layer", s.path, s.dir)
			continue
		}
		placed[s.dir] = true
		for _, imported := range s.imports {
			if !l.allows(s.dir, imported) {
				t.Errorf("%s: %s (%s) may not import %s", s.path, s.dir, l.name, imported)
			}
		}
	}
	for _, l := range layers() {
		for _, p := range l.packages {
			if !placed[p] && !strings.HasSuffix(p, "/*") {
				t.Errorf("layer %s has package %s, which does not exist", l.name, p)
			}
		}
	}
}

func (l layer) allows(dir, imported string) bool {
	if imported == "net/http" || strings.HasPrefix(imported, "net/http/") {
		return l.http == nil || slices.Contains(l.http, dir)
	}
	if own, ok := strings.CutPrefix(imported, module); ok {
		to, _ := layerOf(own)
		return slices.Contains(l.ours, own) || slices.Contains(l.ours, to.name)
	}
	first, _, _ := strings.Cut(imported, "/")
	return !strings.Contains(first, ".") || slices.ContainsFunc(l.modules, func(prefix string) bool {
		return imported == prefix || strings.HasPrefix(imported, prefix+"/")
	})
}

func layerOf(dir string) (layer, bool) {
	for _, l := range layers() {
		for _, p := range l.packages {
			parent, wild := strings.CutSuffix(p, "/*")
			if rest, below := strings.CutPrefix(dir, parent+"/"); p == dir || wild && below && !strings.Contains(rest, "/") {
				return l, true
			}
		}
	}
	return layer{}, false
}

// The rule catches what it is for.
func TestLayersForbid(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ dir, imported string }{
		{"shared/fault", module + "shared/web"},
		{"shared/connection", module + "shared/dynamo"},
		{"shared/connection", "github.com/aws/aws-sdk-go-v2/aws"},
		{"shared/connection", "github.com/danielgtaylor/huma/v2"},
		{"shared/connection", "net/http"},
		{"shared/kms", module + "shared/dynamo"},
		{"shared/web", module + "shared/connection"},
		{"functions/healthz", "github.com/aws/aws-sdk-go-v2/service/dynamodb"},
		{"functions/healthz", module + "shared/dynamo"},
		{"infra", module + "shared/connection"},
		{"infra/local/cloud", module + "shared/dynamo"},
		{"shared/app", module + "infra/local/cloud"},
		{"shared/routes", module + "shared/openapi/document"},
	} {
		l, ok := layerOf(test.dir)
		if !ok || l.allows(test.dir, test.imported) {
			t.Errorf("%s may import %s", test.dir, test.imported)
		}
	}
	if _, ok := layerOf("shared/app/deep/er"); ok {
		t.Error("a package below a composition package has a layer")
	}
}
