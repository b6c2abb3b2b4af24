package bench

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// figure is one line of the summary. What depends on the machine least comes
// first in value.
type figure struct{ what, value, others string }

// summarize adds lines to the summary.
func (s *suite) summarize(all ...figure) { s.figures = append(s.figures, all...) }

// summary is the report in short, for infra/docs/performance.md.
func (s *suite) summary() string {
	var text strings.Builder
	fmt.Fprintf(&text, "%s, %s.\n\n", time.Now().UTC().Format("2006-01-02"), machine())
	row(&text, "what", "measured", "others")
	rule(&text, 3)
	for _, f := range s.figures {
		row(&text, f.what, f.value, f.others)
	}
	for _, b := range s.budgets {
		row(&text, "budget: "+b.what, fmt.Sprintf("%s: above it are %d of %d; worst %s", b.held(), len(b.above), b.checks, b.worst), "")
	}
	return text.String()
}

// The lines of the document between which the summary stands.
const (
	summaryBegin = "<!-- measured: make bench DOCS=1 -->\n"
	summaryEnd   = "<!-- end -->\n"
)

var errSummary = errors.New("infra/docs/performance.md has no place for the summary")

// document writes the summary into infra/docs/performance.md.
func (s *suite) document() error {
	path := filepath.Join(s.root, "infra", "docs", "performance.md")
	content, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("read the document: %w", err)
	}
	before, rest, found := strings.Cut(string(content), summaryBegin)
	_, after, ended := strings.Cut(rest, summaryEnd)
	if !found || !ended {
		return errSummary
	}
	if err := os.WriteFile(path, []byte(before+summaryBegin+s.summary()+summaryEnd+after), 0o644); err != nil {
		return fmt.Errorf("write the document: %w", err)
	}
	return nil
}

// summarizeStarts adds the lines on starts.
func (s *suite) summarizeStarts(all []*starter) {
	functions := all[1:]
	line := func(value func(*starter) float64, format string) string {
		var each []float64
		for _, one := range functions {
			each = append(each, value(one))
		}
		worst := greatest(functions, value)
		return fmt.Sprintf("median "+format+", at most "+format+" (%s)", median(each), value(worst), worst.name)
	}
	s.summarize(
		figure{"cold start, processor time, times that of hello-world", line(func(one *starter) float64 { return one.ratio(cpuOf) }, "%.2f"), ""},
		figure{"cold start, time, times that of hello-world", line(func(one *starter) float64 { return one.ratio(millisOf) }, "%.2f"), ""},
		figure{"cold start, page faults", line(func(one *starter) float64 { return one.typical(faultsOf) }, "%.0f"), ""},
		figure{"executable for arm64, MB", line(func(one *starter) float64 { return float64(one.arm) / 1e6 }, "%.1f"), ""},
		figure{"hello against hello", fmt.Sprintf("%.2f", all[0].ratio(cpuOf)), "1 would be perfect"},
	)
}

// summarizeLease adds the lines on hot leases.
func (s *suite) summarizeLease(h *hotLease) {
	of := sample{latencies: h.lease.latencies}
	s.summarize(
		figure{"hot lease, processor time", fmt.Sprintf("%.1f times hello-world's; %.2f ms", pairedRatio(h.lease.cpu, h.hello.cpu), median(h.lease.cpu)/1e3), "Nango: 4.5 to 5 ms"},
		figure{"hot lease, calls", h.calls.String() + fmt.Sprintf(" in %d leases", leaseBlocks*leaseBlock), "Nango: 5 to 6 SQL statements, one a write"},
		figure{"hot lease, p50 and p99 ms, local AWS behind TLS", hundredths(of.quantile(0.5)) + ", " + hundredths(of.quantile(0.99)), ""},
	)
	if h.unlimited == nil {
		s.summarize(figure{"first request of a process, processor of 256 MB", fmt.Sprintf("%.1f ms; hello-world %.1f ms", median(h.first[0]), median(h.first[1])), ""})
	}
}

// summarizeRefreshes adds the lines on refreshes.
func (s *suite) summarizeRefreshes(b *refreshes) {
	for _, r := range b.runs {
		about := fmt.Sprintf("%s, %d callers, %d processes", r.name, r.callers, r.lane.processes)
		switch {
		case r.name == crowdedName && r.callers == mostCallers && r.lane == b.many:
			s.summarize(figure{about, fmt.Sprintf("%d refresh at the provider; p99 %s ms; %s", r.counts.Refreshes, milliseconds(r.quantile(0.99)), r.note), ""})
		case strings.HasSuffix(r.name, promotedName):
			s.summarize(figure{about, fmt.Sprintf("%.0f a second, %d tokens sent twice", r.rate(), r.counts.Reused), "Nango: 142 to 179 a second"})
		case r.name == settledName:
			s.summarize(figure{about, fmt.Sprintf("%d of the token in use again: the provider had rotated it; %s", r.counts.Reused, r.answers()), ""})
		case r.name == slowName:
			s.summarize(figure{about, fmt.Sprintf("%d refresh, %d tokens sent twice", r.counts.Refreshes, r.counts.Reused), "Nango sends the same token twice"})
		}
	}
}

// summarizeWork adds the lines on due work.
func (s *suite) summarizeWork(swept, refreshed work) {
	rate := func(w work) float64 { return float64(w.items) / w.elapsed.Seconds() }
	s.summarize(figure{"due work, items a second and process: sweep, refresh", fmt.Sprintf("%.0f, %.0f", rate(swept), rate(refreshed)), ""},
		figure{"due work, 1,000 refreshes", fmt.Sprintf("$%.4f", swept.dollars()+refreshed.dollars()), ""})
}
