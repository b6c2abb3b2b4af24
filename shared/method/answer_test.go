package method_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/secret"
)

func answer(status int, body string) method.Answer {
	return method.Answer{Status: status, Body: secret.FromString(body)}
}

// Whatever a provider sends as a lifetime, the tokens are kept.
func TestTOK01Lifetime(t *testing.T) {
	t.Parallel()
	for sent, want := range map[string]time.Duration{
		"":        30 * time.Minute, // The connector's.
		`null`:    30 * time.Minute,
		`3600`:    time.Hour,
		`"3600"`:  time.Hour,
		`3599.5`:  3599 * time.Second,
		`3.6e3`:   time.Hour,
		`0`:       30 * time.Minute,
		`-5`:      30 * time.Minute,
		`1e99`:    30 * time.Minute,
		`1e999`:   30 * time.Minute,
		`4e8`:     30 * time.Minute, // Over twelve years.
		`"abc"`:   30 * time.Minute,
		`"NaN"`:   30 * time.Minute,
		`"Inf"`:   30 * time.Minute,
		`{}`:      30 * time.Minute,
		`[3600]`:  30 * time.Minute,
		`true`:    30 * time.Minute,
		`" 3600"`: 30 * time.Minute,
	} {
		t.Run(sent, func(t *testing.T) {
			t.Parallel()
			body := `{"access_token":"a","refresh_token":"r"}`
			if sent != "" {
				body = `{"access_token":"a","refresh_token":"r","expires_in":` + sent + `}`
			}
			token, err := answer(200, body).Parse(catalog.Refresh{AccessSeconds: 1800})
			if err != nil {
				t.Fatal(err)
			}
			if token.Lifetime != want || token.RefreshToken.Reveal() != "r" {
				t.Errorf("got lifetime %s and refresh token %q, want %s and r", token.Lifetime, token.RefreshToken.Reveal(), want)
			}
		})
	}
}

func TestLifetimeOfTokensThatNeverExpire(t *testing.T) {
	t.Parallel()
	token, err := answer(200, `{"access_token":"a","expires_in":60}`).Parse(catalog.Refresh{NeverExpires: true, AccessSeconds: 60})
	if err != nil || token.Lifetime != 0 {
		t.Errorf("got lifetime %s, %v; want none", token.Lifetime, err)
	}
}

// The lifetime of a refresh token has three names.
func TestTOK10RefreshTokenLifetime(t *testing.T) {
	t.Parallel()
	for members, want := range map[string]time.Duration{
		``: 0, `,"refresh_token_expires_in":8726400`: 8726400 * time.Second, `,"x_refresh_token_expires_in":"60"`: time.Minute,
		`,"refresh_expires_in":0`: 0, `,"refresh_expires_in":1800`: 30 * time.Minute, `,"refresh_token_expires_in":-1`: 0,
		`,"refresh_token_expires_in":"never"`: 0, `,"refresh_expires_in":0,"x_refresh_token_expires_in":8726399.5`: 8726399 * time.Second,
	} {
		token, err := answer(200, `{"access_token":"a"`+members+`}`).Parse(catalog.Refresh{})
		if err != nil || token.RefreshExpires != want {
			t.Errorf("%s: got %s, %v; want %s", members, token.RefreshExpires, err, want)
		}
	}
}

