package lint

import (
	"regexp"

	"github.com/tenonhq/tenon/shared/catalog"
)

// secretSample matches what a scanner would report as a leaked secret.
var secretSample = regexp.MustCompile(`[sr]k_(live|test)_[A-Za-z0-9]{8}|SG\.[A-Za-z0-9_-]{12}|pat-[a-z0-9]+-[0-9a-f]{8}|` +
	`shp[a-z]{2}_[0-9a-f]{8}|AKIA[0-9A-Z]{12}|eyJ[A-Za-z0-9_-]{16}|[0-9a-f]{32}|-----BEGIN`)

// serverSyntax is what RE2 understands and a browser does not (ECMA-262).
var serverSyntax = regexp.MustCompile(`\(\?[^:]|\\[AQEzpPC]|\[\[:`)

func (l *linter) inputs() {
	names := map[string]bool{}
	for _, in := range l.connector.InputsFor(l.scheme) {
		l.input(in, l.at+"/inputs", names)
		l.add(concealed(in), l.at+"/inputs", "holds the secret %s; a secret belongs among the fields of a scheme.", in.Name)
	}
	for _, in := range l.scheme.Fields {
		l.input(in, l.at+"/fields", names)
	}
	if l.scheme.OAuth == nil {
		return
	}
	for _, capture := range l.scheme.OAuth.Capture {
		l.add(names[capture.Name], l.at+"/oauth/capture", "has %s twice, or an input has that name; rename one.", capture.Name)
		names[capture.Name] = true
	}
}

func (l *linter) input(in catalog.Input, at string, names map[string]bool) {
	l.add(names[in.Name], at, "has %s twice, or the connector's inputs have it too; rename one.", in.Name)
	names[in.Name] = true
	_, err := regexp.Compile(in.Pattern)
	l.add(err != nil, at, "has %s with a pattern that is no regular expression of RE2.", in.Name)
	l.add(serverSyntax.MatchString(in.Pattern), at, "has %s with a pattern that browsers do not understand; leave out flags and classes of RE2 alone.", in.Name)
	l.add(in.Pattern != "" && in.Type == catalog.TypeFile, at, "has the file %s with a pattern; a file has none.", in.Name)
	l.add(in.Default != "" && concealed(in), at, "has the secret %s with a default; a secret has none.", in.Name)
	if in.Default != "" {
		_, err := catalog.CheckInputs([]catalog.Input{in}, map[string]string{in.Name: in.Default}, l.connector.LocalOnly)
		l.add(err != nil, at, "has %s with a default that its own type or pattern refuses.", in.Name)
	}
	for _, sample := range []string{in.Default, in.Placeholder} {
		l.add(secretSample.MatchString(sample), at, "has %s with text that looks like a secret; cut the sample off.", in.Name)
	}
}

// concealed reports whether an input is never shown.
func concealed(in catalog.Input) bool {
	return in.Type == catalog.TypeSecret || in.Type == catalog.TypeFile
}
