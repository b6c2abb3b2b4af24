package bench

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Median, PairedRatio and PackageInits are the arithmetic of the report.
var (
	Median       = median
	PairedRatio  = pairedRatio
	PackageInits = packageInits
)

func judged(values, limits map[string]float64) budget {
	return judge("bytes", slices.Sorted(maps.Keys(values)), func(name string) float64 { return limits[name] }, 1.2,
		func(name string) float64 { return values[name] }, func(name string) string { return name }, "%.1f")
}

// Judge compares values with limits by name.
func Judge(values, limits map[string]float64) (worst string, above []string) {
	b := judged(values, limits)
	return b.worst, b.above
}

// Budgets reports on one budget of values by name.
func Budgets(values, limits map[string]float64) (text string, broken []error) {
	s := &suite{budgets: []budget{judged(values, limits)}}
	var out strings.Builder
	s.writeBudgets(&out)
	return out.String(), s.broken()
}

// Started is a function with what its starts came to, in milliseconds.
type Started struct {
	Name       string
	CPU, Hello []float64
	Bytes      int64
	Services   []string
	Inits      map[string][]float64
}

// Starts returns the report of starts, and the budgets that are broken with their
// worst.
func Starts(all ...Started) (text string, broken []string) {
	var starters []*starter
	for _, one := range all {
		st := &starter{name: one.Name, services: one.Services, arm: one.Bytes, packageMillis: one.Inits}
		for i := range one.CPU {
			st.own = append(st.own, start{cpu: one.CPU[i], millis: one.CPU[i]})
			st.hello = append(st.hello, start{cpu: one.Hello[i], millis: one.Hello[i]})
		}
		starters = append(starters, st)
	}
	s := new(suite)
	s.judgeStarts(starters)
	for _, b := range s.budgets {
		if len(b.above) > 0 {
			broken = append(broken, b.what+": "+b.worst)
		}
	}
	return startReport(starters, len(all[0].CPU)), broken
}

// Dollars is the price of a million requests that ask so much of AWS.
func Dollars(made map[string]int, reads, writes float64, front bool) string {
	b := bill{calls: made}
	b.capacity.Reads, b.capacity.Writes = reads, writes
	return fmt.Sprintf("%.2f", b.dollars(front))
}

// Plans returns the titles of what is measured by the events.
func Plans(functions []string) map[string]string {
	titles := map[string]string{}
	for _, p := range allPlans(functions) {
		titles[p.step.event] = p.title()
	}
	return titles
}
