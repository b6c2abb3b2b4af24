package tenant

import (
	"context"
	"fmt"
	"net/mail"
	"net/url"
	"slices"
	"strings"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
)

// Settings are a tenant's own choices. The zero value is what a new tenant has:
// no reminders, no pages to return to.
type Settings struct {
	Reminders    bool
	DaysBefore   []int // Largest first.
	RotationDays int   // Age from which a key that does not lapse is to be rotated; zero is the default, -1 never.
	Notices      bool  // Admins are told by mail when something needs a person.
	StaleDays    int   // Age of the last use from which a connection counts as forgotten; zero never.
	StaleDisable bool  // What is forgotten is disabled and revoked two weeks after it was told.
	Admins       []string
	ReturnURLs   []string
	Revision     int
}

// What holds unless admins choose otherwise: when they are warned, and how old
// a key may become.
const (
	defaultDays     = 14
	defaultRotation = 90
	leastStale      = 7
	longest         = 3650
)

// Rotation returns the age from which a key is to be rotated, in days; zero is
// never.
func (s Settings) Rotation() int {
	if s.RotationDays == 0 {
		return defaultRotation
	}
	return max(s.RotationDays, 0)
}

// Days returns the reminder ladder, largest first.
func (s Settings) Days() []int {
	if len(s.DaysBefore) == 0 {
		return []int{defaultDays}
	}
	return s.DaysBefore
}

// AllowsReturn reports whether a handoff may return to this URL: origin and
// path must be those of a listed one, exactly.
func (s Settings) AllowsReturn(returnURL string) bool {
	u, ok := page(returnURL, true)
	if !ok {
		return false
	}
	return slices.ContainsFunc(s.ReturnURLs, func(listed string) bool {
		l, ok := page(listed, true)
		return ok && l.Scheme == u.Scheme && l.Host == u.Host && l.EscapedPath() == u.EscapedPath()
	})
}

// Settings returns the caller's settings.
func (s *Service) Settings(ctx context.Context, caller auth.Caller) (Settings, error) {
	if err := s.Audit.Check(ctx, caller, audit.SettingsRead, ""); err != nil {
		return Settings{}, err
	}
	return s.Store.GetSettings(ctx, caller.Tenant)
}

// PutSettings replaces the version of the settings named by ifMatch.
func (s *Service) PutSettings(ctx context.Context, caller auth.Caller, ifMatch string, wanted Settings) (Settings, error) {
	if err := s.Audit.Check(ctx, caller, audit.SettingsPut, ""); err != nil {
		return Settings{}, err
	}
	if err := s.checkSettings(wanted); err != nil {
		return Settings{}, err
	}
	stored, err := s.Store.GetSettings(ctx, caller.Tenant)
	if err != nil {
		return Settings{}, err
	}
	if err := connection.MatchRevision(ifMatch, stored.Revision); err != nil {
		return Settings{}, err
	}
	slices.Sort(wanted.DaysBefore)
	wanted.DaysBefore = slices.Compact(wanted.DaysBefore)
	slices.Reverse(wanted.DaysBefore)
	wanted.Revision = stored.Revision + 1
	return wanted, s.Store.PutSettings(ctx, caller.Tenant, wanted)
}

func (s *Service) checkSettings(wanted Settings) error {
	var fields []fault.Field
	for i, days := range wanted.DaysBefore {
		if days < 1 || days > 365 {
			fields = append(fields, fault.Field{Pointer: fmt.Sprintf("/reminders/daysBefore/%d", i), Detail: "Must be between 1 and 365."})
		}
	}
	if wanted.RotationDays < -1 || wanted.RotationDays > longest {
		fields = append(fields, fault.Field{Pointer: "/reminders/rotationDays", Detail: "Must be a number of days up to 3650, or -1 for never."})
	}
	if wanted.StaleDays != 0 && (wanted.StaleDays < leastStale || wanted.StaleDays > longest) {
		fields = append(fields, fault.Field{Pointer: "/stale/days", Detail: "Must be between 7 and 3650, or 0 for never."})
	}
	for i, admin := range wanted.Admins {
		if a, err := mail.ParseAddress(admin); err != nil || a.Address != admin || len(admin) > 254 {
			fields = append(fields, fault.Field{Pointer: fmt.Sprintf("/admins/%d", i), Detail: "Is not an e-mail address."})
		}
	}
	if (wanted.Reminders || wanted.Notices) && len(wanted.Admins) == 0 {
		fields = append(fields, fault.Field{Pointer: "/admins", Detail: "Reminders and notices need someone to receive them."})
	}
	for i, returnURL := range wanted.ReturnURLs {
		if _, ok := page(returnURL, s.Local); !ok {
			fields = append(fields, fault.Field{Pointer: fmt.Sprintf("/returnUrls/%d", i), Detail: "Must be an https URL without user, query or fragment."})
		}
	}
	if len(fields) == 0 {
		return nil
	}
	return &fault.Error{Kind: fault.Invalid, Code: fault.CodeValidationFailed, Detail: "The settings are not valid.", Remedy: "fix_input", Fields: fields}
}

// page parses a return URL strictly: whatever two parsers could read in two
// ways is refused.
func page(raw string, local bool) (*url.URL, bool) {
	if len(raw) > 2048 || strings.ContainsFunc(raw, func(r rune) bool { return r <= 0x20 || r >= 0x7f || r == '\\' }) {
		return nil, false
	}
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" || u.Hostname() == "" || u.User != nil || u.RawQuery != "" || u.ForceQuery || u.Fragment != "" || u.Opaque != "" || strings.Contains(raw, "#") {
		return nil, false
	}
	if strings.Contains(u.Host, "%") || u.Host != strings.ToLower(u.Host) || slices.ContainsFunc(strings.Split(u.EscapedPath(), "/"), dots) {
		return nil, false
	}
	loopback := u.Hostname() == "127.0.0.1" || u.Hostname() == "localhost"
	return u, u.Scheme == "https" || local && u.Scheme == "http" && loopback
}

// dots reports whether a browser takes the segment for "." or "..", encoded or
// not (WHATWG URL, "double-dot path segment").
func dots(segment string) bool {
	plain := strings.ReplaceAll(strings.ToLower(segment), "%2e", ".")
	return plain == "." || plain == ".."
}

// API returns what the API shows of the settings.
func (s Settings) API() api.Settings {
	return api.Settings{
		Reminders: api.Reminders{Enabled: s.Reminders, DaysBefore: s.DaysBefore, RotationDays: s.RotationDays},
		Notices:   s.Notices, Stale: api.Stale{Days: s.StaleDays, Disable: s.StaleDisable},
		Admins: append([]string{}, s.Admins...), ReturnURLs: append([]string{}, s.ReturnURLs...), Revision: s.Revision,
	}
}

// SettingsFrom reads the request to replace the settings.
func SettingsFrom(in api.SettingsPut) Settings {
	return Settings{
		Reminders: in.Reminders.Enabled, DaysBefore: in.Reminders.DaysBefore, RotationDays: in.Reminders.RotationDays,
		Notices: in.Notices, StaleDays: in.Stale.Days, StaleDisable: in.Stale.Disable, Admins: in.Admins, ReturnURLs: in.ReturnURLs,
	}
}
