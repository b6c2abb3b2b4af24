package demo_test

import (
	"bytes"
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/infra/local/demo"
	"github.com/tenonhq/tenon/shared/api"
)

// run makes the walk in e; a second of waiting moves the clock and nothing
// else.
func run(t *testing.T, e *tenon, keep bool) (string, error) {
	t.Helper()
	var out bytes.Buffer
	err := demo.Run(t.Context(), demo.Config{
		URL: e.URL + "/", Keep: keep,
		Now: func() time.Time { return e.now },
		Sleep: func(_ context.Context, d time.Duration) error {
			e.now = e.now.Add(d)
			return nil
		},
	}, &out)
	return out.String(), err
}

func TestRunWalksThroughTheLifeOfAConnection(t *testing.T) {
	t.Parallel()
	e := newTenon(t)
	out, err := run(t, e, false)
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, want := range []string{
		"tenant      demo-1 is ready, encrypted under arn:key\n",
		"template    tpl_1 configures demo-crm, redirect URI " + e.URL + "/v1/oauth/callback/tpl_1\n",
		"connection  con_1 is pending\n",
		"connected as Alice Archer with crm.read crm.write\n",
		"\n" + strings.Repeat(".", 61) + "\nwait        61 s, the token has expired\n",
		", refreshed by this lease\n",
		"GET /api/contacts: 2 contacts (Carol Chandler, Dave Dyer)\n",
		"status      active since",
		"connection.lease      allowed  demo-1/demo",
		"disconnect  receipt: con_1 is gone, the provider says revoked\n",
		"GET /api/contacts: 401, the leased token is worth nothing\n",
		"clean up    tpl_1 is deleted with its client secret\n",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is not in the output:\n%s", want, out)
		}
	}
	for _, secret := range []string{e.secret, e.tokens.Access, e.tokens.Refresh, "canary", "jwt"} {
		if strings.Contains(out, secret) {
			t.Errorf("the output shows a secret:\n%s", out)
		}
	}
	want := []string{`/v1/connections/con_1 "7"`, `/v1/templates/tpl_1 "3"`}
	if diff := cmp.Diff(want, e.deleted); diff != "" {
		t.Errorf("deleted (-want +got):\n%s", diff)
	}
}

func TestRunKeepsTheConnectionWhenAsked(t *testing.T) {
	t.Parallel()
	e := newTenon(t)
	out, err := run(t, e, true)
	if err != nil || len(e.deleted) > 0 || strings.Contains(out, "disconnect") {
		t.Errorf("got %v, deleted %v\n%s", err, e.deleted, out)
	}
}

func TestRunStopsAtTheStepThatFails(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		pattern string
		handler func(e *tenon) http.HandlerFunc
		want    string
	}{
		"a problem": {
			"POST /v1/templates", func(*tenon) http.HandlerFunc { return problem(409, "stable_key_taken", "The key is taken.") },
			"template: template-create: stable_key_taken: The key is taken. (status 409)",
		},
		"no issuer": {
			"POST /dev/token", func(*tenon) http.HandlerFunc { return http.NotFound },
			"tenant: tenant-create: get a bearer token: /dev/token answered 404",
		},
		"an error page": {
			"GET /v1/oauth/start/hof_1", func(*tenon) http.HandlerFunc { return page(410, "<h1>Gone</h1><p>Too late.</p>") },
			"consent: Gone: Too late. (status 410)",
		},
		"a page without form": {
			"GET /v1/oauth/start/hof_1", func(*tenon) http.HandlerFunc { return page(200, "<h1>Empty</h1>") },
			`consent: the page "Empty" has no form`,
		},
		"pages that go in circles": {
			"GET /v1/oauth/start/hof_1", func(*tenon) http.HandlerFunc {
				return func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, r.URL.Path, http.StatusSeeOther) }
			},
			"consent: the pages redirect for ever",
		},
		"a token that was not refreshed": {
			"POST /v1/connections/con_1/lease", func(e *tenon) http.HandlerFunc { return e.leaseFor(time.Minute) },
			"lease: the expired token was handed out again",
		},
		"a token that lives long": {
			"POST /v1/connections/con_1/lease", func(e *tenon) http.HandlerFunc { return e.leaseFor(time.Hour) },
			"wait: the token lives 3601 s more; start the environment with --token-seconds=60",
		},
		"a token that outlives its connection": {
			"DELETE /v1/connections/con_1", func(*tenon) http.HandlerFunc { return answer(api.Deletion{Revocation: "revoked"}) },
			"call: the demo CRM still takes the token: it answered 200",
		},
		"a token that was not revoked": {
			"DELETE /v1/connections/con_1", func(*tenon) http.HandlerFunc { return answer(api.Deletion{Revocation: "failed"}) },
			"disconnect: the demo CRM did not revoke the token: failed",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := newTenon(t)
			e.replace[test.pattern] = test.handler(e)
			out, err := run(t, e, false)
			if err == nil || err.Error() != test.want {
				t.Errorf("got error %v, want %s\n%s", err, test.want, out)
			}
		})
	}
}

func TestRunSaysHowToStartTheEnvironment(t *testing.T) {
	t.Parallel()
	e := newTenon(t)
	e.Close()
	if _, err := run(t, e, false); err == nil || !strings.Contains(err.Error(), "start it with: make dev") {
		t.Errorf("got %v, want advice to run make dev", err)
	}
}
