// Package lint says what is wrong with the file of a connector, in sentences a
// person can act on. A connector that passes can be read by package catalog, and
// every template in it can be filled in. Each sentence begins with the JSON
// pointer (RFC 6901) of what it speaks of, save those on the whole document, and
// holds nothing of the file but names: a file may come from anyone, and may hold
// a secret in the wrong place.
//
// It depends on package catalog and on the JSON Schema module, which is why it
// is a package of its own: what does not check connectors does not link it.
package lint

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/tenonhq/tenon/shared/catalog"
)

// maxSize is how many bytes a file may have: many times those of the longest
// connector.
const maxSize = 128 << 10

// Check returns what is wrong with a file; nothing when it can be used. Where
// implemented names scheme types, a scheme of another type is wrong as well.
func Check(data []byte, implemented ...string) []string {
	_, complaints := Read(data, implemented...)
	return complaints
}

// Read is Check and returns the connector too. It is of use only where there is
// no complaint. Data may come from anyone; whose id it may have, and whether it
// may be localOnly, is for the caller to say.
func Read(data []byte, implemented ...string) (catalog.Connector, []string) {
	if len(data) > maxSize {
		return catalog.Connector{}, []string{fmt.Sprintf("The document is longer than %d bytes.", maxSize)}
	}
	if complaint := checkShape(data); complaint != "" {
		return catalog.Connector{}, []string{complaint}
	}
	complaints, err := validate(data)
	if err != nil {
		return catalog.Connector{}, []string{"The document is not JSON."}
	}
	if len(complaints) > 0 {
		return catalog.Connector{}, complaints
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	var c catalog.Connector
	if err := decoder.Decode(&c); err != nil {
		return catalog.Connector{}, []string{"The document does not have the members of a connector."}
	}
	return c, slices.Concat(unfilled(data), checkRules(c, implemented))
}

// join returns the JSON pointer of a member. A name that could be a value in
// the wrong place is not shown.
func join(pointer string, names ...string) string {
	for _, name := range names {
		if len(name) > 64 || strings.ContainsFunc(name, func(r rune) bool { return r <= ' ' || r > '~' || r == '"' }) {
			name = "…"
		}
		pointer += "/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(name)
	}
	return pointer
}

// unique drops what was said before, as of a member that several schemes share.
func unique(complaints []string) []string {
	var kept []string
	for _, complaint := range complaints {
		if !slices.Contains(kept, complaint) {
			kept = append(kept, complaint)
		}
	}
	return kept
}
