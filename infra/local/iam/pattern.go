package iam

import (
	"unicode"
	"unicode/utf8"
)

// A pattern is text to compare with. The negative runes are wildcards; those of
// a segment stop at a colon.
type pattern []rune

const (
	anyText          rune = -1
	anyRune          rune = -2
	anyTextOfSegment rune = -3
	anyRuneOfSegment rune = -4
)

// matches compares up to the first wildcard, and from there reads the value once
// and keeps all the places in the pattern where the value so far can have led.
func (p pattern) matches(value string) bool {
	for ; len(p) > 0 && p[0] >= 0; p = p[1:] {
		r, size := utf8.DecodeRuneInString(value)
		if size == 0 || r != p[0] {
			return false
		}
		value = value[size:]
	}
	if len(p) == 0 {
		return value == ""
	}
	at := make([]bool, len(p)+1)
	at[0] = true
	p.skip(at)
	for _, r := range value {
		next := make([]bool, len(p)+1)
		for i, want := range p {
			switch {
			case !at[i] || !takes(want, r):
			case repeats(want):
				next[i] = true
			default:
				next[i+1] = true
			}
		}
		p.skip(next)
		at = next
	}
	return at[len(p)]
}

// skip adds the places that are reached because wildcards match empty text.
func (p pattern) skip(at []bool) {
	for i, want := range p {
		if at[i] && repeats(want) {
			at[i+1] = true
		}
	}
}

func repeats(want rune) bool { return want == anyText || want == anyTextOfSegment }

func takes(want, r rune) bool {
	switch want {
	case anyText, anyRune:
		return true
	case anyTextOfSegment, anyRuneOfSegment:
		return r != ':'
	}
	return want == r
}

// lower returns the pattern in lower case, to compare with text in lower case.
func (p pattern) lower() pattern {
	folded := make(pattern, len(p))
	for i, r := range p {
		folded[i] = r
		if r >= 0 {
			folded[i] = unicode.ToLower(r)
		}
	}
	return folded
}
