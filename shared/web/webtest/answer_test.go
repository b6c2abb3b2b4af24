package webtest

import (
	"runtime"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"github.com/tenonhq/tenon/shared/fault"
)

// failures is a test that is expected to fail.
type failures struct {
	testing.TB
	count int
}

func (f *failures) Helper()               {}
func (f *failures) Errorf(string, ...any) { f.count++ }
func (f *failures) Fatalf(string, ...any) {
	f.count++
	runtime.Goexit()
}

// An assertion that never fails would make every test of a function pass.
func TestAssertionsFailWhenTheyShould(t *testing.T) {
	t.Parallel()
	const complete = `{"type":"urn:tenon:problem:not_found","title":"Not Found","status":404,"detail":"No.",` +
		`"instance":"urn:tenon:request:r-1","code":"not_found","requestId":"r-1","errors":[{"pointer":"/name","detail":"Is wrong."}]}`
	problem := events.APIGatewayV2HTTPResponse{StatusCode: 404, Body: complete, Headers: map[string]string{"content-type": "application/problem+json"}}
	ok := events.APIGatewayV2HTTPResponse{StatusCode: 200, Body: `{"id":"a"}`, Headers: map[string]string{"content-type": "application/json", "etag": `"1"`}}
	page := events.APIGatewayV2HTTPResponse{StatusCode: 200, Body: `<p>Yes</p>`, Headers: map[string]string{"content-type": "text/html; charset=utf-8"}}
	bare := problem
	bare.Body = `{"status":404,"code":"not_found","detail":"No."}`
	for name, test := range map[string]struct {
		answer events.APIGatewayV2HTTPResponse
		assert func(Answer)
		fails  bool
	}{
		"body":               {ok, func(a Answer) { a.Want(200, `{"id":"a"}`) }, false},
		"another body":       {ok, func(a Answer) { a.Want(200, `{"id":"b"}`) }, true},
		"another status":     {ok, func(a Answer) { a.Want(201, "") }, true},
		"a problem for JSON": {problem, func(a Answer) { a.Want(404, `{}`) }, true},
		"header":             {ok, func(a Answer) { a.WantHeader("etag", `"1"`) }, false},
		"another header":     {ok, func(a Answer) { a.WantHeader("etag", `"2"`) }, true},
		"problem":            {problem, func(a Answer) { a.WantProblem(404, fault.CodeNotFound).WantPointer("/name") }, false},
		"another code":       {problem, func(a Answer) { a.WantProblem(404, fault.CodeConflict) }, true},
		"another pointer":    {problem, func(a Answer) { a.WantPointer("/id") }, true},
		"a problem bare":     {bare, func(a Answer) { a.WantProblem(404, fault.CodeNotFound) }, true},
		"JSON for a problem": {ok, func(a Answer) { a.WantProblem(200, fault.CodeNotFound) }, true},
		"page":               {page, func(a Answer) { a.WantPage(200, "Yes") }, false},
		"another page":       {page, func(a Answer) { a.WantPage(200, "No") }, true},
		"JSON for a page":    {ok, func(a Answer) { a.WantPage(200) }, true},
	} {
		f, done := &failures{TB: t}, make(chan struct{})
		go func() {
			defer close(done)
			test.assert(Answer{APIGatewayV2HTTPResponse: test.answer, t: f, requestID: "r-1"})
		}()
		<-done
		if (f.count > 0) != test.fails {
			t.Errorf("%s: got %d failures, want some: %v", name, f.count, test.fails)
		}
	}
}
