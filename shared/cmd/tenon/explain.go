package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/tenonhq/tenon/shared/client"
	"github.com/tenonhq/tenon/shared/cmd/tenon/operation"
	"github.com/tenonhq/tenon/shared/cmd/tenon/status"
)

// remedies say what to do about a problem.
var remedies = map[string]string{
	"reconnect":         "Connect the account again: tenon connection authorize.",
	"retry":             "Try again later.",
	"fix_input":         "Correct what was entered.",
	"grant_permissions": "Grant the account the missing permissions in the system.",
	"contact_admin":     "Ask an administrator.",
}

// explain is an error as a person wants to read it: a problem of the API with what
// is wrong with each field, what stands in the way and how to find the request in
// the log.
func explain(err error) string {
	p, ok := errors.AsType[*client.Problem](err)
	if coded, said := errors.AsType[status.Error](err); said && !ok {
		return plainLines(coded.Error())
	}
	if !ok {
		return plainLines(err.Error())
	}
	text := p.Detail
	for _, field := range p.Errors {
		text += "\n  " + field.Pointer + ": " + field.Detail
	}
	if len(p.Flows) > 0 {
		text += "\n  flows: " + strings.Join(p.Flows, ", ")
	}
	if remedy := remedies[p.Remedy]; remedy != "" {
		text += "\n  " + remedy
	}
	if p.RetryAfter > 0 {
		text += fmt.Sprintf("\n  Try again in %s.", p.RetryAfter)
	}
	text += fmt.Sprintf("\n  status %d", p.Status)
	if p.Code != "" {
		text += ", " + string(p.Code)
	}
	if p.RequestID != "" {
		text += ", request " + p.RequestID
	}
	return plainLines(text)
}

// plainLines is text of lines without what would move the cursor of a terminal.
func plainLines(text string) string {
	parts := strings.Split(text, "\n")
	for i, line := range parts {
		parts[i] = operation.Plain(line)
	}
	return strings.Join(parts, "\n")
}
