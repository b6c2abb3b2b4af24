package mail_test

import (
	"strings"
	"testing"

	"github.com/tenonhq/tenon/shared/notify"
	"github.com/tenonhq/tenon/shared/notify/mail"
)

// Nobody reconnects an account for the sake of what is no account's.
func TestWhatLapsesIsSaidByItsKind(t *testing.T) {
	t.Parallel()
	kind, _ := notify.Find(notify.ExpirationDue)
	for of, test := range map[string]struct{ subject, remedy string }{
		"credential":    {`"X" needs attention before 4 December 2026`, "Save a new key"},
		"certificate":   {`"X" needs attention before 4 December 2026`, "Save a new key"},
		"refresh_token": {`"X" needs attention before 4 December 2026`, "Reconnect the account"},
		"client_secret": {`The client secret of the template "X" needs attention before 4 December 2026`, "Make a new client secret"},
		"signing_key":   {`The certificate of the X signing key needs attention before 4 December 2026`, "Make a new signing key"},
		"sunset":        {`How "X" is connected needs attention before 4 December 2026`, "GET /v1/sunsets"},
	} {
		a := about(kind)
		a.Name, a.Event.Detail["kind"] = "X", of
		m, err := mail.Compose(a)
		if err != nil || m.Subject != test.subject || !strings.Contains(m.Text, test.remedy) || !strings.Contains(m.Text, "lapses on 4 December 2026") {
			t.Errorf("%s: got %q, %v:\n%s", of, m.Subject, err, m.Text)
		}
		if accounts := of == "credential" || of == "certificate" || of == "refresh_token"; strings.Contains(strings.ToLower(m.Text), "reconnect") != accounts {
			t.Errorf("%s: got %s", of, m.Text)
		}
	}
}
