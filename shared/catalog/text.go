package catalog

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"mime"
	"net/textproto"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// tokenPattern is a field name of RFC 9110.
var tokenPattern = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile("^[A-Za-z0-9!#$%&'*+.^_`|~-]+$") })

// ExpandText fills in a template of a header field or a query parameter, as it
// stands. The result can stand in a header field: it is one line without
// control characters and without space at an end. Errors never hold a value.
func ExpandText(template string, vars map[string]string) (string, error) {
	text, err := expandPlain(template, vars)
	if err != nil {
		return "", err
	}
	if !utf8.ValidString(text) || strings.ContainsFunc(text, unicode.IsControl) || strings.TrimSpace(text) != text {
		return "", fmt.Errorf("expand %q: cannot stand in a header", template)
	}
	return text, nil
}

// ExpandBody fills in a template of a request body. The content type says how
// a value is encoded: within a JSON string, as a component of a form, or as text
// of XML, which can hold no control characters.
func ExpandBody(contentType, template string, vars map[string]string) (string, error) {
	media, _, err := mime.ParseMediaType(contentType)
	if err != nil {
		return "", fmt.Errorf("expand body: %w", err)
	}
	switch media {
	case "application/json":
		return fillText(template, vars, jsonText)
	case "application/x-www-form-urlencoded":
		return fillText(template, vars, url.QueryEscape)
	case "text/xml", "application/soap+xml":
		return fillXML(template, vars)
	}
	return "", fmt.Errorf("expand body: content type %s is not supported", media)
}

// Expand returns the headers and query parameters that carry a credential.
// Names are templates as values are.
func (p Placement) Expand(vars map[string]string) (headers, query map[string]string, err error) {
	headers, err = expandMap(p.Headers, vars)
	if err != nil {
		return nil, nil, err
	}
	for name := range headers {
		if err := checkHeaderName(name); err != nil {
			return nil, nil, err
		}
	}
	query, err = expandMap(p.Query, vars)
	if err != nil {
		return nil, nil, err
	}
	return headers, query, nil
}

// ExpandValues returns the values of the placement. One that names what is
// absent is left out.
func (p Placement) ExpandValues(vars map[string]string) (map[string]string, error) {
	values := make(map[string]string, len(p.Values))
	for name, template := range p.Values {
		expand := expandPlain
		if strings.HasPrefix(template, "<") {
			expand = fillXML
		}
		text, err := expand(template, vars)
		if errors.Is(err, ErrMissing) {
			continue
		}
		if err != nil {
			return nil, err
		}
		values[name] = text
	}
	return values, nil
}

func expandMap(templates, vars map[string]string) (map[string]string, error) {
	expanded := make(map[string]string, len(templates))
	for name, template := range templates {
		name, err := ExpandText(name, vars)
		if err != nil {
			return nil, err
		}
		text, err := ExpandText(template, vars)
		if err != nil {
			return nil, err
		}
		expanded[name] = text
	}
	return expanded, nil
}

// checkHeaderName refuses names that address or frame a request instead of
// carrying a credential.
func checkHeaderName(name string) error {
	if !tokenPattern().MatchString(name) {
		return errors.New("expand header name: not a field name")
	}
	switch textproto.CanonicalMIMEHeaderKey(name) {
	case "Host", "Content-Length", "Content-Type", "Content-Encoding", "Transfer-Encoding", "Connection", "Keep-Alive",
		"Te", "Trailer", "Upgrade", "Expect", "Forwarded", "Via", "Proxy-Authorization", "Proxy-Connection":
		return errors.New("expand header name: the field belongs to the request itself")
	}
	return nil
}

func fillText(template string, vars map[string]string, encode func(string) string) (string, error) {
	values := make(map[string]Value, len(vars))
	for name, text := range vars {
		values[name] = Value{Text: text}
	}
	text, err := fill(template, values, func(v Value) (string, error) { return encode(v.Text), nil })
	if err != nil {
		return "", fmt.Errorf("expand %q: %w", template, err)
	}
	return text, nil
}

func expandPlain(template string, vars map[string]string) (string, error) {
	return fillText(template, vars, func(s string) string { return s })
}

// fillXML escapes what it fills in for character data and for attributes. What
// XML has no form for (XML 1.0, 2.2) would become another value: it is refused,
// and so are lines, which a parser may change.
func fillXML(template string, vars map[string]string) (string, error) {
	foreign := func(r rune) bool { return unicode.IsControl(r) || r == 0xFFFE || r == 0xFFFF }
	for _, name := range Names(template) {
		if text := vars[name]; !utf8.ValidString(text) || strings.ContainsFunc(text, foreign) {
			return "", fmt.Errorf("expand %q: %s cannot stand in XML", template, name)
		}
	}
	return fillText(template, vars, xmlText)
}

func xmlText(text string) string {
	var escaped strings.Builder
	if err := xml.EscapeText(&escaped, []byte(text)); err != nil {
		return ""
	}
	return escaped.String()
}

func jsonText(text string) string {
	quoted, err := json.Marshal(text)
	if err != nil {
		return ""
	}
	return string(quoted[1 : len(quoted)-1])
}
