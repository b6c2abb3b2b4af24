package method_test

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"runtime"
	"strings"
	"testing"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/method/methodtest"
	"github.com/tenonhq/tenon/shared/secret"
)

// The body decides what it is, not the label it came with.
func TestTOK03MediaTypes(t *testing.T) {
	t.Parallel()
	const json, form = `{"access_token":"tok","refresh_token":"ref"}`, "access_token=tok&refresh_token=ref"
	for _, mediaType := range []string{"application/json", "text/plain", "text/html; charset=iso-8859-1", "application/x-www-form-urlencoded", "image/png", ";;", ""} {
		for _, body := range []string{json, form, "\ufeff" + json} {
			e := newEndpoint(t, says(200, mediaType, body))
			token, err := redeem(t.Context(), loopback(), grant(e.url, "none"))
			if err != nil || token.AccessToken.Reveal() != "tok" || token.RefreshToken.Reveal() != "ref" {
				t.Errorf("%q labelled %q: got %q, %v; want both tokens", body, mediaType, token.AccessToken.Reveal(), err)
			}
		}
	}
}

// What cannot be read after a rotation is kept for repair, and is no refusal.
func TestTOK04UnreadableSuccess(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"TOK-04 HTML login page": "<html><form action=/login>",
		"TOK-04 empty":           "",
		"TOK-04 truncated":       `{"access_token":"tok","refresh_token":"rotat`,
		"TOK-03 UTF-16":          "\xff\xfe{\x00\"\x00a\x00",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := newEndpoint(t, says(200, "application/json", body))
			sent, err := grant(e.url, "none").Send(t.Context(), method.Reach{HTTP: loopback()})
			if err != nil {
				t.Fatal(err)
			}
			stored, err := sent.Encode()
			if err != nil {
				t.Fatal(err)
			}
			a, err := method.DecodeAnswer(stored)
			if err != nil || a.Body.Reveal() != body {
				t.Fatalf("kept: got %q, %v; want the body as it came", a.Body.Reveal(), err)
			}
			if _, err := a.Parse(catalog.Refresh{}); !fault.Has(err, fault.CodeProviderError) || !a.Unknown() {
				t.Errorf("got %v, unknown %v; want provider_error and an unknown outcome", err, a.Unknown())
			}
		})
	}
}

func TestTOK06RefreshTokenOmittedSameOrRotated(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		rotate, repeat bool
		want           func(old, got string) bool
	}{
		"TOK-06 omitted": {false, false, func(_, got string) bool { return got == "" }}, // Google; the caller keeps the old one.
		"TOK-06 equal":   {false, true, func(old, got string) bool { return got == old }},
		"TOK-06 rotated": {true, false, func(old, got string) bool { return got != "" && got != old }},
	} {
		p := methodtest.New()
		p.Rotate, p.Repeat = c.rotate, c.repeat
		_, old := p.Issue()
		refresh, err := code.Refresh(methodtest.Target(code.Type()), secret.FromString(old))
		if err != nil {
			t.Fatal(err)
		}
		if token, err := redeem(t.Context(), p, refresh); err != nil || !c.want(old, token.RefreshToken.Reveal()) {
			t.Errorf("%s: got refresh token %q after %q, %v", name, token.RefreshToken.Reveal(), old, err)
		}
	}
	empty, err := answer(200, `{"access_token":"a","refresh_token":""}`).Parse(catalog.Refresh{})
	if err != nil || !empty.RefreshToken.IsZero() {
		t.Errorf("TOK-06 empty: got %q, %v; want none", empty.RefreshToken.Reveal(), err)
	}
}

// The provider sends more than anyone can hold. The test is not parallel: it
// counts what the process allocates, for the server as for the client.
func TestTOK08OversizedAnswers(t *testing.T) {
	for name, answer := range map[string]http.HandlerFunc{
		"TOK-08 gzip bomb, 200 kB to 200 MB": repeats("gzip", 200, compressed(t, bytes.Repeat([]byte("["), 1<<20))),
		"TOK-08 gzip of a token and 200 MB":  repeats("gzip", 200, compressed(t, append([]byte(`{"access_token":"tok"}`), bytes.Repeat([]byte(" "), 1<<20)...))),
		"TOK-08 gzip twice":                  repeats("gzip", 1, compressed(t, compressed(t, []byte(`{"access_token":"tok"}`)))),
		"TOK-08 unknown encoding":            repeats("br", 1, compressed(t, []byte(`{"access_token":"tok"}`))),
		"TOK-08 50 MB plain":                 repeats("", 50, bytes.Repeat([]byte(" "), 1<<20)),
		"TOK-08 200 000 lists":               says(200, "application/json", `{"access_token":"tok","x":`+strings.Repeat("[", 200_000)+strings.Repeat("]", 200_000)+`}`),
		"TOK-08 a million keys":              repeats("", 1, []byte(many(1_000_000))),
		"TOK-08 keys that fit":               says(200, "application/json", many(90_000)),
		"TOK-08 a key twice":                 says(200, "application/json", `{"access_token":"tok","refresh_token":"a","refresh_token":"b"}`),
	} {
		t.Run(name, func(t *testing.T) {
			e := newEndpoint(t, answer)
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			token, err := redeem(t.Context(), loopback(), grant(e.url, "none"))
			runtime.ReadMemStats(&after)
			if !fault.Has(err, fault.CodeProviderError) || !token.AccessToken.IsZero() {
				t.Errorf("got %v, want provider_error and no token", err)
			}
			if grown := after.TotalAlloc - before.TotalAlloc; grown > 32<<20 {
				t.Errorf("allocated %d MiB, want at most 32", grown>>20)
			}
		})
	}
}

// An honest answer is read when it is compressed, too.
func TestCompressedAnswer(t *testing.T) {
	t.Parallel()
	e := newEndpoint(t, repeats("gzip", 1, compressed(t, []byte(`{"access_token":"tok"}`))))
	if token, err := redeem(t.Context(), loopback(), grant(e.url, "none")); err != nil || token.AccessToken.Reveal() != "tok" {
		t.Errorf("got %q, %v; want tok", token.AccessToken.Reveal(), err)
	}
}

// compressed returns a gzip member; a stream of members is gzip again.
func compressed(t *testing.T, content []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	if _, err := w.Write(content); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func repeats(encoding string, times int, chunk []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		if encoding != "" {
			w.Header().Set("Content-Encoding", encoding)
		}
		for range times {
			if _, err := w.Write(chunk); err != nil {
				return
			}
		}
	}
}
