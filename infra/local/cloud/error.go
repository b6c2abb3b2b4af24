package cloud

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/tenonhq/tenon/infra/local/cloud/expression"
)

// Error is an AWS API error as the SDKs decode it.
type Error struct {
	Code    string         // Such as "ResourceNotFoundException".
	Message string         // For people.
	Status  int            // The HTTP status; 0 means 400.
	Members map[string]any // Further members, such as CancellationReasons.
}

// Error returns the code and the message.
func (e *Error) Error() string {
	return e.Code + ": " + e.Message
}

func (e *Error) status() int {
	if e.Status == 0 {
		return http.StatusBadRequest
	}
	return e.Status
}

func errorf(code, format string, arguments ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, arguments...)}
}

func invalid(format string, arguments ...any) *Error {
	return errorf("ValidationException", format, arguments...)
}

// asError turns any error into the answer to a request.
func asError(err error) *Error {
	if apiError, ok := errors.AsType[*Error](err); ok {
		return apiError
	}
	if mistake, ok := errors.AsType[*expression.Error](err); ok {
		return invalid("%s", mistake.Message)
	}
	return &Error{Code: "InternalServerError", Message: err.Error(), Status: http.StatusInternalServerError}
}
