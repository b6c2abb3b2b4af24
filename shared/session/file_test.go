package session_test

import (
	"strings"
	"testing"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/session"
)

// A file is given as one or as its text, never both; neither comes back, and what
// it lacks is said at its field.
func TestFileInPlaceOfAText(t *testing.T) {
	t.Parallel()
	const file = "-----BEGIN CERTIFICATE-----\ncanary-of-a-file\n-----END CERTIFICATE-----\n"
	w := newWorld(t)
	w.Certified()
	link := w.mint(session.New{Templates: []string{functionstest.CertificateTemplate}})
	j := w.browser()
	page := j.must(link.URL.Reveal())
	wantPage(t, "form", page.HTML, `enctype="multipart/form-data"`, `<input type="file" id="in-credential.certificate.file" name="credential.certificate.file"`, `<textarea rows="6" id="in-credential.certificate" name="credential.certificate"`)
	for name, test := range map[string]struct {
		entered map[string]string
		want    string
	}{
		"both":          {map[string]string{"credential.certificate.file": file, "credential.certificate": file}, "Choose a file, or paste a text."},
		"not a text":    {map[string]string{"credential.certificate.file": "\x00\xff", "credential.privateKey": file}, "Must be text."},
		"no file's own": {map[string]string{"credential.passphrase.file": file, "credential.certificate": "\x00"}, "Must be text."},
	} {
		test.entered["name"] = "Mine"
		again, err := j.submit(page, test.entered)
		if err != nil || again.Status != 422 || !strings.Contains(again.HTML, `id="in-credential.certificate-wrong">`+test.want) || strings.Contains(again.HTML, "canary-of-a-file") {
			t.Errorf("%s: got %d, %v with\n%s", name, again.Status, err, again.HTML)
		}
	}
	for _, name := range []string{"credential.certificate.file", "credential.certificate"} { // It is read alike.
		again, err := j.submit(page, map[string]string{"name": "Mine", name: file, "credential.privateKey.file": file})
		if err != nil || again.Status != 422 || strings.Contains(again.HTML, "Is needed.") || strings.Contains(again.HTML, "canary-of-a-file") {
			t.Errorf("%s: got %d, %v with\n%s", name, again.Status, err, again.HTML)
		}
		reason := wrongAt(again.HTML)
		if reason == "" || strings.Contains(reason, "Must be text.") {
			t.Errorf("%s: got %q, want what is wrong with the certificate", name, reason)
		}
	}
}

func wrongAt(html string) string {
	_, rest, _ := strings.Cut(html, `role="alert"`)
	reason, _, _ := strings.Cut(rest, "</strong>")
	return reason
}
