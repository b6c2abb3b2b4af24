package lint

import (
	"fmt"
	"regexp"

	"github.com/tenonhq/tenon/shared/catalog"
)

// secretSample matches what a scanner would report as a leaked secret.
var secretSample = regexp.MustCompile(`[sr]k_(live|test)_[A-Za-z0-9]{8}|SG\.[A-Za-z0-9_-]{12}|pat-[a-z0-9]+-[0-9a-f]{8}|` +
	`shp[a-z]{2}_[0-9a-f]{8}|AKIA[0-9A-Z]{12}|eyJ[A-Za-z0-9_-]{16}|[0-9a-f]{32}|-----BEGIN`)

// serverSyntax is what RE2 understands and a browser does not (ECMA-262).
var serverSyntax = regexp.MustCompile(`\(\?[^:]|\\[AQEzpPC]|\[\[:`)

// sharedInputs checks the inputs of the connector, once for all schemes.
func (l *linter) sharedInputs() {
	names := map[string]bool{}
	for i, in := range l.connector.Inputs {
		l.input(in, fmt.Sprintf("/inputs/%d", i), names)
	}
}

// inputs checks what a scheme has besides.
func (l *linter) inputs() {
	names := map[string]bool{}
	for _, in := range l.connector.Inputs {
		names[in.Name] = true
	}
	for i, in := range l.scheme.Inputs {
		l.input(in, fmt.Sprintf("%s/inputs/%d", l.at, i), names)
	}
	for i, in := range l.scheme.Fields {
		l.value(in, fmt.Sprintf("%s/fields/%d", l.at, i), names)
	}
	if l.scheme.OAuth != nil {
		for i, capture := range l.scheme.OAuth.Capture {
			l.once(capture.Name, fmt.Sprintf("%s/oauth/capture/%d", l.at, i), names)
		}
	}
	if l.scheme.Accounts != nil {
		for i, capture := range l.scheme.Accounts.Capture {
			l.once(capture.Name, fmt.Sprintf("%s/accounts/capture/%d", l.at, i), names)
		}
	}
}

// once complains of a name that another value of the scheme has.
func (l *linter) once(name, at string, names map[string]bool) {
	l.add(names[name], at+"/name", "is the name of another input, field or capture too; rename one.")
	names[name] = true
}

func (l *linter) input(in catalog.Input, at string, names map[string]bool) {
	l.value(in, at, names)
	l.add(concealed(in), at+"/type", "makes it a secret; a secret belongs among the fields of a scheme.")
}

// value checks an input or a field.
func (l *linter) value(in catalog.Input, at string, names map[string]bool) {
	l.once(in.Name, at, names)
	_, err := regexp.Compile(in.Pattern)
	l.add(err != nil, at+"/pattern", "is no regular expression of RE2.")
	l.add(serverSyntax.MatchString(in.Pattern), at+"/pattern", "is not understood by browsers; leave out flags, and classes that RE2 alone has.")
	l.add(in.Pattern != "" && in.Type == catalog.TypeFile, at+"/pattern", "has no place here: a file has none.")
	l.add(in.Default != "" && concealed(in), at+"/default", "has no place here: a secret has none.")
	if in.Default != "" {
		_, err := catalog.CheckInputs([]catalog.Input{in}, map[string]string{in.Name: in.Default}, l.connector.LocalOnly)
		l.add(err != nil, at+"/default", "is refused by the type or the pattern of its own input.")
	}
	l.add(secretSample.MatchString(in.Default), at+"/default", "looks like a secret; cut it off.")
	l.add(secretSample.MatchString(in.Placeholder), at+"/placeholder", "looks like a secret; cut it off.")
}

// concealed reports whether an input is never shown.
func concealed(in catalog.Input) bool {
	return in.Type == catalog.TypeSecret || in.Type == catalog.TypeFile
}
