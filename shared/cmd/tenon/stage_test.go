package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/tenonhq/tenon/shared/cmd/tenon/operation"
	"github.com/tenonhq/tenon/shared/routes"
)

// stage is a double of the API, made from the route table: it answers the
// operations that a test names, and keeps what was sent.
type stage struct {
	url     string
	answers map[string]http.HandlerFunc // By the name of the route.
	sent    []sentRequest
	anyone  bool // Other tokens are accepted, too.
}

type sentRequest struct {
	route, path, tenant, ifMatch string
	body                         map[string]any
}

// newStage returns a double, with the environment of a program that calls it.
func newStage(t *testing.T) *stage {
	t.Helper()
	s := &stage{answers: map[string]http.HandlerFunc{}}
	mux := http.NewServeMux()
	for _, r := range routes.Operations() {
		for _, path := range r.Paths() {
			path = strings.ReplaceAll(path, "+}", "...}")
			mux.HandleFunc(r.Method+" "+path, func(w http.ResponseWriter, req *http.Request) { s.serve(t, r, w, req) })
		}
	}
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	s.url = server.URL
	t.Setenv("XDG_CONFIG_HOME", t.TempDir())
	t.Setenv("TENON_URL", server.URL)
	t.Setenv("TENON_TOKEN", "token-canary")
	for _, name := range []string{"TENON_TENANT", "TENON_PROFILE", "TENON_CLIENT_ID"} {
		t.Setenv(name, "")
	}
	return s
}

func (s *stage) serve(t *testing.T, r *routes.Route, w http.ResponseWriter, req *http.Request) {
	text, err := io.ReadAll(req.Body)
	if err != nil {
		t.Error(err)
	}
	sent := sentRequest{route: r.Name, path: req.URL.RequestURI(), tenant: req.Header.Get("Tenon-Tenant"), ifMatch: req.Header.Get("If-Match")}
	if len(text) > 0 {
		if err := json.Unmarshal(text, &sent.body); err != nil {
			t.Errorf("%s: %v", r.Name, err)
		}
	}
	s.sent = append(s.sent, sent)
	if want := "Bearer token-canary"; !r.Public() && !s.anyone && req.Header.Get("Authorization") != want {
		t.Errorf("%s: got Authorization %q", r.Name, req.Header.Get("Authorization"))
	}
	answer := s.answers[r.Name]
	if answer == nil {
		answer = problem(404, "not_found", "There is no such thing.", "")
	}
	answer(w, req)
}

// says answers with JSON.
func says(text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, text)
	}
}

// problem answers with a problem; more are further members.
func problem(code int, name, detail, more string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/problem+json")
		w.WriteHeader(code)
		text, _ := json.Marshal(detail)
		_, _ = io.WriteString(w, `{"code":"`+name+`","detail":`+string(text)+`,"requestId":"r-1"`+more+`}`)
	}
}

// ran is what came of a command line.
type ran struct {
	code     int
	out, err string
}

// tenon runs a command line; typed is standard input.
func tenon(t *testing.T, typed string, terminal bool, args ...string) ran {
	t.Helper()
	var out, err bytes.Buffer
	code := run(t.Context(), args, operation.Streams{In: strings.NewReader(typed), Out: &out, Err: &err, Terminal: terminal})
	return ran{code, out.String(), err.String()}
}
