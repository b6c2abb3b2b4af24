package web_test

import (
	"encoding/base64"
	"io"
	"log/slog"
	"regexp"
	"testing"

	"github.com/tenonhq/tenon/shared/routes"
)

// FuzzForm sends arbitrary bodies with an arbitrary boundary. What is taken from
// them is named as our fields are, each once; all else is refused.
func FuzzForm(f *testing.F) {
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(io.Discard, nil)))
	f.Cleanup(func() { slog.SetDefault(before) })
	name := regexp.MustCompile(`^[A-Za-z][A-Za-z0-9._-]{0,63}$`)
	f.Add(boundary, parts(part(`name="form"`, "a"), part(`name="credential.key.file"; filename="k.json"`, "{}")))
	f.Add("x", "--x\r\nContent-Disposition: form-data; name=a\r\n\r\n--x--\r\n")
	f.Add("", "----\r\n\r\n----")
	f.Fuzz(func(t *testing.T, edge, body string) {
		h, seen := record(t, routes.ConnectSubmit)
		send := event(routes.ConnectSubmit.Route)
		send.PathParameters = map[string]string{"sessionId": "cst_01JZZZZZZZZZZZZZZZZZZZZZZZ"}
		send.Headers["content-type"] = `multipart/form-data; boundary="` + edge + `"`
		send.Body, send.IsBase64Encoded = base64.StdEncoding.EncodeToString([]byte(body)), true
		if status := h.Send(send).StatusCode; status != 200 && status != 400 && status != 413 {
			t.Fatalf("got status %d", status)
		}
		for field, values := range seen.in.Form {
			if !name.MatchString(field) || len(values) != 1 {
				t.Fatalf("took %d of %q", len(values), field)
			}
		}
	})
}
