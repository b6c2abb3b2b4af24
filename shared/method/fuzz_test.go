package method_test

import (
	"strings"
	"testing"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/method/methodtest"
)

// breaking are characters that end or fold a header field.
const breaking = "\x00\t\n\v\f\r \x7f"

// TOK-14: no body makes the decoder panic, and a success is a token that can
// stand in a header.
func FuzzParse(f *testing.F) {
	for _, body := range []string{
		`{"access_token":"tok","expires_in":3600}`, `{"access_token":"tok","expires_in":"1e9","scope":"a b"}`,
		`{"error":"invalid_grant"}`, `{"ok":false}`, "access_token=tok&token_type=bearer", "\ufeff{}", `{"a":{"a":[1,2,{}]}}`,
		`{"access_token":"a\r\nb"}`, "<html>", "", `{"access_token":"a","access_token":"b"}`, `{"access_token":"é"}`, "{\"access_token\":\"\xff\"}",
	} {
		f.Add(200, body)
		f.Add(401, body)
	}
	target := methodtest.Target(code.Type())
	f.Fuzz(func(t *testing.T, status int, body string) {
		token, err := answer(status, body).Parse(catalog.Refresh{})
		if err != nil {
			return
		}
		if status < 200 || status > 299 {
			t.Errorf("status %d is a success", status)
		}
		access := token.AccessToken.Reveal()
		if access == "" || strings.ContainsAny(access, breaking) {
			t.Errorf("access token %q cannot stand in a header", access)
		}
		if _, err := code.Apply(target, nil, token); err != nil {
			t.Errorf("access token %q cannot be applied: %v", access, err)
		}
		if strings.ContainsAny(token.RefreshToken.Reveal(), breaking) || token.Lifetime < 0 || token.RefreshExpires < 0 {
			t.Errorf("token: refresh %q, lifetimes %s and %s", token.RefreshToken.Reveal(), token.Lifetime, token.RefreshExpires)
		}
	})
}
