package webtest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/web"
)

// Answer is what the handler answered.
type Answer struct {
	events.APIGatewayV2HTTPResponse
	t         testing.TB
	requestID string
}

// Want fails unless the answer has the status and a JSON body that contains
// want: every member of want with its value, whatever else there is. Arrays
// have the same length. An empty want accepts any body.
func (a Answer) Want(status int, want string) Answer {
	a.t.Helper()
	a.wantStatus(status)
	if want == "" {
		return a
	}
	if got := a.Headers["content-type"]; got != "application/json" {
		a.t.Errorf("got content type %q, want application/json", got)
	}
	for _, difference := range compare(a.t, a.Body, want) {
		a.t.Errorf("body: %s\nin %s", difference, a.Body)
	}
	return a
}

// WantProblem fails unless the answer is a complete problem document (RFC
// 9457) with the status and the code.
func (a Answer) WantProblem(status int, code fault.Code) Answer {
	a.t.Helper()
	a.wantStatus(status)
	if got := a.Headers["content-type"]; got != "application/problem+json" {
		a.t.Errorf("got content type %q, want application/problem+json", got)
	}
	p := web.Problem{}
	a.Decode(&p)
	want := web.Problem{
		Type: web.ProblemType(code), Title: http.StatusText(status), Status: status, Code: string(code),
		Detail: p.Detail, Remedy: p.Remedy, Errors: p.Errors, Flows: p.Flows,
		RequestID: a.requestID, Instance: "urn:tenon:request:" + a.requestID,
	}
	if p.Detail == "" || fmt.Sprint(p) != fmt.Sprint(want) {
		a.t.Errorf("got problem %+v\nwant %+v with a detail", p, want)
	}
	return a
}

// WantPointer fails unless the problem names the member: "/inputs/shop",
// "query/limit", "header/If-Match".
func (a Answer) WantPointer(pointer string) Answer {
	a.t.Helper()
	p := web.Problem{}
	a.Decode(&p)
	if !slices.ContainsFunc(p.Errors, func(f web.ProblemField) bool { return f.Pointer == pointer }) {
		a.t.Errorf("got errors %+v, want one at %s", p.Errors, pointer)
	}
	return a
}

// WantFlows fails unless the problem names exactly these flows.
func (a Answer) WantFlows(flows ...string) Answer {
	a.t.Helper()
	p := web.Problem{}
	a.Decode(&p)
	if !slices.Equal(p.Flows, flows) {
		a.t.Errorf("got flows %q, want %q", p.Flows, flows)
	}
	return a
}

// WantPage fails unless the answer is an HTML page with the status and each of
// the texts.
func (a Answer) WantPage(status int, texts ...string) Answer {
	a.t.Helper()
	a.wantStatus(status)
	if got := a.Headers["content-type"]; got != "text/html; charset=utf-8" {
		a.t.Errorf("got content type %q, want text/html", got)
	}
	for _, text := range texts {
		if !strings.Contains(a.Body, text) {
			a.t.Errorf("the page does not contain %q:\n%s", text, a.Body)
		}
	}
	return a
}

// WantHeader fails unless the answer has the header; name is in lower case.
func (a Answer) WantHeader(name, value string) Answer {
	a.t.Helper()
	if got := a.Headers[name]; got != value {
		a.t.Errorf("got header %s: %q, want %q", name, got, value)
	}
	return a
}

// Decode reads the JSON body into v.
func (a Answer) Decode(v any) {
	a.t.Helper()
	if err := json.Unmarshal([]byte(a.Body), v); err != nil {
		a.t.Fatalf("body %q: %v", a.Body, err)
	}
}

func (a Answer) wantStatus(status int) {
	a.t.Helper()
	if a.StatusCode != status {
		a.t.Fatalf("got status %d, want %d\n%s", a.StatusCode, status, a.Body)
	}
}
