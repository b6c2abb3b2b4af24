package routes_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/routes"
)

// A row that is declared and not listed would be a function nobody deploys.
func TestAllListsEveryDeclaredRow(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	declared := 0
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			if f, ok := call.Fun.(*ast.IndexListExpr); ok && f.X.(*ast.Ident).Name == "operation" {
				declared++
			}
			return true
		})
	}
	if got := len(routes.All()) + len(routes.Optional()); got != declared {
		t.Errorf("got %d rows in All and Optional, want the %d that are declared", got, declared)
	}
	if got, want := len(routes.Operations())+len(routes.Jobs())+len(routes.Consumers())+len(routes.Workers())+len(routes.Optional()), declared; got != want {
		t.Errorf("got %d operations, jobs, consumers and workers, want %d", got, want)
	}
}

func TestRowsAreDistinct(t *testing.T) {
	t.Parallel()
	seen := map[string]string{}
	for _, r := range routes.All() {
		keys := []string{"name " + r.Name}
		if r.IsOperation() {
			for _, path := range r.Paths() {
				keys = append(keys, r.Method+" "+regexp.MustCompile(`\{\w+\}`).ReplaceAllString(path, "{}"))
			}
		}
		for _, key := range keys {
			if other, taken := seen[key]; taken {
				t.Errorf("%s and %s are both %s", other, r.Name, key)
			}
			seen[key] = r.Name
		}
	}
}

func TestOperationsAreWellFormed(t *testing.T) {
	t.Parallel()
	for _, r := range routes.All() {
		if !regexp.MustCompile(`^[a-z]+(-[a-z]+)*$`).MatchString(r.Name) {
			t.Errorf("%s: the name is not words joined by hyphens", r.Name)
		}
		if !regexp.MustCompile(`^[A-Z].*\.$`).MatchString(r.Summary) {
			t.Errorf("%s: the summary %q is not a sentence", r.Name, r.Summary)
		}
		if r.In().Kind() != reflect.Struct {
			t.Errorf("%s: the request type %v is not a struct", r.Name, r.In())
		}
		if !r.IsOperation() {
			continue
		}
		if !slices.Contains([]string{"GET", "POST", "PUT", "PATCH", "DELETE"}, r.Method) {
			t.Errorf("%s: got method %q", r.Name, r.Method)
		}
		if nothing := r.Out() == reflect.TypeFor[api.None](); nothing != (r.Status == 204) {
			t.Errorf("%s: got status %d with the answer %v", r.Name, r.Status, r.Out())
		}
		if r.Schedule.Every != 0 {
			t.Errorf("%s: an operation has a schedule", r.Name)
		}
	}
}

func TestPathParametersAreTheTaggedFields(t *testing.T) {
	t.Parallel()
	for _, r := range routes.Operations() {
		var want []string
		for _, m := range regexp.MustCompile(`\{(\w+)\+?\}`).FindAllStringSubmatch(r.Path, -1) {
			want = append(want, m[1])
		}
		if diff := cmp.Diff(want, tags(r, "path")); diff != "" {
			t.Errorf("%s: parameters (-path +fields):\n%s", r.Name, diff)
		}
		if r.Method != "GET" {
			continue
		}
		for _, f := range reflect.VisibleFields(r.In()) {
			if name, _, _ := strings.Cut(f.Tag.Get("json"), ","); !f.Anonymous && name != "-" {
				t.Errorf("%s: a GET reads %s from a body", r.Name, f.Name)
			}
		}
	}
}

func TestScopesAreThoseOfTokens(t *testing.T) {
	t.Parallel()
	var used []string
	for _, r := range routes.All() {
		if r.Scope == "" {
			continue
		}
		used = append(used, r.Scope)
		if !slices.Contains(auth.Scopes(), r.Scope) {
			t.Errorf("%s: no token has the scope %q", r.Name, r.Scope)
		}
		if !r.IsOperation() {
			t.Errorf("%s: what serves no HTTP has a scope", r.Name)
		}
	}
	for _, scope := range auth.Scopes() {
		if !slices.Contains(used, scope) {
			t.Errorf("no operation needs the scope %s", scope)
		}
	}
}

