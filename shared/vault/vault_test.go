package vault_test

import (
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/vault"
)

func TestTokenIsThatOfItsParts(t *testing.T) {
	t.Parallel()
	token := vault.Token("con_1", "epoch", "7")
	if again := vault.Token("con_1", "epoch", "7"); again != token {
		t.Errorf("got %s, then %s", token, again)
	}
	// Secrets Manager takes 32 to 64 characters.
	if !regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`).MatchString(token) {
		t.Errorf("%s is no UUID of version 8", token)
	}
	for _, parts := range [][]string{{"con_1", "epoch", "8"}, {"con_1", "epoch7"}, {"con_1epoch", "7"}, {"con_1", "epoch", "7", ""}, nil} {
		if vault.Token(parts...) == token {
			t.Errorf("%q has the token of other parts", parts)
		}
	}
}

func TestBindingNamesTenantAndPurpose(t *testing.T) {
	t.Parallel()
	want := map[string]string{"tenon:tenant": "acme", "tenon:purpose": "data-key"}
	if diff := cmp.Diff(want, vault.Binding("acme")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
