package mail_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/notify"
	"github.com/tenonhq/tenon/shared/notify/mail"
)

// about is a mail about an event with the values of the catalogue.
func about(kind notify.Type) mail.About {
	e := notify.Event{ID: "evt_1", Type: kind.Name, Tenant: "acme", Resource: kind.Resource + "1", At: time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC), Detail: map[string]string{}}
	for _, m := range kind.Members {
		e.Detail[m.Name] = m.Sample
	}
	return mail.About{Event: e, Name: "Sales", Message: "The system no longer accepts the credential. Reconnect the account.", To: []string{"ann@acme.example"}}
}

func TestEveryMailHasItsWords(t *testing.T) {
	t.Parallel()
	got := map[string]string{}
	for _, kind := range notify.Types() {
		m, err := mail.Compose(about(kind))
		if kind.Mail == notify.NoMail {
			if err == nil {
				t.Errorf("a mail is made of %s", kind.Name)
			}
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		got[kind.Name] = m.Subject
		for _, part := range []string{m.Text, m.HTML} {
			if !strings.Contains(part, "PUT /v1/settings") || !strings.Contains(part, "settings of acme") || strings.Contains(part, "unknown day") {
				t.Errorf("%s: got %s", kind.Name, part)
			}
			for _, remote := range []string{"http:", "https:", "src=", "url(", "<script", "<img", "<link"} {
				if strings.Contains(part, remote) {
					t.Errorf("%s holds %q: %s", kind.Name, remote, part)
				}
			}
		}
		if !strings.Contains(m.HTML, `<html lang="en">`) || !strings.Contains(m.HTML, "<title>") {
			t.Errorf("%s: got %s", kind.Name, m.HTML)
		}
	}
	want := map[string]string{
		"connection.status":         `The connection "Sales" needs attention`,
		"connection.stale":          `Nobody uses the connection "Sales"`,
		"expiration.due":            `"Sales" needs attention before 4 December 2026`,
		"rotation.due":              `The credential of "Sales" is due for rotation`,
		"lease.anomaly":             `Unusual use of the connections of acme`,
		"tenant.suspended":          `The key of 1 cannot be used`,
		"tenant.resumed":            `The key of 1 can be used again`,
		"audit.broken":              `The audit of acme does not match its seals`,
		"webhook_endpoint.disabled": `The webhook endpoint at Sales was disabled`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("subjects (-want +got):\n%s", diff)
	}
}

func TestText(t *testing.T) {
	t.Parallel()
	kind, _ := notify.Find(notify.ConnectionStatus)
	m, err := mail.Compose(about(kind))
	if err != nil {
		t.Fatal(err)
	}
	want := `The system no longer accepts the credential. Reconnect the account.

Until then nothing can be done with the account.

Identifier: con_1
Connector: salesforce
Reason: reauth_required
Since: 20 November 2026, 09:00 UTC

-- 
You get this because your address is among the admins in the settings of acme. To end it, take it out of them, or set notices to false: PUT /v1/settings.
`
	if diff := cmp.Diff(want, m.Text); diff != "" {
		t.Errorf("text (-want +got):\n%s", diff)
	}
}

// A name is what somebody typed.
func TestNameIsText(t *testing.T) {
	t.Parallel()
	kind, _ := notify.Find(notify.ConnectionStatus)
	a := about(kind)
	a.Name = "<b onclick=x>Sales</b>\r\nBcc: eve@evil.example \u202egnp.exe " + strings.Repeat("x", 500)
	m, err := mail.Compose(a)
	if err != nil {
		t.Fatal(err)
	}
	if strings.ContainsAny(m.Subject, "\r\n\u202e") || len(m.Subject) > 250 {
		t.Errorf("got subject %q", m.Subject)
	}
	if strings.Contains(m.HTML, "<b ") || !strings.Contains(m.HTML, "&lt;b onclick=x&gt;Sales") {
		t.Errorf("got %s", m.HTML)
	}
}
