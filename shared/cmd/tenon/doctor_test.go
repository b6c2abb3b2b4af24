package main

import (
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/tenonhq/tenon/shared/openapi"
)

// wellStage is a stage with nothing that needs attention.
func wellStage(t *testing.T) *stage {
	s := newStage(t)
	s.answers["console"] = func(w http.ResponseWriter, r *http.Request) {
		switch {
		case strings.HasSuffix(r.URL.Path, "/openid-configuration"):
			_, _ = fmt.Fprintf(w, `{"issuer":"%[1]s/console","token_endpoint":"%[1]s/t","authorization_endpoint":"%[1]s/a","jwks_uri":"%[1]s/console/keys"}`, s.url)
		case strings.HasSuffix(r.URL.Path, "/keys"):
			_, _ = io.WriteString(w, `{"keys":[{}]}`)
		default:
			_, _ = fmt.Fprintf(w, `<meta name="tenon-configuration" content="{&#34;issuer&#34;:&#34;%s/console&#34;,&#34;clientId&#34;:&#34;c&#34;}">`, s.url)
		}
	}
	s.answers["healthz"] = says(`{"status":"ok","stage":"test"}`)
	s.answers["openapi-get"] = says(string(openapi.JSON))
	s.answers["connection-summary"] = says(`{"total":0}`)
	for _, list := range []string{"connection-list", "provider-list", "kill-switch-list", "webhook-endpoint-list", "expiration-list"} {
		s.answers[list] = says(`{"items":[]}`)
	}
	return s
}

func TestDoctorFindsNothing(t *testing.T) {
	s := wellStage(t)
	s.answers["provider-list"] = problem(403, "forbidden", "No.", "")
	got := tenon(t, "", false, "doctor")
	if got.code != 0 || strings.Contains(got.out, "attention") || !strings.Contains(got.out, "skipped    systems") || strings.Count(got.out, "\n") != 10 {
		t.Errorf("got %+v", got)
	}
}

func TestDoctorFindsWhatNeedsAttention(t *testing.T) {
	for name, test := range map[string]struct {
		route, want string
		answer      http.HandlerFunc
	}{
		"a stage in trouble":      {"healthz", "stage: 503", problem(503, "x", "", "")},
		"a clock that is wrong":   {"healthz", "clock: apart", func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Date", "Mon, 04 May 2020 03:02:01 GMT") }},
		"no issuer":               {"console", "issuer: does not say", problem(404, "x", "", "")},
		"another version":         {"openapi-get", "version: another version", says(`{"openapi":"3.1.0"}`)},
		"a token that is refused": {"connection-summary", "sign-in: refuses the token", problem(401, "x", "", "")},
		"a token of nothing":      {"connection-summary", "sign-in: may read nothing", problem(403, "x", "", "")},
		"degraded connections": {"connection-list", `connections: 1 degraded: con_1 "CRM" (reauth_required).`,
			says(`{"items":[{"id":"con_1","name":"CRM","status":"degraded","reason":"reauth_required"}]}`)},
		"a system in trouble":  {"provider-list", "systems: demo-crm (token down)", says(`{"items":[{"provider":"demo-crm","endpoint":"token","state":"down"}]}`)},
		"a kill switch":        {"kill-switch-list", "kill switches: 1 active: kls_1 (connector demo-crm)", says(`{"items":[{"id":"kls_0","state":"lifted"},{"id":"kls_1","scope":"connector","connector":"demo-crm","state":"done"}]}`)},
		"a disabled endpoint":  {"webhook-endpoint-list", "webhook endpoints: whe_1 (disabled, gone)", says(`{"items":[{"id":"whe_0","enabled":false},{"id":"whe_1","enabled":false,"disabledReason":"gone"}]}`)},
		"a key that ends":      {"expiration-list", `expirations: client secret of "CRM" (2026-05-04)`, says(`{"items":[{"kind":"client_secret","name":"CRM","renewal":"person","date":"2026-05-04T03:02:01Z"},{"kind":"credential","name":"other","renewal":"automatic"}]}`)},
		"a list that is wrong": {"expiration-list", "expirations: could not be looked at", problem(500, "internal", "Broken.", "")},
	} {
		s := wellStage(t)
		s.answers[test.route] = test.answer
		got := tenon(t, "", false, "doctor")
		check, sentence, _ := strings.Cut(test.want, ": ")
		var found string
		for line := range strings.Lines(got.out) {
			if strings.HasPrefix(line, "attention  "+check) {
				found = line
			}
		}
		if got.code != 1 || !strings.Contains(found, sentence) || strings.Count(got.out, "attention ") != 1 {
			t.Errorf("%s: got exit status %d, want %q in:\n%s", name, got.code, sentence, got.out)
		}
		if strings.Contains(got.out+got.err, "canary") {
			t.Errorf("%s: a token is shown", name)
		}
	}
}

func TestDoctorSaysWhoIsSignedIn(t *testing.T) {
	s := wellStage(t)
	s.anyone = true
	claims := `{"sub":"ann","https://tenon/tenant":"acme","scope":"audit:read","exp":%d}`
	for expiry, want := range map[int64]string{4102444800: "ann of tenant acme, with audit:read.", 1: "The token ended at 1970-01-01"} {
		t.Setenv("TENON_TOKEN", "h."+base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, claims, expiry))+".s")
		got := tenon(t, "", false, "doctor", "--json")
		if !strings.Contains(got.out, want) {
			t.Errorf("lacks %q:\n%s", want, got.out)
		}
	}
}
