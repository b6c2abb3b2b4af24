package bench

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// The budgets of a start. Processor time is a ratio, since it depends on the
// machine; a megabyte is a million bytes.
const (
	startBudget    = 2.0   // Processor time, times that of hello in the same run.
	faultBudget    = 750   // Page faults.
	initBudget     = 0.6   // Milliseconds of the dearest package.
	tableBudget    = 8.5e6 // Bytes of a function that uses nothing but DynamoDB.
	probeBudget    = 15e6  // Bytes of the worker that verifies servers.
	sizeBudget     = 11e6  // Bytes of all others.
	controlBudget  = 1.15  // The control: hello, times hello.
	verifyFunction = "server-probe"
)

// tableServices are the clients of a function that uses nothing but DynamoDB.
func tableServices() []string { return []string{"dynamodb", "dynamodbstreams"} }

// budget is one limit and who is above it.
type budget struct {
	what   string
	worst  string
	checks int
	above  []string // Names with their values, the worst first.
}

// judge compares each of some values with a limit.
func judge[T any](what string, all []T, limit func(T) float64, value func(T) float64, name func(T) string, format string) budget {
	b := budget{what: what, checks: len(all)}
	sorted := slices.Clone(all)
	slices.SortStableFunc(sorted, func(x, y T) int { return -compare(value(x)/limit(x), value(y)/limit(y)) })
	for i, one := range sorted {
		text := fmt.Sprintf(format+" (%s)", value(one), name(one))
		if i == 0 {
			b.worst = text
		}
		if value(one) > limit(one) {
			b.above = append(b.above, text)
		}
	}
	return b
}

func compare(x, y float64) int {
	switch {
	case x < y:
		return -1
	case x > y:
		return 1
	}
	return 0
}

// broken is an error for each budget that is not held.
func (s *suite) broken() []error {
	var errs []error
	for _, b := range s.budgets {
		if len(b.above) > 0 {
			errs = append(errs, fmt.Errorf("the budget %q is broken by %d of %d, at worst %s", b.what, len(b.above), b.checks, b.worst))
		}
	}
	if len(errs) > 0 {
		errs = append(errs, errors.New("the report in .build/bench.md has everything that is above a budget"))
	}
	return errs
}

// writeBudgets says of each budget whether it is held, and by whom it is not.
func (s *suite) writeBudgets(text *strings.Builder) {
	text.WriteString("## Budgets\n\n")
	row(text, "budget", "held", "worst", "above")
	rule(text, 4)
	for _, b := range s.budgets {
		held := "yes"
		if len(b.above) > 0 {
			held = "**no**"
		}
		row(text, b.what, held, b.worst, fmt.Sprintf("%d of %d", len(b.above), b.checks))
	}
	for _, b := range s.budgets {
		if len(b.above) > 0 {
			fmt.Fprintf(text, "\nAbove %q: %s.\n", b.what, strings.Join(b.above, ", "))
		}
	}
	text.WriteString("\n")
}
