package catalog_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/catalog/catalogtest"
)

func TestFormDescribesInputs(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		in   catalog.Input
		want string
	}{
		{"text", catalog.Input{Title: "Name", Help: "Any.", Type: catalog.TypeText}, `{"title":"Name","type":"string","description":"Any.","minLength":1,"maxLength":1024}`},
		{"pattern", catalog.Input{Title: "Id", Type: catalog.TypeText, Pattern: "a|b", Placeholder: "a"}, `{"title":"Id","type":"string","pattern":"^(?:a|b)$","minLength":1,"maxLength":1024,"examples":["a"]}`},
		{"choice", catalog.Input{Title: "Region", Type: catalog.TypeEnum, Enum: []string{"eu", "us"}, Default: "eu"}, `{"title":"Region","type":"string","enum":["eu","us"],"default":"eu"}`},
		{"secret", catalog.Input{Title: "Key", Type: catalog.TypeSecret}, `{"title":"Key","type":"string","minLength":1,"maxLength":16384,"writeOnly":true}`},
		{"file", catalog.Input{Title: "Key file", Type: catalog.TypeFile}, `{"title":"Key file","type":"string","minLength":1,"maxLength":16384,"writeOnly":true,"contentMediaType":"text/plain"}`},
		{"optional", catalog.Input{Title: "Host", Type: catalog.TypeHost, Optional: true}, `{"title":"Host","type":"string","format":"hostname","maxLength":253}`},
		{"address", catalog.Input{Title: "URL", Type: catalog.TypeURL, Optional: true}, `{"title":"URL","type":"string","format":"uri","maxLength":2048}`},
		{"port", catalog.Input{Title: "Port", Type: catalog.TypePort, Default: "22"}, `{"title":"Port","type":"string","pattern":"^[1-9][0-9]{0,4}$","default":"22"}`},
		{"label", catalog.Input{Title: "Shop", Type: catalog.TypeLabel}, `{"title":"Shop","type":"string","pattern":"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$","minLength":1}`},
	} {
		tt.in.Name = "value"
		required := `,"required":["value"]`
		if tt.in.Optional || tt.in.Default != "" {
			required = ""
		}
		part := `{"title":"Account","type":"object","properties":{"value":` + tt.want + `},"additionalProperties":false` + required + `}`
		want := `{"$schema":"https://json-schema.org/draft/2020-12/schema","title":"Acme: Key","type":"object","properties":{"inputs":` + part + `},"additionalProperties":false` +
			strings.Replace(required, "value", "inputs", 1) + `}`
		got := catalog.Connector{Name: "Acme", Inputs: []catalog.Input{tt.in}}.Form(catalog.Scheme{Name: "Key"})
		if diff := cmp.Diff(want, string(got)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

// Members stand in the order in which the entry asks.
func TestFormKeepsTheOrder(t *testing.T) {
	t.Parallel()
	twilio := load(t, "twilio")
	form := string(twilio.Form(twilio.Schemes[0]))
	if strings.Index(form, `"accountSid"`) > strings.Index(form, `"username"`) || strings.Index(form, `"username"`) > strings.Index(form, `"password"`) {
		t.Error(form)
	}
}

// The form of every scheme takes what a connection is made with, and nothing of
// another shape.
func TestEveryForm(t *testing.T) {
	t.Parallel()
	for _, id := range catalog.IDs() {
		c := load(t, id)
		for _, s := range c.Schemes {
			schema := compiled(t, c.Form(s))
			inputs, err := catalogtest.SampleInputs(c.InputsFor(s), false)
			if err != nil {
				t.Fatal(err)
			}
			fields, err := catalogtest.SampleFields(s.Fields, 0, false)
			if err != nil {
				t.Fatal(err)
			}
			sample := map[string]map[string]string{"inputs": inputs, "credential": fields}
			maps.DeleteFunc(sample, func(_ string, part map[string]string) bool { return len(part) == 0 })
			if err := valid(t, schema, sample); err != nil {
				t.Errorf("%s/%s refuses a sample: %v", id, s.ID, err)
			}
			for part, members := range sample {
				for name, broken := range breakable(slices.Concat(c.InputsFor(s), s.Fields), members) {
					whole := maps.Clone(sample)
					whole[part] = broken
					if valid(t, schema, whole) == nil {
						t.Errorf("%s/%s accepts %s of %s", id, s.ID, name, part)
					}
				}
			}
		}
	}
}

// breakable returns the members without each that is required, with each of
// another form, and with one that no input has.
func breakable(inputs []catalog.Input, members map[string]string) map[string]map[string]string {
	broken := map[string]map[string]string{"an unknown member": maps.Clone(members)}
	broken["an unknown member"]["unknown"] = "x"
	for _, in := range inputs {
		if _, given := members[in.Name]; !given {
			continue
		}
		if in.Default == "" {
			broken["no "+in.Name] = maps.Clone(members)
			delete(broken["no "+in.Name], in.Name)
		}
		if in.Type == catalog.TypeEnum || in.Type == catalog.TypeLabel || in.Pattern != "" {
			broken["another "+in.Name] = maps.Clone(members)
			broken["another "+in.Name][in.Name] = "\n:"
		}
	}
	return broken
}

func compiled(t *testing.T, form json.RawMessage) *jsonschema.Schema {
	t.Helper()
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(form))
	if err != nil {
		t.Fatalf("%s: %v", form, err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("https://form.example.com/", document); err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile("https://form.example.com/")
	if err != nil {
		t.Fatalf("%s: %v", form, err)
	}
	return schema
}

func valid(t *testing.T, schema *jsonschema.Schema, sample any) error {
	t.Helper()
	encoded, err := json.Marshal(sample)
	if err != nil {
		t.Fatal(err)
	}
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(encoded))
	if err != nil {
		t.Fatal(err)
	}
	return schema.Validate(document)
}
