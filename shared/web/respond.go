package web

import (
	"encoding/json"
	"log/slog"
	"math"
	"net/http"
	"strconv"

	"github.com/aws/aws-lambda-go/events"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/routes"
)

// statuses is the only place where a fault becomes an HTTP status.
var statuses = map[fault.Kind]int{
	fault.Internal:           http.StatusInternalServerError,
	fault.Invalid:            http.StatusBadRequest,
	fault.Unauthenticated:    http.StatusUnauthorized,
	fault.Denied:             http.StatusForbidden,
	fault.NotFound:           http.StatusNotFound,
	fault.Conflict:           http.StatusConflict,
	fault.PreconditionFailed: http.StatusPreconditionFailed,
	fault.PreconditionNeeded: http.StatusPreconditionRequired,
	fault.RateLimited:        http.StatusTooManyRequests,
	fault.Unprocessable:      http.StatusUnprocessableEntity,
	fault.Upstream:           http.StatusBadGateway,
	fault.UpstreamTimeout:    http.StatusGatewayTimeout,
	fault.Unavailable:        http.StatusServiceUnavailable,
}

// refinements are the codes whose status is more exact than that of their kind.
var refinements = map[fault.Code]int{
	fault.CodeBodyTooLarge:     http.StatusRequestEntityTooLarge,
	fault.CodeUnsupportedMedia: http.StatusUnsupportedMediaType,
}

// ProblemType is the type URI of a code (RFC 9457 3.1.1).
func ProblemType(code fault.Code) string { return "urn:tenon:problem:" + string(code) }

// Problem is a problem document (RFC 9457).
type Problem struct {
	Type      string         `json:"type" doc:"Stable URI of the problem: urn:tenon:problem: and the code."`
	Title     string         `json:"title"`
	Status    int            `json:"status"`
	Detail    string         `json:"detail"`
	Instance  string         `json:"instance"`
	Code      string         `json:"code" doc:"Stable name of the problem."`
	Remedy    string         `json:"remedy,omitempty" enum:"reconnect,retry,fix_input,grant_permissions,contact_admin"`
	RequestID string         `json:"requestId"`
	Errors    []ProblemField `json:"errors,omitempty" doc:"What is wrong with which member."`
	Flows     []string       `json:"flows,omitempty" doc:"The flows that stand in the way, at most 100."`
}

// ProblemField is one member that is wrong; its value is never repeated.
type ProblemField struct {
	Pointer string `json:"pointer" doc:"RFC 6901 pointer into the body, or query/…, header/…, path/…."`
	Detail  string `json:"detail"`
}

// problem answers with a failure: a page to a browser, else a problem document.
func problem(e events.APIGatewayV2HTTPRequest, toBrowser bool, err error) events.APIGatewayV2HTTPResponse {
	f := fault.From(err)
	status := statuses[f.Kind]
	if refined, ok := refinements[f.Code]; ok {
		status = refined
	}
	if toBrowser {
		return page(e, errorPage(e, err, status))
	}
	p := Problem{
		Type: ProblemType(f.Code), Title: http.StatusText(status), Status: status, Detail: f.Detail,
		Instance: "urn:tenon:request:" + e.RequestContext.RequestID, Code: string(f.Code), Remedy: f.Remedy,
		RequestID: e.RequestContext.RequestID, Flows: f.Flows,
	}
	for _, field := range f.Fields {
		p.Errors = append(p.Errors, ProblemField{field.Pointer, field.Detail})
	}
	res, _ := document(status, "application/problem+json", p) // Plain text can be marshalled.
	if f.RetryAfter > 0 {
		res.Headers["retry-after"] = strconv.Itoa(int(math.Ceil(f.RetryAfter.Seconds())))
	}
	return res
}

func respond(r *routes.Route, e events.APIGatewayV2HTTPRequest, out any) events.APIGatewayV2HTTPResponse {
	if b, ok := out.(api.Browser); ok {
		return page(e, b)
	}
	switch file := out.(type) {
	case api.Download:
		return download(file)
	case api.Asset:
		return asset(file)
	}
	status := max(r.Status, http.StatusOK)
	if _, ok := out.(api.None); ok {
		return events.APIGatewayV2HTTPResponse{StatusCode: status, Headers: map[string]string{"cache-control": "no-store"}}
	}
	res, err := document(status, "application/json", out)
	if err != nil {
		// A secret that got into a response refuses to be marshalled.
		slog.Error("response cannot be marshalled", "route", r.Name)
		return problem(e, false, fault.From(nil))
	}
	if setter, ok := out.(interface{ SetCookies() []string }); ok {
		res.Cookies = setter.SetCookies()
	}
	if tagged, ok := out.(interface{ ETag() string }); ok && tagged.ETag() != "" {
		res.Headers["etag"] = tagged.ETag()
	}
	if typed, ok := out.(interface{ MediaType() string }); ok {
		res.Headers["content-type"] = typed.MediaType()
	}
	if cacheable, ok := out.(interface{ CacheControl() string }); ok {
		res.Headers["cache-control"] = cacheable.CacheControl()
	}
	return res
}

func document(status int, contentType string, body any) (events.APIGatewayV2HTTPResponse, error) {
	b, err := json.Marshal(body)
	return events.APIGatewayV2HTTPResponse{
		StatusCode: status, Body: string(b),
		Headers: map[string]string{"content-type": contentType, "cache-control": "no-store", "x-content-type-options": "nosniff"},
	}, err
}
