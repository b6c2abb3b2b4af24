package e2e_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/due"
	"github.com/tenonhq/tenon/shared/routes"
)

// mail is one message in the mailbox of the local AWS.
type mail struct {
	To                  []string
	Subject, Text, HTML string
}

// mailed returns what was mailed to an address.
func (e *environment) mailed(t *testing.T, address string) []mail {
	t.Helper()
	var box struct{ Mails []mail }
	e.exchange(t, http.MethodGet, *e.aws.BaseEndpoint+"/_dev/mails", nil, &box)
	return slices.DeleteFunc(box.Mails, func(m mail) bool { return !slices.Contains(m.To, address) })
}

// testReminders lets a key and a client secret of two tenants end soon: the one
// that wants to be reminded gets one mail for each however often they are looked
// at, the other none, and both find the dates in the list of what ends.
func testReminders(t *testing.T, e *environment) {
	reminded, silent := ending(t, e, "reminded"), ending(t, e, "unreminded")
	call(t, reminded.actor, routes.SettingsPut, api.SettingsPut{
		IfMatch: "*", Admins: []string{"admin@reminded.example"}, Reminders: api.Reminders{Enabled: true, DaysBefore: []int{14}},
	})
	call(t, silent.actor, routes.SettingsPut, api.SettingsPut{IfMatch: "*", Notices: true, Admins: []string{"admin@unreminded.example"}})
	for _, of := range []endingSoon{reminded, silent} {
		for _, item := range []due.Item{of.key, of.secret} {
			e.overdue(t, due.Expiry, item)
		}
	}
	eventually(t, "the mails have come", func() bool { return len(e.mailed(t, "admin@reminded.example")) >= 2 })
	for range 2 {
		for _, item := range []due.Item{reminded.key, reminded.secret, silent.key, silent.secret} {
			e.overdue(t, due.Expiry, item)
			item.At = time.Now().UTC()
			e.enqueue(t, routes.QueueExpiry.Route, item)
		}
	}
	e.drain(t)
	mails := e.mailed(t, "admin@reminded.example")
	if len(mails) != 2 {
		t.Errorf("got %d mails, want one about the key and one about the client secret: %+v", len(mails), mails)
	}
	about := slices.DeleteFunc(slices.Clone(mails), func(m mail) bool { return !strings.Contains(m.Subject, "Key of reminded") })
	if len(about) != 1 {
		t.Fatalf("got %d mails that name the connection, want one", len(about))
	}
	for _, want := range []string{reminded.ends.Format("2 January 2006"), reminded.key.ID} {
		if !strings.Contains(about[0].Text, want) || !strings.Contains(about[0].HTML, want) {
			t.Errorf("the mail does not say %q:\n%s\n%s", want, about[0].Text, about[0].HTML)
		}
	}
	if !strings.Contains(about[0].HTML, "Key of reminded &amp; sons") {
		t.Errorf("the page does not name the connection:\n%s", about[0].HTML)
	}
	if others := e.mailed(t, "admin@unreminded.example"); len(others) > 0 {
		t.Errorf("the tenant that wants no reminders got %+v", others)
	}
	testLedger(t, reminded)
	testLedger(t, silent)
	e.noDeadLetters(t)
}

// endingSoon is a tenant with a key and a client secret that end in ten days.
type endingSoon struct {
	*actor
	ends        time.Time
	key, secret due.Item
}

func ending(t *testing.T, e *environment, tenant string) endingSoon {
	t.Helper()
	of := endingSoon{actor: onboard(t, e, tenant), ends: time.Now().UTC().Truncate(time.Second).Add(10*24*time.Hour + time.Hour)}
	oauth := call(t, of.actor, routes.TemplateCreate, api.TemplateCreate{
		Connector: "demo-crm", Name: "Client of " + tenant, StableKey: "client", AuthScheme: "oauth2_authorization_code", Inputs: map[string]string{"baseUrl": e.crm.base},
		ClientID: "tenon-dev", ClientSecret: secretOf(e.crm.clientSecret(t)), Scopes: []string{"crm.read"}, ClientSecretExpiresAt: &of.ends,
	})
	key := call(t, of.actor, routes.ConnectionCreate, api.ConnectionCreate{
		TemplateID: crmTemplate(t, e, tenant, "api_key").ID, Name: "Key of " + tenant + " & sons", CredentialExpiresAt: &of.ends,
		Credential: fields{"apiKey": secretOf(e.crm.newKey(t))},
	})
	of.key = due.Item{Tenant: tenant, Kind: due.Connection, ID: key.ID, Connector: "demo-crm"}
	of.secret = due.Item{Tenant: tenant, Kind: due.Template, ID: oauth.ID}
	return of
}

// testLedger finds both dates of a tenant, whether it is reminded of them or not.
func testLedger(t *testing.T, of endingSoon) {
	t.Helper()
	got := map[string]api.Expiration{}
	for _, x := range call(t, of.actor, routes.ExpirationList, api.ExpirationList{}).Items {
		x.NextReminderAt = nil
		got[x.ResourceID] = x
	}
	want := map[string]api.Expiration{
		of.key.ID: {
			Kind: "credential", ResourceID: of.key.ID, Name: "Key of " + of.tenant + " & sons", Connector: "demo-crm", Environment: "production",
			Date: of.ends, DaysLeft: 10, Renewal: "person", Remedy: "replace_credential",
		},
		of.secret.ID: {
			Kind: "client_secret", ResourceID: of.secret.ID, Name: "Client of " + of.tenant, Connector: "demo-crm",
			Date: of.ends, DaysLeft: 10, Renewal: "person", Remedy: "replace_client_secret",
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("what ends of %s (-want +got):\n%s", of.tenant, diff)
	}
}
