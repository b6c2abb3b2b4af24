package web_test

import (
	"encoding/base64"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/routes"
)

const boundary = "----WebKitFormBoundary7MA4YWxkTrZu0gW"

// parts is a body of multipart/form-data, of what stands between its boundaries.
func parts(each ...string) string {
	return "--" + boundary + "\r\n" + strings.Join(each, "\r\n--"+boundary+"\r\n") + "\r\n--" + boundary + "--\r\n"
}

func part(disposition, content string) string {
	return "Content-Disposition: form-data; " + disposition + "\r\n\r\n" + content
}

// The body arrives in base64, as API Gateway passes on everything that is not text.
func TestFormWithAFile(t *testing.T) {
	t.Parallel()
	h, seen := record(t, routes.ConnectSubmit)
	send := event(routes.ConnectSubmit.Route)
	send.PathParameters = map[string]string{"sessionId": "cst_01JZZZZZZZZZZZZZZZZZZZZZZZ"}
	send.Headers["content-type"] = "multipart/form-data; boundary=" + boundary
	body := parts(part(`name="form"`, "a&b=c%26"), part(`name="name"`, "Büro\r\n--x"), part(`name="credential.key.file"; filename="../../etc/\"passwd"`+"\r\nContent-Type: application/json", "{\"a\": 1}\n"),
		part(`name="credential.third.file"; filename="schlüssel %22;x=y.pem"`, "key"), part(`name="credential.other.file"; filename=""`+"\r\nContent-Type: application/octet-stream", ""))
	send.Body, send.IsBase64Encoded = base64.StdEncoding.EncodeToString([]byte(body)), true
	h.Send(send).WantPage(200)
	want := url.Values{"form": {"a&b=c%26"}, "name": {"Büro\r\n--x"}, "credential.key.file": {"{\"a\": 1}\n"}, "credential.third.file": {"key"}, "credential.other.file": {""}}
	if diff := cmp.Diff(want, seen.in.Form); diff != "" {
		t.Errorf("form (-want +got):\n%s", diff)
	}
}

func TestHostileForms(t *testing.T) {
	t.Parallel()
	ours := "multipart/form-data; boundary=" + boundary
	many := make([]string, 65)
	for i := range many {
		many[i] = part(`name="a`+strings.Repeat("b", i%60)+`"`, "")
	}
	for name, test := range map[string]struct {
		kind, body string
		status     int
	}{
		"huge":                 {ours, parts(part(`name="a"; filename="b"`, strings.Repeat("x", 64<<10))), 413},
		"no boundary":          {"multipart/form-data", parts(part(`name="a"`, "b")), 400},
		"an empty boundary":    {`multipart/form-data; boundary=""`, parts(part(`name="a"`, "b")), 400},
		"a long boundary":      {"multipart/form-data; boundary=" + strings.Repeat("a", 71), "--" + strings.Repeat("a", 71) + "--\r\n", 400},
		"two boundaries":       {ours + "; boundary=x", parts(part(`name="a"`, "b")), 400},
		"another boundary":     {"multipart/form-data; boundary=x", parts(part(`name="a"`, "b")), 400},
		"no end":               {ours, strings.TrimSuffix(parts(part(`name="a"`, "b")), "--\r\n"), 400},
		"cut off":              {ours, strings.TrimSuffix(parts(part(`name="a"`, "b")), "\r\n--"+boundary+"--\r\n"), 400},
		"something before":     {ours, "x\r\n" + parts(part(`name="a"`, "b")), 400},
		"something after":      {ours, parts(part(`name="a"`, "b")) + "x", 400},
		"a form after the end": {ours, parts(part(`name="b"`, "c")) + parts(part(`name="b"`, "d")), 400},
		"an end before":        {ours, "--" + boundary + "--\r\n" + parts(part(`name="b"`, "c")), 400},
		"nothing":              {ours, "", 400},
		"no part":              {ours, "--" + boundary + "--\r\n", 200},
		"nested":               {ours, parts("Content-Disposition: form-data; name=\"a\"\r\nContent-Type: multipart/mixed; boundary=y\r\n\r\n--y--"), 400},
		"a field twice":        {ours, parts(part(`name="a"`, "b"), part(`name="a"`, "c")), 400},
		"a file and a field":   {ours, parts(part(`name="a"`, "b"), part(`name="a"; filename="f"`, "c")), 400},
		"two names":            {ours, parts(part(`name="a"; name="b"`, "c")), 400},
		"two dispositions":     {ours, parts("Content-Disposition: form-data; name=\"a\"\r\nContent-Disposition: form-data; name=\"b\"\r\n\r\nc"), 400},
		"no name":              {ours, parts(part(`filename="f"`, "c")), 400},
		"no disposition":       {ours, parts("X: y\r\n\r\nc"), 400},
		"an attachment":        {ours, parts("Content-Disposition: attachment; name=\"a\"\r\n\r\nc"), 400},
		"a name with a NUL":    {ours, parts(part("name=\"a\x00\"", "c")), 400},
		"a name with a line":   {ours, parts(part("name*=utf-8''a%0d%0ab", "c")), 400},
		"a long name":          {ours, parts(part(`name="`+strings.Repeat("a", 65)+`"`, "c")), 400},
		"a NUL":                {ours, parts(part(`name="a"`, "b\x00c")), 400},
		"not text":             {ours, parts(part(`name="a"`, "\xff\xfe")), 400},
		"a NUL in a file":      {ours, parts(part(`name="b"; filename="f"`, "b\x00\xff")), 200},
		"encoded":              {ours, parts("Content-Disposition: form-data; name=\"a\"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n=41"), 400},
		"many parts":           {ours, parts(many...), 400},
		"a form of another":    {"multipart/mixed; boundary=" + boundary, parts(part(`name="a"`, "b")), 400},
		"bytes with no escape": {"application/x-www-form-urlencoded", "a=%zz", 400},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h, seen := record(t, routes.ConnectSubmit)
			send := event(routes.ConnectSubmit.Route)
			send.PathParameters = map[string]string{"sessionId": "cst_01JZZZZZZZZZZZZZZZZZZZZZZZ"}
			send.Headers["content-type"], send.Body, send.IsBase64Encoded = test.kind, base64.StdEncoding.EncodeToString([]byte(test.body)), true
			h.Send(send).WantPage(test.status)
			if test.status != 200 && seen.count != 0 {
				t.Error("the handler was called")
			}
			if test.status == 200 && seen.in.Form.Has("a") {
				t.Errorf("got %q", seen.in.Form)
			}
		})
	}
}
