package notify_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/tenonhq/tenon/shared/notify"
)

var update = flag.Bool("update", false, "write the schemas and samples of the events")

const golden = "../../events/bus"

func TestEVT08EverySampleIsWhatItsSchemaSays(t *testing.T) {
	t.Parallel()
	files := map[string]bool{}
	for _, kind := range notify.Types() {
		schema, err := kind.Schema()
		must(t, err)
		sample, err := kind.SampleBody()
		must(t, err)
		for file, text := range map[string][]byte{kind.Name + ".schema.json": schema, kind.Name + ".json": sample} {
			files[file] = true
			fresh(t, file, text)
		}
		compiled := compile(t, schema)
		must(t, compiled.Validate(decoded(t, sample)))
		for name, change := range map[string][2]string{
			"a member too many":  {`"data": {`, `"data": {"name": "Ann's account",`},
			"another type":       {`"` + kind.Name + `"`, `"connection.renamed"`},
			"an envelope's more": {`"tenant": `, `"secret": "x", "tenant": `},
		} {
			changed := strings.Replace(string(sample), change[0], change[1], 1)
			changed = strings.Replace(changed, ",}", "}", 1)
			if compiled.Validate(decoded(t, []byte(changed))) == nil {
				t.Errorf("%s: %s is allowed", kind.Name, name)
			}
		}
	}
	for _, file := range found(t) {
		if !files[file] {
			t.Errorf("%s/%s is of no type", golden, file)
		}
	}
}

func fresh(t *testing.T, file string, text []byte) {
	t.Helper()
	path := filepath.Join(golden, file)
	if *update {
		must(t, os.WriteFile(path, text, 0o644))
	}
	if stands, err := os.ReadFile(path); err != nil || !bytes.Equal(stands, text) {
		t.Errorf("%s is not what the catalogue says; make golden renews it (%v)", path, err)
	}
}

func found(t *testing.T) []string {
	t.Helper()
	entries, err := os.ReadDir(golden)
	must(t, err)
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func compile(t *testing.T, schema []byte) *jsonschema.Schema {
	t.Helper()
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	must(t, c.AddResource("event.json", decoded(t, schema)))
	compiled, err := c.Compile("event.json")
	must(t, err)
	return compiled
}

func decoded(t *testing.T, text []byte) any {
	t.Helper()
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	return v
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func event(change func(*notify.Event)) notify.Event {
	e := notify.Event{
		ID: "evt_1", Type: notify.ConnectionStatus, Tenant: "acme", Resource: "con_1", At: time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC),
		Detail: map[string]string{"connector": "salesforce", "status": "degraded", "reason": "expired", "previous": "active"},
	}
	change(&e)
	return e
}

func addresses(added string) func(*notify.Event) {
	return func(e *notify.Event) {
		e.Type, e.Resource, e.Detail = notify.EgressChanged, "egress", map[string]string{"added": added, "removed": ""}
	}
}

func TestEVT08CheckAllowsTheCatalogueOnly(t *testing.T) {
	t.Parallel()
	must(t, event(func(*notify.Event) {}).Check())
	for _, text := range []string{"", "198.51.100.7", "198.51.100.7,2001:DB8::7", "::1" + strings.Repeat(",::1", 15)} {
		must(t, event(addresses(text)).Check())
	}
	for name, change := range map[string]func(*notify.Event){
		"an unknown type":    func(e *notify.Event) { e.Type = "connection.renamed" },
		"a member too many":  func(e *notify.Event) { e.Detail["name"] = "x" },
		"a member too few":   func(e *notify.Event) { delete(e.Detail, "status") },
		"another status":     func(e *notify.Event) { e.Detail["status"] = "broken" },
		"an address":         func(e *notify.Event) { e.Detail["connector"] = "ann@acme.example" },
		"a sentence":         func(e *notify.Event) { e.Detail["connector"] = "Ann's account" },
		"a token":            func(e *notify.Event) { e.Detail["connector"] = strings.Repeat("a", 65) },
		"another's resource": func(e *notify.Event) { e.Resource = "tpl_1" },
		"nobody":             func(e *notify.Event) { e.Tenant = "" },
		"no time":            func(e *notify.Event) { e.At = time.Time{} },
		"a version that is no": func(e *notify.Event) {
			e.Type, e.Detail = notify.ConnectionPromoted, map[string]string{"connector": "c", "version": "x"}
		},
		"a date that is none": func(e *notify.Event) {
			e.Type, e.Detail = notify.ConnectionStale, map[string]string{"connector": "c", "lastUsedAt": "soon"}
		},
		"a name for an address":   addresses("nat.example.com"),
		"a network":               addresses("198.51.100.0/24"),
		"an address that is none": addresses("198.51.100.7,"),
		"addresses without end":   addresses("::1" + strings.Repeat(",::1", 16)),
	} {
		if event(change).Check() == nil {
			t.Errorf("%s is allowed", name)
		}
	}
}

func TestBodyHoldsNamedMembersOnly(t *testing.T) {
	t.Parallel()
	text, err := event(func(e *notify.Event) { e.Detail["name"] = "Ann" }).Body()
	must(t, err)
	want := `{"id":"evt_1","type":"connection.status","tenant":"acme","resource":"con_1","at":"2026-11-20T09:00:00Z","data":{"connector":"salesforce","previous":"active","reason":"expired","status":"degraded"}}`
	if string(text) != want {
		t.Errorf("got  %s\nwant %s", text, want)
	}
}

func TestFromBus(t *testing.T) {
	t.Parallel()
	const envelope = `{"version":"0","id":"6a7e8feb","detail-type":"connection.connected","source":"tenon","time":"2026-11-20T09:00:00Z",
		"detail":{"id":"evt_1","tenant":"acme","resource":"con_1","at":"2026-11-20T09:00:00.5Z","connector":"stripe","name":"Ann"}}`
	e, err := notify.FromBus([]byte(envelope))
	must(t, err)
	must(t, e.Check())
	if e.ID != "evt_1" || e.Tenant != "acme" || !e.At.Equal(time.Date(2026, 11, 20, 9, 0, 0, 5e8, time.UTC)) || len(e.Detail) != 1 {
		t.Errorf("got %+v", e)
	}
	for _, cut := range []string{`"detail-type":"connection.connected",`, `"id":"evt_1",`, `"tenant":"acme",`, `"at":"2026-11-20T09:00:00.5Z",`, `{`} {
		if _, err := notify.FromBus([]byte(strings.Replace(envelope, cut, "", 1))); err == nil {
			t.Errorf("without %s: read", cut)
		}
	}
}
