package lint

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Blank begins a text that a person has to write, and says with what; BlankHost
// is the host of an address that is to be looked up.
const (
	Blank     = "FILL IN: "
	BlankHost = "fill-in.example.com"
)

// unfilled lists the texts of a scaffold that nobody has written yet.
func unfilled(data []byte) []string {
	var document any
	if err := json.Unmarshal(data, &document); err != nil {
		return nil
	}
	var complaints []string
	walk(document, "", func(pointer, text string) {
		switch {
		case strings.HasPrefix(text, Blank):
			complaints = append(complaints, pointer+" is still to be filled in; its text says with what.")
		case strings.Contains(text, BlankHost):
			complaints = append(complaints, pointer+" still has the host "+BlankHost+"; look the address up.")
		}
	})
	return complaints
}

// walk shows every text of a document with its pointer, in order.
func walk(value any, pointer string, show func(pointer, text string)) {
	switch value := value.(type) {
	case string:
		show(pointer, value)
	case []any:
		for i, v := range value {
			walk(v, fmt.Sprintf("%s/%d", pointer, i), show)
		}
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(value)) {
			walk(value[name], join(pointer, name), show)
		}
	}
}
