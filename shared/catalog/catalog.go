package catalog

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/tenonhq/tenon/shared/fault"
)

//go:embed connectors/*.json
var files embed.FS

var idPattern = regexp.MustCompile(`^[a-z0-9-]+$`)

// Catalog reads connectors. Local shows those meant for a developer's machine
// as well.
type Catalog struct {
	Local bool
	// More are connectors besides the embedded ones, which Load knows first.
	More []Connector
}

// Filter narrows a list; an empty member does not narrow.
type Filter struct {
	Category   string
	AuthScheme string // A scheme type, "api_key".
	Query      string // Words that all stand in the name, the description or a category.
}

// Load returns the connector with this id, or a fault with code not_found.
func (c Catalog) Load(id string) (Connector, error) {
	notFound := fault.New(fault.NotFound, fault.CodeNotFound, "There is no such connector.")
	if !idPattern.MatchString(id) {
		return Connector{}, notFound
	}
	if i := slices.IndexFunc(c.More, func(m Connector) bool { return m.ID == id }); i >= 0 {
		return c.More[i], nil
	}
	data, err := files.ReadFile("connectors/" + id + ".json")
	if err != nil {
		return Connector{}, notFound
	}
	connector, err := decode(data)
	if err != nil {
		return Connector{}, fmt.Errorf("read connector %s: %w", id, err)
	}
	if connector.LocalOnly && !c.Local {
		return Connector{}, notFound
	}
	return connector, nil
}

// List returns the connectors that pass the filter, by id.
func (c Catalog) List(filter Filter) ([]Connector, error) {
	var list []Connector
	for _, id := range IDs() {
		connector, err := c.Load(id)
		if fault.Has(err, fault.CodeNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if filter.passes(connector) {
			list = append(list, connector)
		}
	}
	return list, nil
}

// IDs returns the ids of all connectors, the local ones included, sorted.
func IDs() []string {
	entries, err := files.ReadDir("connectors")
	if err != nil {
		return nil
	}
	ids := make([]string, 0, len(entries))
	for _, entry := range entries {
		ids = append(ids, strings.TrimSuffix(entry.Name(), ".json"))
	}
	slices.Sort(ids)
	return ids
}

// Scheme returns the scheme with this id; an empty id picks the only scheme.
func (c Connector) Scheme(id string) (Scheme, bool) {
	if id == "" && len(c.Schemes) == 1 {
		return c.Schemes[0], true
	}
	for _, scheme := range c.Schemes {
		if scheme.ID == id {
			return scheme, true
		}
	}
	return Scheme{}, false
}

// RefreshPolicy says how tokens of the scheme are treated; the zero policy where
// it has no authorization server.
func (s Scheme) RefreshPolicy() Refresh {
	if s.OAuth == nil {
		return Refresh{}
	}
	return s.OAuth.Refresh
}

// InputsFor returns the inputs a connection by this scheme has: those of the
// connector, then those of the scheme.
func (c Connector) InputsFor(s Scheme) []Input { return slices.Concat(c.Inputs, s.Inputs) }

func decode(data []byte) (Connector, error) {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	var c Connector
	if err := decoder.Decode(&c); err != nil {
		return Connector{}, err
	}
	return c, nil
}

func (f Filter) passes(c Connector) bool {
	if f.Category != "" && !slices.Contains(c.Categories, f.Category) {
		return false
	}
	if f.AuthScheme != "" && !slices.ContainsFunc(c.Schemes, func(s Scheme) bool { return s.Type == f.AuthScheme }) {
		return false
	}
	text := strings.ToLower(c.Name + " " + c.Description + " " + strings.Join(c.Categories, " "))
	for word := range strings.FieldsSeq(strings.ToLower(f.Query)) {
		if !strings.Contains(text, word) {
			return false
		}
	}
	return true
}