func TestTOK03Forms(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"JSON":               `{"access_token":"tok","refresh_token":"ref","scope":"a b"}`,
		"JSON with space":    "\n  {\"access_token\":\"tok\",\"refresh_token\":\"ref\",\"scope\":\"a b\"}\r\n",
		"JSON with a BOM":    "\ufeff" + `{"access_token":"tok","refresh_token":"ref","scope":"a b"}`,
		"JSON escapes":       `{"access_token":"t\u006fk","refresh_token":"ref","scope":"a b"}`,
		"form-encoded":       "access_token=tok&refresh_token=ref&scope=a+b",
		"scopes with commas": `{"access_token":"tok","refresh_token":"ref","scope":"a,b"}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			token, err := answer(200, body).Parse(catalog.Refresh{})
			if err != nil {
				t.Fatal(err)
			}
			if token.AccessToken.Reveal() != "tok" || token.RefreshToken.Reveal() != "ref" || token.Type != "Bearer" {
				t.Errorf("got %q, %q, %q; want tok, ref, Bearer", token.AccessToken.Reveal(), token.RefreshToken.Reveal(), token.Type)
			}
			if diff := cmp.Diff([]string{"a", "b"}, token.Scopes); diff != "" {
				t.Errorf("scopes differ (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAbsentMembers(t *testing.T) {
	t.Parallel()
	token, err := answer(200, `{"access_token":"tok","team":{"id":"T1"}}`).Parse(catalog.Refresh{})
	if err != nil || !token.RefreshToken.IsZero() || token.Scopes != nil {
		t.Errorf("got %+v, %v; want neither refresh token nor scopes", token, err)
	}
	if got := method.Member(token.Members, "team.id"); got != "T1" {
		t.Errorf("team.id: got %v, want T1", got)
	}
}

// What cannot be trusted in a header, or read in one way only, is no token.
func TestUnreadable(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 64<<10)
	for name, body := range map[string]string{
		"TOK-04 nothing":                     "",
		"TOK-04 a page":                      "<html>access_token=tok</html>",
		"TOK-04 a page with a link":          `<a href="/login?next=x&access_token=tok">`,
		"TOK-04 truncated":                   `{"access_token":"tok","refresh_tok`,
		"TOK-04 two documents":               `{"access_token":"tok"}{"access_token":"two"}`,
		"TOK-04 rubbish behind":              `{"access_token":"tok"}x`,
		"TOK-04 a list":                      `[{"access_token":"tok"}]`,
		"TOK-03 UTF-16":                      "\xff\xfe{\x00\"\x00a\x00",
		"TOK-04 no access token":             `{"refresh_token":"ref"}`,
		"TOK-05 empty access token":          `{"access_token":""}`,
		"TOK-05 access token a number":       `{"access_token":7}`,
		"TOK-05 access token null":           `{"access_token":null}`,
		"TOK-05 CR LF in the access token":   `{"access_token":"tok\r\nX: 1"}`,
		"TOK-05 NUL in the access token":     `{"access_token":"tok\u0000"}`,
		"TOK-05 DEL in the access token":     `{"access_token":"tok\u007f"}`,
		"TOK-05 space in the access token":   `{"access_token":"tok en"}`,
		"TOK-05 C1 control in a token":       `{"access_token":"tok\u0085"}`,
		"TOK-05 bytes that are no text":      "access_token=tok%ff",
		"TOK-05 64 kB of access token":       `{"access_token":"` + long + `"}`,
		"TOK-05 CR LF in the refresh token":  `{"access_token":"tok","refresh_token":"ref\r\n"}`,
		"TOK-05 NUL in the refresh token":    `{"access_token":"tok","refresh_token":"\u0000"}`,
		"TOK-05 64 kB of refresh token":      `{"access_token":"tok","refresh_token":"` + long + `"}`,
		"TOK-08 access token twice":          `{"access_token":"tok","access_token":"two"}`,
		"TOK-08 refresh token twice":         `{"access_token":"tok","refresh_token":"a","refresh_token":"b"}`,
		"TOK-08 refresh token twice, nested": `{"access_token":"tok","x":{"refresh_token":"a","refresh_token":"b"}}`,
		"TOK-08 form with a token twice":     "access_token=tok&access_token=two",
		"TOK-04 form that is something else": "hello=world",
		"TOK-07 mac token":                   `{"access_token":"tok","token_type":"mac"}`,
		"TOK-07 DPoP token":                  `{"access_token":"tok","token_type":"DPoP"}`,
		"TOK-08 200 000 lists":               `{"access_token":"tok","x":` + strings.Repeat("[", 200_000) + strings.Repeat("]", 200_000) + `}`,
		"TOK-08 33 levels":                   `{"access_token":"tok","x":` + strings.Repeat("[", 33) + strings.Repeat("]", 33) + `}`,
		"TOK-08 100 000 members":             many(100_000),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			token, err := answer(200, body).Parse(catalog.Refresh{})
			if f := fault.From(err); f.Code != fault.CodeProviderError || !token.AccessToken.IsZero() {
				t.Fatalf("got %v, want provider_error and no token", err)
			}
			if strings.Contains(err.Error(), "tok\"") || strings.Contains(err.Error(), "html") {
				t.Errorf("the error quotes the body: %v", err)
			}
		})
	}
}

func TestGenerousAnswerIsRead(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"500 members": many(500), "token_type in capitals": `{"access_token":"tok","token_type":"BEARER"}`,
		"40 kB of access token": `{"access_token":"` + strings.Repeat("x", 40<<10) + `"}`,
		"30 levels":             `{"access_token":"tok","x":` + strings.Repeat("[", 30) + strings.Repeat("]", 30) + `}`,
	} {
		if _, err := answer(200, body).Parse(catalog.Refresh{}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func many(n int) string {
	var b strings.Builder
	b.WriteString(`{"access_token":"tok"`)
	for i := range n {
		fmt.Fprintf(&b, `,"m%d":1`, i)
	}
	return b.String() + "}"
}

func TestAnswerSurvivesItsSealedForm(t *testing.T) {
	t.Parallel()
	want := method.Answer{Status: 429, RetryAfter: 90 * time.Second, ClientKey: 3, Body: secret.FromString("\xff\x00{}")}
	encoded, err := want.Encode()
	if err != nil {
		t.Fatal(err)
	}
	got, err := method.DecodeAnswer(encoded)
	if err != nil || got.Status != want.Status || got.RetryAfter != want.RetryAfter || got.ClientKey != want.ClientKey || !got.Body.Equal(want.Body) {
		t.Errorf("got %+v, %v; want %+v", got, err, want)
	}
	if _, err := method.DecodeAnswer(secret.FromString("{canary")); err == nil || strings.Contains(err.Error(), "canary") {
		t.Errorf("DecodeAnswer of rubbish: got %v, want an error that does not quote it", err)
	}
}

// Some systems send the member of an error with every answer. Where it says that
// there is none the tokens are kept.
func TestTOK02NoErrorIsNoRefusal(t *testing.T) {
	t.Parallel()
	for _, none := range []string{`""`, `null`, `false`} {
		token, err := answer(200, `{"access_token":"a","refresh_token":"r","error":`+none+`}`).Parse(catalog.Refresh{})
		if err != nil || token.RefreshToken.Reveal() != "r" {
			t.Errorf("error %s: got refresh token %q, %v; want r", none, token.RefreshToken.Reveal(), err)
		}
	}
}
