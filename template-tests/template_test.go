package templatetests_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Where the committed templates are, and those that tests name.
const (
	templates = "../infra/templates"
	dataFile  = "data.json"
	apiFile   = "api.json"
	workFile  = "work.json"
)

type object = map[string]any

type resource struct {
	Type                string
	Properties          object
	DeletionPolicy      string
	UpdateReplacePolicy string
}

type template struct {
	Resources map[string]resource
	Outputs   map[string]struct {
		Value  any
		Export struct{ Name any }
	}

	exports map[string]any  // Values that Fn::ImportValue finds, by export name.
	billed  map[string]bool // Resources with the tags for the bill, which are taken out of the properties.
}

// files are the names of the committed templates, one per stack.
func files(t *testing.T) []string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(templates, "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	for i, file := range found {
		found[i] = filepath.Base(file)
	}
	if !slices.Contains(found, dataFile) || !slices.Contains(found, apiFile) || !slices.Contains(found, workFile) {
		t.Fatalf("templates %v", found)
	}
	return found
}

// load returns what must outlive a deployment, and what a deployment replaces: all
// other stacks together, with the outputs of the API, which resolve their imports
// from one another and from the data.
func load(t *testing.T) (data, replaced *template) {
	t.Helper()
	data, replaced = parse(t, dataFile), parse(t, apiFile)
	replaced.exports = map[string]any{}
	for _, file := range files(t) {
		tp := parse(t, file)
		for _, output := range tp.Outputs {
			if name, ok := output.Export.Name.(string); ok {
				replaced.exports[name] = output.Value
			}
		}
		if file == dataFile || file == apiFile {
			continue
		}
		for id, r := range tp.Resources {
			if _, twice := replaced.Resources[id]; twice && r.Type != "AWS::CDK::Metadata" {
				t.Fatalf("%s is in two stacks", id)
			}
			replaced.Resources[id] = r
		}
	}
	return data, replaced
}

func parse(t *testing.T, file string) *template {
	t.Helper()
	var parsed template
	if err := json.Unmarshal([]byte(read(t, file)), &parsed); err != nil {
		t.Fatalf("parse %s: %v", file, err)
	}
	parsed.billed = map[string]bool{}
	for id, r := range parsed.Resources {
		parsed.billed[id] = takeBill(r.Properties)
	}
	return &parsed
}

// read returns a committed template, or one that was made, by its whole path.
func read(t *testing.T, file string) string {
	t.Helper()
	if !filepath.IsAbs(file) {
		file = filepath.Join(templates, file)
	}
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// ofType returns the resources of a type by logical id.
func (tp *template) ofType(kind string) map[string]resource {
	found := map[string]resource{}
	for id, r := range tp.Resources {
		if r.Type == kind {
			found[id] = r
		}
	}
	return found
}

// text renders a value with its intrinsic functions: a reference becomes
// ${Table} or ${Table.Arn}, whichever stack it is in.
func (tp *template) text(v any) string {
	switch x := v.(type) {
	case string:
		return x
	case object:
		for function, argument := range x {
			switch function {
			case "Ref":
				return "${" + argument.(string) + "}"
			case "Fn::GetAtt":
				pair := argument.([]any)
				return fmt.Sprintf("${%s.%s}", pair[0], pair[1])
			case "Fn::Join":
				pair := argument.([]any)
				return strings.Join(tp.texts(pair[1]), pair[0].(string))
			case "Fn::Sub":
				return argument.(string)
			case "Fn::ImportValue":
				return tp.text(tp.exports[argument.(string)])
			}
		}
	}
	return fmt.Sprint(v)
}

// texts renders one value or a list of values.
func (tp *template) texts(v any) []string {
	list, ok := v.([]any)
	if !ok {
		return []string{tp.text(v)}
	}
	var rendered []string
	for _, each := range list {
		rendered = append(rendered, tp.text(each))
	}
	return rendered
}

// at returns the value under a path of keys, nil where there is none.
func at(v any, path ...string) any {
	for _, key := range path {
		o, ok := v.(object)
		if !ok {
			return nil
		}
		v = o[key]
	}
	return v
}

// logical is the logical-id prefix of the resources of a row.
func logical(name string) string {
	words := strings.Split(name, "-")
	for i, word := range words {
		words[i] = strings.ToUpper(word[:1]) + word[1:]
	}
	return strings.Join(words, "")
}

func sorted(list []string) []string {
	list = slices.Clone(list)
	slices.Sort(list)
	return list
}
