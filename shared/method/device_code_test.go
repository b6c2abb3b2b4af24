package method_test

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/method/methodtest"
	"github.com/tenonhq/tenon/shared/secret"
)

func TestOAF25DeviceProgress(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		status int
		body   string
		want   method.Progress
	}{
		"tokens":                   {200, `{"access_token":"a"}`, method.Approved},
		"tokens beside a null":     {200, `{"access_token":"a","error":null}`, method.Approved},
		"pending":                  {400, `{"error":"authorization_pending"}`, method.Waiting},
		"pending with a success":   {200, `{"error":"authorization_pending"}`, method.Waiting},
		"pending, form-encoded":    {200, `error=authorization_pending&error_description=x`, method.Waiting},
		"pending, 428":             {428, `{"error":"authorization_pending"}`, method.Waiting},
		"slow down":                {400, `{"error":"slow_down","interval":10}`, method.TooFast},
		"slow down, 429":           {429, `{"error":"slow_down"}`, method.TooFast},
		"denied":                   {400, `{"error":"access_denied"}`, method.Denied},
		"denied, Microsoft":        {400, `{"error":"authorization_declined"}`, method.Denied},
		"expired":                  {400, `{"error":"expired_token"}`, method.Lapsed},
		"used or unknown":          {400, `{"error":"invalid_grant"}`, method.Refused},
		"refused client":           {401, `{"error":"invalid_client"}`, method.Refused},
		"grant not allowed":        {400, `{"error":"unauthorized_client"}`, method.Refused},
		"an error of its own":      {400, `{"error":"device_flow_disabled"}`, method.Refused},
		"server error":             {500, `{"error":"server_error"}`, method.Troubled},
		"unavailable as a refusal": {400, `{"error":"temporarily_unavailable"}`, method.Troubled},
		"gateway":                  {502, `<html>`, method.Troubled},
		"limited":                  {429, ``, method.Troubled},
		"page with a success":      {200, `<html>sign in</html>`, method.Troubled},
		"page with a refusal":      {403, `<html>blocked</html>`, method.Troubled},
		"refusal without a word":   {400, `{}`, method.Troubled},
		"empty":                    {200, ``, method.Troubled},
	} {
		if got := (method.Answer{Status: c.status, Body: secret.FromString(c.body)}).Progress(); got != c.want {
			t.Errorf("%s: got %s, want %s", name, got, c.want)
		}
	}
}

// deviceTarget has the endpoint at https://auth.example.com/device.
func deviceTarget() method.Target { return methodtest.Target("oauth2_device_code") }

func deviceAnswer(members string) method.Answer {
	return method.Answer{Status: 200, Body: secret.FromString(`{"device_code":"dev-1","user_code":"WDJB-MJHT","verification_uri":"https://auth.example.com/enter"` + members + `}`)}
}

func TestDeviceGrant(t *testing.T) {
	t.Parallel()
	complete := "https://auth.example.com/enter?user_code=WDJB-MJHT"
	for name, c := range map[string]struct {
		answer   method.Answer
		lifetime time.Duration
		interval time.Duration
		complete string
	}{
		"all said":          {deviceAnswer(`,"expires_in":900,"interval":7,"verification_uri_complete":"` + complete + `"`), 15 * time.Minute, 7 * time.Second, complete},
		"nothing said":      {deviceAnswer(""), 10 * time.Minute, 5 * time.Second, ""},
		"nonsense said":     {deviceAnswer(`,"expires_in":-1,"interval":"soon"`), 10 * time.Minute, 5 * time.Second, ""},
		"as text":           {deviceAnswer(`,"expires_in":"60","interval":"1"`), time.Minute, time.Second, ""},
		"complete, evil":    {deviceAnswer(`,"verification_uri_complete":"https://evil.example/?c=WDJB"`), 10 * time.Minute, 5 * time.Second, ""},
		"complete, in part": {deviceAnswer(`,"verification_uri_complete":"https://auth.example.com@evil.example/"`), 10 * time.Minute, 5 * time.Second, ""},
	} {
		got, err := c.answer.DeviceGrant(deviceTarget(), false)
		if err != nil || got.Lifetime != c.lifetime || got.Interval != c.interval || got.PageComplete.Reveal() != c.complete ||
			got.Page != "https://auth.example.com/enter" || got.UserCode.Reveal() != "WDJB-MJHT" || got.DeviceCode.Reveal() != "dev-1" {
			t.Errorf("%s: %s, %s, complete %q, %v", name, got.Lifetime, got.Interval, got.PageComplete.Reveal(), err)
		}
	}
}

