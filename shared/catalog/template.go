package catalog

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"sync"
)

// ErrMissing is returned for a template that names a value which is absent or
// empty. Where the value belongs to an optional input, the connector does not
// offer what the template describes.
var ErrMissing = errors.New("value is missing")

var placeholder = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\{[A-Za-z][A-Za-z0-9]*\}`) })

// Expand fills in a URL template. A value of type url may stand only at the
// start, alone; in the host only a dns-label, a host or an enum may stand; in
// the path a value is one encoded segment, save text, which is a relative path
// of such segments; in the query a value is one encoded component. The result
// always has the host the template implies. Errors never hold a value.
func Expand(template string, vars map[string]Value) (string, error) {
	origin, rest, err := expandOrigin(template, vars)
	if err != nil {
		return "", fmt.Errorf("expand %q: %w", template, err)
	}
	path, query, hasQuery := strings.Cut(rest, "?")
	path, err = fill(path, vars, pathText)
	if err != nil {
		return "", fmt.Errorf("expand %q: %w", template, err)
	}
	expanded := origin + path
	if hasQuery {
		query, err = fill(query, vars, queryText)
		if err != nil {
			return "", fmt.Errorf("expand %q: %w", template, err)
		}
		expanded += "?" + query
	}
	if err := checkExpanded(origin, path, expanded); err != nil {
		return "", fmt.Errorf("expand %q: %w", template, err)
	}
	return expanded, nil
}

// Names returns the names a template uses, in order.
func Names(template string) []string {
	var names []string
	for _, match := range placeholder().FindAllString(template, -1) {
		names = append(names, match[1:len(match)-1])
	}
	return names
}

// expandOrigin returns scheme and authority of the URL (with the path of a
// url value, if it begins with one) and the part of the template behind them.
func expandOrigin(template string, vars map[string]Value) (origin, rest string, err error) {
	if at := placeholder().FindStringIndex(template); at != nil && at[0] == 0 {
		rest = template[at[1]:]
		if rest != "" && rest[0] != '/' && rest[0] != '?' {
			return "", "", errors.New("a path or nothing must follow a url value")
		}
		origin, err = fill(template[:at[1]], vars, urlText)
		return origin, rest, err
	}
	authority, ok := strings.CutPrefix(template, "https://")
	if !ok {
		return "", "", errors.New("does not begin with https:// or a url value")
	}
	if end := strings.IndexAny(authority, "/?"); end >= 0 {
		authority, rest = authority[:end], authority[end:]
	}
	authority, err = fill(authority, vars, hostText)
	if err != nil {
		return "", "", err
	}
	if host, wrong := normalizeHost(authority); wrong != "" || host != authority {
		return "", "", errors.New("the host is not a host name")
	}
	return "https://" + authority, rest, nil
}

// checkExpanded reads the result as a client would and compares.
func checkExpanded(origin, path, expanded string) error {
	want, err := url.Parse(origin)
	if err != nil {
		return errors.New("the host is not a host name")
	}
	got, err := url.Parse(expanded)
	if err != nil || strings.ContainsAny(expanded, `\{}#"<>^| `+"`") {
		return errors.New("is not a URL")
	}
	if got.Scheme != want.Scheme || got.Host != want.Host || got.User != nil {
		return errors.New("leaves its host")
	}
	if hasDotSegment(path) || strings.Contains(path, "//") {
		return errors.New("leaves its path")
	}
	return nil
}

// fill replaces every {name} of the template by the encoded value.
func fill(template string, vars map[string]Value, encode func(Value) (string, error)) (string, error) {
	var failed error
	filled := placeholder().ReplaceAllStringFunc(template, func(match string) string {
		name := match[1 : len(match)-1]
		value := vars[name]
		if value.Text == "" {
			failed = fmt.Errorf("%s: %w", name, ErrMissing)
			return ""
		}
		text, err := encode(value)
		if err != nil {
			failed = fmt.Errorf("%s: %w", name, err)
		}
		return text
	})
	return filled, failed
}

func urlText(v Value) (string, error) {
	text, wrong := normalizeURL(v.Text, true)
	if v.Type != TypeURL || wrong != "" {
		return "", errors.New("only a url may begin a URL")
	}
	return text, nil
}

func hostText(v Value) (string, error) {
	text, wrong := normalizeHost(v.Text)
	switch v.Type {
	case TypeLabel:
		text, wrong = v.Text, checkLabel(v.Text)
	case TypeEnum:
		if checkLabel(v.Text) == "" {
			text, wrong = v.Text, ""
		}
	case TypeHost:
	default:
		return "", fmt.Errorf("a %s cannot stand in a host", v.Type)
	}
	if wrong != "" {
		return "", errors.New("is not a name")
	}
	return text, nil
}

func pathText(v Value) (string, error) {
	if v.Type == TypeURL {
		return "", errors.New("a url may only begin a URL")
	}
	if v.Type != TypeText {
		if checkSegment(v.Text) != "" {
			return "", errors.New("is not a segment")
		}
		return url.PathEscape(v.Text), nil
	}
	segments := strings.Split(strings.TrimLeft(v.Text, "/"), "/")
	for i, segment := range segments {
		if checkSegment(segment) != "" {
			return "", errors.New("is not a path")
		}
		segments[i] = url.PathEscape(segment)
	}
	return strings.Join(segments, "/"), nil
}

func queryText(v Value) (string, error) {
	if v.Type == TypeURL {
		return "", errors.New("a url may only begin a URL")
	}
	if checkLine(v.Text, maxSecret) != "" {
		return "", errors.New("is not one line of text")
	}
	return url.QueryEscape(v.Text), nil
}
