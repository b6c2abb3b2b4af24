package gateway_test

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/infra/local/gateway"
)

const console = "https://console.example"

func shared(origins ...string) *gateway.CORS {
	return &gateway.CORS{
		Origins: origins, Methods: []string{"GET", "PUT"}, Headers: []string{"authorization", "if-match"},
		ExposeHeaders: []string{"etag"}, MaxAge: 600,
	}
}

// said returns the status and what an answer says about CORS.
func said(res *http.Response) map[string]string {
	got := map[string]string{"status": res.Status[:3]}
	for _, name := range []string{
		"Access-Control-Allow-Origin", "Access-Control-Allow-Methods", "Access-Control-Allow-Headers", "Access-Control-Allow-Credentials",
		"Access-Control-Expose-Headers", "Access-Control-Max-Age",
	} {
		if v := res.Header.Get(name); v != "" {
			got[name[len("Access-Control-"):]] = v
		}
	}
	return got
}

// No authorizer is asked at a preflight, and no function: the one of these
// routes does not exist.
func TestPreflight(t *testing.T) {
	t.Parallel()
	granted := map[string]string{"status": "204", "Allow-Origin": console, "Allow-Methods": "GET,PUT", "Allow-Headers": "authorization,if-match", "Expose-Headers": "etag", "Max-Age": "600"}
	anybody := map[string]string{"status": "204", "Allow-Origin": "*", "Allow-Methods": "GET,PUT", "Allow-Headers": "authorization,if-match", "Expose-Headers": "etag", "Max-Age": "600"}
	for name, test := range map[string]struct {
		cors         *gateway.CORS
		path, origin string
		method       string // Asked for.
		want         map[string]string
	}{
		"allowed":             {shared("https://a.example", console), "/x", console, "PUT", granted},
		"path that is not":    {shared(console), "/y", console, "GET", granted},
		"method that is not":  {shared(console), "/x", console, "DELETE", granted}, // The browser compares.
		"any origin":          {shared("*"), "/x", "https://b.example", "PUT", anybody},
		"other origin":        {shared(console), "/x", "https://evil.example", "PUT", map[string]string{"status": "204"}},
		"longer origin":       {shared(console), "/x", console + ".evil.example", "PUT", map[string]string{"status": "204"}},
		"null origin":         {shared(console), "/x", "null", "PUT", map[string]string{"status": "204"}},
		"no preflight":        {shared(console), "/x", console, "", map[string]string{"status": "404", "Allow-Origin": console, "Expose-Headers": "etag"}},
		"without an origin":   {shared(console), "/x", "", "PUT", map[string]string{"status": "404"}},
		"nothing is shared":   {nil, "/x", console, "PUT", map[string]string{"status": "404"}},
		"no origin is shared": {shared(), "/x", console, "PUT", map[string]string{"status": "204"}},
	} {
		g := start(t, gateway.Config{
			CORS:      test.cors,
			Functions: []gateway.Function{{Name: "fn", Binary: "/nowhere"}},
			Routes:    []gateway.Route{{Key: "PUT /x", Function: "fn", Auth: &gateway.JWT{Issuer: "http://127.0.0.1:1"}}},
		})
		r := request(http.MethodOptions, "/x", "")
		r.URL.Path = test.path
		for header, value := range map[string]string{"Origin": test.origin, "Access-Control-Request-Method": test.method} {
			if value != "" {
				r.Header.Set(header, value)
			}
		}
		if diff := cmp.Diff(test.want, said(serve(t, g, r))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// A page may read every answer, also one of the gateway's own, and what a
// function says about CORS counts for nothing.
func TestAnswersAreShared(t *testing.T) {
	t.Parallel()
	g := start(t, gateway.Config{CORS: shared(console), Routes: []gateway.Route{
		{Key: "POST /x", Function: "fn"}, {Key: "GET /closed", Function: "fn", Auth: &gateway.JWT{Issuer: "http://127.0.0.1:1"}},
	}})
	const body = `{"statusCode":200,"headers":{"Access-Control-Allow-Origin":"*","access-control-allow-credentials":"true","vary":"Accept"},"body":"ok"}`
	res := serve(t, g, request("POST", "/x", body, "X-Do", "answer", "Origin", console))
	if diff := cmp.Diff(map[string]string{"status": "200", "Allow-Origin": console, "Expose-Headers": "etag"}, said(res)); diff != "" {
		t.Errorf("allowed (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"Origin", "Accept"}, res.Header.Values("Vary")); diff != "" {
		t.Errorf("Vary (-want +got):\n%s", diff)
	}
	res = serve(t, g, request("POST", "/x", body, "X-Do", "answer", "Origin", "https://evil.example"))
	if diff := cmp.Diff(map[string]string{"status": "200"}, said(res)); diff != "" {
		t.Errorf("other origin (-want +got):\n%s", diff)
	}
	for path, status := range map[string]string{"/closed": "401", "/unknown": "404"} {
		want := map[string]string{"status": status, "Allow-Origin": console, "Expose-Headers": "etag"}
		if diff := cmp.Diff(want, said(serve(t, g, request("GET", path, "", "Origin", console)))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", path, diff)
		}
	}
}
