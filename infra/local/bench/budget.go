package bench

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// The budgets of a start. Processor time is a ratio, since it depends on the
// machine; a megabyte is a million bytes. What is above a budget is missed; what is
// above it by the factor that follows, which is what has been reached, is an error.
const (
	startBudget    = 2.0   // Processor time, times that of hello in the same run.
	startSlack     = 1.5   // The lease routes and what verifies have 2.1 to 2.7 (ADR 0057).
	faultBudget    = 750   // Page faults.
	initBudget     = 0.6   // Milliseconds of the dearest package.
	initSlack      = 1.5   // Of slower machines.
	tableBudget    = 8.5e6 // Bytes of a function that uses nothing but DynamoDB.
	probeBudget    = 15e6  // Bytes of the worker that verifies servers.
	sizeBudget     = 11e6  // Bytes of all others.
	sizeSlack      = 1.08  // Some of each kind have up to 0.7 MB more (ADR 0057).
	controlBudget  = 1.15  // The control: hello, times hello.
	verifyFunction = "server-probe"
)

// schemaFunctions are above every budget of a start: the library that validates
// definitions of connectors by their JSON Schema begins with reading all drafts of
// it. They are called when an administrator defines a connector or moves templates.
func schemaFunctions() []string { return []string{"connector-put", "template-import"} }

// tableServices are the clients of a function that uses nothing but DynamoDB.
func tableServices() []string { return []string{"dynamodb", "dynamodbstreams"} }

// budget is one limit and who is above it.
type budget struct {
	what   string
	worst  string
	checks int
	above  []string // Names with their values, the worst first.
	broken bool     // One is above it by more than the slack.
}

// judge compares each of some values with a limit.
func judge[T any](what string, all []T, limit func(T) float64, slack float64, value func(T) float64, name func(T) string, format string) budget {
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
			b.broken = b.broken || value(one) > slack*limit(one)
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

// held says whether everybody is within the budget, or at least nobody far from it.
func (b budget) held() string {
	switch {
	case b.broken:
		return "**no**"
	case len(b.above) > 0:
		return "missed"
	}
	return "yes"
}

// broken is an error for each budget that is broken.
func (s *suite) broken() []error {
	var errs []error
	for _, b := range s.budgets {
		if b.broken {
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
		row(text, b.what, b.held(), b.worst, fmt.Sprintf("%d of %d", len(b.above), b.checks))
	}
	for _, b := range s.budgets {
		if len(b.above) > 0 {
			fmt.Fprintf(text, "\nAbove %q: %s.\n", b.what, strings.Join(b.above, ", "))
		}
	}
	fmt.Fprintf(text, "\nNot judged by their starts: %s.\n\n", strings.Join(schemaFunctions(), ", "))
}
