// Package scaffold writes the beginning of a connector's file: every member that
// is needed, and in place of each fact that only the provider's documentation
// knows a text that says what is to be filled in. Package lint names those that
// are left. It depends on the standard library only.
package scaffold

import (
	"fmt"
	"hash/fnv"
	"regexp"
	"strings"
	"time"
)

// namePattern is the form of a connector's id; 64 characters at most.
var namePattern = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// New returns the file of a connector with one scheme of this type. Day is when
// the sources are read. The error says what is wrong with the name or the type.
func New(name, schemeType string, day time.Time) ([]byte, error) {
	if !namePattern.MatchString(name) || len(name) > 64 {
		return nil, fmt.Errorf("the name must be lower-case letters and digits with single hyphens between, such as acme-crm, at most 64 characters")
	}
	s, ok := schemeOf(schemeType)
	if !ok {
		return nil, fmt.Errorf("there is no scheme type of that name; those there are: %s", strings.Join(Types(), ", "))
	}
	members := []string{
		`  "id": "` + name + `"`,
		`  "name": "FILL IN: the system's own name"`,
		`  "description": "FILL IN: what a connection gives access to, in a sentence."`,
		`  "categories": ["custom"]`,
		`  "logo": {"letters": "` + letters(name) + `", "color": "` + color(name) + `"}`,
		`  "network": "` + s.network + `"`,
		`  "entities": ["FILL IN: what can be read or written, a word or two each"]`,
		`  "rateLimit": "FILL IN: how calls are limited, in a sentence. Take the member out where the documentation does not say."`,
	}
	members = append(members, s.connector...)
	members = append(members, `  "schemes": [
    {
      "id": "`+schemeType+`",
      "type": "`+schemeType+`",
      "name": "FILL IN: what a person calls this way to connect",
      `+strings.Join(s.members, ",\n      ")+`
    }
  ]`)
	if s.verify {
		members = append(members, verify)
	}
	members = append(members, guide, `  "sources": [
    {"url": "https://fill-in.example.com/docs/authentication", "checkedAt": "`+day.Format(time.DateOnly)+`"}
  ]`)
	return []byte("{\n" + strings.Join(members, ",\n") + "\n}\n"), nil
}

// Types lists the types a scaffold is made for: those of connector.schema.json.
func Types() []string {
	var types []string
	for _, s := range schemes() {
		types = append(types, s.kind)
	}
	return types
}

func schemeOf(kind string) (scheme, bool) {
	for _, s := range schemes() {
		if s.kind == kind {
			return s, true
		}
	}
	return scheme{}, false
}

// letters returns two letters of a name: those its first two words begin with,
// or the first two of its only one.
func letters(name string) string {
	first, second, _ := strings.Cut(name, "-")
	if second == "" && len(first) > 1 {
		second = first[1:]
	}
	if second == "" {
		return strings.ToUpper(first)
	}
	return strings.ToUpper(first[:1]) + second[:1]
}

// color picks a colour, the same for the same name.
func color(name string) string {
	palette := []string{"#1f4e8c", "#7a3b69", "#2f6f4f", "#8a4b1f", "#4b3f8f", "#0f6b74", "#9b2f45", "#5b6b1f", "#345a73", "#b8d8c8", "#f0d9a8", "#c9c4ee"}
	hash := fnv.New32a()
	_, _ = hash.Write([]byte(name)) // Never fails.
	return palette[hash.Sum32()%uint32(len(palette))]
}
