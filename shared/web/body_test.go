package web_test

import (
	"encoding/base64"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/routes"
)

const created = `{"templateId":"` + templateID + `","name":"Shop","credential":{"apiKey":"k"}}`

func TestBodyFillsTheRequest(t *testing.T) {
	t.Parallel()
	for name, edit := range map[string]func(*events.APIGatewayV2HTTPRequest){
		"text": func(e *events.APIGatewayV2HTTPRequest) { e.Body = created },
		"with parameters": func(e *events.APIGatewayV2HTTPRequest) {
			e.Body, e.Headers = created, map[string]string{"content-type": "application/json; charset=utf-8"}
		},
		"base64": func(e *events.APIGatewayV2HTTPRequest) {
			e.Body, e.IsBase64Encoded = base64.StdEncoding.EncodeToString([]byte(created)), true
		},
	} {
		h, seen := record(t, routes.ConnectionCreate)
		h.With(edit).Send(event(routes.ConnectionCreate.Route)).Want(201, "")
		if seen.in.Name != "Shop" || seen.in.TemplateID != templateID || seen.in.Credential["apiKey"].Reveal() != "k" {
			t.Errorf("%s: got %+v", name, seen.in)
		}
	}
}

func TestBodyThatCanBeReadInTwoWaysIsRefused(t *testing.T) {
	t.Parallel()
	deep := strings.Repeat(`{"labels":`, 40) + "{}" + strings.Repeat("}", 40)
	for name, body := range map[string]string{
		"not JSON":                "name=Shop",
		"a member twice":          `{"name":"Shop","name":"Other","templateId":"` + templateID + `"}`,
		"a nested member twice":   `{"name":"Shop","labels":{"a":"1","a":"2"},"templateId":"` + templateID + `"}`,
		"an escaped member twice": `{"name":"Shop","n\u0061me":"Other","templateId":"` + templateID + `"}`,
		"something behind it":     created + `{}`,
		"garbage behind it":       created + `]`,
		"nested too deep":         deep,
		"deeper than any stack":   strings.Repeat("[", 200_000),
		"cut off":                 created[:len(created)-1],
		"not UTF-8":               `{"name":"` + "\xff" + `","templateId":"` + templateID + `"}`,
		"half a surrogate pair":   `{"name":"\ud800","templateId":"` + templateID + `"}`,
		"a number beyond float":   `{"name":1e400}`,
		"not a number":            `{"name":NaN}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h, seen := record(t, routes.ConnectionCreate)
			h.WithBody(body).Send(event(routes.ConnectionCreate.Route)).WantProblem(400, fault.CodeInvalidBody)
			if seen.count != 0 {
				t.Error("the handler was called")
			}
		})
	}
}

func TestBodyMemberThatIsWrongIsNamed(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 121)
	with := func(members string) string {
		return `{"name":"Shop","templateId":"` + templateID + `",` + members + `}`
	}
	for name, test := range map[string]struct{ body, pointer string }{
		"unknown":                  {with(`"colour":"red"`), "/colour"},
		"of another case":          {`{"Name":"Shop","templateId":"` + templateID + `"}`, "/Name"},
		"of another case beside":   {with(`"NAME":"` + long + `"`), "/NAME"},
		"of a case Go folds":       {with(`"label\u017f":{}`), "/label\u017f"},
		"read-only elsewhere":      {with(`"tenant":"evil"`), "/tenant"},
		"too long":                 {`{"name":"` + long + `","templateId":"` + templateID + `"}`, "/name"},
		"too short":                {`{"name":"","templateId":"` + templateID + `"}`, "/name"},
		"null":                     {`{"name":null,"templateId":"` + templateID + `"}`, "/name"},
		"of the wrong type":        {with(`"labels":["a"]`), "/labels"},
		"deep of the wrong type":   {with(`"labels":{"a":1}`), "/labels/a"},
		"not in the enumeration":   {with(`"environment":"staging"`), "/environment"},
		"not of the pattern":       {`{"name":"Shop","templateId":"tpl_1"}`, "/templateId"},
		"pattern with a newline":   {`{"name":"Shop","templateId":"` + templateID + `\n"}`, "/templateId"},
		"a secret of a wrong kind": {with(`"credential":{"apiKey":1}`), "/credential/apiKey"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h, seen := record(t, routes.ConnectionCreate)
			h.WithBody(test.body).Send(event(routes.ConnectionCreate.Route)).
				WantProblem(400, fault.CodeValidationFailed).WantPointer(test.pointer)
			if seen.count != 0 {
				t.Error("the handler was called")
			}
		})
	}
}

func TestBodyMembersOfListsAreChecked(t *testing.T) {
	t.Parallel()
	h, _ := record(t, routes.ConnectionCalls)
	for pointer, body := range map[string]string{
		"/calls/0/outcome": `{"calls":[{"at":"2026-01-01T00:00:00Z","outcome":"fine"}]}`,
		"/calls/0/at":      `{"calls":[{"at":"yesterday","outcome":"ok"}]}`,
		"/calls/0/Outcome": `{"calls":[{"at":"2026-01-01T00:00:00Z","outcome":"ok","Outcome":"fine"}]}`,
		"/calls":           `{"calls":[]}`,
	} {
		h.WithBody(body).Send(event(routes.ConnectionCalls.Route)).WantProblem(400, fault.CodeValidationFailed).WantPointer(pointer)
	}
}

func TestBodyWithoutARequiredMemberIsRefused(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{"no body": "", "an empty object": "{}", "null": "null", "a list": "[]"} {
		h, seen := record(t, routes.ConnectionCreate)
		h.WithBody(body).Send(event(routes.ConnectionCreate.Route)).WantProblem(400, fault.CodeValidationFailed)
		if seen.count != 0 {
			t.Errorf("%s: the handler was called", name)
		}
	}
}

func TestBodyOfAnotherMediaTypeIsRefused(t *testing.T) {
	t.Parallel()
	for _, media := range []string{"", "text/plain", "application/x-www-form-urlencoded", "application/jsonp", "application/json;;", "application/json, text/plain"} {
		h, _ := record(t, routes.ConnectionCreate)
		h.WithBody(created).WithHeader("content-type", media).Send(event(routes.ConnectionCreate.Route)).
			WantProblem(415, fault.CodeUnsupportedMedia)
	}
}

func TestBodyAbove256KiBIsRefused(t *testing.T) {
	t.Parallel()
	fill := func(size int) string { return created + strings.Repeat(" ", size-len(created)) }
	encoded := func(size int) func(*events.APIGatewayV2HTTPRequest) {
		return func(e *events.APIGatewayV2HTTPRequest) {
			e.Body, e.IsBase64Encoded = base64.StdEncoding.EncodeToString([]byte(fill(size))), true
		}
	}
	h, _ := record(t, routes.ConnectionCreate)
	send := event(routes.ConnectionCreate.Route)
	h.WithBody(fill(256<<10)).Send(send).Want(201, "")
	h.WithBody(fill(256<<10+1)).Send(send).WantProblem(413, fault.CodeBodyTooLarge)
	h.With(encoded(256<<10)).Send(send).Want(201, "")
	h.With(encoded(256<<10+1)).Send(send).WantProblem(413, fault.CodeBodyTooLarge)
	h.With(func(e *events.APIGatewayV2HTTPRequest) { e.Body, e.IsBase64Encoded = "%%%", true }).Send(send).
		WantProblem(400, fault.CodeInvalidBody)
}

// An answer stays far below what Lambda can return, whatever is wrong.
func TestProblemOfAHopelessBodyIsSmall(t *testing.T) {
	t.Parallel()
	for _, member := range []string{"1", `{"Outcome":1}`, `{"x":1}`} {
		h, _ := record(t, routes.ConnectionCalls)
		body := `{"calls":[` + strings.Repeat(member+",", 10_000) + member + `]}`
		answer := h.WithBody(body).Send(event(routes.ConnectionCalls.Route)).WantProblem(400, fault.CodeValidationFailed)
		if len(answer.Body) > 10_000 {
			t.Errorf("%s: got an answer of %d bytes", member, len(answer.Body))
		}
	}
}
