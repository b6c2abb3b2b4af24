// Package status says with what exit status an error ends the command line. It
// depends on package client, whose problems have one.
package status

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/tenonhq/tenon/shared/client"
)

// The exit statuses. Scripts rely on them.
const (
	Failed    = 1 // Of everything else.
	Usage     = 2 // The command line is wrong; nothing was sent.
	Forbidden = 3 // Not signed in, or not allowed.
	NotFound  = 4
	Conflict  = 5 // What is there does not allow it, or was changed meanwhile.
	Later     = 6 // The service, or a system, cannot do it now.
)

// Text lists the exit statuses for --help.
const Text = "Exit status: 0 done, 1 failed, 2 wrong command line, 3 not signed in or not allowed, 4 not found, 5 conflict, 6 try again later."

// Error is an error with its exit status.
type Error struct {
	Err  error
	Code int
}

// Error implements error.
func (e Error) Error() string { return e.Err.Error() }

// Unwrap returns the cause.
func (e Error) Unwrap() error { return e.Err }

// ExitCode implements kong.ExitCoder.
func (e Error) ExitCode() int { return e.Code }

// Wrong returns the error of a wrong command line.
func Wrong(format string, args ...any) error { return Error{fmt.Errorf(format, args...), Usage} }

// Of returns the exit status that an error ends the program with, 0 for none.
func Of(err error) int {
	if err == nil {
		return 0
	}
	if coded, ok := errors.AsType[interface {
		error
		ExitCode() int
	}](err); ok {
		return coded.ExitCode()
	}
	if p, ok := errors.AsType[*client.Problem](err); ok {
		return ofProblem(p.Status)
	}
	return Failed
}

func ofProblem(answered int) int {
	switch answered {
	case http.StatusUnauthorized, http.StatusForbidden:
		return Forbidden
	case http.StatusNotFound, http.StatusGone:
		return NotFound
	case http.StatusConflict, http.StatusPreconditionFailed, http.StatusPreconditionRequired:
		return Conflict
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return Later
	}
	return Failed
}
