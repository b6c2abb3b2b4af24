package main

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestListIsATable(t *testing.T) {
	s := newStage(t)
	s.answers["connection-list"] = func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("cursor") == "" {
			says(`{"items":[{"id":"con_1","name":"CRM\u001b[2J of Zoë","connector":"demo-crm","status":"degraded","reason":"reauth_required","remedy":"reconnect","since":"2026-05-04T03:02:01Z"}],"nextCursor":"c2"}`)(w, r)
			return
		}
		says(`{"items":[{"id":"con_22","name":"ERP","connector":"own-erp","status":"degraded","since":"2026-05-04T03:02:01+02:00"}]}`)(w, r)
	}
	got := tenon(t, "", false, "connection", "list", "--status", "degraded", "--tenant", "acme")
	const want = `ID      NAME            CONNECTOR  STATUS    REASON           REMEDY     SINCE
con_1   CRM?[2J of Zoë  demo-crm   degraded  reauth_required  reconnect  2026-05-04 03:02Z
con_22  ERP             own-erp    degraded                              2026-05-04 01:02Z
`
	if diff := cmp.Diff(ran{0, want, ""}, got, cmp.AllowUnexported(ran{})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	paths := []string{s.sent[0].path, s.sent[1].path}
	if diff := cmp.Diff([]string{"/v1/connections?limit=100&status=degraded", "/v1/connections?cursor=c2&limit=100&status=degraded"}, paths); diff != "" || s.sent[0].tenant != "acme" {
		t.Errorf("sent (-want +got):\n%s", diff)
	}
}

func TestListIsLinesOfJSON(t *testing.T) {
	s := newStage(t)
	s.answers["flow-list"] = says(`{"items":[{"flowId":"a",  "new":1},{"flowId":"b"},{"flowId":"c"}],"nextCursor":"more"}`)
	got := tenon(t, "", false, "flow", "list", "--json", "--limit", "2")
	want := ran{0, "{\"flowId\":\"a\",\"new\":1}\n{\"flowId\":\"b\"}\n", "These are the first 2; --limit 0 shows all.\n"}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(ran{})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if len(s.sent) != 1 || s.sent[0].path != "/v1/flows?limit=2" {
		t.Errorf("sent %+v", s.sent)
	}
	s.answers["provider-list"] = says(`{"items":[]}`)
	if got := tenon(t, "", false, "provider", "list"); got != (ran{0, "", "There is none.\n"}) {
		t.Errorf("an empty list: got %+v", got)
	}
}

