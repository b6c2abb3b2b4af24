package catalog

import (
	"bytes"
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/tenonhq/tenon/shared/fault"
)

//go:embed connectors/*.json
var files embed.FS

var idPattern = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[a-z0-9-]+$`) })

// Catalog reads connectors. Local shows those meant for a developer's machine
// as well, Own those that the organization has defined; nil for none. Load finds
// those Added before those of the files; no list has them.
type Catalog struct {
	Local bool
	Own   Own
	Added []Connector
}

// OwnPrefix begins the id of every connector that an organization defines, and
// of no other.
const OwnPrefix = "own-"

// Own keeps the connectors that the organization has defined, as JSON.
type Own interface {
	// Definition returns one, or a fault with code not_found. One that is retired
	// is found: connections may still use it.
	Definition(ctx context.Context, id string) ([]byte, error)
	// Definitions returns all that are not retired, by id.
	Definitions(ctx context.Context) ([][]byte, error)
}

// Filter narrows a list; an empty member does not narrow.
type Filter struct {
	Category   string
	AuthScheme string // A scheme type, "api_key".
	Query      string // Words that all stand in the name, the description or a category.
}

// Find returns the connector with this id, whoever defined it, or a fault with
// code not_found.
func (c Catalog) Find(ctx context.Context, id string) (Connector, error) {
	if c.Own == nil || !strings.HasPrefix(id, OwnPrefix) || !idPattern().MatchString(id) {
		return c.Load(id)
	}
	data, err := c.Own.Definition(ctx, id)
	if err != nil {
		return Connector{}, err
	}
	return read(data)
}

// Offered is Find for what is to be used anew: one that is retired is not found.
func (c Catalog) Offered(ctx context.Context, id string) (Connector, error) {
	if c.Own == nil || !strings.HasPrefix(id, OwnPrefix) {
		return c.Load(id)
	}
	definitions, err := c.Own.Definitions(ctx)
	if err != nil {
		return Connector{}, err
	}
	for _, data := range definitions {
		if own, err := read(data); err != nil || own.ID == id {
			return own, err
		}
	}
	return c.Load(id) // Which says that there is none.
}

// All returns the connectors that pass the filter: the organization's own first,
// then those of the catalog, each by id.
func (c Catalog) All(ctx context.Context, filter Filter) ([]Connector, error) {
	list, err := c.List(filter)
	if err != nil || c.Own == nil {
		return list, err
	}
	definitions, err := c.Own.Definitions(ctx)
	if err != nil {
		return nil, err
	}
	var own []Connector
	for _, data := range definitions {
		connector, err := read(data)
		if err != nil {
			return nil, err
		}
		if filter.passes(connector) {
			own = append(own, connector)
		}
	}
	return append(own, list...), nil
}

// read decodes a stored definition. It was checked when it was saved, perhaps by
// another version: a member that is not known any more is left out.
func read(data []byte) (Connector, error) {
	var c Connector
	if err := json.Unmarshal(data, &c); err != nil {
		return Connector{}, fmt.Errorf("read connector %s: not a definition", c.ID)
	}
	return c, nil
}

// Load returns the connector of the catalog with this id, or a fault with code
// not_found.
func (c Catalog) Load(id string) (Connector, error) {
	notFound := fault.New(fault.NotFound, fault.CodeNotFound, "There is no such connector.")
	if !idPattern().MatchString(id) {
		return Connector{}, notFound
	}
	for _, added := range c.Added {
		if added.ID == id {
			return added, nil
		}
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

// List returns the connectors of the catalog that pass the filter, by id.
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

// TokenURL returns the template of where the scheme's tokens come from without a
// person; empty where there are none.
func (s Scheme) TokenURL() string {
	switch {
	case s.OAuth != nil:
		return s.OAuth.TokenURL
	case s.Login != nil:
		return s.Login.Request.URL
	}
	return ""
}

// NamesClient reports whether token requests of the scheme name an OAuth client
// that no input of the scheme gives. One that shows an assertion may do without a
// client (RFC 7521 4.1).
func (s Scheme) NamesClient() bool {
	given := slices.ContainsFunc(s.Inputs, func(in Input) bool { return in.Name == "clientId" })
	switch {
	case s.OAuth == nil, s.Type == "service_account_key", given:
		return false
	case s.Assertion == nil, s.OAuth.ClientAuth != "none", s.OAuth.AuthorizeURL != "", s.Assertion.Issuer == "":
		return true
	}
	return strings.Contains(s.Assertion.Issuer+s.Assertion.Subject, "{clientId}")
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