// People are sent to the page: it is one of the system's, over TLS.
func TestDevicePage(t *testing.T) {
	t.Parallel()
	for page, c := range map[string]struct {
		host  string // What the scheme names beside the connector's hosts.
		local bool
		ok    bool
	}{
		"https://auth.example.com/enter":      {"", false, true},
		"https://api.example.com/enter":       {"", false, true}, // Another host of the connector.
		"https://evil.example/enter":          {"", false, false},
		"https://auth.example.com.evil.test":  {"", false, false},
		"https://auth.example.com@evil.test/": {"", false, false},
		"http://auth.example.com/enter":       {"", false, false},
		"http://127.0.0.1:9400/device":        {"", true, false}, // Local, and not the system's.
		"https://www.example.net/device":      {"www.example.net", false, true},
		"https://a.example.net/device":        {"*.example.net", false, true},
		"https://example.net.evil.test/":      {"*.example.net", false, false},
		"javascript:alert(1)":                 {"", false, false},
		"":                                    {"", false, false},
	} {
		target := deviceTarget()
		target.Scheme.OAuth.DeviceHost = c.host
		body := `{"device_code":"d","user_code":"u","verification_url":"` + page + `"}`
		_, err := method.Answer{Status: 200, Body: secret.FromString(body)}.DeviceGrant(target, c.local)
		if c.ok != (err == nil) || err != nil && !fault.Has(err, fault.CodeProviderError) {
			t.Errorf("%q: got %v, accepted wanted %t", page, err, c.ok)
		}
	}
}

func TestDeviceGrantRefused(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		status int
		body   string
		want   error
	}{
		"refused client":     {401, `{"error":"invalid_client"}`, method.ClientRefused},
		"grant not allowed":  {400, `{"error":"unauthorized_client"}`, method.ClientRefused},
		"no code":            {200, `{"user_code":"u","verification_uri":"https://auth.example.com/"}`, method.Unreadable},
		"no user code":       {200, `{"device_code":"d","verification_uri":"https://auth.example.com/"}`, method.Unreadable},
		"user code of lines": {200, `{"device_code":"d","user_code":"a\nb","verification_uri":"https://auth.example.com/"}`, method.Unreadable},
		"long user code":     {200, `{"device_code":"d","user_code":"` + strings.Repeat("x", 65) + `","verification_uri":"https://auth.example.com/"}`, method.Unreadable},
		"code with a space":  {200, `{"device_code":"a b","user_code":"u","verification_uri":"https://auth.example.com/"}`, method.Unreadable},
		"long code":          {200, `{"device_code":"` + strings.Repeat("x", 9<<10) + `","user_code":"u","verification_uri":"https://auth.example.com/"}`, method.Unreadable},
		"a page":             {200, `<html>`, method.Unreadable},
	} {
		if _, err := (method.Answer{Status: c.status, Body: secret.FromString(c.body)}).DeviceGrant(deviceTarget(), false); err == nil || fault.From(err).Detail != fault.From(c.want).Detail {
			t.Errorf("%s: got %v, want %v", name, err, c.want)
		}
	}
	_, err := method.Answer{Status: 400, Body: secret.FromString(`{"error":"invalid_scope"}`)}.DeviceGrant(deviceTarget(), false)
	if !fault.Has(err, fault.CodeProviderError) || fault.From(err).Remedy != "contact_admin" || strings.Contains(err.Error(), "invalid_scope") {
		t.Errorf("another error: got %v", err)
	}
}

func TestDeviceForms(t *testing.T) {
	t.Parallel()
	target := deviceTarget()
	target.Scopes, target.Scheme.OAuth.TokenForm = []string{"read", "write"}, map[string]string{"audience": "crm"}
	target.Scheme.OAuth.ClientAuth = "none" // RFC 8628 3.1: a client without a secret names itself.
	device, err := method.DeviceCode{}.Device(target)
	if err != nil {
		t.Fatal(err)
	}
	poll, err := method.DeviceCode{}.Poll(target, secret.FromString("dev-1"))
	if err != nil {
		t.Fatal(err)
	}
	for path, c := range map[string]struct {
		request method.Request
		want    url.Values
	}{
		"/device": {device, url.Values{"client_id": {methodtest.ClientID}, "scope": {"read write"}}},
		"/token": {poll, url.Values{
			"client_id": {methodtest.ClientID}, "grant_type": {"urn:ietf:params:oauth:grant-type:device_code"}, "device_code": {"dev-1"}, "audience": {"crm"},
		}},
	} {
		p := methodtest.New()
		_, err := c.request.Send(t.Context(), via(func(r *http.Request) (*http.Response, error) { return p.Do(r) }))
		if sent := p.Requests(path); err != nil || len(sent) != 1 {
			t.Fatalf("%s: %d requests, %v", path, len(sent), err)
		}
		form, _ := url.ParseQuery(p.Requests(path)[0])
		if diff := cmp.Diff(c.want, form); diff != "" {
			t.Errorf("%s (-want +got):\n%s", path, diff)
		}
	}
	target.Scheme.OAuth.DeviceURL = "https://{shop}.example.com/device"
	if _, err := (method.DeviceCode{}).Device(target); !errors.Is(err, catalog.ErrMissing) {
		t.Errorf("without a value: got %v", err)
	}
}
