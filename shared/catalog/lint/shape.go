package lint

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"regexp"
)

// Limits of the document's shape: what no connector comes near, and what keeps
// a hostile one from costing more than its size.
const (
	maxDepth  = 16
	maxValues = 5000
)

// wholeNumber is the form of every number in the format. Others could be
// astronomic.
var wholeNumber = regexp.MustCompile(`^-?[0-9]{1,12}$`)

// checkShape reads the document once, without keeping it. A name that stands
// twice could be read in two ways and is refused.
func checkShape(data []byte) string {
	s := shape{decoder: json.NewDecoder(bytes.NewReader(data))}
	s.decoder.UseNumber()
	complaint := s.value("", 0)
	if complaint != "" {
		return complaint
	}
	if _, err := s.decoder.Token(); err != io.EOF {
		return "The document goes on after its end."
	}
	return ""
}

type shape struct {
	decoder *json.Decoder
	values  int
}

func (s *shape) value(pointer string, depth int) string {
	s.values++
	if depth > maxDepth || s.values > maxValues {
		return "The document has too many values, or too deep a structure."
	}
	token, err := s.decoder.Token()
	if err != nil {
		return fmt.Sprintf("The document is not JSON: it cannot be read beyond byte %d.", s.decoder.InputOffset())
	}
	switch token := token.(type) {
	case json.Number:
		if !wholeNumber.MatchString(token.String()) {
			return pointer + " must be a whole number of at most 12 digits."
		}
	case json.Delim:
		return s.members(token == '{', pointer, depth)
	}
	return ""
}

// members reads the members of an object or a list up to its end.
func (s *shape) members(object bool, pointer string, depth int) string {
	seen := map[string]bool{}
	for i := 0; s.decoder.More(); i++ {
		name := fmt.Sprint(i)
		if object {
			token, err := s.decoder.Token()
			key, ok := token.(string)
			if err != nil || !ok {
				return fmt.Sprintf("The document is not JSON: it cannot be read beyond byte %d.", s.decoder.InputOffset())
			}
			if seen[key] {
				return join(pointer, key) + " stands twice; keep one."
			}
			name, seen[key] = key, true
		}
		if complaint := s.value(join(pointer, name), depth+1); complaint != "" {
			return complaint
		}
	}
	if _, err := s.decoder.Token(); err != nil {
		return fmt.Sprintf("The document is not JSON: it cannot be read beyond byte %d.", s.decoder.InputOffset())
	}
	return ""
}
