package connect_test

import (
	"strings"
	"testing"

	"github.com/tenonhq/tenon/shared/browser"
	"github.com/tenonhq/tenon/shared/connect"
	"github.com/tenonhq/tenon/shared/connection"
)

// A person is not told to be done while an account has to be chosen.
func TestEndPageWhileAnAccountIsRequired(t *testing.T) {
	t.Parallel()
	done := connect.Completed{Connection: connection.Connection{AccountRequired: true}, Handoff: connect.Handoff{ConnectionID: "con_1"}}
	page, err := connect.EndPage(browser.English, done, nil)
	if err != nil || strings.Contains(page.HTML, "The account is connected") || !strings.Contains(page.HTML, "Choose the one to use") {
		t.Errorf("got %v with\n%s", err, page.HTML)
	}
	done.Handoff.ReturnURL = "https://app.acme.example/done"
	page, err = connect.EndPage(browser.English, done, nil)
	if want := "https://app.acme.example/done?connectionId=con_1&error=account_required"; err != nil || page.Location != want {
		t.Errorf("got %s, %v, want %s", page.Location, err, want)
	}
}
