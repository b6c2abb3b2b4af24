package secret_test

import (
	"bytes"
	"crypto/sha256"
	"encoding"
	"encoding/gob"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"log"
	"log/slog"
	"reflect"
	"strings"
	"testing"
	"text/template"

	"github.com/tenonhq/tenon/shared/secret"
)

const canary = "canary-0123456789"

// holder has a secret in every position formatting walks into. Package fmt
// calls no method of a field that is not exported.
type holder struct {
	Direct  secret.Bytes
	Pointer *secret.Bytes
	Slice   []secret.Bytes
	Map     map[string]secret.Bytes
	Any     any
	hidden  secret.Bytes
}

func newHolder() holder {
	b := secret.FromString(canary)
	return holder{b, &b, []secret.Bytes{b}, map[string]secret.Bytes{"k": b}, b, b}
}

// leaks reports whether out holds the value as text, hex or decimal bytes.
func leaks(out string) bool {
	decimal := strings.Trim(fmt.Sprint([]byte("canary")), "[]")
	hexes := strings.TrimPrefix(fmt.Sprintf("%#v", []byte("ca")), "[]byte{")
	for _, form := range []string{"canary", decimal, fmt.Sprintf("%x", "canary"), fmt.Sprintf("%X", "canary"), strings.TrimSuffix(hexes, "}")} {
		if strings.Contains(out, form) {
			return true
		}
	}
	return false
}

func TestEveryVerbIsRedacted(t *testing.T) {
	t.Parallel()
	b := secret.FromString(canary)
	for _, v := range []any{b, &b, newHolder(), []any{b}, map[string]any{"k": b}} {
		for _, verb := range "vTtbcdoOqxXUeEfFgGsp" {
			for _, flag := range []string{"", "+", "#", " ", "0", "-", "40", ".3"} {
				format := "%" + flag + string(verb)
				if out := fmt.Sprintf(format, v); leaks(out) {
					t.Errorf("%s of %T: %s", format, v, out)
				}
			}
		}
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x"} {
		if got := fmt.Sprintf(verb, b); got != secret.Redacted {
			t.Errorf("%s: got %s, want %s", verb, got, secret.Redacted)
		}
	}
}

func TestLogsAreRedacted(t *testing.T) {
	t.Parallel()
	b := secret.FromString(canary)
	var out bytes.Buffer
	log.New(&out, "", 0).Print(b, &b, newHolder())
	for _, h := range []slog.Handler{slog.NewTextHandler(&out, nil), slog.NewJSONHandler(&out, nil)} {
		slog.New(h).With("with", b).WithGroup("g").Info("m", "direct", b, "pointer", &b, "holder", newHolder(), "error", fmt.Errorf("of %v", b))
	}
	if err := template.Must(template.New("").Parse("{{.Direct}} {{.Map}} {{printf \"%s\" .Pointer}}")).Execute(&out, newHolder()); err != nil {
		t.Fatal(err)
	}
	if leaks(out.String()) {
		t.Errorf("printed:\n%s", out.String())
	}
	if !strings.Contains(out.String(), secret.Redacted) {
		t.Error("nothing was printed at all")
	}
}

func TestMarshallingIsRefused(t *testing.T) {
	t.Parallel()
	b := secret.FromString(canary)
	for _, v := range []any{b, &b, newHolder(), map[string]any{"k": b}} {
		encodings := map[string]func() ([]byte, error){
			"json": func() ([]byte, error) { return json.Marshal(v) },
			"xml":  func() ([]byte, error) { return xml.Marshal(v) },
			"gob": func() ([]byte, error) {
				var out bytes.Buffer
				err := gob.NewEncoder(&out).Encode(v)
				return out.Bytes(), err
			},
		}
		for name, encode := range encodings {
			out, err := encode()
			if err == nil {
				t.Errorf("%s accepted %T: %s", name, v, out)
			}
			if leaks(string(out)) || leaks(fmt.Sprint(err)) {
				t.Errorf("%s of %T leaks: %s, %v", name, v, out, err)
			}
		}
	}
}

// TestMethodsThatMarshal holds the type to its list of ways out: a marshalling
// interface that is added must refuse, too.
func TestMethodsThatMarshal(t *testing.T) {
	t.Parallel()
	b := secret.FromString(canary)
	for _, marshal := range []func() ([]byte, error){b.MarshalJSON, b.MarshalText, b.MarshalBinary} {
		if out, err := marshal(); err == nil || len(out) != 0 {
			t.Errorf("got %q, %v", out, err)
		}
	}
	if _, ok := any(b).(encoding.TextAppender); ok {
		t.Error("the secret can be appended as text")
	}
	out := map[string]bool{"Reveal": true, "Last4": true, "Hash": true}
	kind := reflect.TypeFor[secret.Bytes]()
	for i := range kind.NumMethod() {
		m := kind.Method(i)
		if out[m.Name] || m.Type.NumIn() != 1 {
			continue
		}
		for _, result := range reflect.ValueOf(b).Method(i).Call(nil) {
			if leaks(fmt.Sprintf("%v", result.Interface())) {
				t.Errorf("%s returns the secret", m.Name)
			}
		}
	}
	for i := range kind.NumField() {
		if kind.Field(i).IsExported() {
			t.Errorf("field %s is exported", kind.Field(i).Name)
		}
	}
}

func TestUnmarshalJSON(t *testing.T) {
	t.Parallel()
	var in struct{ Key secret.Bytes }
	if err := json.Unmarshal([]byte(`{"Key":"`+canary+`"}`), &in); err != nil || in.Key.Reveal() != canary {
		t.Errorf("got error %v", err)
	}
	for _, wrong := range []string{`{"Key":{"canary":1}}`, `{"Key":["canary"]}`, `{"Key":17}`} {
		if err := json.Unmarshal([]byte(wrong), &in); err == nil || leaks(err.Error()) {
			t.Errorf("%s: got error %v", wrong, err)
		}
	}
}

func TestLast4(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]string{"": "", "abcd": "", "0123456789abcde": "", "0123456789abcdef": "cdef", canary: "6789"} {
		if got := secret.FromString(value).Last4(); got != want {
			t.Errorf("%d characters: got %q, want %q", len(value), got, want)
		}
	}
}

func TestValue(t *testing.T) {
	t.Parallel()
	source := []byte(canary)
	b := secret.New(source)
	source[0] = 'X'
	if b.Reveal() != canary {
		t.Error("the secret changes with the slice it was made from")
	}
	if b.Len() != len(canary) || b.IsZero() || !(secret.Bytes{}).IsZero() || !secret.FromString("").IsZero() {
		t.Error("length or absence is wrong")
	}
	if !b.Equal(secret.FromString(canary)) || b.Equal(secret.FromString(canary+"x")) || b.Equal(secret.Bytes{}) {
		t.Error("comparison is wrong")
	}
	if b.Hash() != sha256.Sum256([]byte(canary)) {
		t.Error("hash is wrong")
	}
}
