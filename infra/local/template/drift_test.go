package template_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/infra/local/template"
)

// committed is where the templates are that the product is deployed with.
const committed = "../../templates"

// stated is a property as the template has it, numbers as written.
type stated = any

// property is read back from the local AWS, or is not modelled there for a reason.
type property struct {
	read   func(l *local, id string, want stated) stated
	reason string
}

// TestDrift applies the committed templates and reads back through the API what
// they created: every property of what holds state, of the queues and of the
// schedules is what the template says, or is listed as not modelled. A property
// that is new in a template is neither, and fails.
func TestDrift(t *testing.T) {
	t.Parallel()
	l := applied(t)
	for _, file := range slices.Sorted(maps.Keys(l.resources)) {
		for _, id := range slices.Sorted(maps.Keys(l.resources[file])) {
			r := l.resources[file][id]
			known, compared := readers[r.Type]
			if !compared {
				if file == "data.json" {
					t.Errorf("%s is a %s, which nobody reads back", id, r.Type)
				}
				continue
			}
			for _, name := range slices.Sorted(maps.Keys(r.Properties)) {
				p, ok := known[name]
				switch {
				case !ok:
					t.Errorf("%s of %s (%s) is not compared and not listed as not modelled", name, id, r.Type)
				case p.read != nil:
					want := r.Properties[name]
					if diff := cmp.Diff(want, plain(t, p.read(l, id, want))); diff != "" {
						t.Errorf("%s of %s (-template +local):\n%s", name, id, diff)
					}
				}
			}
		}
	}
}

// TestNotModelled: every property that is not compared says why.
func TestNotModelled(t *testing.T) {
	t.Parallel()
	for kind, properties := range readers {
		for name, p := range properties {
			if (p.read == nil) == (p.reason == "") {
				t.Errorf("%s of %s has neither a reader nor a reason, or both", name, kind)
			}
		}
	}
}

type declared struct {
	Type       string
	Properties map[string]stated
}

// applied applies the committed templates to an empty local AWS.
func applied(t *testing.T) *local {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(committed, "*.json"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no templates in %s (%v)", committed, err)
	}
	var texts [][]byte
	resources := map[string]map[string]declared{}
	for _, path := range paths {
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		var parsed struct{ Resources map[string]declared }
		decoder := json.NewDecoder(bytes.NewReader(content))
		decoder.UseNumber()
		if err := decoder.Decode(&parsed); err != nil {
			t.Fatal(err)
		}
		texts, resources[filepath.Base(path)] = append(texts, content), parsed.Resources
	}
	l := newLocal(t, resources)
	m, err := template.Apply(t.Context(), l.config, l.options, texts...)
	if err != nil {
		t.Fatal(err)
	}
	l.manifest = m
	return l
}

// plain writes a value as JSON has it.
func plain(t *testing.T, v stated) stated {
	t.Helper()
	content, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	decoder := json.NewDecoder(bytes.NewReader(content))
	decoder.UseNumber()
	var read stated
	if err := decoder.Decode(&read); err != nil {
		t.Fatal(err)
	}
	return read
}
