package client

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"reflect"
	"strings"

	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/secret"
)

// newRequest puts the fields of in where their tags say.
func newRequest(ctx context.Context, base string, r *routes.Route, in reflect.Value) (*http.Request, error) {
	path, query, header, members := r.Path, url.Values{}, http.Header{}, map[string]any{}
	hasBody := false
	for _, f := range reflect.VisibleFields(in.Type()) {
		if f.Anonymous {
			continue
		}
		v := in.FieldByIndex(f.Index)
		if name := f.Tag.Get("path"); name != "" {
			segment := v.String()
			if segment == "" || segment == "." || segment == ".." {
				return nil, fmt.Errorf("the path parameter %s is missing", name)
			}
			path = strings.ReplaceAll(path, "{"+name+"}", url.PathEscape(segment))
		} else if name := f.Tag.Get("query"); name != "" {
			if !v.IsZero() {
				query.Set(name, fmt.Sprint(v))
			}
		} else if name := f.Tag.Get("header"); name != "" {
			if !v.IsZero() {
				header.Set(name, v.String())
			}
		} else {
			hasBody = true
			member(members, f, v)
		}
	}
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	var body io.Reader
	if hasBody {
		text, err := json.Marshal(members)
		if err != nil {
			return nil, fmt.Errorf("encode the body: %w", err)
		}
		body = bytes.NewReader(text)
		header.Set("Content-Type", "application/json")
	}
	req, err := http.NewRequestWithContext(ctx, r.Method, base+path, body)
	if err != nil {
		return nil, fmt.Errorf("address %s: %w", base, err)
	}
	req.Header = header
	return req, nil
}

// member adds one field under its JSON name, unless it is empty and says
// omitempty.
func member(members map[string]any, f reflect.StructField, v reflect.Value) {
	name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
	if name == "-" {
		return
	}
	if name == "" {
		name = f.Name
	}
	if strings.Contains(options, "omitempty") && empty(v) {
		return
	}
	members[name] = revealed(v)
}

// empty is encoding/json's idea of it, and an absent secret.
func empty(v reflect.Value) bool {
	if s, ok := v.Interface().(secret.Bytes); ok {
		return s.IsZero()
	}
	switch v.Kind() {
	case reflect.Map, reflect.Slice:
		return v.Len() == 0
	case reflect.Struct:
		return false
	}
	return v.IsZero()
}

// revealed turns a request value into what encoding/json may write, with the
// secrets in it as text: sending them to Tenon is what the caller asked for.
func revealed(v reflect.Value) any {
	if v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return nil
		}
		return revealed(v.Elem())
	}
	switch value := v.Interface().(type) {
	case secret.Bytes:
		return value.Reveal()
	case json.Marshaler:
		return value
	}
	switch v.Kind() {
	case reflect.Map:
		members := map[string]any{}
		for entry := v.MapRange(); entry.Next(); {
			members[entry.Key().String()] = revealed(entry.Value())
		}
		return members
	case reflect.Slice:
		items := make([]any, v.Len())
		for i := range items {
			items[i] = revealed(v.Index(i))
		}
		return items
	case reflect.Struct:
		members := map[string]any{}
		for _, f := range reflect.VisibleFields(v.Type()) {
			if !f.Anonymous && f.IsExported() {
				member(members, f, v.FieldByIndex(f.Index))
			}
		}
		return members
	}
	return v.Interface()
}
