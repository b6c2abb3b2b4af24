// Package bench measures the built functions: how they start beside a function
// that does nothing, what a lease that needs no refresh costs, what every route
// asks of AWS, how many callers at once refresh one connection and many, and how
// fast due work is done. It counts what the provider and AWS are asked and fails
// when a count is wrong or a budget is broken. What depends on the machine, such
// as times, is only printed: compare the numbers of one report with each other.
//
// It runs the executables in package rig, or package dev in front of a local AWS
// that it watches, and may import besides the packages below infra/local the
// client and the route table.
package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Config says what to measure with.
type Config struct {
	// Root is the module's directory; empty means the current one.
	Root string
	// Only names the parts that are measured; none is all of them.
	Only []string
	// Rounds is how often each function is started; zero means 15.
	Rounds int
	// Latency is how long the provider takes to answer; zero means 100 ms.
	Latency time.Duration
	// Docs writes the summary into infra/docs/performance.md, if all was measured.
	Docs bool
	// Out receives the progress and then the report, in Markdown.
	Out io.Writer
}

// suite is one run of the benchmark.
type suite struct {
	cfg      Config
	root     string
	log      *os.File
	progress *progress
	budgets  []budget
	figures  []figure
	wrong    []error // Counts that are not what they must be.
}

// part is one measurement. Its text is a section of the report.
type part struct {
	name    string
	measure func(*suite, context.Context) (string, error)
}

func parts() []part {
	return []part{
		{"cold-start", (*suite).coldStarts}, {"lease", (*suite).leases}, {"calls", (*suite).routeCalls},
		{"contention", (*suite).contention}, {"sweep", (*suite).sweeps},
	}
}

// Parts returns the names that Config.Only may have.
func Parts() []string {
	var names []string
	for _, p := range parts() {
		names = append(names, p.name)
	}
	return names
}

// Run measures, which takes minutes, and writes the report to Out and to
// .build/bench.md. What the functions logged is in .build/bench.log. The error
// names every budget that is broken and every count that is wrong.
func Run(ctx context.Context, cfg Config) (err error) {
	for _, name := range cfg.Only {
		if !slices.Contains(Parts(), name) {
			return fmt.Errorf("there is no part %q; the parts are %s", name, strings.Join(Parts(), ", "))
		}
	}
	root, err := filepath.Abs(cfg.Root)
	if err != nil {
		return fmt.Errorf("find the module: %w", err)
	}
	directory := filepath.Join(root, ".build")
	if err := os.MkdirAll(directory, 0o755); err != nil {
		return fmt.Errorf("directory of the report: %w", err)
	}
	log, err := os.Create(filepath.Join(directory, "bench.log"))
	if err != nil {
		return fmt.Errorf("log of the functions: %w", err)
	}
	defer func() { err = errors.Join(err, log.Close()) }()
	s := &suite{cfg: cfg, root: root, log: log, progress: &progress{out: cfg.Out, begun: time.Now()}}
	sections, err := s.measure(ctx)
	if err != nil {
		return err
	}
	report := s.heading() + strings.Join(sections, "\n")
	if err := os.WriteFile(filepath.Join(directory, "bench.md"), []byte(report), 0o644); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	if _, err := fmt.Fprintf(cfg.Out, "\n%s", report); err != nil {
		return fmt.Errorf("print the report: %w", err)
	}
	if cfg.Docs && len(cfg.Only) == 0 {
		s.wrong = append(s.wrong, s.document())
	}
	return errors.Join(append(s.wrong, s.broken()...)...)
}

// measure builds and then measures one part after the other.
func (s *suite) measure(ctx context.Context) ([]string, error) {
	if err := s.build(ctx); err != nil {
		return nil, err
	}
	var sections []string
	for _, p := range parts() {
		if len(s.cfg.Only) > 0 && !slices.Contains(s.cfg.Only, p.name) {
			continue
		}
		text, err := p.measure(s, ctx)
		if err := errors.Join(err, ctx.Err()); err != nil {
			return nil, fmt.Errorf("%s: %w", p.name, err)
		}
		sections = append(sections, text)
	}
	return sections, nil
}

// heading is what the report begins with: on what was measured, and the budgets.
func (s *suite) heading() string {
	var text strings.Builder
	fmt.Fprintf(&text, "# Speed and cost, measured\n\n%s, %s, %.0f s in all.\n\n",
		time.Now().UTC().Format("2006-01-02 15:04 MST"), machine(), time.Since(s.progress.begun).Seconds())
	fmt.Fprintf(&text, "## In short\n\n%s\n", s.summary())
	if len(s.budgets) > 0 {
		s.writeBudgets(&text)
	}
	return text.String()
}
