package bench

import (
	"fmt"
	"slices"
	"strings"
)

// values are one measure of some starts.
func values(all []start, of func(start) float64) []float64 {
	var out []float64
	for _, one := range all {
		out = append(out, of(one))
	}
	return out
}

func cpuOf(s start) float64    { return s.cpu }
func millisOf(s start) float64 { return s.millis }
func faultsOf(s start) float64 { return s.faults }
func memoryOf(s start) float64 { return s.memory }

// ratio is how many times hello's a measure is.
func (one *starter) ratio(of func(start) float64) float64 {
	return pairedRatio(values(one.own, of), values(one.hello, of))
}

// typical is the median of a measure.
func (one *starter) typical(of func(start) float64) float64 { return median(values(one.own, of)) }

// sizeLimit is the budget of the executable that is deployed.
func (one *starter) sizeLimit() float64 {
	switch {
	case one.name == verifyFunction:
		return probeBudget
	case one.onlyTable():
		return tableBudget
	}
	return sizeBudget
}

func (one *starter) onlyTable() bool {
	return !slices.ContainsFunc(one.services, func(service string) bool { return !slices.Contains(tableServices(), service) })
}

// judgeStarts holds the functions, and the method, to their budgets.
func (s *suite) judgeStarts(all []*starter) {
	functions := all[1:]
	starts := slices.DeleteFunc(slices.Clone(functions), func(one *starter) bool { return slices.Contains(schemaFunctions(), one.name) })
	name := func(one *starter) string { return one.name }
	limit := func(most float64) func(*starter) float64 { return func(*starter) float64 { return most } }
	cpu := func(one *starter) float64 { return one.ratio(cpuOf) }
	away := func(one *starter) float64 { return max(one.ratio(cpuOf), 1/one.ratio(cpuOf)) }
	megabytes := func(one *starter) float64 { return float64(one.arm) / 1e6 }
	init := func(one *starter) float64 { _, millis := one.dearest(); return millis }
	dearest := func(one *starter) string {
		dear, _ := one.dearest()
		return one.name + ", package " + dear
	}
	s.budgets = append(s.budgets,
		judge(fmt.Sprintf("control: hello differs from hello by at most %.2f times", controlBudget), all[:1], limit(controlBudget), 1, away, name, "%.2f"),
		judge(fmt.Sprintf("start: processor time at most %.1f times hello's", startBudget), starts, limit(startBudget), startSlack, cpu, name, "%.2f"),
		judge(fmt.Sprintf("start: at most %d page faults", faultBudget), starts, limit(faultBudget), 1, func(one *starter) float64 { return one.typical(faultsOf) }, name, "%.0f"),
		judge(fmt.Sprintf("start: no package takes more than %.1f ms", initBudget), starts, limit(initBudget), initSlack, init, dearest, "%.2f"),
		judge(fmt.Sprintf("size of arm64: at most %.1f MB with DynamoDB alone, %.0f MB for %s, else %.0f MB", tableBudget/1e6, probeBudget/1e6, verifyFunction, sizeBudget/1e6),
			functions, func(one *starter) float64 { return one.sizeLimit() / 1e6 }, sizeSlack, megabytes, name, "%.1f MB"),
	)
}

// startReport is the section on starts, the slowest first.
func startReport(all []*starter, rounds int) string {
	var text strings.Builder
	first := all[0]
	dear, millis := first.dearest()
	fmt.Fprintf(&text, "## Cold starts\n\nEach function was started %d times, each time right after hello, which answers an HTTP API and does nothing: ", rounds)
	fmt.Fprintf(&text, "\"times hello\" is the median of those pairs. A start lasts until the first event is asked for. ")
	fmt.Fprintf(&text, "Executables are built for this machine with the flags of make build; the size is that of arm64, which is deployed.\n\n")
	fmt.Fprintf(&text, "Hello itself: %.2f ms, %.2f ms of a processor, %.0f page faults, %.1f MB resident, %.1f MB (arm64), dearest package %s with %.3f ms.\n\n",
		first.typical(millisOf), first.typical(cpuOf), first.typical(faultsOf), first.typical(memoryOf), float64(first.arm)/1e6, dear, millis)
	row(&text, "function", "CPU, times hello", "time, times hello", "page faults", "arm64 MB", "limit MB", "dearest package", "ms", "CPU ms", "time ms", "resident MB", "this machine's MB")
	rule(&text, 12)
	sorted := slices.Clone(all)
	slices.SortStableFunc(sorted, func(a, b *starter) int { return -compare(a.ratio(cpuOf), b.ratio(cpuOf)) })
	for _, one := range sorted {
		dear, millis := one.dearest()
		row(&text, one.name, fmt.Sprintf("%.2f", one.ratio(cpuOf)), fmt.Sprintf("%.2f", one.ratio(millisOf)), fmt.Sprintf("%.0f", one.typical(faultsOf)),
			fmt.Sprintf("%.1f", float64(one.arm)/1e6), fmt.Sprintf("%.1f", one.sizeLimit()/1e6), dear, fmt.Sprintf("%.2f", millis),
			fmt.Sprintf("%.2f", one.typical(cpuOf)), fmt.Sprintf("%.2f", one.typical(millisOf)), fmt.Sprintf("%.1f", one.typical(memoryOf)), fmt.Sprintf("%.1f", float64(one.host)/1e6))
	}
	return text.String()
}
