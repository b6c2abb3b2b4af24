package tenant_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/tenant"
)

func TestPutSettings(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	read, err := w.Settings(t.Context(), caller("acme"))
	must(t, err)
	if diff := cmp.Diff(tenant.Settings{}, read); diff != "" {
		t.Errorf("of a new tenant (-want +got):\n%s", diff)
	}
	wanted := tenant.Settings{
		Reminders: true, DaysBefore: []int{3, 30, 14, 3}, Admins: []string{"ann@acme.example"}, ReturnURLs: []string{"https://app.acme.example/done"},
	}
	put, err := w.PutSettings(t.Context(), caller("acme"), `"0"`, wanted)
	must(t, err)
	want := wanted
	want.DaysBefore, want.Revision = []int{30, 14, 3}, 1
	for name, got := range map[string]tenant.Settings{"returned": put, "stored": must1(w.Settings(t.Context(), caller("acme")))} {
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	for ifMatch, code := range map[string]fault.Code{"": fault.CodePreconditionRequired, `"0"`: fault.CodePreconditionFailed, `"2"`: fault.CodePreconditionFailed} {
		_, err := w.PutSettings(t.Context(), caller("acme"), ifMatch, tenant.Settings{})
		refused(t, err, code)
	}
	if other := must1(w.Settings(t.Context(), caller("globex"))); other.Revision != 0 {
		t.Error("another tenant's settings were changed")
	}
	reader := caller("acme")
	reader.Scopes = []string{auth.SettingsRead}
	_, err = w.PutSettings(t.Context(), reader, `"1"`, tenant.Settings{})
	refused(t, err, fault.CodeForbidden)
}

func must1[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func TestSettingsValidation(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		wanted tenant.Settings
		want   []string
	}{
		"nothing":                {tenant.Settings{}, nil},
		"the bounds":             {tenant.Settings{DaysBefore: []int{1, 365}}, nil},
		"today":                  {tenant.Settings{DaysBefore: []int{7, 0}}, []string{"/reminders/daysBefore/1"}},
		"yesterday":              {tenant.Settings{DaysBefore: []int{-1}}, []string{"/reminders/daysBefore/0"}},
		"years":                  {tenant.Settings{DaysBefore: []int{366}}, []string{"/reminders/daysBefore/0"}},
		"ages":                   {tenant.Settings{RotationDays: 3650, StaleDays: 7}, nil},
		"no ages":                {tenant.Settings{RotationDays: -1, StaleDays: 0}, nil},
		"an age below none":      {tenant.Settings{RotationDays: -2, StaleDays: -1}, []string{"/reminders/rotationDays", "/stale/days"}},
		"ages beyond reason":     {tenant.Settings{RotationDays: 3651, StaleDays: 3651}, []string{"/reminders/rotationDays", "/stale/days"}},
		"stale within a week":    {tenant.Settings{StaleDays: 6}, []string{"/stale/days"}},
		"an address":             {tenant.Settings{Admins: []string{"ann@acme.example", "Bo.Li+x@acme.example"}}, nil},
		"a name":                 {tenant.Settings{Admins: []string{"Ann <ann@acme.example>"}}, []string{"/admins/0"}},
		"two addresses":          {tenant.Settings{Admins: []string{"a@acme.example,b@acme.example"}}, []string{"/admins/0"}},
		"a header":               {tenant.Settings{Admins: []string{"a@acme.example\r\nBcc: b@evil.example"}}, []string{"/admins/0"}},
		"no address":             {tenant.Settings{Admins: []string{"ann", ""}}, []string{"/admins/0", "/admins/1"}},
		"an endless address":     {tenant.Settings{Admins: []string{strings.Repeat("a", 250) + "@acme.example"}}, []string{"/admins/0"}},
		"reminders for nobody":   {tenant.Settings{Reminders: true}, []string{"/admins"}},
		"everything at once":     {tenant.Settings{Reminders: true, DaysBefore: []int{0}, ReturnURLs: []string{"x"}}, []string{"/reminders/daysBefore/0", "/admins", "/returnUrls/0"}},
		"a page":                 {tenant.Settings{ReturnURLs: []string{"https://acme.example", "https://acme.example:8443/a/b"}}, nil},
		"a page of this machine": {tenant.Settings{ReturnURLs: []string{"http://localhost:3000/done"}}, []string{"/returnUrls/0"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			_, err := w.PutSettings(t.Context(), caller("acme"), `"0"`, test.wanted)
			if test.want == nil {
				must(t, err)
				return
			}
			refused(t, err, fault.CodeValidationFailed)
			var got []string
			for _, f := range fault.From(err).Fields {
				got = append(got, f.Pointer)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("fields (-want +got):\n%s", diff)
			}
			if stored := must1(w.Settings(t.Context(), caller("acme"))); stored.Revision != 0 {
				t.Error("the settings were stored")
			}
		})
	}
}

func TestLocalSettingsMayNameThisMachine(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Local = true
	_, err := w.PutSettings(t.Context(), caller("acme"), `"0"`, tenant.Settings{ReturnURLs: []string{"http://localhost:3000/done", "http://127.0.0.1/"}})
	must(t, err)
	for _, page := range []string{"http://example.com/", "http://localhost.example.com/", "http://127.0.0.1.example.com/", "http://[::1]/", "ftp://localhost/"} {
		_, err := w.PutSettings(t.Context(), caller("acme"), `"1"`, tenant.Settings{ReturnURLs: []string{page}})
		if !fault.Has(err, fault.CodeValidationFailed) {
			t.Errorf("%s: got %v", page, err)
		}
	}
}

func TestDays(t *testing.T) {
	t.Parallel()
	if got := fmt.Sprint(tenant.Settings{}.Days(), tenant.Settings{DaysBefore: []int{30, 3}}.Days()); got != "[14] [30 3]" {
		t.Errorf("got %s", got)
	}
}
