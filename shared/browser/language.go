package browser

import (
	"fmt"
	"strconv"
	"strings"
)

// Language is one that the pages are written in, as a tag of RFC 5646.
type Language string

// The languages. English is what the rest of the service is written in.
const (
	English Language = "en"
	German  Language = "de"
	French  Language = "fr"
)

// Languages lists them.
func Languages() []Language { return []Language{English, German, French} }

// longestAccept is how much of an Accept-Language field is read, in bytes.
const longestAccept = 512

// Prefer returns the first of the given languages that there is, or else the one
// that an Accept-Language field wants most (RFC 9110 12.5.4), or else English.
func Prefer(accept string, given ...string) Language {
	for _, name := range given {
		if l, ok := Known(name); ok {
			return l
		}
	}
	best, weight := English, 0.0
	for part := range strings.SplitSeq(accept[:min(len(accept), longestAccept)], ",") {
		tag, parameter, _ := strings.Cut(part, ";")
		primary, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(tag)), "-")
		l, ok := Known(primary)
		if q := quality(parameter); ok && q > weight {
			best, weight = l, q
		}
	}
	return best
}

// Known returns the language of a name, if there is one.
func Known(name string) (Language, bool) {
	for _, l := range Languages() {
		if name == string(l) {
			return l, true
		}
	}
	return "", false
}

// quality reads a weight (RFC 9110 12.4.2), 1 where there is none.
func quality(parameter string) float64 {
	text, ok := strings.CutPrefix(strings.ReplaceAll(parameter, " ", ""), "q=")
	if !ok {
		return 1
	}
	q, err := strconv.ParseFloat(text, 64)
	if err != nil || q > 1 {
		return 0
	}
	return q
}

// Say fills the gaps of a sentence.
func Say(sentence string, gaps ...any) string { return fmt.Sprintf(sentence, gaps...) }
