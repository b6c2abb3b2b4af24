// Package expression is DynamoDB's data model and expression language:
// attribute values as they travel on the wire, items, and the condition,
// filter, key, projection and update expressions evaluated over them.
//
// It owns syntax and evaluation only; tables, indexes and requests belong to
// its caller. Every error it returns for a caller's mistake is an *Error,
// which DynamoDB reports as a ValidationException. It depends on the standard
// library only. Source: "Using expressions in DynamoDB", Amazon DynamoDB
// Developer Guide.
package expression

import "fmt"

// Error is a mistake in an expression or a value, in DynamoDB's wording.
type Error struct {
	Message string
}

// Error returns the message.
func (e *Error) Error() string {
	return e.Message
}

func errorf(format string, arguments ...any) *Error {
	return &Error{Message: fmt.Sprintf(format, arguments...)}
}
