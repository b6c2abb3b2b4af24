package client

import (
	"encoding/json"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"strconv"
	"time"

	"github.com/tenonhq/tenon/shared/fault"
)

// Problem is an answer that is an error (RFC 9457). Find it with errors.AsType and
// switch on its Code, or ask Has.
type Problem struct {
	Code       fault.Code    `json:"code"` // Empty when something in between answered.
	Status     int           `json:"status"`
	Detail     string        `json:"detail"`
	Remedy     string        `json:"remedy"` // reconnect, retry, fix_input, grant_permissions, contact_admin or empty.
	RequestID  string        `json:"requestId"`
	Errors     []Field       `json:"errors"`
	Flows      []string      `json:"flows"` // Those that stand in the way.
	RetryAfter time.Duration `json:"-"`     // Zero when the server did not say.
}

// Field is one member of the request that is wrong.
type Field struct {
	Pointer string `json:"pointer"` // RFC 6901 pointer into the body, or query/…, header/….
	Detail  string `json:"detail"`
}

// Error implements error: the detail, each wrong member, and how to find the
// request in the log.
func (p *Problem) Error() string {
	text := p.Detail
	for _, field := range p.Errors {
		text += " " + field.Pointer + ": " + field.Detail
	}
	if p.Code != "" {
		text = string(p.Code) + ": " + text
	}
	text += fmt.Sprintf(" (status %d", p.Status)
	if p.RequestID != "" {
		text += ", request " + p.RequestID
	}
	return text + ")"
}

// newProblem reads a problem document. The body of any other answer is not
// repeated, since it may be anything.
func newProblem(res *http.Response, body []byte) *Problem {
	p := &Problem{}
	media, _, err := mime.ParseMediaType(res.Header.Get("Content-Type"))
	if err != nil || media != "application/problem+json" || json.Unmarshal(body, p) != nil {
		p = &Problem{Detail: "The server answered " + strconv.Itoa(res.StatusCode) + " " + http.StatusText(res.StatusCode) + "."}
	}
	p.Status = res.StatusCode
	if seconds, err := strconv.Atoi(res.Header.Get("Retry-After")); err == nil && seconds > 0 {
		p.RetryAfter = time.Duration(seconds) * time.Second
	}
	return p
}

// Has reports whether err is a problem with this code.
func Has(err error, code fault.Code) bool {
	var p *Problem
	return errors.As(err, &p) && p.Code == code
}
