package bench_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/infra/local/bench"
)

// tokens is an answer of the token endpoint.
type tokens struct {
	status  int
	Refresh string `json:"refresh_token"`
	Error   string `json:"error"`
}

func ask(ctx context.Context, t *testing.T, p *bench.Provider, client string, form url.Values) tokens {
	t.Helper()
	r := httptest.NewRequestWithContext(ctx, http.MethodPost, "/token", strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.SetBasicAuth(client, "secret")
	w := httptest.NewRecorder()
	p.ServeHTTP(w, r)
	got := tokens{status: w.Code}
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil && w.Body.Len() > 0 {
		t.Fatal(err)
	}
	return got
}

func code() url.Values { return url.Values{"grant_type": {"authorization_code"}, "code": {"code"}} }

func refresh(token string) url.Values {
	return url.Values{"grant_type": {"refresh_token"}, "refresh_token": {token}}
}

func TestProviderRotates(t *testing.T) {
	t.Parallel()
	p := bench.NewProvider()
	first := ask(t.Context(), t, p, "rotating", code())
	second := ask(t.Context(), t, p, "rotating", refresh(first.Refresh))
	if second.status != http.StatusOK || second.Refresh == "" || second.Refresh == first.Refresh {
		t.Errorf("a refresh: got %+v, want another refresh token", second)
	}
	if again := ask(t.Context(), t, p, "rotating", refresh(first.Refresh)); again.Error != "invalid_grant" {
		t.Errorf("an old refresh token: got %+v, want invalid_grant", again)
	}
	if stolen := ask(t.Context(), t, p, "another", refresh(second.Refresh)); stolen.Error != "invalid_grant" {
		t.Errorf("the refresh token of another client: got %+v, want invalid_grant", stolen)
	}
	if diff := cmp.Diff(bench.Counts{Refreshes: 3, Reused: 2}, p.Counts()); diff != "" {
		t.Errorf("counts (-want +got):\n%s", diff)
	}
	p.Reset()
	if got := p.Counts(); got != (bench.Counts{}) {
		t.Errorf("counts after the reset: %+v", got)
	}
}

func TestProviderKeepsTheTokenOfTheSteadyClient(t *testing.T) {
	t.Parallel()
	p := bench.NewProvider()
	first := ask(t.Context(), t, p, bench.SteadyClient, code())
	for range 2 {
		if got := ask(t.Context(), t, p, bench.SteadyClient, refresh(first.Refresh)); got.status != http.StatusOK || got.Refresh != "" {
			t.Errorf("a refresh: got %+v, want no refresh token", got)
		}
	}
	if diff := cmp.Diff(bench.Counts{Refreshes: 2}, p.Counts()); diff != "" {
		t.Errorf("counts (-want +got):\n%s", diff)
	}
}

// A sender that does not wait for the answer has used its token all the same.
func TestProviderRotatesWhenNobodyWaits(t *testing.T) {
	t.Parallel()
	p := bench.NewProvider()
	first := ask(t.Context(), t, p, "rotating", code())
	p.SetLatency(time.Hour)
	gone, hangUp := context.WithCancel(t.Context())
	hangUp()
	ask(gone, t, p, "rotating", refresh(first.Refresh))
	p.SetLatency(0)
	if again := ask(t.Context(), t, p, "rotating", refresh(first.Refresh)); again.Error != "invalid_grant" {
		t.Errorf("the token again: got %+v, want invalid_grant", again)
	}
}

func TestProviderSendsTheBrowserBack(t *testing.T) {
	t.Parallel()
	w := httptest.NewRecorder()
	ask := "/authorize?" + url.Values{"redirect_uri": {"http://127.0.0.1:1/back"}, "state": {"s&1"}}.Encode()
	bench.NewProvider().ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, ask, nil))
	if got, want := w.Header().Get("Location"), "http://127.0.0.1:1/back?code=code&state=s%261"; got != want {
		t.Errorf("got %d %s, want %s", w.Code, got, want)
	}
}
