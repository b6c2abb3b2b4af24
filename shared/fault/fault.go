// Package fault is the error vocabulary of the service. It depends on the
// standard library only.
//
// A fault has a kind, which decides the HTTP status, a stable code, which
// clients switch on, and a detail, which is safe to show to the caller: a
// sentence without a secret, an upstream body or an echoed value. The wrapped
// error is for the log alone. Any error that is not a fault is internal, and
// its text never leaves the process.
package fault

import (
	"errors"
	"fmt"
	"time"
)

// Kind classifies a fault.
type Kind uint8

// The kinds. Internal is the zero value on purpose.
const (
	Internal           Kind = iota
	Invalid                 // The request is wrong and will stay wrong.
	Unauthenticated         // The caller is unknown.
	Denied                  // The caller is known and may not do this.
	NotFound                // There is no such thing for this caller.
	Conflict                // The state of the thing forbids this now.
	PreconditionFailed      // If-Match names an older version.
	PreconditionNeeded      // If-Match is missing.
	RateLimited             // Too many requests; RetryAfter says when.
	Unprocessable           // Well-formed, and the provider or a rule refuses the content.
	Upstream                // The provider answered wrongly.
	UpstreamTimeout         // The provider did not answer in time.
	Unavailable             // Our own dependency failed; safe to repeat.
)

// Error is a classified error.
type Error struct {
	Kind       Kind
	Code       Code
	Detail     string        // Safe for the caller.
	Remedy     string        // What a person can do: reconnect, retry, fix_input, grant_permissions, contact_admin.
	Fields     []Field       // What is wrong with which member of the request.
	Flows      []string      // The flows that stand in the way, "flow" or "tenant/flow".
	RetryAfter time.Duration // Zero when unknown.
	Err        error         // For the log only.
}

// Field names one member of the request and what is wrong with it, never its
// value.
type Field struct {
	Pointer string // RFC 6901, "/inputs/shop".
	Detail  string
}

// Error implements error. The text is for logs.
func (e *Error) Error() string {
	if e.Err != nil {
		return fmt.Sprintf("%s: %s: %v", e.Code, e.Detail, e.Err)
	}
	return string(e.Code) + ": " + e.Detail
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// New returns a fault with a detail.
func New(k Kind, code Code, detail string) *Error {
	return &Error{Kind: k, Code: code, Detail: detail}
}

// Because returns a copy of e that keeps err for the log.
func (e *Error) Because(err error) *Error {
	c := *e
	c.Err = err
	return &c
}

// WithRemedy returns a copy of e that names what a person can do.
func (e *Error) WithRemedy(remedy string) *Error {
	c := *e
	c.Remedy = remedy
	return &c
}

// Retry returns a copy of e that tells the caller when to come back.
func (e *Error) Retry(after time.Duration) *Error {
	c := *e
	c.RetryAfter = after
	return &c
}

// From returns err as a fault; anything unclassified becomes internal.
func From(err error) *Error {
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return &Error{Kind: Internal, Code: CodeInternal, Detail: "Internal error.", Err: err}
}

// Has reports whether err is a fault with this code.
func Has(err error, code Code) bool {
	var e *Error
	return errors.As(err, &e) && e.Code == code
}
