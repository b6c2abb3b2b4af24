package gateway

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"time"
)

// FunctionError is a failure of the function: an error it returned, a panic,
// a crash or a timeout. Its text names only the type, since messages of
// functions may hold values that do not belong in a log.
type FunctionError struct {
	Function string
	Type     string // "errorString", "Runtime.ExitError", "Sandbox.Timedout", …
	Message  string
	Payload  []byte // the error document, as Lambda's Invoke returns it
}

func (e *FunctionError) Error() string {
	return fmt.Sprintf("function %s: %s", e.Function, e.Type)
}

// Timeout reports whether the function was killed for exceeding its timeout.
func (e *FunctionError) Timeout() bool { return e.Type == errorTimeout }

// Error types that Lambda itself gives.
const (
	errorTimeout  = "Sandbox.Timedout"
	errorExit     = "Runtime.ExitError"
	errorTooLarge = "Function.ResponseSizeTooLarge"
)

// invocation is one event on its way through a process.
type invocation struct {
	id       string
	payload  []byte
	deadline time.Time   // set when a process takes the event
	begun    bool        // a process took the event
	done     chan result // holds one result
}

type result struct {
	payload []byte
	err     error
}

func newInvocation(payload []byte) *invocation {
	return &invocation{id: newID(), payload: payload, done: make(chan result, 1)}
}

// fail ends the invocation with an error of Lambda's own making.
func (i *invocation) fail(function, kind, format string, args ...any) {
	message := fmt.Sprintf("RequestId: %s Error: %s", i.id, fmt.Sprintf(format, args...))
	i.done <- result{err: newFunctionError(function, kind, message)}
}

func newFunctionError(function, kind, message string) *FunctionError {
	document, err := json.Marshal(map[string]string{"errorType": kind, "errorMessage": message})
	if err != nil {
		document = []byte(`{}`)
	}
	return &FunctionError{Function: function, Type: kind, Message: message, Payload: document}
}

// reportedError reads the error document a function posted.
func reportedError(function string, document []byte) *FunctionError {
	var e struct{ ErrorType, ErrorMessage string }
	if err := json.Unmarshal(document, &e); err != nil || e.ErrorType == "" {
		e.ErrorType = "Unhandled"
	}
	return &FunctionError{Function: function, Type: e.ErrorType, Message: e.ErrorMessage, Payload: document}
}

// newID returns a random UUID (RFC 9562, version 4).
func newID() string {
	var b [16]byte
	_, _ = rand.Read(b[:])
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
