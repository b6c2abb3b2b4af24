package issuer_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

func TestMint(t *testing.T) {
	t.Parallel()
	i := open(t, t.TempDir())
	body := `{"tenant":"acme","subject":"dev","scopes":["audit:read"],"lifetimeSeconds":60}`
	w := httptest.NewRecorder()
	i.Mint(w, httptest.NewRequest(http.MethodPost, "/dev/token", strings.NewReader(body)))
	if w.Code != http.StatusOK {
		t.Fatalf("got %d %s, want 200", w.Code, w.Body)
	}
	var answer struct{ Token, ExpiresAt string }
	if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil {
		t.Fatal(err)
	}
	if got, want := answer.ExpiresAt, "2026-03-04T05:07:07Z"; got != want {
		t.Errorf("expiresAt: got %s, want %s", got, want)
	}
	claims := verify(t, i, answer.Token)
	if got, want := claims["exp"], float64(clock.Add(time.Minute).Unix()); got != want {
		t.Errorf("exp: got %v, want %v", got, want)
	}
	if got, want := w.Header().Get("Cache-Control"), "no-store"; got != want {
		t.Errorf("Cache-Control: got %q, want %q", got, want)
	}
}

func TestMintRefuses(t *testing.T) {
	t.Parallel()
	i := open(t, t.TempDir())
	valid := `{"tenant":"acme","subject":"dev","scopes":["audit:read"]}`
	tests := map[string]struct {
		method, origin, body string
		want                 int
	}{
		"GET":                {method: "GET", body: valid, want: 405},
		"foreign origin":     {origin: "https://evil.example", body: valid, want: 403},
		"null origin":        {origin: "null", body: valid, want: 403},
		"own origin":         {origin: "http://127.0.0.1:8787", body: valid, want: 200},
		"not JSON":           {body: "tenant=acme", want: 400},
		"unknown member":     {body: `{"tenant":"a","subject":"b","scopes":[],"admin":true}`, want: 400},
		"two objects":        {body: valid + valid, want: 400},
		"no tenant":          {body: `{"subject":"b","scopes":[]}`, want: 400},
		"no subject":         {body: `{"tenant":"a","scopes":[]}`, want: 400},
		"two scopes in one":  {body: `{"tenant":"a","subject":"b","scopes":["x y"]}`, want: 400},
		"control character":  {body: `{"tenant":"a\n","subject":"b","scopes":[]}`, want: 400},
		"negative lifetime":  {body: `{"tenant":"a","subject":"b","scopes":[],"lifetimeSeconds":-1}`, want: 400},
		"overflowing number": {body: `{"tenant":"a","subject":"b","scopes":[],"lifetimeSeconds":18446744074}`, want: 400},
		"too long":           {body: `{"tenant":"` + strings.Repeat("a", 20<<10) + `","subject":"b"}`, want: 400},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			method := test.method
			if method == "" {
				method = http.MethodPost
			}
			r := httptest.NewRequest(method, "/dev/token", strings.NewReader(test.body))
			if test.origin != "" {
				r.Header.Set("Origin", test.origin)
			}
			w := httptest.NewRecorder()
			i.Mint(w, r)
			if w.Code != test.want {
				t.Fatalf("got %d %s, want %d", w.Code, w.Body, test.want)
			}
			if w.Code == http.StatusOK {
				return
			}
			if got, want := w.Header().Get("Content-Type"), "application/problem+json"; got != want {
				t.Errorf("Content-Type: got %q, want %q", got, want)
			}
		})
	}
}
