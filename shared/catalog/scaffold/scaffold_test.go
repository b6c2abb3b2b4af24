package scaffold_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/catalog/lint"
	"github.com/tenonhq/tenon/shared/catalog/scaffold"
)

var day = time.Date(2026, time.November, 21, 23, 0, 0, 0, time.UTC)

// The beginning of every type can be read, and nothing is wrong with it but that
// it has to be filled in.
func TestEveryType(t *testing.T) {
	t.Parallel()
	for _, kind := range scaffold.Types() {
		text, err := scaffold.New("acme-crm", kind, day)
		if err != nil {
			t.Fatal(err)
		}
		c, complaints := lint.Read(text)
		if c.ID != "acme-crm" || len(c.Schemes) != 1 || c.Schemes[0].Type != kind || c.CheckedAt() != "2026-11-21" {
			t.Errorf("%s: read as %q with %d schemes\n%s", kind, c.ID, len(c.Schemes), strings.Join(complaints, "\n"))
		}
		for _, complaint := range complaints {
			if !strings.Contains(complaint, "still to be filled in") && !strings.Contains(complaint, lint.BlankHost) {
				t.Errorf("%s: %s", kind, complaint)
			}
		}
		if len(complaints) < 6 {
			t.Errorf("%s: only %q is to be filled in", kind, complaints)
		}
	}
}

// What is filled in passes.
func TestFilledIn(t *testing.T) {
	t.Parallel()
	for _, kind := range scaffold.Types() {
		text, err := scaffold.New("acme", kind, day)
		if err != nil {
			t.Fatal(err)
		}
		written := strings.NewReplacer(lint.Blank, "", lint.BlankHost, "api.acme.com").Replace(string(text))
		if complaints := lint.Check([]byte(written)); len(complaints) > 0 {
			t.Errorf("%s: %q", kind, complaints)
		}
	}
}

func TestTypesAreThoseOfTheSchema(t *testing.T) {
	t.Parallel()
	var schema map[string]any
	if err := json.Unmarshal([]byte(catalog.Schema()), &schema); err != nil {
		t.Fatal(err)
	}
	at := any(schema)
	for _, name := range []string{"$defs", "scheme", "properties", "type", "enum"} {
		at = at.(map[string]any)[name]
	}
	var want []string
	for _, name := range at.([]any) {
		want = append(want, name.(string))
	}
	got := scaffold.Types()
	slices.Sort(want)
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestRefuses(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"", "Acme", "acme crm", "acme_crm", "../acme", "-acme", "acme-", "a--b", "acme.json", strings.Repeat("a", 65), "acmé", "acme\n"} {
		if _, err := scaffold.New(name, "api_key", day); err == nil || name != "" && strings.Contains(err.Error(), "acme\n") {
			t.Errorf("%q: got %v", name, err)
		}
	}
	if _, err := scaffold.New("acme", "password", day); err == nil || !strings.Contains(err.Error(), "oauth2_authorization_code, ") {
		t.Errorf("got %v, want the types there are", err)
	}
}

func TestLogo(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{"acme-crm": "Ac", "acme": "Ac", "a": "A", "x-9": "X9", "7shifts": "7s"} {
		text, err := scaffold.New(name, "api_key", day)
		if err != nil {
			t.Fatal(err)
		}
		if c, _ := lint.Read(text); c.Logo.Letters != want {
			t.Errorf("%s: got %q, want %q", name, c.Logo.Letters, want)
		}
	}
}