// Whoever adds an operation without a scope says so here.
func TestPublicOperationsAreTheseOnly(t *testing.T) {
	t.Parallel()
	var got []string
	for _, r := range routes.Operations() {
		if r.Public() {
			got = append(got, r.Name)
		}
	}
	want := []string{"oauth-start", "oauth-confirm", "oauth-callback", "connect-page", "connect-submit", "tenant-jwks", "openapi-get", "healthz", "console"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("public operations (-want +got):\n%s", diff)
	}
}

func TestJobsRunByTheClock(t *testing.T) {
	t.Parallel()
	for _, r := range routes.Jobs() {
		if r.Schedule.Every <= 0 {
			t.Errorf("%s has no schedule", r.Name)
		}
		if r.Path != "" || r.In() != reflect.TypeFor[api.Tick]() || r.Out() != reflect.TypeFor[api.Sweep]() {
			t.Errorf("%s: got path %q and %v to %v", r.Name, r.Path, r.In(), r.Out())
		}
	}
}

// The bounds are those of a Lambda event source and of SQS.
func TestConsumersWorkOffQueues(t *testing.T) {
	t.Parallel()
	for _, r := range routes.Consumers() {
		if q := r.Queue; q.Batch < 1 || q.Batch > 10 || q.Concurrency < 2 || q.Concurrency > 1000 {
			t.Errorf("%s: got batch %d and concurrency %d, want 1 to 10 and 2 to 1000", r.Name, q.Batch, q.Concurrency)
		}
		if r.Timeout <= 0 || r.Path != "" || r.Schedule.Every != 0 || r.In() != reflect.TypeFor[api.Batch]() || r.Out() != reflect.TypeFor[api.BatchResult]() {
			t.Errorf("%s: got timeout %s, path %q, schedule %s and %v to %v", r.Name, r.Timeout, r.Path, r.Schedule.Every, r.In(), r.Out())
		}
		if !strings.HasPrefix(r.Name, "queue-") {
			t.Errorf("%s is not named for its queue", r.Name)
		}
	}
}

// A job that lost its schedule would be a worker nobody invokes.
func TestWorkersAreTheseOnly(t *testing.T) {
	t.Parallel()
	var got []string
	for _, r := range routes.Workers() {
		got = append(got, r.Name)
		if r.Path != "" || slices.Contains(r.Grants, routes.ProbeInvoke) {
			t.Errorf("%s: got path %q and grants %v", r.Name, r.Path, r.Grants)
		}
	}
	if diff := cmp.Diff([]string{"server-probe"}, got); diff != "" {
		t.Errorf("workers (-want +got):\n%s", diff)
	}
}

// A client whose request was cut off must be able to repeat it.
func TestRequestsThatCreateAResourceCanBeRepeated(t *testing.T) {
	t.Parallel()
	for _, r := range routes.Operations() {
		if _, resource := member(r.Out(), "id"); r.Method != "POST" || r.Status != 201 || !resource {
			continue
		}
		if !slices.Contains(tags(r, "header"), "Idempotency-Key") {
			t.Errorf("%s creates and takes no Idempotency-Key", r.Name)
		}
	}
}

// A client that changes what it read must be able to say which version.
func TestRequestsThatChangeAVersionedThingTakeItsVersion(t *testing.T) {
	t.Parallel()
	tagged := reflect.TypeFor[interface{ ETag() string }]()
	for _, r := range routes.Operations() {
		if (r.Method == "PUT" || r.Method == "PATCH") && r.Out().Implements(tagged) && !slices.Contains(tags(r, "header"), "If-Match") {
			t.Errorf("%s takes no If-Match", r.Name)
		}
	}
}

// tags returns the values of a tag among the fields of the request.
func tags(r *routes.Route, key string) []string {
	var values []string
	for _, f := range reflect.VisibleFields(r.In()) {
		if v, ok := f.Tag.Lookup(key); ok {
			values = append(values, v)
		}
	}
	return values
}

func member(t reflect.Type, name string) (reflect.StructField, bool) {
	if t.Kind() != reflect.Struct {
		return reflect.StructField{}, false
	}
	for _, f := range reflect.VisibleFields(t) {
		if got, _, _ := strings.Cut(f.Tag.Get("json"), ","); got == name {
			return f, true
		}
	}
	return reflect.StructField{}, false
}
