package catalogtest

import (
	"fmt"
	"strings"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/secret"
)

// SampleInputs returns a valid value for every input, or for every one that is
// not optional. They are the same every time.
func SampleInputs(inputs []catalog.Input, optional bool) (map[string]string, error) {
	sample := map[string]string{}
	for _, in := range inputs {
		if in.Optional && !optional {
			continue
		}
		text, err := sampleOf(in, 0, func(text string) (string, bool) {
			kept, err := catalog.CheckInputs([]catalog.Input{in}, map[string]string{in.Name: text}, false)
			return kept[in.Name], err == nil
		})
		if err != nil {
			return nil, err
		}
		sample[in.Name] = text
	}
	return sample, nil
}

// SampleFields returns the nth credential: valid members, and others than those
// of another n wherever the entry leaves a choice.
func SampleFields(fields []catalog.Input, n int, optional bool) (map[string]string, error) {
	sample := map[string]string{}
	for _, in := range fields {
		if in.Optional && !optional {
			continue
		}
		text, err := sampleOf(in, n, func(text string) (string, bool) {
			given := map[string]secret.Bytes{in.Name: secret.FromString(text)}
			return text, catalog.CheckFields([]catalog.Input{in}, given) == nil
		})
		if err != nil {
			return nil, err
		}
		sample[in.Name] = text
	}
	return sample, nil
}

// SampleCapture returns a value the entry takes for a capture.
func SampleCapture(c catalog.Capture) (string, error) {
	host := strings.Replace(c.Host, "*", "sample", 1)
	text := "sample"
	switch c.Type {
	case catalog.TypeURL:
		text = "https://" + host
	case catalog.TypeHost:
		text = host
	}
	if _, err := catalog.CheckCapture(c, text, false); err != nil {
		return "", fmt.Errorf("capture %s: no sample of type %s at host %q is accepted: %w", c.Name, c.Type, c.Host, err)
	}
	return text, nil
}

// HostKey is the fingerprint of the key that the server of an entry shows.
const HostKey = "SHA256:" + "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

// knownTexts are those that a type of method.All reads, by the name it reads them
// by.
func knownTexts() map[string]string {
	return map[string]string{
		"roleArn": "arn:aws:iam::210987654321:role/tenon-access", "region": "eu-central-1", "hostKey": HostKey, "serviceAccount": "robot@sample.example.com",
	}
}

// sampleOf returns the first candidate that the entry takes, as it is kept.
func sampleOf(in catalog.Input, n int, accepted func(string) (string, bool)) (string, error) {
	for _, text := range candidates(in, n) {
		if kept, ok := accepted(text); ok && text != "" {
			return kept, nil
		}
	}
	for try := range 8 {
		text, err := matching(in.Pattern, in.Name, n*8+try)
		if err != nil {
			return "", fmt.Errorf("input %s: pattern %q: %w", in.Name, in.Pattern, err)
		}
		if kept, ok := accepted(text); ok && text != "" {
			return kept, nil
		}
	}
	return "", fmt.Errorf("input %s: no sample of type %s fits pattern %q; give it a placeholder that is a valid value", in.Name, in.Type, in.Pattern)
}

// candidates lists what may do, the best first. Only https is wanted, so the
// default of a developer's machine comes last; a sample of a secret is cut off
// in the catalog, and would be the same for every n.
func candidates(in catalog.Input, n int) []string {
	switch in.Type {
	case catalog.TypeEnum:
		return in.Enum
	case catalog.TypeSecret:
		return []string{fmt.Sprintf("sampleSecret%04dOf%s", n, in.Name)}
	case catalog.TypeURL:
		return []string{in.Placeholder, "https://sample.example.com/base", in.Default}
	case catalog.TypeHost, catalog.TypeServer:
		return []string{in.Placeholder, in.Default, "sample.example.com"}
	case catalog.TypePort:
		return []string{in.Default, in.Placeholder, "4711"}
	default:
		if known := knownTexts()[in.Name]; known != "" {
			return []string{known}
		}
		if n > 0 {
			return []string{fmt.Sprintf("sample%d", n)}
		}
		return []string{in.Default, in.Placeholder, "sample"}
	}
}
