package catalogtest_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/catalog/catalogtest"
)

func TestSampleInputs(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		in   catalog.Input
		want string
	}{
		"a placeholder that is valid": {catalog.Input{Type: catalog.TypeHost, Placeholder: "acme.example.org", Pattern: `[a-z.]+`}, "acme.example.org"},
		"a placeholder cut off":       {catalog.Input{Type: catalog.TypeText, Placeholder: "ab…", Pattern: `a{3}b{2}`}, "aaabb"},
		"a choice":                    {catalog.Input{Type: catalog.TypeEnum, Enum: []string{"eu", "us"}}, "eu"},
		"https before this machine":   {catalog.Input{Type: catalog.TypeURL, Default: "http://127.0.0.1:8787/x"}, "https://sample.example.com/base"},
		"a url as it is kept":         {catalog.Input{Type: catalog.TypeURL, Placeholder: "https://ACME.example.com/"}, "https://acme.example.com"},
		"a label":                     {catalog.Input{Type: catalog.TypeLabel}, "sample"},
		"a default":                   {catalog.Input{Type: catalog.TypeText, Default: "Authorization", Placeholder: "X"}, "Authorization"},
	} {
		test.in.Name = "in"
		got, err := catalogtest.SampleInputs([]catalog.Input{test.in}, true)
		if err != nil || got["in"] != test.want {
			t.Errorf("%s: got %q, %v, want %q", name, got["in"], err, test.want)
		}
	}
}

func TestSampleFields(t *testing.T) {
	t.Parallel()
	for _, pattern := range []string{
		"", "[!-~]+", `SG\.[A-Za-z0-9._-]{20,}`, `(rk|sk)_(live|test)_[A-Za-z0-9_]+`, `[^:]+`, `[A-Za-z0-9]+-[a-z]+[0-9]+`,
		`([A-Za-z][A-Za-z0-9-]* )?[!-~]+`, `^[0-9a-f]{32}$`, `xox[bp]-\d+-\w+`, `[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}`,
	} {
		fields := []catalog.Input{{Name: "key", Type: catalog.TypeSecret, Pattern: pattern}}
		var made []string
		for n := range 2 {
			first, err := catalogtest.SampleFields(fields, n, true)
			if err != nil {
				t.Fatalf("%q: %v", pattern, err)
			}
			again, _ := catalogtest.SampleFields(fields, n, true)
			if diff := cmp.Diff(first, again); diff != "" {
				t.Errorf("%q: two samples of one number differ", pattern)
			}
			if !regexp.MustCompile(`\A(?:`+pattern+`)\z`).MatchString(first["key"]) && pattern != "" || len(first["key"]) < 12 {
				t.Errorf("%q: got %q", pattern, first["key"])
			}
			made = append(made, first["key"])
		}
		if made[0] == made[1] {
			t.Errorf("%q: two numbers have one sample", pattern)
		}
	}
}

func TestOptionalSamples(t *testing.T) {
	t.Parallel()
	inputs := []catalog.Input{{Name: "a", Type: catalog.TypeText}, {Name: "b", Type: catalog.TypeText, Optional: true}}
	all, err := catalogtest.SampleInputs(inputs, true)
	if err != nil || len(all) != 2 {
		t.Errorf("got %v, %v", all, err)
	}
	needed, err := catalogtest.SampleInputs(inputs, false)
	if err != nil || len(needed) != 1 {
		t.Errorf("got %v, %v", needed, err)
	}
}

// An entry whose sample cannot be made says what is missing.
func TestNoSample(t *testing.T) {
	t.Parallel()
	for name, in := range map[string]catalog.Input{
		"a pattern no label has": {Name: "dc", Type: catalog.TypeLabel, Pattern: `[A-Z]{3}`},
		"a pattern of nothing":   {Name: "dc", Type: catalog.TypeText, Pattern: `a\bb`},
		"a type that is unknown": {Name: "dc", Type: "colour"},
	} {
		_, err := catalogtest.SampleInputs([]catalog.Input{in}, true)
		if err == nil || !strings.Contains(err.Error(), "input dc: no sample") || !strings.Contains(err.Error(), "placeholder") {
			t.Errorf("%s: got %v", name, err)
		}
	}
	if _, err := catalogtest.SampleCapture(catalog.Capture{Name: "where", Type: catalog.TypeURL, Host: "bad host"}); err == nil {
		t.Error("a capture at an impossible host has a sample")
	}
}
