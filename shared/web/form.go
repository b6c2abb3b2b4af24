package web

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/tenonhq/tenon/shared/fault"
)

// The limits of a form that brings files. The longest credential is 16 KiB.
const (
	multipartLimit = 64 << 10 // In bytes.
	partLimit      = 64       // Parts, and bytes of a name.
)

var (
	errForm     = fault.New(fault.Invalid, fault.CodeInvalidBody, "The form is not readable.")
	errFormSize = fault.New(fault.Invalid, fault.CodeBodyTooLarge, "The form is larger than 64 KiB.")
)

// partName is what the fields of our forms are called.
var partName = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[A-Za-z][A-Za-z0-9._-]*$`) })

// formOf reads the fields of a form, as a browser sends it.
func formOf(contentType string, raw []byte) (url.Values, error) {
	if media, _, _ := strings.Cut(contentType, ";"); strings.EqualFold(strings.TrimSpace(media), "multipart/form-data") {
		return multipartForm(contentType, raw)
	}
	form, err := url.ParseQuery(string(raw))
	if err != nil {
		return nil, errForm
	}
	return form, nil
}

// multipartForm reads multipart/form-data (RFC 7578) and refuses what two parsers
// could read in two ways: fields that stand twice, parts in parts, encoded parts,
// bodies without an end. Of a file only what is in it is taken, be it text or not;
// its name and its type are what a stranger says. Whoever serves the form takes
// the fields that it knows, and says what may stand in them.
func multipartForm(contentType string, raw []byte) (url.Values, error) {
	if len(raw) > multipartLimit {
		return nil, errFormSize
	}
	_, parameters, err := mime.ParseMediaType(contentType)
	if err != nil || parameters["boundary"] == "" || len(parameters["boundary"]) > 70 { // RFC 2046 5.1.1.
		return nil, errForm
	}
	if !enclosed(raw, "--"+parameters["boundary"]) {
		return nil, errForm
	}
	reader := multipart.NewReader(bytes.NewReader(raw), parameters["boundary"])
	form := url.Values{}
	for range partLimit {
		part, err := reader.NextRawPart()
		if errors.Is(err, io.EOF) {
			return form, nil
		}
		if err != nil {
			return nil, errForm
		}
		name, text, err := readPart(part)
		if err != nil {
			return nil, err
		}
		if form.Has(name) {
			return nil, errForm
		}
		form.Set(name, text)
	}
	return nil, errForm
}

// enclosed reports whether a body begins with its first boundary, ends with its
// last one and has no other that looks like the last.
func enclosed(raw []byte, boundary string) bool {
	body, found := bytes.CutSuffix(bytes.TrimSuffix(raw, []byte("\r\n")), []byte(boundary+"--"))
	if !found || bytes.Contains(body, []byte("\n"+boundary+"--")) {
		return false
	}
	return len(body) == 0 || bytes.HasPrefix(body, []byte(boundary)) && !bytes.HasPrefix(body, []byte(boundary+"--"))
}

func readPart(part *multipart.Part) (name, text string, err error) {
	disposition, parameters, err := mime.ParseMediaType(part.Header.Get("Content-Disposition"))
	name = parameters["name"]
	switch {
	case err != nil, disposition != "form-data", len(part.Header.Values("Content-Disposition")) != 1:
		return "", "", errForm
	case len(name) > partLimit, !partName().MatchString(name):
		return "", "", errForm
	case part.Header.Get("Content-Transfer-Encoding") != "": // Deprecated, and no browser sends it (RFC 7578 4.7).
		return "", "", errForm
	case strings.HasPrefix(strings.ToLower(strings.TrimSpace(part.Header.Get("Content-Type"))), "multipart/"):
		return "", "", errForm
	}
	content, err := io.ReadAll(part)
	if err != nil {
		return "", "", errForm
	}
	if _, file := parameters["filename"]; !file && (!utf8.Valid(content) || bytes.IndexByte(content, 0) >= 0) {
		return "", "", errForm
	}
	return name, string(content), nil
}
