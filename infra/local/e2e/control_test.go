package e2e_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"

	"github.com/tenonhq/tenon/shared/auth"
)

// control starts the server where the browser tests ask for what only this
// process can do, and returns its origin. Every request is a POST of JSON:
//
//	/token   {tenant, subject, scopes} → {token}; without scopes it has all of them
//	/canary  {kind, value} is a secret that may be found nowhere
//	/answer  {method, url, status, headers: [[name, value]], body} came from the API
func (e *environment) control(t *testing.T) string {
	t.Helper()
	mux := http.NewServeMux()
	serve(mux, "POST /token", e.mintFor)
	serve(mux, "POST /canary", func(c canary) (struct{}, error) {
		e.secrets.add(c.Kind, c.Value)
		return struct{}{}, nil
	})
	serve(mux, "POST /answer", e.keepAnswer)
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL
}

// serve answers a pattern with what do makes of the JSON that was sent.
func serve[In, Out any](mux *http.ServeMux, pattern string, do func(In) (Out, error)) {
	mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		var in In
		err := json.NewDecoder(r.Body).Decode(&in)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		out, err := do(in)
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(out) // Nobody is left to be told.
	})
}

// tokenFor is whom a token is for.
type tokenFor struct {
	Tenant  string   `json:"tenant"`
	Subject string   `json:"subject"`
	Scopes  []string `json:"scopes"`
}

// minted is a new token.
type minted struct {
	Token string `json:"token"`
}

func (e *environment) mintFor(in tokenFor) (minted, error) {
	if in.Scopes == nil {
		in.Scopes = auth.Scopes()
	}
	body, err := json.Marshal(in)
	if err != nil {
		return minted{}, err
	}
	res, err := http.Post(e.base+"/dev/token", "application/json", bytes.NewReader(body))
	if err != nil {
		return minted{}, err
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		return minted{}, err
	}
	var out minted
	if err := json.Unmarshal(text, &out); err != nil || out.Token == "" {
		return minted{}, fmt.Errorf("the issuer answered %s: %s", res.Status, text)
	}
	e.secrets.add("bearer token", out.Token)
	return out, nil
}

// canary is a secret that a browser test brings in.
type canary struct{ Kind, Value string }

// answered is an answer of the API that a browser or a test of it got.
type answered struct {
	Method, URL, Body string
	Status            int
	Headers           [][2]string
}

// keepAnswer puts an answer into the evidence as the recorder does.
func (e *environment) keepAnswer(in answered) (struct{}, error) {
	address, err := url.Parse(in.URL)
	if err != nil {
		return struct{}{}, errors.New("the address of the answer is none")
	}
	header := http.Header{}
	for _, pair := range in.Headers {
		header.Add(pair[0], pair[1])
	}
	r := &http.Request{Method: in.Method, URL: address}
	res := &http.Response{Status: fmt.Sprint(in.Status), StatusCode: in.Status, Header: header, Request: r}
	body := []byte(in.Body)
	e.secrets.lease(r, body)
	e.secrets.webhook(r, body)
	e.evidence.answer(res, withoutCredential(r, body), newBrowser(e).handedOut(res, body)...)
	return struct{}{}, nil
}
