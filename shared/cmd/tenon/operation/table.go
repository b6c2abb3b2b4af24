package operation

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// columns are what a list shows of its items, by the route's name, in the names of
// the API.
var columns = map[string][]string{
	"audit-list":            {"at", "actor", "action", "resource", "outcome", "reason"},
	"binding-candidates":    {"connectionId", "name", "status", "fits", "refusal.detail"},
	"connection-list":       {"id", "name", "connector", "status", "reason", "remedy", "since"},
	"connector-list":        {"id", "name", "authSchemes"},
	"delivery-list":         {"createdAt", "eventId", "type", "state", "attempts", "outcome"},
	"dependent-list":        {"tenant", "flowId", "slot", "active", "scopes"},
	"expiration-list":       {"date", "daysLeft", "kind", "resourceId", "name", "renewal", "remedy"},
	"flow-list":             {"flowId", "name", "kind", "state"},
	"kill-switch-list":      {"id", "scope", "tenant", "connector", "state", "progress.startedAt", "reason"},
	"signing-key-list":      {"id", "algorithm", "state", "expiresAt"},
	"sunset-list":           {"connector", "sunset.date", "sunset.what"},
	"template-list":         {"id", "stableKey", "name", "connector", "authScheme", "owner"},
	"tenant-list":           {"id", "name", "state", "createdAt"},
	"webhook-endpoint-list": {"id", "url", "enabled", "failingSince", "disabledReason"},
}

// table aligns the columns of items, below a line with their names.
func table(items reflect.Value, chosen []string, indent string) string {
	rows := [][]string{make([]string, len(chosen))}
	for i, name := range chosen {
		rows[0][i] = strings.ToUpper(strings.NewReplacer(".", " ", "-", " ").Replace(dashed(name)))
	}
	for i := range items.Len() {
		row := make([]string, len(chosen))
		for n, name := range chosen {
			row[n] = cell(at(items.Index(i), name))
		}
		rows = append(rows, row)
	}
	return align(rows, indent)
}

// align pads the cells of rows.
func align(rows [][]string, indent string) string {
	var widths []int
	for _, row := range rows {
		for i, text := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], utf8.RuneCountInString(text))
		}
	}
	var out strings.Builder
	for _, row := range rows {
		line := indent
		for i, text := range row {
			line += text + strings.Repeat(" ", widths[i]-utf8.RuneCountInString(text)+2)
		}
		out.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	return out.String()
}

// at returns the field that a path of the API's names leads to; the zero value
// where there is none.
func at(v reflect.Value, path string) reflect.Value {
	for name := range strings.SplitSeq(path, ".") {
		if v.Kind() == reflect.Pointer {
			v = v.Elem()
		}
		if v.Kind() != reflect.Struct {
			return reflect.Value{}
		}
		var next reflect.Value
		for _, f := range reflect.VisibleFields(v.Type()) {
			if jsonName(f) == name {
				next = v.FieldByIndex(f.Index)
			}
		}
		v = next
	}
	return v
}

// jsonName is the API's name of a field, empty where it has none.
func jsonName(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	if f.Anonymous || name == "-" {
		return ""
	}
	return name
}

// shown reports whether people see a field: not what programs draw from.
func shown(f reflect.StructField) bool {
	name := jsonName(f)
	return name != "" && name != "logo" && f.Type != reflect.TypeFor[json.RawMessage]()
}

// firstFields are as many of the first simple fields as fit a line.
func firstFields(t reflect.Type) []string {
	var names []string
	for _, f := range reflect.VisibleFields(t) {
		if name := jsonName(f); shown(f) && len(names) < 6 && f.Type.Kind() != reflect.Map && !isStructs(f.Type) && f.Type.Kind() != reflect.Struct {
			names = append(names, name)
		}
	}
	return names
}

// cell is a value on one line.
func cell(v reflect.Value) string {
	if !v.IsValid() || v.Kind() == reflect.Pointer && v.IsNil() {
		return ""
	}
	switch value := v.Interface().(type) {
	case time.Time:
		if value.IsZero() {
			return ""
		}
		return value.UTC().Format("2006-01-02 15:04Z")
	case map[string]string:
		return pairs(value)
	case map[string]int:
		return pairs(value)
	}
	switch v.Kind() {
	case reflect.Pointer:
		return cell(v.Elem())
	case reflect.Bool:
		return map[bool]string{true: "yes", false: "no"}[v.Bool()]
	case reflect.Slice:
		var parts []string
		for i := range v.Len() {
			parts = append(parts, cell(v.Index(i)))
		}
		return strings.Join(parts, ", ")
	case reflect.Struct, reflect.Map:
		text, _ := json.Marshal(v.Interface()) // What was JSON becomes JSON.
		return Plain(string(text))
	}
	return Plain(fmt.Sprint(v.Interface()))
}

// pairs are the entries of a map in the order of their names.
func pairs[V any](m map[string]V) string {
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(m)) {
		parts = append(parts, Plain(fmt.Sprintf("%s=%v", name, m[name])))
	}
	return strings.Join(parts, ", ")
}

// Plain is text without what would move the cursor of a terminal, or write from
// right to left.
func Plain(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r >= 0x7f && r < 0xa0 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 {
			return '?'
		}
		return r
	}, text)
}
