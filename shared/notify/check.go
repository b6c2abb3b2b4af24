package notify

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
)

// Find returns the row of a type.
func Find(name string) (Type, bool) {
	all := Types()
	i := slices.IndexFunc(all, func(t Type) bool { return t.Name == name })
	if i < 0 {
		return Type{}, false
	}
	return all[i], true
}

// The forms of what an event may hold. A name that a person typed, an address
// or a secret has none of them, or is no member.
var (
	codeForm   = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[A-Za-z0-9_.:-]{0,64}$`) })
	numberForm = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[0-9]{1,18}$`) })
	// addressesForm is as strict as a regular expression can be about IPv6.
	addressesForm = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^([0-9A-Fa-f.:]{2,45}(,[0-9A-Fa-f.:]{2,45}){0,15})?$`)
	})
)

// Check reports what the catalogue does not allow in the event. The error names
// members, never a value.
func (e Event) Check() error {
	t, ok := Find(e.Type)
	if !ok {
		return fmt.Errorf("event %q is not in the catalogue", e.Type)
	}
	if e.Tenant == "" || e.Resource == "" || e.At.IsZero() || !strings.HasPrefix(e.Resource, t.Resource) {
		return fmt.Errorf("event %s lacks a tenant, a time or a resource of its kind", e.Type)
	}
	for name, value := range e.Detail {
		m, ok := t.member(name)
		if !ok {
			return fmt.Errorf("event %s has no member %q", e.Type, name)
		}
		if !m.allows(value) {
			return fmt.Errorf("event %s: the value of %q is not allowed", e.Type, name)
		}
	}
	for _, m := range t.Members {
		if _, ok := e.Detail[m.Name]; !ok && !m.Optional {
			return fmt.Errorf("event %s lacks %q", e.Type, m.Name)
		}
	}
	return nil
}

func (t Type) member(name string) (Member, bool) {
	i := slices.IndexFunc(t.Members, func(m Member) bool { return m.Name == name })
	if i < 0 {
		return Member{}, false
	}
	return t.Members[i], true
}

func (m Member) allows(value string) bool {
	switch {
	case len(m.Values) > 0:
		return slices.Contains(m.Values, value)
	case m.Format == Addresses:
		return addressesForm().MatchString(value)
	case m.Format == Number:
		return numberForm().MatchString(value)
	case m.Format == Time:
		_, err := time.Parse(time.RFC3339, value)
		return err == nil
	}
	return codeForm().MatchString(value)
}
