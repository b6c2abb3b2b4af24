package main

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web/webtest"
)

// Neither the answer nor the log holds a secret, whatever the systems refuse. It
// has the log of the process to itself.
func TestConnectionImportShowsNoSecret(t *testing.T) {
	var log bytes.Buffer
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewJSONHandler(&log, nil)))
	defer slog.SetDefault(before)
	w := functionstest.New(t)
	h := webtest.New(t, routes.ConnectionImport, handle(w.Refreshing()))
	for _, host := range []string{"api.stripe.com", "login.salesforce.com", "acme.my.salesforce.com"} {
		w.Provider.Refuse(host)
		w.Provider.Granted(functionstest.Acme, "fake-refresh-of-acme-old")
		answer := h.Replay(functionstest.Event("connection-import"))
		for _, shown := range []string{answer.Body, log.String()} {
			for _, value := range []string{"rk_test_fake", "fake-access", "fake-refresh", "fake-client-secret"} {
				if strings.Contains(shown, value) {
					t.Errorf("%s is shown: %s", value, shown)
				}
			}
		}
	}
	if !strings.Contains(log.String(), "import failed") {
		t.Errorf("the log tells of no failure: %s", log.String())
	}
}
