package cloud

import (
	"encoding/json"
	"regexp"
	"strings"
)

// inputTransformer rewrites an event for a target.
type inputTransformer struct {
	InputPathsMap map[string]string
	InputTemplate string
}

// payload is what the target receives of an event.
func (t *eventTarget) payload(event object) []byte {
	switch {
	case t.InputTransformer != nil:
		return []byte(t.InputTransformer.apply(event))
	case t.Input != "":
		return []byte(t.Input)
	case t.InputPath != "":
		return encodeJSON(jsonPath(event, t.InputPath))
	}
	return encodeJSON(event)
}

var placeholder = regexp.MustCompile(`"<([A-Za-z0-9_-]+)>"|<([A-Za-z0-9_-]+)>`)

// apply fills the template. A quoted placeholder of a text becomes a JSON
// string, an unquoted one the bare text; other values become JSON.
func (t *inputTransformer) apply(event object) string {
	return placeholder.ReplaceAllStringFunc(t.InputTemplate, func(found string) string {
		name := strings.Trim(found, `"<>`)
		path, ok := t.InputPathsMap[name]
		if !ok {
			return found
		}
		value := jsonPath(event, path)
		encoded := string(encodeJSON(value))
		text, isText := value.(string)
		quoted := strings.HasPrefix(found, `"`)
		switch {
		case quoted && !isText:
			return `"` + encoded + `"`
		case !quoted && isText:
			return text
		}
		return encoded
	})
}

// jsonPath follows a path such as $.detail.name, and returns nil where it
// leads nowhere.
func jsonPath(value any, path string) any {
	for name := range strings.SplitSeq(strings.TrimPrefix(path, "$"), ".") {
		if name == "" {
			continue
		}
		members, _ := value.(object)
		value = members[name]
	}
	return value
}

// encodeJSON encodes a value that came from JSON, which cannot fail.
func encodeJSON(value any) []byte {
	encoded, _ := json.Marshal(value)
	return encoded
}