func TestOneIsItsFields(t *testing.T) {
	s := newStage(t)
	s.answers["flow-get"] = says(`{"flowId":"orders","name":"Orders","kind":"sync","state":"active","ready":true,"revision":3,"createdAt":"2026-05-04T03:02:01Z","createdBy":"acme/ann","updatedAt":"2026-05-04T03:02:01Z",
		"bindings":[{"slot":"source","connector":"demo-crm","environments":["production","test"],"connectionId":"con_1","status":"active"}]}`)
	got := tenon(t, "", false, "flow", "get", "orders")
	const want = `flowId     orders
name       Orders
kind       sync
state      active
ready      yes
revision   3
createdAt  2026-05-04 03:02Z
createdBy  acme/ann
updatedAt  2026-05-04 03:02Z

bindings
  SLOT    CONNECTOR  TEMPLATE  ENVIRONMENTS      SCOPES  CONNECTION ID
  source  demo-crm             production, test          con_1
`
	if diff := cmp.Diff(ran{0, want, ""}, got, cmp.AllowUnexported(ran{})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestRequestIsWhatTheFlagsSay(t *testing.T) {
	s := newStage(t)
	secrets := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(secrets, []byte("s3cret-canary\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		args  []string
		typed string
		want  sentRequest
	}{
		{
			[]string{"connection", "create", "--template-id", "tpl_1", "--name", "CRM", "--labels", "a=b;c", "--labels", "d=e", "--credential-file", "-"}, `{"apiKey":"s3cret-canary"}`,
			sentRequest{route: "connection-create", path: "/v1/connections", body: map[string]any{
				"templateId": "tpl_1", "name": "CRM", "labels": map[string]any{"a": "b;c", "d": "e"}, "credential": map[string]any{"apiKey": "s3cret-canary"},
			}},
		},
		{
			[]string{"template", "update", "tpl_1", "--if-match", "7", "--no-embedded", "--scopes", "a,b", "--client-secret-file", secrets, "--dry-run"}, "",
			sentRequest{route: "template-update", path: "/v1/templates/tpl_1?dryRun=true", ifMatch: `"7"`, body: map[string]any{
				"embedded": false, "scopes": []any{"a", "b"}, "clientSecret": "s3cret-canary",
			}},
		},
		{
			[]string{"flow", "put", "orders", "--name", "Orders", "--bindings-file", "-"}, `[{"slot":"source","connector":"demo-crm"}]`,
			sentRequest{route: "flow-put", path: "/v1/flows/orders", body: map[string]any{
				"name": "Orders", "bindings": []any{map[string]any{"slot": "source", "connector": "demo-crm"}},
			}},
		},
		{
			[]string{"webhook-endpoint", "update", "whe_1", "--events", ""}, "",
			sentRequest{route: "webhook-endpoint-update", path: "/v1/webhook-endpoints/whe_1", body: map[string]any{"events": []any{}}},
		},
		{
			[]string{"connection", "delete", "con_1", "--dry-run"}, "",
			sentRequest{route: "connection-delete", path: "/v1/connections/con_1?dryRun=true"},
		},
	} {
		s.sent, s.answers[test.want.route] = nil, says(`{}`)
		got := tenon(t, test.typed, false, test.args...)
		if got.code != 0 || len(s.sent) != 1 {
			t.Errorf("%v: got %+v, sent %+v", test.args, got, s.sent)
			continue
		}
		if diff := cmp.Diff(test.want, s.sent[0], cmp.AllowUnexported(sentRequest{})); diff != "" {
			t.Errorf("%v (-want +got):\n%s", test.args, diff)
		}
	}
}

func TestDeletionIsConfirmed(t *testing.T) {
	s := newStage(t)
	s.answers["flow-delete"] = func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }
	for _, test := range []struct {
		name, typed string
		terminal    bool
		args        []string
		code, sent  int
	}{
		{"yes", "y\n", true, nil, 0, 1},
		{"no", "n\n", true, nil, 1, 0},
		{"nothing", "", true, nil, 1, 0},
		{"no terminal", "y\n", false, nil, 2, 0},
		{"said before", "", false, []string{"--yes"}, 0, 1},
	} {
		s.sent = nil
		got := tenon(t, test.typed, test.terminal, append([]string{"flow", "delete", "orders"}, test.args...)...)
		if got.code != test.code || len(s.sent) != test.sent || got.out != "" {
			t.Errorf("%s: got %+v, sent %d", test.name, got, len(s.sent))
		}
	}
}

func TestExitStatusFollowsTheProblem(t *testing.T) {
	s := newStage(t)
	for code, answered := range map[int]int{1: 400, 3: 403, 4: 404, 5: 412} {
		s.answers["connection-get"] = problem(answered, "some_code", "That\u001b is so.", `,"remedy":"reconnect","flows":["orders"],"errors":[{"pointer":"/name","detail":"Is taken."}]`)
		got := tenon(t, "", false, "connection", "get", "con_1")
		if got.code != code || got.out != "" {
			t.Errorf("%d: got %+v, want exit status %d", answered, got, code)
		}
		for _, want := range []string{"tenon: That? is so.\n", "  /name: Is taken.\n", "flows: orders", "Connect the account again", "some_code, request r-1"} {
			if !strings.Contains(got.err, want) {
				t.Errorf("%d: lacks %q:\n%s", answered, want, got.err)
			}
		}
	}
	for _, args := range [][]string{{"connection"}, {"connection", "get"}, {"connection", "get", "a", "b"}, {"nothing"}, {"connection", "list", "--limit", "x"}, {"connection", "lst"}} {
		if got := tenon(t, "", false, args...); got.code != 2 || !strings.Contains(got.err, "--help") {
			t.Errorf("%v: got %+v, want exit status 2", args, got)
		}
	}
	if got := tenon(t, "", false, "connection", "--help"); got.code != 0 || !strings.Contains(got.out, "Examples:") || !strings.Contains(got.out, "connection dependents") {
		t.Errorf("help: got %+v", got)
	}
}

// Whoever looks at the terminal, or at its log, sees no credential that was not
// asked for.
func TestSecretsAreNotShown(t *testing.T) {
	s := newStage(t)
	const canary = "s3cret-canary"
	s.answers["connection-lease"] = says(`{"leaseId":"lse_1","connectionId":"con_1","connector":"demo-crm","credentialVersion":1,"tokenVersion":1,"refreshed":false,
		"headers":{"Authorization":"Bearer ` + canary + `"},"query":{"key":"` + canary + `"},"values":{"password":"` + canary + `"},"accessToken":"` + canary + `"}`)
	s.answers["credential-put"] = problem(422, "verification_failed", "The system refused it.", "")
	lease := []string{"connection", "lease", "con_1", "--purpose", "look"}
	for name, test := range map[string]struct {
		typed string
		args  []string
		code  int
	}{
		"a lease":                 {"", lease, 0},
		"a lease in JSON":         {"", append(lease, "--json"), 2},
		"a refused credential":    {`{"apiKey":"` + canary + `"}`, []string{"credential", "put", "con_1", "--credential-file", "-"}, 1},
		"a broken file":           {`{"apiKey":"` + canary, []string{"credential", "put", "con_1", "--credential-file", "-"}, 2},
		"a text for JSON":         {canary, []string{"credential", "put", "con_1", "--credential-file", "-"}, 2},
		"a secret as a flag":      {"", []string{"credential", "put", "con_1", "--credential", canary}, 2},
		"a stage over plain HTTP": {"", []string{"connection", "list", "--api", "http://tenon.example.com"}, 2},
	} {
		got := tenon(t, test.typed, false, test.args...)
		if got.code != test.code {
			t.Errorf("%s: got %+v, want exit status %d", name, got, test.code)
		}
		for _, shown := range []string{got.out, got.err} {
			if strings.Contains(shown, canary) || strings.Contains(shown, "token-canary") {
				t.Errorf("%s shows a secret:\n%s", name, shown)
			}
		}
	}
	if got := tenon(t, "", false, lease...); !strings.Contains(got.out, "Authorization=(hidden") {
		t.Errorf("the names are not shown:\n%s", got.out)
	}
	for _, args := range [][]string{append(lease, "--reveal"), append(lease, "--reveal", "--json")} {
		if got := tenon(t, "", false, args...); got.code != 0 || strings.Count(got.out, canary) != 4 {
			t.Errorf("%v: got %+v", args, got)
		}
	}
}
