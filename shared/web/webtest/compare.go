package webtest

import (
	"encoding/json"
	"fmt"
	"reflect"
	"testing"
)

// compare says where the JSON text got lacks something of the JSON text want.
func compare(t testing.TB, got, want string) []string {
	t.Helper()
	var g, w any
	if err := json.Unmarshal([]byte(want), &w); err != nil {
		t.Fatalf("wanted JSON: %v", err)
	}
	if err := json.Unmarshal([]byte(got), &g); err != nil {
		return []string{err.Error()}
	}
	return lacks("", g, w)
}

func lacks(pointer string, got, want any) []string {
	switch want := want.(type) {
	case map[string]any:
		members, ok := got.(map[string]any)
		if !ok {
			return differ(pointer, got, want)
		}
		var out []string
		for name, w := range want {
			g, ok := members[name]
			if !ok {
				out = append(out, pointer+"/"+name+" is absent")
				continue
			}
			out = append(out, lacks(pointer+"/"+name, g, w)...)
		}
		return out
	case []any:
		items, ok := got.([]any)
		if !ok || len(items) != len(want) {
			return differ(pointer, got, want)
		}
		var out []string
		for i, w := range want {
			out = append(out, lacks(fmt.Sprintf("%s/%d", pointer, i), items[i], w)...)
		}
		return out
	}
	if !reflect.DeepEqual(got, want) {
		return differ(pointer, got, want)
	}
	return nil
}

func differ(pointer string, got, want any) []string {
	return []string{fmt.Sprintf("%s: got %v, want %v", pointer, got, want)}
}
