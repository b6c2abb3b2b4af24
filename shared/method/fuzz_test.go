package method_test

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/method/methodtest"
	"github.com/tenonhq/tenon/shared/secret"
)

// TOK-14: no body makes the decoder panic, a success is a token that can stand
// in a header, and a refusal is no token and says nothing of the body.
func FuzzParse(f *testing.F) {
	for _, body := range []string{
		"\ufeff{}", `{"a":{"a":[1,2,{}]}}`, `{"access_token":"a\r\nb"}`, "<html>", "", `{"access_token":"a","access_token":"b"}`,
		`{"access_token":"é"}`, "{\"access_token\":\"\xff\"}", `{"a":[}`, `{"a":1]`, `{"error":"x","access_token":"tok"}`,
	} {
		f.Add(200, body)
		f.Add(401, body)
	}
	target, texts := methodtest.Target(code.Type()), refusals()
	f.Fuzz(func(t *testing.T, status int, body string) {
		a := answer(status, body)
		token, err := a.Parse(catalog.Refresh{})
		if err != nil {
			wantRefused(t, texts, token, err)
			return
		}
		if status < 200 || status > 299 || a.Unknown() {
			t.Errorf("status %d is a success, its outcome unknown %v", status, a.Unknown())
		}
		if e := token.Members["error"]; e != nil && e != "" {
			t.Errorf("a token with the error %v", e)
		}
		access := token.AccessToken.Reveal()
		if access == "" || !visible(access) || !visible(token.RefreshToken.Reveal()) {
			t.Errorf("access token %q, refresh token %q: cannot stand in a header", access, token.RefreshToken.Reveal())
		}
		if _, err := code.Apply(target, nil, token); err != nil {
			t.Errorf("access token %q cannot be applied: %v", access, err)
		}
		if token.Lifetime < 0 || token.RefreshExpires < 0 {
			t.Errorf("lifetimes %s and %s", token.Lifetime, token.RefreshExpires)
		}
	})
}

// TOK-13: whatever stands where RFC 6749 5.2 has the error code, there is no
// token, and nothing but the code and the status decides what the refusal is.
func FuzzRefusal(f *testing.F) {
	texts := refusals()
	f.Fuzz(func(t *testing.T, status int, shape uint8, code, description string) {
		refuse := func(description string) (method.Token, error) {
			return answer(status, errorBody(t, shape, code, description)).Parse(catalog.Refresh{})
		}
		token, err := refuse(description)
		if err == nil {
			if code != "" {
				t.Fatalf("the error %q is a token", code)
			}
			return // An empty code is none.
		}
		wantRefused(t, texts, token, err)
		if _, plain := refuse("x"); plain == nil || plain.Error() != err.Error() {
			t.Errorf("description %q: got %v, want %v as without it", description, err, plain)
		}
		word := shape%shapes < 3
		if errors.Is(err, method.Definitive) && !(word && slices.Contains(definitive, strings.ToLower(code))) {
			t.Errorf("code %q of shape %d ends the credential", code, shape%shapes)
		}
	})
}

// definitive are the only words that end a credential.
var definitive = []string{"invalid_grant", "bad_refresh_token", "bad_verification_code", "invalid_refresh_token", "invalid_code"}

// shapes is how many shapes errorBody knows.
const shapes = 5

// errorBody returns a refusal in one of the shapes that providers have; in the
// first three the code is a word.
func errorBody(t *testing.T, shape uint8, code, description string) string {
	t.Helper()
	members := map[string]any{"error": code, "error_description": description}
	switch shape % shapes {
	case 1:
		return url.Values{"error": {code}, "error_description": {description}}.Encode()
	case 2:
		members["ok"], members["access_token"] = false, description
	case 3:
		members["error"] = map[string]any{"code": code, "type": code}
	case 4:
		members["error"] = []string{code}
	}
	body, err := json.Marshal(members)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// FuzzForm sends what arbitrary secrets and parameters there may be: what a
// server reads is what was to be sent, and no parameter more.
func FuzzForm(f *testing.F) {
	f.Fuzz(func(t *testing.T, how uint8, id, clientSecret, name, value string) {
		words := []string{"client_secret_basic", "client_secret_post", "none"}
		r := method.TokenRequest{
			URL: "https://auth.example.com/token", ClientAuth: words[int(how)%len(words)], ClientID: id, ClientSecret: secret.FromString(clientSecret),
			Form: map[string]secret.Bytes{"grant_type": secret.FromString("refresh_token"), name: secret.FromString(value)},
		}
		want := url.Values{"grant_type": {"refresh_token"}}
		want.Set(name, value)
		if r.ClientAuth != "client_secret_basic" && id != "" {
			want.Set("client_id", id)
		}
		if r.ClientAuth == "client_secret_post" && clientSecret != "" {
			want.Set("client_secret", clientSecret)
		}
		_, err := r.Send(t.Context(), via(func(req *http.Request) (*http.Response, error) {
			body, err := io.ReadAll(req.Body)
			if err != nil {
				t.Error(err)
			}
			got, err := url.ParseQuery(string(body))
			if diff := cmp.Diff(want, got); err != nil || diff != "" {
				t.Errorf("form %q: %v (-want +got):\n%s", body, err, diff)
			}
			wantClient(t, req, r)
			return &http.Response{StatusCode: 200, Body: http.NoBody}, nil
		}))
		if err != nil {
			t.Errorf("Send: %v", err)
		}
	})
}

// wantClient reads the credentials of the header as RFC 6749 2.3.1 has them.
func wantClient(t *testing.T, req *http.Request, r method.TokenRequest) {
	t.Helper()
	if r.ClientAuth != "client_secret_basic" {
		if got := req.Header.Values("Authorization"); len(got) != 0 {
			t.Errorf("Authorization: got %q, want none", got)
		}
		return
	}
	user, password, ok := req.BasicAuth()
	id, badID := url.QueryUnescape(user)
	clientSecret, badSecret := url.QueryUnescape(password)
	if !ok || badID != nil || badSecret != nil || id != r.ClientID || clientSecret != r.ClientSecret.Reveal() {
		t.Errorf("Authorization: got client %q, %q; want %q, %q", id, clientSecret, r.ClientID, r.ClientSecret.Reveal())
	}
}

// refusals returns every text a refusal has, none of which any body had a part
// in.
func refusals() []string {
	var texts []string
	for _, a := range []method.Answer{
		answer(400, `{"error":"invalid_grant"}`), answer(400, `{"error":"invalid_client"}`), answer(400, `{}`), answer(400, ""),
		answer(429, ""), answer(500, ""), answer(200, `{"access_token":"a","token_type":"mac"}`), answer(200, `{}`),
	} {
		_, err := a.Parse(catalog.Refresh{})
		texts = append(texts, err.Error())
	}
	return texts
}

func wantRefused(t *testing.T, texts []string, token method.Token, err error) {
	t.Helper()
	if !slices.Contains(texts, err.Error()) {
		t.Errorf("the error has a text of its own: %v", err)
	}
	if !token.AccessToken.IsZero() || !token.RefreshToken.IsZero() || !token.IDToken.IsZero() || token.Members != nil {
		t.Errorf("a token came with %v", err)
	}
}

// visible reports whether s has only what RFC 6749 A.12 allows a token.
func visible(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r < '!' || r > '~' })
}
