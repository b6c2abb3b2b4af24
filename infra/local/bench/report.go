package bench

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// peers are the figures of others that were measured in the same way.
const peers = `Nango with a provider of 100 ms and 64 callers: 142 to 179 refreshes/s. When the
provider takes 15 s it sends the same refresh token twice.`

// report renders the runs in Markdown. Times are this machine's: compare those
// of one report with each other.
func (b *refreshes) report() string {
	var text strings.Builder
	fmt.Fprintf(&text, "## Leases and refreshes\n\nThe provider takes %v. ", b.latency)
	fmt.Fprintf(&text, "Processes are those a function may have; each serves one request at a time.\n\n")
	row(&text, "run", "callers", "processes", "leases", "answers", "provider calls", "token sent twice", "p50 ms", "p99 ms", "max ms", "leases/s", "AWS calls per lease", "note")
	rule(&text, 13)
	for _, r := range b.runs {
		row(&text, r.name, r.callers, r.lane.processes, len(r.latencies), r.answers(), r.counts.Refreshes, r.counts.Reused,
			milliseconds(r.quantile(0.5)), milliseconds(r.quantile(0.99)), milliseconds(r.quantile(1)),
			fmt.Sprintf("%.1f", r.rate()), r.each(r.calls.total()), r.note)
	}
	fmt.Fprintf(&text, "\n### Calls to AWS per lease, and in total by operation\n\n")
	cells := []any{"run", "callers", "processes"}
	for _, c := range classes() {
		cells = append(cells, string(c))
	}
	row(&text, append(cells, "in total")...)
	rule(&text, len(cells)+1)
	for _, r := range b.runs {
		cells := []any{r.name, r.callers, r.lane.processes}
		for _, c := range classes() {
			cells = append(cells, r.each(r.calls.of(c)))
		}
		row(&text, append(cells, r.calls.String())...)
	}
	fmt.Fprintf(&text, "\n%s\n", peers)
	return text.String()
}

func row(text *strings.Builder, cells ...any) {
	for _, c := range cells {
		fmt.Fprintf(text, "| %v ", c)
	}
	text.WriteString("|\n")
}

func rule(text *strings.Builder, columns int) {
	text.WriteString(strings.Repeat("|---", columns) + "|\n")
}

// each is a number of calls per lease.
func (r *run) each(count int) string {
	return fmt.Sprintf("%.4g", float64(count)/float64(max(r.requests, 1)))
}

// answers says how often each answer came.
func (s sample) answers() string {
	var parts []string
	for _, verdict := range slices.Sorted(maps.Keys(s.verdicts)) {
		parts = append(parts, fmt.Sprintf("%d %s", s.verdicts[verdict], verdict))
	}
	return strings.Join(parts, ", ")
}

// String lists the calls by operation.
func (c calls) String() string {
	var parts []string
	for _, operation := range c.operations() {
		parts = append(parts, fmt.Sprintf("%s %d", operation, c[operation]))
	}
	return strings.Join(parts, ", ")
}

func milliseconds(d time.Duration) string {
	return fmt.Sprintf("%.1f", float64(d)/float64(time.Millisecond))
}
