// Package mail words the mails that tell a tenant's admins of an event: the
// same as text and as HTML that holds nothing from elsewhere. It depends on
// package notify.
package mail

import (
	"fmt"
	"strings"
	"time"
	"unicode"

	"github.com/tenonhq/tenon/shared/notify"
)

// About is what a mail is about.
type About struct {
	Event   notify.Event
	Name    string // How people know the resource; of an endpoint its host.
	Message string // What a status means, in a sentence.
	To      []string
}

// letter is a mail before it is set.
type letter struct {
	Subject    string
	Paragraphs []string
	Facts      []fact
	Footer     string
}

type fact struct{ Name, Value string }

// nameLimit is how many characters of a name a mail shows.
const nameLimit = 120

// Compose words the mail about an event. One that is mailed to nobody is an
// error.
func Compose(a About) (notify.Mail, error) {
	t, ok := notify.Find(a.Event.Type)
	subject, paragraphs := words(a, printable(a.Name))
	if !ok || t.Mail == notify.NoMail || subject == "" {
		return notify.Mail{}, fmt.Errorf("no mail is made of the event %q", a.Event.Type)
	}
	l := letter{Subject: subject, Paragraphs: paragraphs, Facts: facts(a.Event), Footer: footer(a.Event.Tenant, t.Mail)}
	return notify.Mail{To: a.To, Subject: l.Subject, Text: l.text(), HTML: l.page()}, nil
}

func footer(tenant string, mails notify.Mails) string {
	setting := "notices to false"
	if mails == notify.WithReminders {
		setting = "reminders.enabled to false"
	}
	return "You get this because your address is among the admins in the settings of " + tenant + ". To end it, take it out of them, or set " +
		setting + ": PUT /v1/settings."
}

func facts(e notify.Event) []fact {
	all := []fact{{"Identifier", e.Resource}}
	for _, of := range [][2]string{{"Connector", "connector"}, {"Reason", "reason"}} {
		if value := e.Detail[of[1]]; value != "" {
			all = append(all, fact{of[0], value})
		}
	}
	return append(all, fact{"Since", e.At.UTC().Format("2 January 2006, 15:04 UTC")})
}

// printable is a name on one line, without what would change how the text around
// it reads.
func printable(name string) string {
	kept := strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case !unicode.IsPrint(r):
			return -1
		}
		return r
	}, name)
	if runes := []rune(kept); len(runes) > nameLimit {
		return string(runes[:nameLimit-1]) + "…"
	}
	return kept
}

// day shows a date of an event's detail.
func day(text string) string {
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return "an unknown day"
	}
	return at.UTC().Format("2 January 2006")
}

func (l letter) text() string {
	var b strings.Builder
	for _, p := range l.Paragraphs {
		b.WriteString(p + "\n\n")
	}
	for _, f := range l.Facts {
		b.WriteString(f.Name + ": " + f.Value + "\n")
	}
	b.WriteString("\n-- \n" + l.Footer + "\n")
	return b.String()
}
