package mail

import (
	"html"
	"strings"
)

// page is the letter as HTML. A package of templates would do the same and cost
// each function that mails seven megabytes: it calls methods by name, so that
// none can be left out of an executable.
func (l letter) page() string {
	var b strings.Builder
	subject := html.EscapeString(l.Subject)
	b.WriteString("<!doctype html>\n<html lang=\"en\">\n" +
		`<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>` + subject + "</title></head>\n" +
		`<body style="margin:0;padding:24px;background:#ffffff;color:#1a1a1a;font:16px/1.5 sans-serif">` + "\n" +
		`<main style="max-width:560px">` + "\n" +
		`<h1 style="font-size:20px;line-height:1.3">` + subject + "</h1>\n")
	for _, p := range l.Paragraphs {
		b.WriteString("<p>" + html.EscapeString(p) + "</p>\n")
	}
	b.WriteString("<dl>\n")
	for _, f := range l.Facts {
		b.WriteString(`<dt style="color:#595959">` + html.EscapeString(f.Name) + `</dt><dd style="margin:0 0 8px">` + html.EscapeString(f.Value) + "</dd>\n")
	}
	b.WriteString("</dl>\n" + `<hr style="border:0;border-top:1px solid #d0d0d0">` + "\n" +
		`<p style="color:#595959;font-size:14px">` + html.EscapeString(l.Footer) + "</p>\n</main>\n</body>\n</html>\n")
	return b.String()
}
