package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/cmd/tenon/status"
)

func TestSmoke(t *testing.T) {
	t.Setenv("TENON_TOKEN", "fake-token")
	server := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(server.Close)
	for name, c := range map[string]struct {
		address string
		json    bool
		code    int
		want    string
	}{
		"a stage that does not answer":          {server.URL, false, 1, "FAILED  health "},
		"a stage that does not answer, in JSON": {server.URL, true, 1, `"step":"health","passed":false`},
		"an address without TLS":                {"http://tenon.example.com", false, 2, ""},
	} {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			err := (&smokeCommand{URL: c.address, JSON: c.json, Timeout: time.Minute}).Run(t.Context(), &out)
			if status.Of(err) != c.code || !strings.Contains(out.String(), c.want) {
				t.Errorf("got %v, exit status %d, want %d\n%s", err, status.Of(err), c.code, out.String())
			}
			if c.json && !json.Valid(out.Bytes()) {
				t.Errorf("not JSON: %s", out.String())
			}
		})
	}
}

func TestSmokeNeedsAToken(t *testing.T) {
	for _, name := range []string{"TENON_TOKEN", "TENON_ISSUER", "TENON_CLIENT_ID", "TENON_CLIENT_SECRET"} {
		t.Setenv(name, "")
	}
	err := (&smokeCommand{URL: "https://tenon.example.com", Timeout: time.Minute}).Run(t.Context(), io.Discard)
	if status.Of(err) != 2 || !strings.Contains(err.Error(), "TENON_ISSUER") {
		t.Errorf("got %v, want what to set", err)
	}
}
