package lint

import (
	"bytes"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"

	"github.com/tenonhq/tenon/shared/catalog"
)

// compiled is the schema of connectors, ready for use.
var compiled = sync.OnceValues(func() (*jsonschema.Schema, error) {
	const name = "https://tenon.invalid/connector.schema.json"
	document, err := jsonschema.UnmarshalJSON(strings.NewReader(catalog.Schema()))
	if err != nil {
		return nil, fmt.Errorf("read connector schema: %w", err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource(name, document); err != nil {
		return nil, fmt.Errorf("add connector schema: %w", err)
	}
	return compiler.Compile(name)
})

// validate holds a document to the schema. The module's own words quote values
// and are never used.
func validate(data []byte) ([]string, error) {
	schema, err := compiled()
	if err != nil {
		return nil, err
	}
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	var invalid *jsonschema.ValidationError
	if err := schema.Validate(document); errors.As(err, &invalid) {
		var complaints []string
		explain(invalid, &complaints)
		slices.Sort(complaints)
		return unique(complaints), nil
	} else if err != nil {
		return nil, err
	}
	return nil, nil
}

// explain turns the innermost failures into sentences.
func explain(e *jsonschema.ValidationError, complaints *[]string) {
	for _, cause := range e.Causes {
		explain(cause, complaints)
	}
	if len(e.Causes) > 0 {
		return
	}
	where := join("", e.InstanceLocation...)
	if where == "" {
		where = "The document"
	}
	for _, sentence := range sentences(e) {
		*complaints = append(*complaints, where+" "+sentence)
	}
}

// sentences says what is wrong with one value, in words that follow its pointer.
func sentences(e *jsonschema.ValidationError) []string {
	switch k := e.ErrorKind.(type) {
	case *kind.Required:
		return each(k.Missing, "needs the member %s.")
	case *kind.AdditionalProperties:
		return each(k.Properties, "has the unknown member %s; take it out, or look its name up in connector.schema.json.")
	case *kind.DependentRequired:
		return each(k.Missing, "needs the member %s too.")
	case *kind.FalseSchema:
		return []string{"has no place here; take it out."}
	case *kind.Type:
		return []string{"must be of type " + strings.Join(k.Want, " or ") + "."}
	case *kind.Enum:
		return []string{"must be one of: " + strings.Trim(fmt.Sprint(k.Want), "[]") + "."}
	case *kind.Const:
		return []string{fmt.Sprintf("must be %v.", k.Want)}
	case *kind.UniqueItems:
		return []string{"has the same item twice."}
	case *kind.Pattern:
		return []string{malformed(path.Base(e.SchemaURL), k)}
	default:
		return []string{bounds(e.ErrorKind)}
	}
}

// each says a sentence of every name.
func each(names []string, format string) []string {
	var said []string
	for _, name := range names {
		said = append(said, fmt.Sprintf(format, strings.TrimPrefix(join("", name), "/")))
	}
	return said
}

// bounds speaks of what is too short, too long, too little or too much.
func bounds(k jsonschema.ErrorKind) string {
	switch k := k.(type) {
	case *kind.MinLength:
		return "must not be empty."
	case *kind.MaxLength:
		return fmt.Sprintf("must have at most %d characters.", k.Want)
	case *kind.MinItems:
		return fmt.Sprintf("must have at least %d; leave the member out where there is none.", k.Want)
	case *kind.MinProperties:
		return fmt.Sprintf("must have at least %d.", k.Want)
	case *kind.MaxItems:
		return fmt.Sprintf("must have at most %d.", k.Want)
	case *kind.Minimum:
		return "must be at least " + k.Want.RatString() + "."
	case *kind.Maximum:
		return "must be at most " + k.Want.RatString() + "."
	default:
		return "is not what connector.schema.json asks for."
	}
}

// malformed says what form a text must have; definition is the name the schema
// gives to it.
func malformed(definition string, k *kind.Pattern) string {
	if strings.HasPrefix(k.Got, "http://") {
		return "begins with http://; use https://."
	}
	switch definition {
	case "link":
		return "must be an address that begins with https://."
	case "urlTemplate":
		return "must begin with https:// or with an input of type url in braces, without a space or #."
	case "day":
		return "must be a day written YYYY-MM-DD."
	case "identifier":
		return "must begin with a letter and have only letters and digits, at most 64."
	case "path":
		return "must be names of members with dots between them."
	default:
		return "must match the expression " + k.Want + "."
	}
}
