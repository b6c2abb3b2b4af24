package vault_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/vault"
)

// revealed compares secrets by value.
var revealed = cmp.Transformer("Reveal", func(b secret.Bytes) string { return b.Reveal() })

var material = vault.Material{
	Tenant: "acme", Resource: "con_1", Epoch: 7, IssuedAt: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC),
	Fields:       map[string]secret.Bytes{"apiKey": secret.FromString("canary-key"), "user": secret.FromString("canary-user")},
	RefreshToken: secret.FromString("canary-refresh"),
}

var leasable = vault.Leasable{
	Headers:     map[string]secret.Bytes{"Authorization": secret.FromString("Bearer canary-token")},
	Query:       map[string]secret.Bytes{"key": secret.FromString("canary-query")},
	Values:      map[string]secret.Bytes{"password": secret.FromString("canary-value")},
	AccessToken: secret.FromString("canary-token"), TokenType: "Bearer",
}

func TestMaterialRoundTrip(t *testing.T) {
	t.Parallel()
	for name, m := range map[string]vault.Material{
		"all members": material, "refresh token only": {Tenant: "acme", RefreshToken: secret.FromString("r")}, "zero": {},
	} {
		stored, err := m.Encode()
		if err != nil {
			t.Fatal(err)
		}
		got, err := vault.DecodeMaterial(stored)
		if err != nil {
			t.Fatal(err)
		}
		if len(got.Fields) == 0 {
			got.Fields = m.Fields
		}
		if diff := cmp.Diff(m, got, revealed); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestLeasableRoundTrip(t *testing.T) {
	t.Parallel()
	sealed, err := leasable.Encode()
	if err != nil {
		t.Fatal(err)
	}
	got, err := vault.DecodeLeasable(sealed)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(leasable, got, revealed); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestDecodeErrorsDoNotQuoteTheValue(t *testing.T) {
	t.Parallel()
	broken := secret.FromString(`{"fields": canary-key`)
	_, materialErr := vault.DecodeMaterial(broken)
	_, leasableErr := vault.DecodeLeasable(broken)
	for _, err := range []error{materialErr, leasableErr} {
		if err == nil || strings.Contains(fmt.Sprintf("%v %+v %#v", err, err, err), "canary") {
			t.Errorf("got error %v", err)
		}
	}
}

// TestNothingPrintsASecret goes through every way a value could reach a log.
func TestNothingPrintsASecret(t *testing.T) {
	t.Parallel()
	for _, v := range []any{material, &material, leasable, &leasable, []any{material}, map[string]any{"m": leasable}, material.RefreshToken} {
		var out bytes.Buffer
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d", "%T"} {
			fmt.Fprintf(&out, verb, v)
		}
		fmt.Fprint(&out, fmt.Errorf("with %v", v))
		if encoded, err := json.Marshal(v); err == nil {
			t.Errorf("%T: JSON accepted it: %s", v, encoded)
		} else {
			fmt.Fprint(&out, err)
		}
		slog.New(slog.NewJSONHandler(&out, nil)).Info("m", "value", v, "group", slog.GroupValue(slog.Any("v", v)))
		slog.New(slog.NewTextHandler(&out, nil)).Info("m", "value", v)
		for _, form := range []string{"canary", fmt.Sprintf("%x", "canary"), fmt.Sprintf("%v", []byte("canary"))} {
			if strings.Contains(out.String(), strings.Trim(form, "[]")) {
				t.Errorf("%T: a secret was printed: %s", v, out.String())
			}
		}
	}
}
