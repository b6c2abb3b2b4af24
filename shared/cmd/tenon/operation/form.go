package operation

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/secret"
)

// field is a field of the request and the one of the form that it comes from.
type field struct {
	name string // In the form.
	at   []int  // In the request.
	file bool   // The form has the name of a file with the value.
}

// newCommand returns a command without a form, and the type of the form it needs.
func newCommand(r *routes.Route) (*Command, reflect.Type) {
	c := &Command{Route: r, Path: PathOf(r)}
	form := []reflect.StructField{embedded("Stage", reflect.TypeFor[Stage]())}
	if _, has := r.In().FieldByName("Tenant"); !has && r.Scope != auth.TenantsAdmin && !r.Public() {
		form = append(form, embedded("Acting", reflect.TypeFor[Acting]()))
	}
	for _, f := range reflect.VisibleFields(r.In()) {
		if f.Anonymous || f.Tag.Get("query") == "cursor" {
			continue
		}
		of := field{name: "Field" + f.Name, at: f.Index, file: fromFile(f.Type)}
		c.fields = append(c.fields, of)
		form = append(form, formField(of, f))
	}
	for _, own := range []struct {
		name, help string
		has        bool
	}{
		{"JSON", "Print the JSON of the API; of a list, one item per line.", true},
		{"Yes", "Do not ask; needed where nobody can be asked.", confirms(r)},
		{"Wait", "Wait until the person has connected the account.", r == routes.ConnectionAuthorize.Route},
		{"Reveal", "Show the credential itself.", leases(r)},
	} {
		if own.has {
			form = append(form, reflect.StructField{Name: own.name, Type: reflect.TypeFor[bool](), Tag: tag("name", strings.ToLower(own.name), "help", own.help)})
		}
	}
	return c, reflect.StructOf(form)
}

func embedded(name string, t reflect.Type) reflect.StructField {
	return reflect.StructField{Name: name, Type: t, Tag: `embed:""`}
}

// formField is what kong is told of a field of the request.
func formField(of field, f reflect.StructField) reflect.StructField {
	out := reflect.StructField{Name: of.name, Type: f.Type}
	if name := f.Tag.Get("path"); name != "" {
		out.Tag = tag("arg", "", "name", name)
		return out
	}
	name, required := nameOf(f)
	flag, text, value := dashed(name), help(f), strings.ToUpper(dashed(name))
	var more []string
	switch {
	case of.file:
		out.Type, flag, value = reflect.TypeFor[string](), flag+"-file", "FILE"
		form := "JSON"
		if isText(f.Type) {
			form = "text"
		}
		text = strings.TrimSpace("File with it, as " + form + "; - for standard input. " + text)
	case f.Type == reflect.TypeFor[*[]string]():
		out.Type = reflect.TypeFor[[]string]()
	case f.Type.Kind() == reflect.Map:
		value, more = "NAME=VALUE", []string{"mapsep", "none"}
	case f.Type == reflect.TypeFor[*bool]():
		more = []string{"negatable", ""}
	case f.Type == reflect.TypeFor[*time.Time]():
		value, more = "TIME", []string{"format", time.RFC3339}
	case f.Tag.Get("enum") != "":
		value = strings.ReplaceAll(f.Tag.Get("enum"), ",", "|")
	case f.Tag.Get("header") == "If-Match":
		text, value = "Revision that the change is made to: refused where there is another one by now.", "REVISION"
	case f.Tag.Get("query") == "limit":
		text, more = "How many to show; 0 for all (${default}).", []string{"default", "200"}
	}
	if required {
		more = append(more, "required", "")
	}
	out.Tag = tag(append([]string{"name", flag, "help", text, "placeholder", value}, more...)...)
	return out
}

// nameOf returns the API's name of a field that is no parameter of the path, and
// whether the API wants it.
func nameOf(f reflect.StructField) (name string, required bool) {
	for _, place := range []string{"query", "header"} {
		if name := f.Tag.Get(place); name != "" {
			return name, false
		}
	}
	name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
	return name, !strings.Contains(options, "omit")
}

// help is what the API says of the field.
func help(f reflect.StructField) string {
	text := f.Tag.Get("doc")
	if preset := f.Tag.Get("default"); preset != "" {
		text = strings.TrimSpace(text + " Default " + preset + ".")
	}
	return text
}

// fromFile reports whether values of a type are read from a file: what is secret,
// and what has a structure of its own.
func fromFile(t reflect.Type) bool {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch t {
	case reflect.TypeFor[secret.Bytes](), reflect.TypeFor[map[string]secret.Bytes]():
		return true
	case reflect.TypeFor[time.Time](), reflect.TypeFor[map[string]string](), reflect.TypeFor[[]string]():
		return false
	}
	return t.Kind() == reflect.Struct || t.Kind() == reflect.Map || t.Kind() == reflect.Slice
}

// isText reports whether a file holds the value itself and no JSON.
func isText(t reflect.Type) bool {
	return t == reflect.TypeFor[secret.Bytes]() || t == reflect.TypeFor[*secret.Bytes]()
}

// dashed writes a name of the API as that of a flag: dryRun as dry-run.
func dashed(name string) string {
	var flag strings.Builder
	for i, r := range name {
		if unicode.IsUpper(r) && i > 0 && !strings.HasSuffix(flag.String(), "-") && name[i-1] >= 'a' {
			flag.WriteByte('-')
		}
		flag.WriteRune(unicode.ToLower(r))
	}
	return flag.String()
}

// tag writes pairs of names and values as a tag of a struct.
func tag(pairs ...string) reflect.StructTag {
	var text strings.Builder
	for pair := range slices.Chunk(pairs, 2) {
		fmt.Fprintf(&text, "%s:%s ", pair[0], strconv.Quote(pair[1]))
	}
	return reflect.StructTag(strings.TrimSpace(text.String()))
}

// confirms reports whether a person is asked before.
func confirms(r *routes.Route) bool { return r.Method == "DELETE" }

// leases reports whether the answer holds a credential.
func leases(r *routes.Route) bool { return r.Out() == reflect.TypeFor[api.Lease]() }
