package iam

import (
	"fmt"
	"strings"
)

// form says what * and ? mean in a text of a policy.
type form int

const (
	plain      form = iota // Nothing.
	wild                   // Any text and any character.
	arn                    // The same in the last of six segments, and within their segment in those before it.
	resourceID             // As arn, but a * that ends a segment matches beyond the colon.
)

// A text is a value in a policy, which may contain variables.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
type text []part

// part is a piece of a pattern or, if it has a key, a variable.
type part struct {
	pattern  pattern
	key      string
	fallback *string
}

// parseText reads a value of a policy. Where variables are off, as in documents
// of the older version of the language, they are ordinary characters.
func parseText(value string, f form, variables bool) (text, error) {
	var t text
	colons := 0
	for value != "" {
		if variables && strings.HasPrefix(value, "${") {
			inside, rest, closed := strings.Cut(value[2:], "}")
			if !closed {
				return nil, fmt.Errorf("the variable in %q does not end", value)
			}
			p, err := parseVariable(inside)
			if err != nil {
				return nil, err
			}
			t, value = append(t, p), rest
			continue
		}
		size := nextVariable(value, variables)
		piece := make(pattern, 0, size)
		for i, r := range value[:size] {
			last := i+1 == len(value) || value[i+1] == ':'
			piece = append(piece, f.read(r, colons, last))
			if r == ':' {
				colons++
			}
		}
		t, value = append(t, part{pattern: piece}), value[size:]
	}
	return t, nil
}

// nextVariable is how much of the value stands before its next variable.
func nextVariable(value string, variables bool) int {
	if at := strings.Index(value, "${"); variables && at >= 0 {
		return at
	}
	return len(value)
}

// read returns what a character of the policy stands for; last says that it is
// the last of its segment.
func (f form) read(r rune, colons int, last bool) rune {
	if f == plain || r != '*' && r != '?' {
		return r
	}
	free := f == wild || colons >= 5 || f == resourceID && last && r == '*'
	switch {
	case r == '*' && free:
		return anyText
	case r == '*':
		return anyTextOfSegment
	case free:
		return anyRune
	}
	return anyRuneOfSegment
}

// parseVariable reads the inside of ${key}, ${key, 'default'}, ${*}, ${?} and ${$}.
func parseVariable(inside string) (part, error) {
	switch inside {
	case "*", "?", "$":
		return part{pattern: pattern(inside)}, nil
	}
	key, fallback, given := strings.Cut(inside, ",")
	p := part{key: strings.TrimSpace(key)}
	if p.key == "" {
		return part{}, fmt.Errorf("the variable ${%s} has no key", inside)
	}
	if !given {
		return p, nil
	}
	fallback = strings.TrimSpace(fallback)
	if len(fallback) < 2 || fallback[0] != '\'' || fallback[len(fallback)-1] != '\'' {
		return part{}, fmt.Errorf("the default of ${%s} is not in single quotation marks", inside)
	}
	fallback = fallback[1 : len(fallback)-1]
	p.fallback = &fallback
	return p, nil
}

// resolve puts the values of the request in place of the variables; wildcards
// in them are ordinary characters. It reports false when a variable has no
// value: such a text equals nothing.
func (t text) resolve(k keys) (pattern, bool) {
	var resolved pattern
	for _, p := range t {
		if p.key == "" {
			resolved = append(resolved, p.pattern...)
			continue
		}
		value, ok := k.single(p.key)
		switch {
		case ok:
		case p.fallback != nil:
			value = *p.fallback
		default:
			return nil, false
		}
		resolved = append(resolved, pattern(value)...)
	}
	return resolved, true
}

// matches reports whether the value is what the text stands for.
func (t text) matches(k keys, value string) bool {
	p, ok := t.resolve(k)
	return ok && p.matches(value)
}

// constant reports whether the text has no variable.
func (t text) constant() bool {
	for _, p := range t {
		if p.key != "" {
			return false
		}
	}
	return true
}
