package page_test

import (
	"encoding/base64"
	"errors"
	"strings"
	"testing"

	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/page"
	"github.com/tenonhq/tenon/shared/page/pagetest"
)

const (
	route    = "GET /v1/connections"
	position = "con_01J9Z3N4"
)

var (
	acme    = auth.Caller{Tenant: "acme", Home: "acme", Subject: "ann"}
	filters = []string{"status=connected", "connector=hubspot"}
	cursors = page.Cursors{MAC: pagetest.MAC{Key: []byte("of one stage")}}
)

func cursor(t *testing.T) string {
	t.Helper()
	c, err := cursors.Make(t.Context(), acme, route, filters, position)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestMAC(t *testing.T) {
	t.Parallel()
	pagetest.RunMAC(t, cursors.MAC)
}

func TestCursorNamesItsPosition(t *testing.T) {
	t.Parallel()
	got, err := cursors.Position(t.Context(), acme, route, filters, cursor(t))
	if err != nil || got != position {
		t.Errorf("got %q, %v, want %q", got, err, position)
	}
}

func TestNoPositionHasNoCursor(t *testing.T) {
	t.Parallel()
	c, err := cursors.Make(t.Context(), acme, route, filters, "")
	if err != nil || c != "" {
		t.Errorf("Make: got %q, %v", c, err)
	}
	p, err := cursors.Position(t.Context(), acme, route, filters, "")
	if err != nil || p != "" {
		t.Errorf("Position: got %q, %v", p, err)
	}
}

func TestCursorWorksWhereItWasMadeOnly(t *testing.T) {
	t.Parallel()
	other := acme
	other.Tenant = "globex"
	for name, tc := range map[string]struct {
		cursors page.Cursors
		caller  auth.Caller
		route   string
		filters []string
	}{
		"another tenant":  {cursors, other, route, filters},
		"another route":   {cursors, acme, "GET /v1/templates", filters},
		"another filter":  {cursors, acme, route, []string{"status=degraded", "connector=hubspot"}},
		"filters swapped": {cursors, acme, route, []string{"connector=hubspot", "status=connected"}},
		"filters joined":  {cursors, acme, route, []string{"status=connectedconnector=hubspot"}},
		"no filter":       {cursors, acme, route, nil},
		"another stage":   {page.Cursors{MAC: pagetest.MAC{Key: []byte("of another")}}, acme, route, filters},
	} {
		got, err := tc.cursors.Position(t.Context(), tc.caller, tc.route, tc.filters, cursor(t))
		if !fault.Has(err, fault.CodeInvalidCursor) || got != "" {
			t.Errorf("%s: got %q, %v", name, got, err)
		}
	}
}

func TestChangedCursorIsRefused(t *testing.T) {
	t.Parallel()
	raw, err := base64.RawURLEncoding.DecodeString(cursor(t))
	if err != nil {
		t.Fatal(err)
	}
	for i := range raw {
		for bit := range 8 {
			changed := append([]byte(nil), raw...)
			changed[i] ^= 1 << bit
			_, err := cursors.Position(t.Context(), acme, route, filters, base64.RawURLEncoding.EncodeToString(changed))
			if !fault.Has(err, fault.CodeInvalidCursor) {
				t.Fatalf("byte %d, bit %d: got %v", i, bit, err)
			}
		}
	}
	good := cursor(t)
	sloppy := good[:len(good)-1] + string(good[len(good)-1]+1) // The same bytes, written another way.
	for _, c := range []string{sloppy, "x", "!", good + "=", good[:len(good)-4], good[:43], good + "AAAA", strings.Repeat("A", 5000), " " + good} {
		if _, err := cursors.Position(t.Context(), acme, route, filters, c); !fault.Has(err, fault.CodeInvalidCursor) {
			t.Errorf("%.60q: got %v", c, err)
		}
	}
}

// TestSubjectsShareCursors: a cursor is of the tenant, not of the person.
func TestSubjectsShareCursors(t *testing.T) {
	t.Parallel()
	bo := acme
	bo.Subject = "bo"
	if _, err := cursors.Position(t.Context(), bo, route, filters, cursor(t)); err != nil {
		t.Error(err)
	}
}

func TestFailureOfTheKeyIsNotARefusal(t *testing.T) {
	t.Parallel()
	down := errors.New("down")
	broken := page.Cursors{MAC: pagetest.MAC{Err: down}}
	if _, err := broken.Make(t.Context(), acme, route, nil, position); !errors.Is(err, down) {
		t.Errorf("Make: got %v", err)
	}
	if _, err := broken.Position(t.Context(), acme, route, filters, cursor(t)); !errors.Is(err, down) {
		t.Errorf("Position: got %v", err)
	}
}
