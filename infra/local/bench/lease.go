package bench

import (
	"context"
	"errors"
	"fmt"
	"net/http/httptest"
	"slices"
	"time"

	"github.com/tenonhq/tenon/infra/local/bench/rig"
	"github.com/tenonhq/tenon/shared/routes"
)

const (
	leaseBlocks  = 10
	leaseBlock   = 100 // Leases without a pause, then as many requests to hello.
	leaseWarming = 200
	firstRounds  = 11
	leaseMemory  = 256  // Megabytes of connection-lease.
	perProcessor = 1769 // Megabytes that make one processor: https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html
)

// hotSample is what requests to one process came to.
type hotSample struct {
	latencies []time.Duration
	cpu       []float64 // Microseconds of a request, block by block.
}

// hotLease is the measurement of leases that need no refresh.
type hotLease struct {
	lease, hello hotSample
	calls        calls
	first        [2][]float64 // Milliseconds of the first request: of a lease, of hello.
	firstCPU     [2][]float64
	unlimited    error // Why the processor could not be limited.
}

// leases measures leases that need no refresh, through the executable, with a
// local AWS behind TLS, in turn with hello.
func (s *suite) leases(ctx context.Context) (text string, err error) {
	p, err := openPlayer(ctx, s.root, s.binaries(), httptest.NewTLSServer)
	if err != nil {
		return "", err
	}
	defer func() { p.close(); err = errors.Join(err, forget(p.trust)) }()
	event, err := p.event(step{event: "connection-lease"})
	if err != nil {
		return "", err
	}
	var h hotLease
	functions := [2]func() (*rig.Instance, error){
		func() (*rig.Instance, error) { return p.start(ctx, routes.ConnectionLease.Name) },
		func() (*rig.Instance, error) {
			return rig.Start(ctx, p.stage.function(s.binaries(), hello, runtimeSettings()))
		},
	}
	s.progress.printf("hot lease: %d leases, in turn with hello", leaseBlocks*leaseBlock)
	if err := h.warm(ctx, p, functions, event); err != nil {
		return "", err
	}
	s.progress.printf("hot lease: the first request of %d processes", firstRounds)
	if err := h.cold(ctx, functions, event); err != nil {
		return "", err
	}
	s.expectCalls(h.calls)
	s.summarizeLease(&h)
	return h.report(), nil
}

// expectCalls holds hot leases to one read and one write, and now and then
// a look at the kill switches and whether the tenant is served.
func (s *suite) expectCalls(got calls) {
	const count = leaseBlocks * leaseBlock
	reads, writes := got["dynamodb.GetItem"], got["dynamodb.PutItem"]
	if writes != count || reads < count || reads > count+count/20 || got.total() != reads+writes {
		s.wrong = append(s.wrong, fmt.Errorf("%d hot leases asked AWS for %s, want one GetItem and one PutItem each", count, got))
	}
}

func (h *hotLease) warm(ctx context.Context, p *player, functions [2]func() (*rig.Instance, error), event []byte) error {
	samples := [2]*hotSample{&h.lease, &h.hello}
	var instances [2]*rig.Instance
	for k, start := range functions {
		i, err := start()
		if err != nil {
			return err
		}
		defer func() { _ = i.Close() }() // It has done its work.
		instances[k] = i
		if _, err := drive(ctx, i, event, leaseWarming); err != nil {
			return err
		}
	}
	p.cloud.ResetJournal()
	for range leaseBlocks {
		for k, i := range instances {
			before, err := i.Usage()
			if err != nil {
				return err
			}
			took, err := drive(ctx, i, event, leaseBlock)
			if err != nil {
				return err
			}
			after, err := i.Usage()
			if err != nil {
				return err
			}
			samples[k].latencies = append(samples[k].latencies, took...)
			samples[k].cpu = append(samples[k].cpu, (after.CPU-before.CPU).Seconds()*1e6/leaseBlock)
		}
	}
	h.calls = calls{}
	for _, c := range p.cloud.Journal() {
		h.calls[c.Target]++
	}
	slices.Sort(h.lease.latencies)
	slices.Sort(h.hello.latencies)
	return nil
}

// drive sends an event so often and returns how long each answer took.
func drive(ctx context.Context, i *rig.Instance, event []byte, times int) ([]time.Duration, error) {
	var all []time.Duration
	for range times {
		body, took, err := i.Invoke(ctx, event)
		if err == nil {
			err = wantOK(body)
		}
		if err != nil {
			return nil, err
		}
		all = append(all, took)
	}
	return all, nil
}

// cold measures the first request of processes that are left as much of a
// processor as their memory gives them on Lambda once they have started.
func (h *hotLease) cold(ctx context.Context, functions [2]func() (*rig.Instance, error), event []byte) error {
	for range firstRounds {
		for k, start := range functions {
			i, err := start()
			if err != nil {
				return err
			}
			if h.unlimited = i.Limit(float64(leaseMemory) / perProcessor); h.unlimited != nil {
				return i.Close()
			}
			took, err := drive(ctx, i, event, 1)
			if err != nil {
				return errors.Join(err, i.Close())
			}
			u, err := i.Usage()
			if err := errors.Join(err, i.Close()); err != nil {
				return err
			}
			h.first[k] = append(h.first[k], took[0].Seconds()*1e3)
			h.firstCPU[k] = append(h.firstCPU[k], (u.CPU-i.Init.CPU).Seconds()*1e3)
		}
	}
	return nil
}
