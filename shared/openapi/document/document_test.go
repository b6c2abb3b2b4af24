package document_test

import (
	"bytes"
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/openapi/document"
	"github.com/tenonhq/tenon/shared/routes"
)

type object = map[string]any

func TestEveryReferenceResolves(t *testing.T) {
	t.Parallel()
	doc := decoded(t)
	count := 0
	walk(doc, func(o object) {
		ref, ok := o["$ref"].(string)
		if !ok {
			return
		}
		count++
		if lookup(doc, ref) == nil {
			t.Errorf("%s leads nowhere", ref)
		}
	})
	if count == 0 {
		t.Error("the document has no references")
	}
}

func TestEveryOperationIsComplete(t *testing.T) {
	t.Parallel()
	doc := decoded(t)
	for _, r := range routes.Operations() {
		if r.IsAsset() {
			continue
		}
		op, ok := lookup(doc, "#/paths/"+escape(r.Path)+"/"+strings.ToLower(r.Method)).(object)
		if !ok {
			t.Errorf("%s is not in the document", r.Name)
			continue
		}
		if op["operationId"] != r.Name {
			t.Errorf("%s: got operationId %v", r.Name, op["operationId"])
		}
		if got, want := security(op), r.Scope; got != want {
			t.Errorf("%s: got scope %q, want %q", r.Name, got, want)
		}
		var want []string
		for _, m := range regexp.MustCompile(`\{(\w+)\}`).FindAllStringSubmatch(r.Path, -1) {
			want = append(want, m[1])
		}
		if got := pathParameters(op); !slices.Equal(got, want) {
			t.Errorf("%s: got path parameters %v, want %v", r.Name, got, want)
		}
		if _, ok := lookup(op, "#/responses/default").(object); !ok {
			t.Errorf("%s: has no answer for failures", r.Name)
		}
		if r.Method == "GET" && op["requestBody"] != nil {
			t.Errorf("%s: a GET has a body", r.Name)
		}
	}
}

func TestSecretsAreWriteOnlyAndInRequestsOnly(t *testing.T) {
	t.Parallel()
	doc := decoded(t)
	for ref, want := range map[string]bool{
		"#/components/schemas/TemplateCreate/properties/clientSecret":                      true,
		"#/components/schemas/TemplateUpdate/properties/clientSecret":                      true,
		"#/components/schemas/CredentialPut/properties/credential/additionalProperties":    true,
		"#/components/schemas/ConnectionCreate/properties/name":                            false,
		"#/components/schemas/ConnectionCreate/properties/credential/additionalProperties": true,
	} {
		schema, _ := lookup(doc, ref).(object)
		if got := schema["writeOnly"] == true && schema["format"] == "password" && schema["type"] == "string"; got != want {
			t.Errorf("%s: got %v, write-only %v wanted", ref, schema, want)
		}
	}
}

func TestAnswersCarryTheirHeadersAndCodes(t *testing.T) {
	t.Parallel()
	doc := decoded(t)
	for _, ref := range []string{
		"#/paths/~1v1~1connections~1{connectionId}/get/responses/200/headers/ETag",
		"#/paths/~1v1~1connections/post/responses/201/content/application~1json",
		"#/paths/~1v1~1templates~1{templateId}/delete/responses/204",
		"#/paths/~1v1~1oauth~1callback~1{contextId}/get/responses/303/headers/Location",
		"#/paths/~1v1~1oauth~1start~1{handoffId}/post/requestBody/content/application~1x-www-form-urlencoded",
		"#/components/responses/Problem/headers/Retry-After",
	} {
		if lookup(doc, ref) == nil {
			t.Errorf("%s is missing", ref)
		}
	}
	codes, _ := lookup(doc, "#/components/schemas/Problem/properties/code/enum").([]any)
	if len(codes) != len(fault.Codes()) {
		t.Errorf("got %d problem codes, want %d", len(codes), len(fault.Codes()))
	}
	description, _ := lookup(doc, "#/components/securitySchemes/jwt/description").(string)
	for _, scope := range auth.Scopes() {
		if !strings.Contains(description, scope) {
			t.Errorf("the security scheme does not name %s", scope)
		}
	}
}

// Requests are closed, so that a misspelt member is an error; answers are open,
// so that a new member is none.
func TestOnlyRequestsAreClosed(t *testing.T) {
	t.Parallel()
	doc := decoded(t)
	for name, closed := range map[string]bool{"ConnectionCreate": true, "Call": true, "Connection": false, "Problem": false} {
		schema, _ := lookup(doc, "#/components/schemas/"+name).(object)
		if got := schema["additionalProperties"] == false; got != closed {
			t.Errorf("%s: got closed %v, want %v", name, got, closed)
		}
	}
}

func TestEverySchemaIsOfDraft202012(t *testing.T) {
	t.Parallel()
	text, err := json.Marshal(document.New(routes.All()))
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	compiler.DefaultDraft(jsonschema.Draft2020)
	if err := compiler.AddResource("https://tenon.example/openapi.json", doc); err != nil {
		t.Fatal(err)
	}
	schemas, _ := lookup(decoded(t), "#/components/schemas").(object)
	for name := range schemas {
		if _, err := compiler.Compile("https://tenon.example/openapi.json#/components/schemas/" + name); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func decoded(t *testing.T) object {
	t.Helper()
	text, err := json.Marshal(document.New(routes.All()))
	if err != nil {
		t.Fatal(err)
	}
	var doc object
	if err := json.Unmarshal(text, &doc); err != nil {
		t.Fatal(err)
	}
	return doc
}

// lookup follows a local reference (RFC 6901).
func lookup(doc any, ref string) any {
	for part := range strings.SplitSeq(strings.TrimPrefix(ref, "#/"), "/") {
		members, ok := doc.(object)
		if !ok {
			return nil
		}
		doc = members[strings.NewReplacer("~1", "/", "~0", "~").Replace(part)]
	}
	return doc
}

func escape(part string) string { return strings.NewReplacer("~", "~0", "/", "~1").Replace(part) }

func walk(v any, visit func(object)) {
	switch v := v.(type) {
	case object:
		visit(v)
		for _, member := range v {
			walk(member, visit)
		}
	case []any:
		for _, item := range v {
			walk(item, visit)
		}
	}
}

func security(op object) string {
	list, _ := op["security"].([]any)
	if len(list) != 1 {
		return ""
	}
	scopes, _ := list[0].(object)["jwt"].([]any)
	if len(scopes) != 1 {
		return ""
	}
	scope, _ := scopes[0].(string)
	return scope
}

func pathParameters(op object) []string {
	var names []string
	parameters, _ := op["parameters"].([]any)
	for _, p := range parameters {
		if p := p.(object); p["in"] == "path" && p["required"] == true {
			names = append(names, p["name"].(string))
		}
	}
	return names
}
