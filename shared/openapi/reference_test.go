package openapi_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/openapi/document"
	"github.com/tenonhq/tenon/shared/routes"
)

// The parts of the OpenAPI document that the reference is made of.
type (
	specification struct {
		Paths      map[string]map[string]specOperation
		Components struct {
			Schemas    map[string]specSchema
			Parameters map[string]specParameter
		}
		Tags []struct{ Name string }
	}
	specOperation struct {
		OperationID string
		Summary     string
		Tags        []string
		Parameters  []specParameter
		RequestBody struct{ Content map[string]specContent }
		Responses   map[string]struct {
			Ref     string `json:"$ref"`
			Content map[string]specContent
		}
		Security []map[string][]string
	}
	specContent   struct{ Schema specSchema }
	specParameter struct {
		Ref         string `json:"$ref"`
		Name, In    string
		Description string
		Required    bool
		Schema      specSchema
	}
	specSchema struct {
		Ref                  string `json:"$ref"`
		Type                 any
		Format               string
		Description          string
		Enum                 []any
		Default              any
		Items                *specSchema
		Properties           map[string]specSchema
		AdditionalProperties any
		Required             []string
	}
)

const referencePath = "../../infra/docs/reference.md"

// The reference that people read is that of the route table, too.
func TestReferenceIsThatOfTheTable(t *testing.T) {
	t.Parallel()
	want := reference(t)
	if *update {
		if err := os.WriteFile(referencePath, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	written, err := os.ReadFile(referencePath)
	if diff := cmp.Diff(want, string(written)); err != nil || diff != "" {
		t.Errorf("reference.md is not fresh: run make golden: %v (-table +file)\n%s", err, diff)
	}
}

const referenceHead = `# API reference

Made from [openapi.json](../../shared/openapi/openapi.json), which a stage serves at ` + "`GET /openapi.json`" + `, and from the samples in ` + "`events`" + `: make golden.

- Addresses are below the address of the stage, bodies are JSON, times are RFC 3339 in UTC. An unknown member of a body is an error.
- Authorization: ` + "`Bearer`" + ` and an access token with the operation's scope. Its tenant says whose data a call is about. A token of the tenant ` + "`org`" + `
  acts for another tenant with the header ` + "`Tenon-Tenant`" + `, which every operation with a scope takes.
- Lists take ` + "`limit`" + ` (1 to 100) and ` + "`cursor`" + `, the ` + "`nextCursor`" + ` of the page before.
- ` + "`Idempotency-Key`" + ` makes it safe to repeat a creation; ` + "`If-Match`" + ` with the ` + "`ETag`" + ` of what was read refuses a change of what changed since.
- Errors are problem documents (RFC 9457), see [Problems](#problems).

`

// reference is the text of the whole page.
func reference(t *testing.T) string {
	t.Helper()
	text, err := json.Marshal(document.New(routes.All()))
	if err != nil {
		t.Fatal(err)
	}
	var s specification
	if err := json.Unmarshal(text, &s); err != nil {
		t.Fatal(err)
	}
	var page strings.Builder
	page.WriteString(referenceHead)
	var tags []string
	for _, tag := range s.Tags {
		tags = append(tags, fmt.Sprintf("[%s](#%s)", tag.Name, tag.Name))
	}
	page.WriteString(strings.Join(tags, " · ") + " · [Objects](#objects)\n")
	for _, tag := range s.Tags {
		fmt.Fprintf(&page, "\n## %s\n", tag.Name)
		for _, r := range routes.All() {
			o, ok := s.Paths[r.Path][strings.ToLower(r.Method)]
			if ok && slices.Contains(o.Tags, tag.Name) {
				s.operation(t, &page, r.Method+" "+r.Path, o)
			}
		}
	}
	page.WriteString("\n## Objects\n")
	for _, name := range slices.Sorted(maps.Keys(s.Components.Schemas)) {
		fmt.Fprintf(&page, "\n### %s\n\n%s", name, members(s.Components.Schemas[name]))
	}
	page.WriteString("\n## Problems\n\n" + problems(t))
	return page.String()
}

func (s specification) operation(t *testing.T, page *strings.Builder, title string, o specOperation) {
	t.Helper()
	fmt.Fprintf(page, "\n### %s\n\n%s `%s`", title, o.Summary, o.OperationID)
	if len(o.Security) > 0 {
		fmt.Fprintf(page, ", scope `%s`.\n", strings.Join(o.Security[0]["jwt"], "`, `"))
	} else {
		page.WriteString(", public.\n")
	}
	var rows string
	for _, p := range o.Parameters {
		if strings.HasSuffix(p.Ref, "/Tenant") {
			continue
		}
		rows += row(p.Name, p.In, p.Schema, p.Required, p.Description)
	}
	if rows != "" {
		page.WriteString("\n| parameter | in | |\n|---|---|---|\n" + rows)
	}
	for _, body := range o.RequestBody.Content {
		fmt.Fprintf(page, "\nBody: %s.\n", kind(body.Schema))
	}
	fmt.Fprintf(page, "\nAnswer: %s.\n", answers(o))
	if sample := sampleBody(t, o.OperationID); sample != "" {
		fmt.Fprintf(page, "\n```json\n%s\n```\n", sample)
	}
}

// answers says what an operation answers with when it goes well.
func answers(o specOperation) string {
	var all []string
	for _, status := range slices.Sorted(maps.Keys(o.Responses)) {
		if status == "default" || status >= "4" {
			continue
		}
		text := status
		for _, media := range slices.Sorted(maps.Keys(o.Responses[status].Content)) {
			content := o.Responses[status].Content[media]
			if media != "application/json" {
				text += " " + media
			} else {
				text += " " + kind(content.Schema)
			}
		}
		all = append(all, text)
	}
	return strings.Join(all, ", ")
}

// members is the table of an object, or the type of what is none.
func members(o specSchema) string {
	if len(o.Properties) == 0 {
		return kind(o) + ".\n"
	}
	text := "| member | | |\n|---|---|---|\n"
	for _, name := range slices.Sorted(maps.Keys(o.Properties)) {
		p := o.Properties[name]
		needed := ""
		if slices.Contains(o.Required, name) {
			needed = "always"
		}
		text += row(name, needed, p, false, p.Description)
	}
	return text
}

func row(name, second string, s specSchema, required bool, description string) string {
	if required && second == "query" {
		second = "query, needed"
	}
	return fmt.Sprintf("| `%s` | %s | %s |\n", name, second, strings.TrimSpace(strings.ReplaceAll(kind(s)+". "+description, "|", "\\|")))
}

// kind is a type in words, with a link to the object where it is one of ours.
func kind(s specSchema) string {
	if name := s.Ref[strings.LastIndexByte(s.Ref, '/')+1:]; name != "" {
		return fmt.Sprintf("[%s](#%s)", name, strings.ToLower(name))
	}
	text := fmt.Sprint(s.Type)
	if several, ok := s.Type.([]any); ok {
		several = slices.DeleteFunc(slices.Clone(several), func(v any) bool { return v == "null" })
		text = fmt.Sprint(several...)
	}
	var of specSchema
	if more, ok := s.AdditionalProperties.(map[string]any); ok {
		if raw, err := json.Marshal(more); err == nil && json.Unmarshal(raw, &of) == nil {
			text = "object of " + kind(of) + " by name"
		}
	}
	switch {
	case s.Items != nil:
		text = "array of " + kind(*s.Items)
	case len(s.Enum) > 0:
		var words []string
		for _, v := range s.Enum {
			words = append(words, fmt.Sprintf("`%v`", v))
		}
		text = strings.Join(words, ", ")
	case s.Format == "date-time":
		text = "time"
	case s.Format == "password":
		text = "secret string"
	case s.Type == nil:
		text = "anything"
	}
	if s.Default != nil {
		text += fmt.Sprintf(" (`%v`)", s.Default)
	}
	return text
}

// sampleBody is the body of the operation's sample event, if it has one of JSON.
func sampleBody(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile("../../events/" + name + ".json")
	if err != nil {
		t.Fatal(err)
	}
	var event struct{ Body string }
	if err := json.Unmarshal(text, &event); err != nil {
		t.Fatal(err)
	}
	var body bytes.Buffer
	if json.Indent(&body, []byte(event.Body), "", "  ") != nil || len(event.Body) < 3 {
		return ""
	}
	return body.String()
}
