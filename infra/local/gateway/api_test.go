package gateway_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/infra/local/gateway"
)

// serve answers one request over the wire.
func serve(t *testing.T, h http.Handler, r *http.Request) *http.Response {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func text(t *testing.T, res *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func request(method, target, body string, header ...string) *http.Request {
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	for i := 0; i < len(header); i += 2 {
		r.Header.Add(header[i], header[i+1])
	}
	return r
}

func routes(keys ...string) []gateway.Route {
	var out []gateway.Route
	for _, k := range keys {
		out = append(out, gateway.Route{Key: k, Function: "fn"})
	}
	return out
}

func TestRequestBecomesEvent(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 12, 19, 3, 58, 0, time.UTC)
	g := start(t, gateway.Config{Routes: routes("POST /v1/things/{thingId}"), Now: func() time.Time { return now }})
	res := serve(t, g, request("POST", "http://api.localhost:8080/v1/things/a%20b%2Fc?x=1&y=%3D&x=2&flag", `{"a":1}`,
		"Content-Type", "application/json", "X-Multi", "one", "X-Multi", "two", "Cookie", "s=1; t=2", "User-Agent", "test"))
	if res.StatusCode != http.StatusOK || res.Header.Get("Content-Type") != "application/json" {
		t.Fatalf("status %d, content type %q", res.StatusCode, res.Header.Get("Content-Type"))
	}
	var got events.APIGatewayV2HTTPRequest
	if err := json.NewDecoder(res.Body).Decode(&got); err != nil {
		t.Fatal(err)
	}
	if id := got.RequestContext.RequestID; id == "" || id != res.Header.Get("Apigw-Requestid") {
		t.Errorf("request id %q, header %q", id, res.Header.Get("Apigw-Requestid"))
	}
	got.RequestContext.RequestID = ""
	want := events.APIGatewayV2HTTPRequest{
		Version: "2.0", RouteKey: "POST /v1/things/{thingId}",
		RawPath: "/v1/things/a%20b%2Fc", RawQueryString: "x=1&y=%3D&x=2&flag",
		Cookies: []string{"s=1", "t=2"},
		Headers: map[string]string{
			"content-type": "application/json", "content-length": "7", "host": "api.localhost:8080",
			"user-agent": "test", "x-multi": "one,two",
			"x-forwarded-for": "192.0.2.1", "x-forwarded-port": "8080", "x-forwarded-proto": "http",
		},
		QueryStringParameters: map[string]string{"x": "1,2", "y": "=", "flag": ""},
		PathParameters:        map[string]string{"thingId": "a b/c"},
		RequestContext: events.APIGatewayV2HTTPRequestContext{
			RouteKey: "POST /v1/things/{thingId}", AccountID: "123456789012", Stage: "$default", APIID: "local",
			DomainName: "api.localhost:8080", DomainPrefix: "api",
			Time: "12/Mar/2026:19:03:58 +0000", TimeEpoch: now.UnixMilli(),
			HTTP: events.APIGatewayV2HTTPRequestContextHTTPDescription{
				Method: "POST", Path: "/v1/things/a%20b%2Fc", Protocol: "HTTP/1.1", SourceIP: "192.0.2.1", UserAgent: "test",
			},
		},
		Body: `{"a":1}`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("event (-want +got):\n%s", diff)
	}
}

func TestBodyEncoding(t *testing.T) {
	t.Parallel()
	g := start(t, gateway.Config{Routes: routes("POST /x")})
	for _, c := range []struct{ name, kind, body, want string }{
		{"JSON", "application/json; charset=utf-8", `"é"`, `"é"`},
		{"problem", "application/problem+json", "{}", "{}"},
		{"no type", "", "plain", "plain"},
		{"empty", "application/octet-stream", "", ""},
		{"form", "application/x-www-form-urlencoded", "a=1", "base64 YT0x"},
		{"form with files", "multipart/form-data; boundary=x", "--x--", "base64 LS14LS0="},
		{"image", "image/png", "a=1", "base64 YT0x"},
		{"not UTF-8", "application/json", "\xff", "base64 /w=="},
	} {
		res := serve(t, g, request("POST", "/x", c.body, "Content-Type", c.kind))
		var got events.APIGatewayV2HTTPRequest
		if err := json.NewDecoder(res.Body).Decode(&got); err != nil {
			t.Fatal(err)
		}
		if got.IsBase64Encoded {
			got.Body = "base64 " + got.Body
		}
		if got.Body != c.want {
			t.Errorf("%s: body %q, want %q", c.name, got.Body, c.want)
		}
	}
}

func TestAnswerBecomesResponse(t *testing.T) {
	t.Parallel()
	g := start(t, gateway.Config{Routes: routes("ANY /x")})
	type seen struct {
		Status      int
		ContentType string
		Header      string
		Cookies     []string
		Body        string
	}
	jsonText := "application/json"
	internal := seen{Status: 500, ContentType: jsonText, Body: `{"message":"Internal Server Error"}`}
	for _, c := range []struct {
		name, method, answer string
		want                 seen
	}{
		{"full", "POST", `{"statusCode":201,"headers":{"x-a":"1","content-type":"text/css","content-length":"99"},"cookies":["a=1; Secure","b=2"],"body":"ok"}`,
			seen{201, "text/css", "1", []string{"a=1; Secure", "b=2"}, "ok"}},
		{"default type", "POST", `{"statusCode":200,"body":"<b>"}`, seen{Status: 200, ContentType: "text/plain;charset=UTF-8", Body: "<b>"}},
		{"binary", "POST", `{"statusCode":200,"headers":{"content-type":"image/png"},"body":"/wA=","isBase64Encoded":true}`,
			seen{Status: 200, ContentType: "image/png", Body: "\xff\x00"}},
		{"inferred object", "POST", `{"a":1}`, seen{Status: 200, ContentType: jsonText, Body: `{"a":1}`}},
		{"inferred string", "POST", `"hello"`, seen{Status: 200, ContentType: jsonText, Body: "hello"}},
		{"HEAD", "HEAD", `{"statusCode":200,"headers":{"content-type":"text/css"},"body":"ok"}`, seen{Status: 200, ContentType: "text/css"}},
		{"no content", "POST", `{"statusCode":204}`, seen{Status: 204, ContentType: "text/plain;charset=UTF-8"}},
		{"bad status", "POST", `{"statusCode":"many"}`, internal},
		{"status out of range", "POST", `{"statusCode":42}`, internal},
		{"bad header", "POST", `{"statusCode":200,"headers":{"a":{}}}`, internal},
		{"bad base64", "POST", `{"statusCode":200,"body":"?","isBase64Encoded":true}`, internal},
	} {
		res := serve(t, g, request(c.method, "/x", c.answer, "X-Do", "answer"))
		got := seen{res.StatusCode, res.Header.Get("Content-Type"), res.Header.Get("X-A"), res.Header.Values("Set-Cookie"), text(t, res)}
		if len(got.Cookies) == 0 {
			got.Cookies = nil
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

func TestGatewayAnswers(t *testing.T) {
	t.Parallel()
	g := start(t, gateway.Config{
		Routes: []gateway.Route{{Key: "GET /x", Function: "fn"}, {Key: "POST /x", Function: "fn"}, {Key: "GET /slow", Function: "slow"}},
		Functions: []gateway.Function{
			{Name: "fn", Binary: binaries.one, Timeout: 30 * time.Second},
			{Name: "slow", Binary: binaries.one, Timeout: 200 * time.Millisecond},
		},
	})
	for _, c := range []struct {
		name, method, path, do, body string
		status                       int
		want                         string
	}{
		{"unknown path", "GET", "/y", "", "", 404, `{"message":"Not Found"}`},
		{"unknown method", "DELETE", "/x", "", "", 404, `{"message":"Not Found"}`},
		{"trailing slash", "GET", "/x/", "", "", 404, `{"message":"Not Found"}`},
		{"too large", "POST", "/x", "", strings.Repeat("x", 10<<20+1), 413, `{"message":"Request Entity Too Large"}`},
		{"function error", "GET", "/x", "error", "", 500, `{"message":"Internal Server Error"}`},
		{"crash", "GET", "/x", "crash", "", 500, `{"message":"Internal Server Error"}`},
		{"timeout", "GET", "/slow", "hang", "", 503, `{"message":"Service Unavailable"}`},
	} {
		res := serve(t, g, request(c.method, c.path, c.body, "X-Do", c.do))
		if got := text(t, res); res.StatusCode != c.status || got != c.want || res.Header.Get("Content-Type") != "application/json" {
			t.Errorf("%s: got %d %s", c.name, res.StatusCode, got)
		}
	}
}

func TestRouteSelection(t *testing.T) {
	t.Parallel()
	g := start(t, gateway.Config{Routes: routes(
		"$default", "ANY /files/{path+}", "GET /files/{name}", "GET /files/index", "ANY /files/index", "GET /files/{name}/{part}", "GET /files/index/{part}")})
	for _, c := range []struct{ method, path, key, vars string }{
		{"GET", "/files/index", "GET /files/index", ""},
		{"PUT", "/files/index", "ANY /files/index", ""},
		{"GET", "/files/a", "GET /files/{name}", "name=a"},
		{"PUT", "/files/a", "ANY /files/{path+}", "path=a"},
		{"GET", "/files/a/b", "GET /files/{name}/{part}", "name=a part=b"},
		{"GET", "/files/index/b", "GET /files/index/{part}", "part=b"},
		{"GET", "/files/a/b/c", "ANY /files/{path+}", "path=a/b/c"},
		{"GET", "/files/", "$default", ""},
		{"GET", "/", "$default", ""},
		{"GET", "//files/../x", "$default", ""},
	} {
		var got events.APIGatewayV2HTTPRequest
		r := request(c.method, "/", "")
		r.URL.Path = c.path
		if err := json.NewDecoder(serve(t, g, r).Body).Decode(&got); err != nil {
			t.Fatal(err)
		}
		var vars []string
		for _, name := range []string{"name", "path", "part"} {
			if v, ok := got.PathParameters[name]; ok {
				vars = append(vars, name+"="+v)
			}
		}
		if got.RouteKey != c.key || strings.Join(vars, " ") != c.vars {
			t.Errorf("%s %s: route %q with %v, want %q with %q", c.method, c.path, got.RouteKey, vars, c.key, c.vars)
		}
	}
}

func TestConfigurationIsChecked(t *testing.T) {
	t.Parallel()
	fn := gateway.Function{Name: "fn", Binary: binaries.one}
	for name, cfg := range map[string]gateway.Config{
		"duplicate function": {Functions: []gateway.Function{fn, fn}},
		"unknown function":   {Functions: []gateway.Function{fn}, Routes: []gateway.Route{{Key: "GET /", Function: "other"}}},
		"queue of none":      {Functions: []gateway.Function{fn}, Queues: []gateway.Queue{{URL: "http://x/1/q", Function: "other"}}},
		"route key":          {Functions: []gateway.Function{fn}, Routes: routes("GET things")},
		"open route, scopes": {Functions: []gateway.Function{fn}, Routes: []gateway.Route{{Key: "GET /", Function: "fn", Scopes: []string{"a"}}}},
	} {
		if g, err := gateway.New(cfg); err == nil {
			t.Errorf("%s: no error", name)
			closeNow(t, g)
		}
	}
}
