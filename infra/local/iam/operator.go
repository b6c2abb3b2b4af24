package iam

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// compare reports whether a value of the request fits one of the policy's.
type compare func(k keys, value string) bool

// parseCompare returns the comparison of an operator, without its negation, with
// the values of the policy.
func parseCompare(operator string, values []string, variables bool) (compare, error) {
	switch operator {
	case "StringEquals":
		return compareTexts(values, plain, variables)
	case "StringEqualsIgnoreCase":
		return compareFolded(values, variables)
	case "StringLike":
		return compareTexts(values, wild, variables)
	case "ArnEquals", "ArnLike": // The two do the same.
		return compareTexts(values, arn, variables)
	case "Bool":
		return compareBools(values)
	}
	if order, ok := strings.CutPrefix(operator, "Numeric"); ok {
		return compareNumbers(order, values, parseNumber)
	}
	if order, ok := strings.CutPrefix(operator, "Date"); ok {
		return compareNumbers(order, values, parseDate)
	}
	return nil, fmt.Errorf("condition operator %q is not known", operator)
}

func parseTexts(values []string, f form, variables bool) ([]text, error) {
	texts := make([]text, 0, len(values))
	for _, v := range values {
		t, err := parseText(v, f, variables)
		if err != nil {
			return nil, err
		}
		if f == arn && t.constant() && strings.Count(v, ":") < 5 {
			return nil, fmt.Errorf("%q is no ARN", v)
		}
		texts = append(texts, t)
	}
	return texts, nil
}

func compareTexts(values []string, f form, variables bool) (compare, error) {
	texts, err := parseTexts(values, f, variables)
	return func(k keys, value string) bool {
		return slices.ContainsFunc(texts, func(t text) bool { return t.matches(k, value) })
	}, err
}

func compareFolded(values []string, variables bool) (compare, error) {
	texts, err := parseTexts(values, plain, variables)
	return func(k keys, value string) bool {
		return slices.ContainsFunc(texts, func(t text) bool {
			p, ok := t.resolve(k)
			return ok && p.lower().matches(strings.ToLower(value))
		})
	}, err
}

func compareBools(values []string) (compare, error) {
	for _, v := range values {
		if !isBool(v) {
			return nil, fmt.Errorf("%q is neither true nor false", v)
		}
	}
	return func(_ keys, value string) bool {
		return slices.ContainsFunc(values, func(v string) bool { return strings.EqualFold(v, value) })
	}, nil
}

func isBool(v string) bool { return strings.EqualFold(v, "true") || strings.EqualFold(v, "false") }

// compareNumbers compares by an order: Equals, LessThan and so on. A value of the
// request that is no number fits none.
func compareNumbers(order string, values []string, parse func(string) (float64, error)) (compare, error) {
	fits, known := orders()[order]
	if !known {
		return nil, fmt.Errorf("condition operator …%s is not known", order)
	}
	var limits []float64
	for _, v := range values {
		n, err := parse(v)
		if err != nil {
			return nil, fmt.Errorf("%q cannot be compared: %w", v, err)
		}
		limits = append(limits, n)
	}
	return func(_ keys, value string) bool {
		n, err := parse(value)
		return err == nil && slices.ContainsFunc(limits, func(limit float64) bool { return fits(n, limit) })
	}, nil
}

func orders() map[string]func(value, limit float64) bool {
	return map[string]func(value, limit float64) bool{
		"Equals":            func(v, l float64) bool { return v == l },
		"LessThan":          func(v, l float64) bool { return v < l },
		"LessThanEquals":    func(v, l float64) bool { return v <= l },
		"GreaterThan":       func(v, l float64) bool { return v > l },
		"GreaterThanEquals": func(v, l float64) bool { return v >= l },
	}
}

func parseNumber(v string) (float64, error) { return strconv.ParseFloat(v, 64) }

// parseDate reads a time of RFC 3339 or seconds since 1970, and returns the seconds.
func parseDate(v string) (float64, error) {
	if seconds, err := strconv.ParseInt(v, 10, 64); err == nil {
		return float64(seconds), nil
	}
	at, err := time.Parse(time.RFC3339, v)
	return float64(at.Unix()), err
}
