package catalog

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/secret"
)

var namePattern = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_-]{0,63}$`) })

// CheckInputs returns the given values as they are kept: trimmed, normalized
// and with the defaults filled in. All that is wrong is in one fault, with a
// pointer /inputs/<name> each and never a value. Local is Catalog.Local: it
// allows URLs on this machine.
func CheckInputs(inputs []Input, given map[string]string, local bool) (map[string]string, error) {
	kept, fields := checkGiven(inputs, given, local)
	for _, in := range inputs {
		if strings.TrimSpace(given[in.Name]) != "" {
			continue
		}
		switch {
		case in.Default != "":
			kept[in.Name] = in.Default
		case !in.Optional:
			fields = append(fields, fault.Field{Pointer: "/inputs/" + in.Name, Detail: "Is required."})
		}
	}
	if err := invalid("The inputs are not valid.", fields); err != nil {
		return nil, err
	}
	return kept, nil
}

// CheckPartialInputs is CheckInputs for a template, whose connections give the
// rest: nothing is required and no default is filled in.
func CheckPartialInputs(inputs []Input, given map[string]string, local bool) (map[string]string, error) {
	kept, fields := checkGiven(inputs, given, local)
	if err := invalid("The inputs are not valid.", fields); err != nil {
		return nil, err
	}
	return kept, nil
}

// maxCredential is how many bytes the members of a credential may have together:
// the secret store takes 64 KB of JSON.
const maxCredential = 48 << 10

// CheckFields checks the members of a static credential: their names, that the
// required ones are there, that each can stand in a header and all in the secret
// store. All that is wrong is in one fault, with a pointer /credential/<name> each
// and never a value.
func CheckFields(inputs []Input, given map[string]secret.Bytes) error {
	var fields []fault.Field
	size := 0
	for _, value := range given {
		size += value.Len()
	}
	if size > maxCredential {
		fields = append(fields, fault.Field{Pointer: "/credential", Detail: fmt.Sprintf("Must be at most %d bytes in all.", maxCredential)})
	}
	for _, in := range inputs {
		value := given[in.Name]
		switch {
		case value.IsZero() && !in.Optional && in.Default == "":
			fields = append(fields, fault.Field{Pointer: "/credential/" + in.Name, Detail: "Is required."})
		case !value.IsZero():
			if wrong := in.checkField(value.Reveal()); wrong != "" {
				fields = append(fields, fault.Field{Pointer: "/credential/" + in.Name, Detail: string(wrong)})
			}
		}
	}
	fields = append(fields, unknown("/credential", inputs, slices.Sorted(maps.Keys(given)))...)
	return invalid("The credential is not valid.", fields)
}

// WithDefaults returns the members of a credential with the defaults of those
// that were not given. No credential stays none.
func WithDefaults(inputs []Input, given map[string]secret.Bytes) map[string]secret.Bytes {
	if len(given) == 0 {
		return given
	}
	whole := maps.Clone(given)
	for _, in := range inputs {
		if whole[in.Name].IsZero() && in.Default != "" {
			whole[in.Name] = secret.FromString(in.Default)
		}
	}
	return whole
}

// CheckCapture returns what the provider gave for a capture as a value, or a
// fault with code provider_error when it is absent or not of the form and host
// that the connector promises.
func CheckCapture(c Capture, text string, local bool) (Value, error) {
	text, wrong := Input{Type: c.Type}.normalizeCaptured(text, local)
	if wrong == "" && c.Host != "" && !matchHost(c.Host, hostOf(Value{c.Type, text}), nil) {
		wrong = "Is on a host of someone else."
	}
	if wrong != "" {
		return Value{}, &fault.Error{
			Kind: fault.Upstream, Code: fault.CodeProviderError,
			Detail: "The provider's answer lacks a usable " + c.Name + ".",
		}
	}
	return Value{Type: c.Type, Text: text}, nil
}

func (in Input) normalizeCaptured(text string, local bool) (string, problem) {
	if text == "" {
		return "", "Is required."
	}
	return normalizeType(in.Type, text, local)
}

func (in Input) checkField(text string) problem {
	if in.Type == TypeFile {
		return checkFile(text)
	}
	if strings.TrimSpace(text) != text {
		return "Must not begin or end with a space or a line break."
	}
	if wrong := checkLine(text, maxSecret); wrong != "" {
		return wrong
	}
	return in.matchPattern(text)
}

func checkGiven(inputs []Input, given map[string]string, local bool) (map[string]string, []fault.Field) {
	kept := make(map[string]string, len(given))
	var fields []fault.Field
	for _, in := range inputs {
		text := strings.TrimSpace(given[in.Name])
		if text == "" {
			continue
		}
		text, wrong := in.normalize(text, local)
		if wrong != "" {
			fields = append(fields, fault.Field{Pointer: "/inputs/" + in.Name, Detail: string(wrong)})
			continue
		}
		kept[in.Name] = text
	}
	return kept, append(fields, unknown("/inputs", inputs, slices.Sorted(maps.Keys(given)))...)
}

// unknown lists the names that no input has. A name that does not look like
// one may be a value in the wrong place, and is not repeated.
func unknown(parent string, inputs []Input, names []string) []fault.Field {
	var fields []fault.Field
	for _, name := range names {
		if slices.ContainsFunc(inputs, func(in Input) bool { return in.Name == name }) {
			continue
		}
		pointer := parent
		if namePattern().MatchString(name) {
			pointer += "/" + name
		}
		fields = append(fields, fault.Field{Pointer: pointer, Detail: "Is not known to this connector."})
	}
	return fields
}

func invalid(detail string, fields []fault.Field) error {
	if len(fields) == 0 {
		return nil
	}
	return &fault.Error{
		Kind: fault.Invalid, Code: fault.CodeValidationFailed,
		Detail: detail, Remedy: "fix_input", Fields: fields,
	}
}
