package e2e_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/tenonhq/tenon/infra/local/demo"
)

// testDemo runs what `tenon demo` runs, to its end: from the tenant to a leased
// token that the provider refuses after the disconnect.
func testDemo(t *testing.T, e *environment) {
	var out bytes.Buffer
	if err := demo.Run(t.Context(), demo.Config{URL: e.base}, &out); err != nil {
		t.Fatalf("demo: %v\n%s", err, out.String())
	}
	for _, line := range []string{"refreshed", "the provider says revoked", "401, the leased token is worth nothing"} {
		if !strings.Contains(out.String(), line) {
			t.Errorf("the demo does not say %q:\n%s", line, out.String())
		}
	}
}
