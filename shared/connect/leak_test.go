package connect_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"log/slog"
	"os"
	"reflect"
	"strings"
	"sync"
	"testing"
)

// TestMain looks for secrets in everything that was logged.
func TestMain(m *testing.M) {
	log := new(safeBuffer)
	slog.SetDefault(slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug})))
	code := m.Run()
	if found := contains(log.String(), needles(mark)); found != "" {
		fmt.Fprintln(os.Stderr, "the log holds a secret:", found)
		code = 1
	}
	os.Exit(code)
}

type safeBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *safeBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *safeBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// needle is one form in which a secret may stand in a text.
type needle struct{ form, text string }

func needles(secret string) []needle {
	list := []needle{
		{"plain", secret}, {"hex", hex.EncodeToString([]byte(secret))}, {"HEX", strings.ToUpper(hex.EncodeToString([]byte(secret)))},
	}
	for shift := range 3 { // Base64 depends on what stands before.
		encoded := base64.RawStdEncoding.EncodeToString([]byte(strings.Repeat("\x00", shift) + secret))
		list = append(list, needle{"base64", encoded[(shift*8+5)/6 : len(encoded)-1]})
	}
	return list
}

// contains returns the form in which text holds a secret, or nothing.
func contains(text string, list []needle) string {
	for _, n := range list {
		if strings.Contains(text, n.text) {
			return n.form
		}
	}
	return ""
}

// leaks returns where in a record a secret stands.
func leaks(record any, secrets []needle) []string {
	var found []string
	var walk func(path string, v reflect.Value)
	walk = func(path string, v reflect.Value) {
		switch v.Kind() {
		case reflect.Pointer, reflect.Interface:
			if !v.IsNil() {
				walk(path, v.Elem())
			}
		case reflect.Struct:
			for i := range v.NumField() {
				walk(path+"."+v.Type().Field(i).Name, v.Field(i))
			}
		case reflect.Map:
			for _, k := range v.MapKeys() {
				walk(path+"[key]", k)
				walk(fmt.Sprintf("%s[%v]", path, k), v.MapIndex(k))
			}
		case reflect.Slice, reflect.Array:
			if v.Type().Elem().Kind() == reflect.Uint8 && v.Kind() == reflect.Slice {
				if form := contains(string(v.Bytes()), secrets); form != "" {
					found = append(found, path+" "+form)
				}
				return
			}
			for i := range v.Len() {
				walk(fmt.Sprintf("%s[%d]", path, i), v.Index(i))
			}
		case reflect.String:
			if form := contains(v.String(), secrets); form != "" {
				found = append(found, path+" "+form)
			}
		}
	}
	walk(reflect.TypeOf(record).Name(), reflect.ValueOf(record))
	return found
}

// A search that finds nothing proves something only if it finds what is there.
func TestLeaksFindsEveryForm(t *testing.T) {
	t.Parallel()
	const secret = "s3cret-value"
	type record struct {
		Text  string
		Bytes []byte
		Map   map[string]string
		Inner *record
	}
	for name, hidden := range map[string]string{
		"plain": "a" + secret + "b", "hex": hex.EncodeToString([]byte("ab" + secret)),
		"base64 of the beginning": base64.StdEncoding.EncodeToString([]byte(secret + "more")),
		"base64 after one":        base64.StdEncoding.EncodeToString([]byte("1" + secret + "more")),
		"base64 after two":        base64.StdEncoding.EncodeToString([]byte("12" + secret + "more")),
	} {
		for place, r := range map[string]record{
			"text": {Text: hidden}, "bytes": {Bytes: []byte(hidden)}, "map": {Map: map[string]string{"k": hidden}},
			"inner": {Inner: &record{Text: hidden}},
		} {
			if len(leaks(r, needles(secret))) == 0 {
				t.Errorf("%s in %s was not found", name, place)
			}
		}
	}
	if found := leaks(record{Text: "harmless", Bytes: []byte{1, 2}}, needles(secret)); len(found) > 0 {
		t.Errorf("found %v where nothing is", found)
	}
}
