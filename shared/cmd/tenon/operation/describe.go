package operation

import (
	"reflect"
	"strings"
	"time"
)

// describeValue writes what there is of a value: a line for each simple field, and
// below them a table for each list of structures.
func describeValue(out *strings.Builder, v reflect.Value) {
	if v.Kind() != reflect.Struct {
		out.WriteString(cell(v) + "\n")
		return
	}
	var rows [][]string
	var tables strings.Builder
	gather(v, "", &rows, &tables)
	out.WriteString(align(rows, "") + tables.String())
}

// gather collects the fields of a structure, and those of the structures in it
// below their names.
func gather(v reflect.Value, below string, rows *[][]string, tables *strings.Builder) {
	for _, f := range reflect.VisibleFields(v.Type()) {
		name, value := jsonName(f), v.FieldByIndex(f.Index)
		if !shown(f) || strings.Contains(f.Tag.Get("json"), ",omit") && value.IsZero() {
			continue
		}
		if value.Kind() == reflect.Pointer {
			value = value.Elem()
		}
		switch {
		case !value.IsValid():
		case value.Kind() == reflect.Struct && value.Type() != reflect.TypeFor[time.Time]():
			gather(value, below+name+".", rows, tables)
		case isStructs(value.Type()):
			if value.Len() > 0 {
				tables.WriteString("\n" + below + name + "\n" + table(value, firstFields(value.Type().Elem()), "  "))
			}
		case value.Kind() == reflect.String && strings.Contains(value.String(), "\n"):
			tables.WriteString("\n" + below + name + "\n" + lines(value.String()))
		default:
			*rows = append(*rows, []string{below + name, cell(value)})
		}
	}
}

// lines is text of several lines, such as a certificate.
func lines(text string) string {
	var out strings.Builder
	for line := range strings.Lines(text) {
		out.WriteString("  " + Plain(strings.TrimRight(line, "\r\n")) + "\n")
	}
	return out.String()
}

func isStructs(t reflect.Type) bool {
	return t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Struct
}
