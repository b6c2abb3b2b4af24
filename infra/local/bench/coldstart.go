package bench

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"

	"github.com/tenonhq/tenon/infra/local/bench/rig"
	"github.com/tenonhq/tenon/infra/local/cloud"
)

const (
	startRounds = 15
	traceRounds = 5
	control     = "hello, again" // Hello where a function stands: what the method errs by.
)

// starter is one function with what its starts came to. The starts of hello that
// are beside them in time are at the same index.
type starter struct {
	name          string
	function      rig.Function
	services      []string
	host, arm     int64 // Bytes of the executables.
	own, hello    []start
	packageMillis map[string][]float64
}

// start is one start: what was used until the process asked for its first event.
type start struct{ millis, cpu, faults, memory float64 }

// coldStarts starts every function again and again, each time after a start of
// hello, in an order that rotates.
func (s *suite) coldStarts(ctx context.Context) (string, error) {
	all, err := s.starters(ctx)
	if err != nil {
		return "", err
	}
	reference := all[0].function
	rounds := s.cfg.Rounds
	if rounds == 0 {
		rounds = startRounds
	}
	for round := range rounds {
		s.progress.printf("cold start: round %d of %d, %d functions", round+1, rounds, len(all))
		for k := range all {
			one := all[(k+round*7)%len(all)]
			before, _, err := startOnce(ctx, reference)
			own, _, err2 := startOnce(ctx, one.function)
			if err := errors.Join(err, err2); err != nil {
				return "", err
			}
			one.hello, one.own = append(one.hello, before), append(one.own, own)
		}
	}
	for round := range traceRounds {
		s.progress.printf("cold start: packages, round %d of %d", round+1, traceRounds)
		for _, one := range all {
			traced := one.function
			traced.Env = append(slices.Clone(traced.Env), "GODEBUG=inittrace=1")
			_, log, err := startOnce(ctx, traced)
			if err != nil {
				return "", err
			}
			for name, millis := range packageInits(log) {
				one.packageMillis[name] = append(one.packageMillis[name], millis)
			}
		}
	}
	s.judgeStarts(all)
	s.summarizeStarts(all)
	return startReport(all, rounds), nil
}

// starters are the control and every function, as they are deployed.
func (s *suite) starters(ctx context.Context) ([]*starter, error) {
	stage, err := openStage(ctx, s.root, cloud.New(), publicURL)
	if err != nil {
		return nil, err
	}
	names, err := s.functionNames()
	if err != nil {
		return nil, err
	}
	var all []*starter
	for _, name := range append([]string{hello}, names...) {
		one := &starter{name: name, packageMillis: map[string][]float64{}, function: stage.function(s.binaries(), name, nil)}
		if name == hello {
			one.name, one.function = control, stage.function(s.binaries(), name, runtimeSettings())
		}
		var errs [3]error
		one.services, errs[0] = services(one.function.Path)
		one.host, errs[1] = size(one.function.Path)
		one.arm, errs[2] = size(filepath.Join(s.deployed(), name))
		if err := errors.Join(errs[:]...); err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, nil
}

// startOnce starts a function and ends it. The log is what it wrote.
func startOnce(ctx context.Context, f rig.Function) (start, string, error) {
	i, err := rig.Start(ctx, f)
	if err != nil {
		return start{}, "", err
	}
	if err := i.Close(); err != nil {
		return start{}, "", fmt.Errorf("end %s: %w", f.Name, err)
	}
	return start{
		millis: i.Start.Seconds() * 1e3, cpu: i.Init.CPU.Seconds() * 1e3,
		faults: float64(i.Init.Faults), memory: float64(i.Init.Memory) / 1e6,
	}, i.Log(), nil
}
