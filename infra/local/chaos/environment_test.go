package chaos_test

import (
	"context"
	"encoding/json"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"github.com/tenonhq/tenon/infra/local/cloud"
	"github.com/tenonhq/tenon/infra/local/dev"
	"github.com/tenonhq/tenon/infra/local/issuer"
	"github.com/tenonhq/tenon/infra/local/template"
	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/client"
	"github.com/tenonhq/tenon/shared/environ"
	"github.com/tenonhq/tenon/shared/routes"
)

// environment is the product with everything around it: the committed templates
// on a local AWS, the functions behind the local API, a token issuer and a
// certified OAuth server. No schedule fires in it.
type environment struct {
	root     string
	base     string // Origin of the API.
	cloud    *cloud.Cloud
	aws      aws.Config
	manifest template.Manifest
	sessions map[string]map[string]string // Credentials of the functions' roles.
	issuer   *issuer.Issuer
	lab      *lab
	provider *provider
	custody  *custody
	main     *lane // Of everything that is not to fail.

	invariants *invariants
}

// newEnvironment starts everything and makes the tenant.
func newEnvironment(t *testing.T) *environment {
	t.Helper()
	begun := time.Now()
	root, err := filepath.Abs("../../..")
	if err != nil {
		t.Fatal(err)
	}
	e := &environment{root: root, cloud: cloud.New(), lab: startLab(t), invariants: newInvariants()}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	e.base = "http://" + listener.Addr().String()
	endpoint := serve(t, e.cloud)
	e.cloud.BaseURL = endpoint
	e.aws = aws.Config{
		Region: e.cloud.Region, BaseEndpoint: &endpoint, HTTPClient: e.cloud,
		Credentials: credentials.NewStaticCredentialsProvider("local", "local", ""),
	}
	e.applyTemplates(t)
	e.custody = newCustody(t, e.aws, e.manifest)
	e.issuer, err = issuer.Open(t.TempDir(), e.base+"/dev/issuer", time.Now)
	if err != nil {
		t.Fatal(err)
	}
	e.provider = newProvider(t, e.lab)
	e.main = e.newLane(t, 4, 0)
	mux := http.NewServeMux()
	mux.Handle("/dev/issuer/", http.StripPrefix("/dev/issuer", e.issuer))
	mux.Handle("/", e.main.gateway)
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = server.Serve(listener) }() // It ends when the server is closed.
	t.Cleanup(func() { _ = server.Close() })
	must(t, e.actor(t, auth.Organization), routes.TenantCreate, api.TenantCreate{ID: tenant, Name: "Chaos"})
	t.Logf("everything runs after %.1f s", time.Since(begun).Seconds())
	return e
}

func (e *environment) applyTemplates(t *testing.T) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(e.root, "infra", "templates", "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("find the templates: %d files, %v", len(files), err)
	}
	var texts [][]byte
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, template.Restage(text, "dev", environ.LocalStage))
	}
	options := template.Options{Prefix: functionPrefix, APIEndpoint: e.base, Progress: func(string) {}}
	e.manifest, err = template.Apply(t.Context(), e.aws, options, texts...)
	if err != nil {
		t.Fatal(err)
	}
	e.sessions, err = dev.Enforce(e.cloud, e.manifest)
	if err != nil {
		t.Fatal(err)
	}
	e.cloud.Denied = func(d cloud.Denial) { t.Errorf("a role was refused %s on %s: %+v", d.Action, d.Resource, d) }
}

// actor calls the API as one person of a tenant, through one lane.
type actor struct {
	tenant, token string
	client        *client.Client
}

// actor returns a caller with every scope.
func (e *environment) actor(t *testing.T, tenant string) *actor {
	t.Helper()
	body, err := json.Marshal(map[string]any{"tenant": tenant, "subject": "ann", "scopes": auth.Scopes()})
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/dev/token", strings.NewReader(string(body)))
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	e.issuer.Mint(w, r)
	var minted struct{ Token string }
	if err := json.Unmarshal(w.Body.Bytes(), &minted); err != nil || minted.Token == "" {
		t.Fatalf("mint a token: %d %s", w.Code, w.Body)
	}
	return (&actor{tenant: tenant, token: minted.Token}).through(e.main)
}

// through returns the caller at the gateway of another lane.
func (a *actor) through(l *lane) *actor {
	other := *a
	other.client = client.New("http://api.invalid", func(context.Context) (string, error) { return a.token, nil }, direct{l.gateway})
	return &other
}

// direct sends requests to a handler without a socket.
type direct struct{ handler http.Handler }

// Do implements client.Doer.
func (d direct) Do(r *http.Request) (*http.Response, error) {
	if r.Body == nil {
		r.Body = http.NoBody
	}
	r.RemoteAddr = "127.0.0.1:1"
	w := httptest.NewRecorder()
	d.handler.ServeHTTP(w, r)
	return w.Result(), nil
}

// run invokes a job with the event of its schedule.
func (e *environment) run(t *testing.T, job string) {
	t.Helper()
	tick := []byte(`{"time":"` + time.Now().UTC().Format(time.RFC3339) + `"}`)
	done, err := e.main.gateway.Invoke(t.Context(), job, tick)
	if err != nil {
		t.Fatalf("%s: %v\n%s", job, err, e.main.log)
	}
	t.Logf("%s: %s", job, done)
}

// eventually asks until done says yes, for at most half a minute.
func eventually(t *testing.T, what string, done func() bool) {
	t.Helper()
	for begun := time.Now(); !done(); wait(t, 20*time.Millisecond) {
		if time.Since(begun) > 30*time.Second {
			t.Fatalf("after 30 seconds still not: %s", what)
		}
	}
}

// wait lets real time pass: the functions have no other.
func wait(t *testing.T, d time.Duration) {
	t.Helper()
	select {
	case <-t.Context().Done():
		t.Fatal("the test ended")
	case <-time.After(d):
	}
}
