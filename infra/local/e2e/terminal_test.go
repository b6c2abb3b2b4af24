package e2e_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
)

// terminal keeps what commands print, and has a person before it who opens the links
// of a sign-in and of a handoff that stand there.
type terminal struct {
	output
	person func(link string)
	opened map[string]bool
	visits sync.WaitGroup
}

var forPeople = regexp.MustCompile(`http://\S+(?:/oauth/start/|/device\?user_code=)\S+\s`)

// Write is called by one goroutine: the command has one pipe for both of its streams.
func (o *terminal) Write(p []byte) (int, error) {
	n, err := o.output.Write(p)
	for _, found := range forPeople.FindAllString(o.String(), -1) {
		if link := strings.TrimSpace(found); !o.opened[link] {
			if o.opened == nil {
				o.opened = map[string]bool{}
			}
			o.opened[link] = true
			o.visits.Go(func() { o.person(link) })
		}
	}
	return n, err
}

// signIn does what the person does with a link: Adam confirms a terminal's code,
// Alice agrees to a handoff.
func signIn(t *testing.T, e *environment, link string) {
	b := newBrowser(e)
	u, err := url.Parse(link)
	if err != nil {
		t.Error(err)
		return
	}
	if code := u.Query().Get("user_code"); code != "" {
		b.open(t, link, nil)
		u.RawQuery = ""
		if done := b.open(t, u.String(), url.Values{"user_code": {code}, "person": {"adam"}}); done.status != http.StatusOK {
			t.Errorf("the page of the code answered %d", done.status)
		}
		return
	}
	b.walk(t, link, person{account: "alice"})
}
