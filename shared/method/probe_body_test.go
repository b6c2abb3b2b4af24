package method_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/method/methodtest"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/vault"
)

// keepBody answers 200 and keeps the body of the request.
func keepBody(body *string) doer {
	return func(r *http.Request) (*http.Response, error) {
		b, err := io.ReadAll(r.Body)
		*body = string(b)
		return httptest.NewRecorder().Result(), err
	}
}

// A value that stands in the body of a check is encoded for the body's media
// type, so that it stays one value.
func TestProbeBody(t *testing.T) {
	t.Parallel()
	token := vault.Leasable{AccessToken: secret.FromString(`a"b&c`)}
	for name, test := range map[string]struct{ media, body, want string }{
		"JSON": {"application/json", `{"token":"{accessToken}"}`, `{"token":"a\"b\u0026c"}`},
		"form": {"application/x-www-form-urlencoded", `token={accessToken}&x=1`, `token=a%22b%26c&x=1`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			target, seen := methodtest.Target("oauth2_authorization_code"), ""
			request := *target.Connector.Verify
			request.Method, request.Body, request.Headers = http.MethodPost, test.body, map[string]string{"content-type": test.media}
			if _, err := method.Call(t.Context(), method.Reach{HTTP: keepBody(&seen)}, target, request, token); err != nil {
				t.Fatal(err)
			}
			if seen != test.want {
				t.Errorf("body: got %s, want %s", seen, test.want)
			}
		})
	}
	target := methodtest.Target("oauth2_authorization_code")
	request := catalog.Request{Method: http.MethodPost, URL: target.Connector.Verify.URL, Body: `{}`}
	if _, err := method.Call(t.Context(), method.Reach{HTTP: keepBody(new(string))}, target, request, token); err == nil {
		t.Error("a body without a media type was sent")
	}
}
