package template_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/template"
)

// Who may see, use, change and delete whose template.
func TestVisibility(t *testing.T) {
	t.Parallel()
	const ok = fault.Code("")
	for name, test := range map[string]struct {
		owner    string
		embedded bool
		viewer   string
		read     fault.Code
		change   fault.Code
	}{
		"one's own":                               {"acme", true, "acme", ok, ok},
		"one's own, not embedded":                 {"acme", false, "acme", ok, ok},
		"of the organization":                     {"org", true, "acme", ok, fault.CodeForbidden},
		"of the organization, not embedded":       {"org", false, "acme", fault.CodeNotFound, fault.CodeNotFound},
		"of another tenant":                       {"globex", true, "acme", fault.CodeNotFound, fault.CodeNotFound},
		"of another tenant, not embedded":         {"globex", false, "acme", fault.CodeNotFound, fault.CodeNotFound},
		"of a tenant, seen by the organization":   {"acme", true, "org", fault.CodeNotFound, fault.CodeNotFound},
		"of the organization, seen by itself":     {"org", false, "org", ok, ok},
		"of a tenant whose name begins like ours": {"acme-2", true, "acme", fault.CodeNotFound, fault.CodeNotFound},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			d := define("k")
			d.Embedded = test.embedded
			made := w.make(test.owner, d)
			by := caller(test.viewer)
			check := func(doing string, err error, want fault.Code) {
				if got := codeOf(err); got != want {
					t.Errorf("%s: got %q, want %q", doing, got, want)
				}
			}
			_, err := w.Get(t.Context(), by, made.ID)
			check("get", err, test.read)
			_, err = w.Find(t.Context(), test.viewer, made.ID)
			check("find", err, test.read)
			found, _, err := w.List(t.Context(), by, "", "", 10)
			must(t, err)
			if listed := slices.ContainsFunc(found, func(f template.Template) bool { return f.ID == made.ID }); listed != (test.read == ok) {
				t.Errorf("listed: %t", listed)
			}
			before := w.stored(made)
			_, err = w.Update(t.Context(), by, made.ID, "*", template.Change{Name: pointer("Mine")})
			check("update", err, test.change)
			if diff := cmp.Diff(before, w.stored(made)); test.change != ok && diff != "" {
				t.Errorf("record (-before +after):\n%s", diff)
			}
			check("delete", w.Delete(t.Context(), by, made.ID, ""), test.change)
			if test.change != ok {
				w.stored(made)
			}
		})
	}
}

func codeOf(err error) fault.Code {
	if err == nil {
		return ""
	}
	return fault.From(err).Code
}

func TestScopesOfACaller(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	made := w.make("acme", define("k"))
	reader, writer := caller("acme"), caller("acme")
	reader.Scopes, writer.Scopes = []string{auth.TemplatesRead, auth.ConnectionsWrite}, []string{auth.TemplatesWrite}
	_, err := w.Create(t.Context(), reader, define("x"))
	refused(t, err, fault.CodeForbidden)
	_, err = w.Update(t.Context(), reader, made.ID, "*", template.Change{Name: pointer("x")})
	refused(t, err, fault.CodeForbidden)
	refused(t, w.Delete(t.Context(), reader, made.ID, ""), fault.CodeForbidden)
	_, err = w.Get(t.Context(), writer, made.ID)
	refused(t, err, fault.CodeForbidden)
	_, _, err = w.List(t.Context(), writer, "", "", 10)
	refused(t, err, fault.CodeForbidden)
}

// Own templates come first, then the embedded ones of the organization; a page
// may hold fewer than asked, and every page together hold each one once.
func TestListPages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var want []string
	for _, key := range []string{"a", "b", "c"} {
		want = append(want, w.make("acme", define(key)).ID)
	}
	for _, key := range []string{"d", "e", "f", "g"} {
		d := define(key)
		d.Embedded = key != "e"
		if made := w.make(auth.Organization, d); d.Embedded {
			want = append(want, made.ID)
		}
	}
	w.make("globex", define("h"))
	slices.Sort(want[:3])
	slices.Sort(want[3:])
	for limit := 1; limit <= 8; limit++ {
		var got []string
		for start, n := "", 0; n < 20; n++ {
			found, next, err := w.List(t.Context(), caller("acme"), "", start, limit)
			must(t, err)
			if len(found) > limit {
				t.Errorf("%d templates on a page of %d", len(found), limit)
			}
			for _, f := range found {
				got = append(got, f.ID)
			}
			if start = next; next == "" {
				break
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("pages of %d (-want +got):\n%s", limit, diff)
		}
	}
	found, _, err := w.List(t.Context(), caller("acme"), "stripe", "", 10)
	if err != nil || len(found) > 0 {
		t.Errorf("of another connector: %d, %v", len(found), err)
	}
}

// A cursor never leads into another tenant's templates.
func TestListCursorOfAnotherTenant(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	theirs := w.make("globex", define("a"))
	for _, cursor := range []string{"globex/", "globex/" + theirs.ID, "globex", "/", "acme/../globex/"} {
		found, _, err := w.List(t.Context(), caller("acme"), "", cursor, 10)
		if err != nil || len(found) > 0 {
			t.Errorf("cursor %q: %d templates, %v", cursor, len(found), err)
		}
	}
}
