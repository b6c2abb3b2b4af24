package lint

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tenonhq/tenon/shared/catalog"
)

// secretSample matches what a scanner would report as a leaked secret.
var secretSample = regexp.MustCompile(`[sr]k_(live|test)_[A-Za-z0-9]{8}|SG\.[A-Za-z0-9_-]{12}|pat-[a-z0-9]+-[0-9a-f]{8}|` +
	`shp[a-z]{2}_[0-9a-f]{8}|AKIA[0-9A-Z]{12}|eyJ[A-Za-z0-9_-]{16}|[0-9a-f]{32}|-----BEGIN`)

// checkRules returns what is wrong with a connector beyond what its schema says.
func checkRules(c catalog.Connector, implemented []string) []string {
	l := &linter{connector: c}
	l.dates()
	for i, scheme := range c.Schemes {
		l.scheme, l.at = scheme, "/schemes/"+strconv.Itoa(i)
		l.identity(c.Schemes[:i], implemented)
		l.inputs()
		l.placement()
		l.requests()
		if scheme.OAuth != nil {
			l.oauth(*scheme.OAuth)
		}
	}
	return unique(l.complaints)
}

// linter holds the scheme that is looked at, and its pointer.
type linter struct {
	connector  catalog.Connector
	scheme     catalog.Scheme
	at         string
	complaints []string
}

// add complains of what stands at the pointer.
func (l *linter) add(wrong bool, pointer, format string, args ...any) {
	if wrong {
		l.complaints = append(l.complaints, pointer+" "+fmt.Sprintf(format, args...))
	}
}

func (l *linter) dates() {
	_, err := time.Parse(time.DateOnly, l.connector.CheckedAt)
	l.add(err != nil, "/checkedAt", "is no day of the calendar.")
	for i, sunset := range l.connector.Sunsets {
		_, err := time.Parse(time.DateOnly, sunset.Date)
		l.add(err != nil, fmt.Sprintf("/sunsets/%d/date", i), "is no day of the calendar.")
	}
}

func (l *linter) identity(before []catalog.Scheme, implemented []string) {
	same := func(s catalog.Scheme) bool { return s.ID == l.scheme.ID }
	l.add(slices.ContainsFunc(before, same), l.at+"/id", "stands twice; give every scheme an id of its own.")
	l.add(len(implemented) > 0 && !slices.Contains(implemented, l.scheme.Type), l.at+"/type",
		"is a type that has no implementation; those that have are: %s.", strings.Join(implemented, ", "))
}

func (l *linter) inputs() {
	names := map[string]bool{}
	for _, in := range l.connector.InputsFor(l.scheme) {
		l.input(in, l.at+"/inputs", names)
		l.add(in.Type == catalog.TypeSecret || in.Type == catalog.TypeFile, l.at+"/inputs", "holds the secret %s; a secret belongs among the fields of a scheme.", in.Name)
	}
	for _, in := range l.scheme.Fields {
		l.input(in, l.at+"/fields", names)
	}
}

func (l *linter) input(in catalog.Input, at string, names map[string]bool) {
	l.add(names[in.Name], at, "has %s twice, or the connector's inputs have it too; rename one.", in.Name)
	names[in.Name] = true
	_, err := regexp.Compile(in.Pattern)
	l.add(err != nil, at, "has %s with a pattern that is no regular expression of RE2.", in.Name)
	if in.Default != "" {
		_, err := catalog.CheckInputs([]catalog.Input{in}, map[string]string{in.Name: in.Default}, l.connector.LocalOnly)
		l.add(err != nil, at, "has %s with a default that its own type or pattern refuses.", in.Name)
	}
	for _, sample := range []string{in.Default, in.Placeholder} {
		l.add(secretSample.MatchString(sample), at, "has %s with text that looks like a secret; cut the sample off.", in.Name)
	}
}

// placement checks that a request carries the whole credential and nothing else.
func (l *linter) placement() {
	var used []string
	for _, templates := range []map[string]string{l.scheme.Apply.Headers, l.scheme.Apply.Query, l.scheme.Apply.Values} {
		for name, template := range templates {
			used = append(used, catalog.Names(name)...)
			used = append(used, catalog.Names(template)...)
		}
	}
	slices.Sort(used)
	var allowed, needed []string
	for _, in := range l.connector.InputsFor(l.scheme) {
		allowed = append(allowed, in.Name)
	}
	switch l.scheme.Type {
	case "basic":
		needed = []string{"basic"}
	case "api_key":
		for _, in := range l.scheme.Fields {
			needed = append(needed, in.Name)
		}
	case "client_certificate":
		needed = []string{"certificate", "privateKey"}
	default:
		needed = []string{"accessToken"}
	}
	for _, name := range needed {
		l.add(!slices.Contains(used, name), l.at+"/apply", "puts {%s} nowhere; a request needs it in a header or in the query.", name)
	}
	for _, name := range used {
		l.add(!slices.Contains(allowed, name) && !slices.Contains(needed, name), l.at+"/apply", "names {%s}, which is not declared.", name)
	}
}
