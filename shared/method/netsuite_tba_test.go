package method_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/method/methodtest"
)

// NetSuite shows 1234567_SB1; in a host name that is 1234567-sb1.
func TestAccountRealm(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]string{
		"1234567": "1234567", "1234567_SB1": "1234567_SB1", "1234567-sb1": "1234567_SB1", "1234567_sb1": "1234567_SB1",
		"tstdrv123": "TSTDRV123", "td1234567": "TD1234567", "1234567-rp": "1234567_RP", "": "",
	} {
		if got := method.AccountRealm(given); got != want {
			t.Errorf("%q: got %q, want %q", given, got, want)
		}
	}
}

func tba() method.Target {
	target := methodtest.Target("netsuite_tba")
	target.Values = map[string]catalog.Value{"accountId": {Type: catalog.TypeLabel, Text: "1234567-sb1"}}
	target.Connector.Hosts = []string{"{accountId}.suitetalk.api.netsuite.com"}
	target.Scheme.Verify = &catalog.Request{
		Method: "POST", URL: "https://{accountId}.suitetalk.api.netsuite.com/services/rest/query/v1/suiteql?limit=1",
		Headers: map[string]string{"Content-Type": "application/json", "Prefer": "transient"},
		Body:    `{"q":"SELECT companyname AS name FROM companyinformation"}`, Account: &catalog.AccountPath{ID: "items.0.name"},
	}
	return target
}

var four = given("consumerKey", "ck-0123456789abcdef", "consumerSecret", "cs-0123456789abcdef", "tokenId", "ti-0123456789abcdef", "tokenSecret", "ts-0123456789abcdef")

func TestNetSuiteValues(t *testing.T) {
	t.Parallel()
	l, err := (method.NetSuiteTBA{}).Apply(tba(), four, method.Token{})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"consumerKey": "ck-0123456789abcdef", "consumerSecret": "cs-0123456789abcdef", "token": "ti-0123456789abcdef", "tokenSecret": "ts-0123456789abcdef",
		"signatureMethod": "HMAC-SHA256", "realm": "1234567_SB1",
	}
	if diff := cmp.Diff(want, revealed(l.Values)); diff != "" {
		t.Errorf("values (-want +got):\n%s", diff)
	}
	if d := (method.NetSuiteTBA{}).Describe(four); d != (method.Description{Last4: "cdef"}) {
		t.Errorf("described as %+v", d)
	}
}

// The SuiteQL body is JSON and no part of what is signed; the query is.
func TestNetSuiteVerification(t *testing.T) {
	t.Parallel()
	target := tba()
	l, err := (method.NetSuiteTBA{}).Apply(target, four, method.Token{})
	if err != nil {
		t.Fatal(err)
	}
	system := &answers{status: 200, body: `{"items":[{"name":"Acme Ltd"}]}`}
	probe, err := method.Verify(t.Context(), at(system), target, l)
	if err != nil || probe.Outcome != catalog.OK || probe.AccountID != "Acme Ltd" {
		t.Fatalf("got %+v, %v", probe, err)
	}
	asked := system.asked[0]
	header := asked.Header.Get("Authorization")
	said := parameters(header)
	if !strings.HasPrefix(header, `OAuth realm="1234567_SB1", `) || asked.URL.Host != "1234567-sb1.suitetalk.api.netsuite.com" {
		t.Errorf("asked %s with %s", asked.URL, header)
	}
	if !strings.Contains(system.sent[0], "companyinformation") || asked.Header.Get("Prefer") != "transient" {
		t.Errorf("asked %v with %q", asked.Header, system.sent)
	}
	signed := said["oauth_signature"]
	delete(said, "oauth_signature")
	delete(said, "realm")
	for _, test := range []struct {
		query string
		same  bool
	}{{"?limit=1", true}, {"?limit=2", false}, {"", false}} {
		r := unsigned(t, "POST", "https://1234567-sb1.suitetalk.api.netsuite.com/services/rest/query/v1/suiteql"+test.query, "")
		again, err := method.SignedHeader(r, nil, "HMAC-SHA256", "", "cs-0123456789abcdef", "ts-0123456789abcdef", said)
		if err != nil || (parameters(again)["oauth_signature"] == signed) != test.same {
			t.Errorf("query %q: %s, %v", test.query, again, err)
		}
	}
	for status, want := range map[int]catalog.Outcome{401: catalog.AuthError, 403: catalog.PermissionError, 429: catalog.RateLimited, 500: catalog.ProviderError} {
		if probe, err := method.Verify(t.Context(), at(&answers{status: status}), target, l); err != nil || probe.Outcome != want {
			t.Errorf("%d: got %+v, %v", status, probe, err)
		}
	}
}

// The four values look alike; one that was pasted twice is found before NetSuite
// is asked, and not repeated.
func TestNetSuiteCheck(t *testing.T) {
	t.Parallel()
	if err := (method.NetSuiteTBA{}).Check(tba(), four); err != nil {
		t.Error(err)
	}
	twice := given("consumerKey", "aaaa", "consumerSecret", "bbbb", "tokenId", "aaaa", "tokenSecret", "bbbb")
	err := (method.NetSuiteTBA{}).Check(tba(), twice)
	want := []fault.Field{{Pointer: "/credential/tokenId", Detail: "Is the same as consumerKey."}, {Pointer: "/credential/tokenSecret", Detail: "Is the same as consumerSecret."}}
	if diff := cmp.Diff(want, fault.From(err).Fields); diff != "" || fault.From(err).Code != fault.CodeValidationFailed {
		t.Errorf("fields (-want +got):\n%s", diff)
	}
}
