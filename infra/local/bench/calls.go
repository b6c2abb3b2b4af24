package bench

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/tenonhq/tenon/infra/local/cloud"
	"github.com/tenonhq/tenon/infra/local/simulate"
	"github.com/tenonhq/tenon/shared/routes"
)

// bill is what one request asks of AWS.
type bill struct {
	calls    calls
	capacity cloud.Capacity
}

// dollars is the list price of a million requests, without the running time of the
// function. front says that it serves requests of the HTTP API.
func (b bill) dollars(front bool) float64 {
	sum := simulate.InvocationPrice(front) + simulate.UnitPrice(b.capacity.Reads, b.capacity.Writes)
	for _, target := range b.calls.operations() { // In order: the sum of floating-point numbers depends on it.
		sum += float64(b.calls[target]) * simulate.CallPrice(target)
	}
	return sum * 1e6
}

// costing is one row: what a function asks of AWS for its event, in its first
// request and in one that finds what the process keeps.
type costing struct {
	name        string
	answer      string
	front       bool
	first, then bill
}

// Calls replays an event of every function whose executable is in a directory and
// returns, in Markdown, what each asks of AWS. It is the same on every machine, but
// for write units: sealed values vary in length.
func Calls(ctx context.Context, root, binaries string) (string, error) {
	s := suite{root: root}
	names, err := s.functionNames()
	if err != nil {
		return "", err
	}
	p, err := newPlayer(ctx, root, binaries)
	if err != nil {
		return "", err
	}
	defer p.close()
	base, err := p.cloud.Snapshot()
	if err != nil {
		return "", err
	}
	named := maps.Clone(p.names)
	var rows []costing
	for _, one := range allPlans(names) {
		p.names = maps.Clone(named)
		row, err := p.cost(ctx, base, one)
		if err != nil {
			return "", fmt.Errorf("%s: %w", one.title(), err)
		}
		rows = append(rows, row)
	}
	return callsTable(rows), nil
}

// routeCalls is the section on what functions ask of AWS.
func (s *suite) routeCalls(ctx context.Context) (string, error) {
	s.progress.printf("calls: replaying the events")
	text, err := Calls(ctx, s.root, s.binaries())
	return "#" + text, err
}

// allPlans are the plans of all functions by name, but for the sweep, whose calls
// depend on the clock.
func allPlans(functions []string) []plan {
	all := plans()
	for _, name := range functions {
		if name != routes.JobDueSweep.Name && !slices.ContainsFunc(all, func(p plan) bool { return p.step.event == name }) {
			all = append(all, plan{step: step{event: name}})
		}
	}
	slices.SortFunc(all, func(a, b plan) int { return strings.Compare(a.title(), b.title()) })
	return all
}

func (p plan) title() string {
	if p.name != "" {
		return p.name
	}
	return p.step.event
}

// cost sends an event twice to one process, on the same records each time.
func (p *player) cost(ctx context.Context, base []byte, one plan) (costing, error) {
	out := costing{name: one.title()}
	for _, r := range routes.Operations() {
		out.front = out.front || r.Name == one.step.function()
	}
	if err := p.cloud.Restore(base); err != nil {
		return out, err
	}
	tokens := p.provider.issuedTo()
	defer p.provider.reissue(tokens)
	for _, s := range one.before {
		if err := p.play(ctx, s); err != nil {
			return out, err
		}
	}
	state, err := p.cloud.Snapshot()
	if err != nil {
		return out, err
	}
	i, err := p.start(ctx, one.step.function())
	if err != nil {
		return out, err
	}
	for _, b := range []*bill{&out.first, &out.then} {
		if err := p.cloud.Restore(state); err != nil {
			return out, errors.Join(err, i.Close())
		}
		p.provider.reissue(tokens)
		p.cloud.ResetJournal()
		before := p.cloud.Capacity()
		a, err := p.send(ctx, i, one.step)
		out.answer = a.String()
		if err != nil {
			out.answer = "error"
		}
		p.cloud.Wait() // For what was delivered, which nobody here receives.
		after := p.cloud.Capacity()
		b.capacity = cloud.Capacity{Reads: after.Reads - before.Reads, Writes: after.Writes - before.Writes}
		b.calls = calls{}
		for _, c := range p.cloud.Journal() {
			b.calls[c.Target]++
		}
	}
	return out, i.Close()
}

// callsTable is the document of what routes ask of AWS.
func callsTable(rows []costing) string {
	var text strings.Builder
	text.WriteString(callsHeading)
	row(&text, "function", "answer", "$ per million", "read units", "write units", "calls", "the first request of a process", "its $ per million", "its read units", "its write units")
	rule(&text, 10)
	for _, r := range rows {
		first := "the same"
		if !maps.Equal(r.first.calls, r.then.calls) {
			first = r.first.calls.String()
		}
		row(&text, r.name, r.answer, fmt.Sprintf("%.2f", r.then.dollars(r.front)), r.then.capacity.Reads, r.then.capacity.Writes, r.then.calls,
			first, fmt.Sprintf("%.2f", r.first.dollars(r.front)), r.first.capacity.Reads, r.first.capacity.Writes)
	}
	return text.String()
}

const callsHeading = `# What each function asks of AWS

<!-- Derived by ` + "`make golden`" + `; a test compares it with what the built functions do. -->

Every function is sent its sample event (` + "`events`" + `), or what is named, in front of the
local AWS, twice and on the same records: the calls are those of the second request,
which finds what the process keeps (data keys, sessions of its tenant role, and for
five seconds the kill switches and whether the tenant is served). Units are DynamoDB's on demand, of the table and its
indexes. Dollars are list prices in us-east-1: the request, the invocation, the units
and the calls, without the running time. An answer of 4xx is what the event comes to
on these records; a consumer's is for one message, a job's for one run. What job-due-sweep asks depends
on the clock: ` + "`make bench ONLY=sweep`" + `.
Write units, and dollars with them, vary by up to two fifths: sealed values vary in length.

`
