package lint

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tenonhq/tenon/shared/catalog"
)

// checkRules returns what is wrong with a connector beyond what its schema says.
func checkRules(c catalog.Connector, implemented []string) []string {
	l := &linter{connector: c}
	l.dates()
	l.hosts()
	l.sharedInputs()
	l.steps("/guide", c.Guide)
	for i, scheme := range c.Schemes {
		l.scheme, l.at = scheme, "/schemes/"+strconv.Itoa(i)
		l.identity(c.Schemes[:i], implemented)
		l.inputs()
		l.members()
		l.placement()
		l.requests()
		l.assertion()
		l.server()
		l.accounts()
		l.steps(l.at+"/rotation", scheme.Rotation)
		if scheme.OAuth != nil {
			l.oauth(*scheme.OAuth)
		}
		if scheme.OAuth1 != nil {
			l.oauth1(*scheme.OAuth1)
		}
		if scheme.Login != nil {
			l.login(*scheme.Login)
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
	check := func(day, pointer string) {
		_, err := time.Parse(time.DateOnly, day)
		l.add(err != nil, pointer, "is no day of the calendar.")
	}
	for i, source := range l.connector.Sources {
		check(source.CheckedAt, fmt.Sprintf("/sources/%d/checkedAt", i))
	}
	for i, sunset := range l.connector.Sunsets {
		check(sunset.Date, fmt.Sprintf("/sunsets/%d/date", i))
	}
}

// hosts checks that none stands for half the internet, and that what they name
// is known to a scheme.
func (l *linter) hosts() {
	known := map[string]catalog.Value{}
	for _, scheme := range l.connector.Schemes {
		maps.Copy(known, (&linter{connector: l.connector, scheme: scheme}).samples(true))
	}
	for i, host := range l.connector.Hosts {
		at := fmt.Sprintf("/hosts/%d", i)
		below, wild := strings.CutPrefix(host, "*.")
		l.add(wild && !strings.Contains(strings.Trim(below, "."), "."), at, "stands for everything below a top-level domain; name the system's own.")
		l.add(wild && len(catalog.Names(host)) > 0, at, "cannot have both * and a value in braces.")
		l.named(at, host, known)
	}
}

// What Markdown must not hold, for it is shown on pages: HTML, and links that
// lead elsewhere than to an https address.
var (
	htmlTag       = regexp.MustCompile(`<[A-Za-z/!?]`)
	markdownLink  = regexp.MustCompile(`\]\s*\(\s*([^)\s]*)`)
	linkReference = regexp.MustCompile(`(?m)^\s*\[[^\]]*\]:`)
)

func (l *linter) steps(at string, steps []catalog.GuideStep) {
	for i, step := range steps {
		text := fmt.Sprintf("%s/%d/text", at, i)
		l.add(htmlTag.MatchString(step.Text), text, "holds HTML; write Markdown.")
		for _, link := range markdownLink.FindAllStringSubmatch(step.Text, -1) {
			l.add(!strings.HasPrefix(link[1], "https://"), text, "has a link that does not begin with https://.")
		}
		l.add(linkReference.MatchString(step.Text), text, "defines a link apart from its text; write it in place.")
	}
}

func (l *linter) identity(before []catalog.Scheme, implemented []string) {
	same := func(s catalog.Scheme) bool { return s.ID == l.scheme.ID }
	l.add(slices.ContainsFunc(before, same), l.at+"/id", "stands twice; give every scheme an id of its own.")
	l.add(len(implemented) > 0 && !slices.Contains(implemented, l.scheme.Type), l.at+"/type",
		"is a type that has no implementation; those that have are: %s.", strings.Join(implemented, ", "))
}
