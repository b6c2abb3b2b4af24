package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/cmd/tenon/operation"
	"github.com/tenonhq/tenon/shared/cmd/tenon/status"
)

const templateDocument = `{"version":1,"templates":[{"stableKey":"crm","connector":"demo-crm","name":"CRM","authScheme":"api_key","credentials":"customer","suppliedBy":"customer","embedded":true,"inputs":{"baseUrl":"https://crm.example.com"}}]}`

// templateToken is in the environment of every test run.
func templateToken(t *testing.T) {
	t.Helper()
	t.Setenv("TENON_TOKEN", "fake-token")
	t.Setenv("XDG_CONFIG_HOME", t.TempDir())
}

// templateServer answers every request alike and notes the last one.
func templateServer(t *testing.T, answer string) (stage operation.Stage, seen *http.Request, body *string) {
	t.Helper()
	seen, body = new(http.Request), new(string)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		text, _ := io.ReadAll(r.Body)
		*seen, *body = *r, string(text)
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, answer)
	}))
	t.Cleanup(server.Close)
	return operation.Stage{API: server.URL}, seen, body
}

func TestTemplateExport(t *testing.T) {
	templateToken(t)
	stage, seen, body := templateServer(t, templateDocument)
	acme := operation.Acting{Tenant: "acme"}
	path := filepath.Join(t.TempDir(), "templates.json")
	if err := (&templateExportCommand{Stage: stage, Acting: acme, Out: path, Keys: []string{"crm"}}).Run(t.Context(), io.Discard); err != nil {
		t.Fatal(err)
	}
	if *body != `{"stableKeys":["crm"]}` || seen.URL.Path != "/v1/templates/export" || seen.Header.Get("Authorization") != "Bearer fake-token" || seen.Header.Get("Tenon-Tenant") != "acme" {
		t.Errorf("sent %s to %s, headers %v", *body, seen.URL, seen.Header)
	}
	text, err := os.ReadFile(path)
	if err != nil || !strings.HasSuffix(string(text), "}\n") || !strings.Contains(string(text), "\n      \"stableKey\": \"crm\"") {
		t.Errorf("wrote %s, %v", text, err)
	}
	in, err := readDocument(path)
	if err != nil || len(in.Templates) != 1 {
		t.Errorf("read back %+v, %v", in, err)
	}
	again := filepath.Join(t.TempDir(), "again.json")
	if err := (&templateExportCommand{Stage: stage, Out: again}).Run(t.Context(), io.Discard); err != nil || *body != `{}` {
		t.Errorf("all: sent %s, %v", *body, err)
	}
	if second, _ := os.ReadFile(again); !bytes.Equal(text, second) {
		t.Errorf("two exports differ:\n%s", cmp.Diff(string(text), string(second)))
	}
}

func TestTemplateImport(t *testing.T) {
	templateToken(t)
	const refused = `{"applied":false,"complete":false,"changes":[
		{"kind":"connector","connector":"own-erp","action":"updated","fields":[{"pointer":"/hosts"}]},
		{"kind":"template","stableKey":"crm","connector":"demo-crm","action":"updated","fields":[{"pointer":"/name","from":"Old","to":"CRM\u001b[2J"},{"pointer":"/inputs/region","from":"eu"},{"pointer":"/scopes","to":"a b"}]},
		{"kind":"template","stableKey":"erp","connector":"own-erp","action":"refused","problem":{"code":"validation_failed","detail":"The template is not valid.","errors":[{"pointer":"/templates/1/inputs/host","detail":"Is not\u001b[2J public."}]}},
		{"kind":"template","stableKey":"new","connector":"demo-crm","action":"created"},
		{"kind":"template","stableKey":"same","connector":"demo-crm","action":"unchanged"}],
		"todo":[{"stableKey":"new","templateId":"tpl_1","missing":["clientId","clientSecret"],"redirectUri":"https://t.example/cb"}]}`
	file := filepath.Join(t.TempDir(), "templates.json")
	if err := os.WriteFile(file, []byte(templateDocument), 0o600); err != nil {
		t.Fatal(err)
	}
	stage, seen, body := templateServer(t, refused)
	var out bytes.Buffer
	c := templateImportCommand{Stage: stage, File: file, DryRun: true, Keep: []string{"crm.baseUrl", "crm.region"}}
	if err := c.Run(t.Context(), &out); status.Of(err) != 1 {
		t.Errorf("refused: exit status %d, %v", status.Of(err), err)
	}
	var sent struct {
		Keep      map[string][]string
		Templates []any
	}
	if err := json.Unmarshal([]byte(*body), &sent); err != nil || len(sent.Templates) != 1 || len(sent.Keep["crm"]) != 2 || seen.URL.RawQuery != "dryRun=true" {
		t.Errorf("sent %s?%s, %v", *body, seen.URL.RawQuery, err)
	}
	const want = `~ connector own-erp
    ~ /hosts
~ template crm (demo-crm)
    ~ /name "Old" -> "CRM\x1b[2J"
    - /inputs/region "eu"
    + /scopes "a b"
! template erp (own-erp)
    The template is not valid.
    /templates/1/inputs/host: Is not?[2J public.
+ template new (demo-crm)
1 unchanged
This was a dry run: nothing was changed.

To do in this stage:
  new tpl_1: enter clientId and clientSecret; register the redirect URI https://t.example/cb
`
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Errorf("output (-want +got):\n%s", diff)
	}

	stage, seen, _ = templateServer(t, `{"applied":true,"complete":true,"changes":[]}`)
	out.Reset()
	c = templateImportCommand{Stage: stage, File: file, JSON: true}
	if err := c.Run(t.Context(), &out); err != nil || seen.URL.RawQuery != "" || !strings.Contains(out.String(), `"applied": true`) {
		t.Errorf("got %s, %v", out.String(), err)
	}
}

// A wrong command line sends nothing; above all nothing that a document does not
// have.
func TestTemplateImportUsage(t *testing.T) {
	templateToken(t)
	stage, seen, _ := templateServer(t, `{}`)
	write := func(text string) string {
		path := filepath.Join(t.TempDir(), "templates.json")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	good := write(templateDocument)
	for name, c := range map[string]templateImportCommand{
		"a secret in the file": {Stage: stage, File: write(strings.Replace(templateDocument, `"name"`, `"clientSecret":"canary","name"`, 1))},
		"not a document":       {Stage: stage, File: write(`[]`)},
		"two documents":        {Stage: stage, File: write(templateDocument + "{}")},
		"a huge file":          {Stage: stage, File: write(templateDocument + strings.Repeat(" ", documentLimit))},
		"what to keep":         {Stage: stage, File: good, Keep: []string{"baseUrl"}},
		"plain HTTP":           {Stage: operation.Stage{API: "http://tenon.example.com"}, File: good},
	} {
		err := c.Run(t.Context(), io.Discard)
		if status.Of(err) != 2 || strings.Contains(err.Error(), "canary") {
			t.Errorf("%s: exit status %d, %v", name, status.Of(err), err)
		}
	}
	if seen.URL != nil {
		t.Errorf("sent %s", seen.URL)
	}
	failing := templateImportCommand{Stage: operation.Stage{API: "http://127.0.0.1:1"}, File: good}
	if err := failing.Run(t.Context(), io.Discard); status.Of(err) != 1 {
		t.Errorf("nothing listens: exit status %d, %v", status.Of(err), err)
	}
}
