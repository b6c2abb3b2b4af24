package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/cmd/tenon/operation"
)

// printImport prints the differences, why something is refused, and what a person
// has to enter.
func printImport(out io.Writer, r api.TemplateImportResult, dryRun bool) error {
	var text strings.Builder
	unchanged := 0
	for _, c := range r.Changes {
		if c.Action == "unchanged" {
			unchanged++
			continue
		}
		printChange(&text, c)
	}
	fmt.Fprintf(&text, "%d unchanged\n", unchanged)
	if dryRun {
		text.WriteString("This was a dry run: nothing was changed.\n")
	}
	if len(r.Todo) > 0 {
		text.WriteString("\nTo do in this stage:\n")
	}
	for _, todo := range r.Todo {
		fmt.Fprintf(&text, "  %s %s: enter %s", operation.Plain(todo.StableKey), operation.Plain(todo.TemplateID), operation.Plain(strings.Join(todo.Missing, " and ")))
		if todo.RedirectURI != "" {
			fmt.Fprintf(&text, "; register the redirect URI %s", operation.Plain(todo.RedirectURI))
		}
		text.WriteString("\n")
	}
	_, err := io.WriteString(out, text.String())
	return err
}

func printChange(text *strings.Builder, c api.TemplateImportChange) {
	sign := map[string]string{"created": "+", "updated": "~", "refused": "!"}[c.Action]
	if c.Kind == "connector" {
		fmt.Fprintf(text, "%s connector %s\n", sign, operation.Plain(c.Connector))
	} else {
		fmt.Fprintf(text, "%s template %s (%s)\n", sign, operation.Plain(c.StableKey), operation.Plain(c.Connector))
	}
	for _, f := range c.Fields {
		switch {
		case f.From == "" && f.To == "":
			fmt.Fprintf(text, "    ~ %s\n", operation.Plain(f.Pointer))
		case f.From == "":
			fmt.Fprintf(text, "    + %s %q\n", operation.Plain(f.Pointer), f.To)
		case f.To == "":
			fmt.Fprintf(text, "    - %s %q\n", operation.Plain(f.Pointer), f.From)
		default:
			fmt.Fprintf(text, "    ~ %s %q -> %q\n", operation.Plain(f.Pointer), f.From, f.To)
		}
	}
	if c.Problem == nil {
		return
	}
	fmt.Fprintf(text, "    %s\n", operation.Plain(c.Problem.Detail))
	for _, e := range c.Problem.Errors {
		fmt.Fprintf(text, "    %s: %s\n", operation.Plain(e.Pointer), operation.Plain(e.Detail))
	}
}

// refusals counts what is refused.
func refusals(r api.TemplateImportResult) int {
	n := 0
	for _, c := range r.Changes {
		if c.Action == "refused" {
			n++
		}
	}
	return n
}
