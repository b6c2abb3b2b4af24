package web

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"unicode/utf8"
)

// depthLimit is how deep a body may be nested.
const depthLimit = 32

var (
	errSyntax    = errors.New("not one JSON value")
	errDuplicate = errors.New("a member stands twice")
	errDepth     = errors.New("nested too deep")
)

// strictJSON decodes exactly one JSON value (RFC 8259) and refuses what two
// parsers could read in two ways: members that stand twice, text that is not
// UTF-8 or escapes half a surrogate pair (which the decoder reads as U+FFFD),
// anything behind the value. Numbers are float64, as validation wants.
func strictJSON(raw []byte) (any, error) {
	if !utf8.Valid(raw) {
		return nil, errSyntax
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	v, err := value(d, 0)
	if err != nil {
		return nil, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errSyntax
	}
	return v, nil
}

func value(d *json.Decoder, depth int) (any, error) {
	if depth > depthLimit {
		return nil, errDepth
	}
	token, err := d.Token()
	if err != nil {
		return nil, errSyntax
	}
	switch token {
	case json.Delim('{'):
		return object(d, depth)
	case json.Delim('['):
		list := []any{}
		for d.More() {
			v, err := value(d, depth+1)
			if err != nil {
				return nil, err
			}
			list = append(list, v)
		}
		return list, end(d)
	}
	if text, ok := token.(string); ok && strings.ContainsRune(text, utf8.RuneError) {
		return nil, errSyntax
	}
	return token, nil
}

func object(d *json.Decoder, depth int) (any, error) {
	members := map[string]any{}
	for d.More() {
		token, err := d.Token()
		if err != nil {
			return nil, errSyntax
		}
		name, ok := token.(string)
		if !ok || strings.ContainsRune(name, utf8.RuneError) {
			return nil, errSyntax
		}
		if _, twice := members[name]; twice {
			return nil, errDuplicate
		}
		if members[name], err = value(d, depth+1); err != nil {
			return nil, err
		}
	}
	return members, end(d)
}

func end(d *json.Decoder) error {
	if _, err := d.Token(); err != nil {
		return errSyntax
	}
	return nil
}
